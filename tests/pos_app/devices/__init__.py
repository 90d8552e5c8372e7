"""Tests of cameras, pictures and codes."""

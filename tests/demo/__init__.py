"""Tests of the demonstration's own eyes."""

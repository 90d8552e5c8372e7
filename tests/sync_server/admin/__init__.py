"""Tests of the HQ pages."""

"""Tests of cards' codes, enterprise cards and the calls of source 001."""

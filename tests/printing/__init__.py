"""Paper tests."""

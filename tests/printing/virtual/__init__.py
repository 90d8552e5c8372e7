"""Virtual printer tests."""

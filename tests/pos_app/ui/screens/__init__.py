"""Each screen, played."""

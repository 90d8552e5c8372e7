"""Parts of screens on their own."""

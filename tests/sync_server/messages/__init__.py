"""Tests of sync_server.messages."""

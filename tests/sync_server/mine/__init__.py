"""Tests of sync_server.mine."""

"""Tests of pos_app.sync."""

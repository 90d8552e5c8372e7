"""Tests of pos_app.journal."""

"""Tests of pos_app.till."""

"""Tests of pos_app.selling."""

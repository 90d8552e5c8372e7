"""Tests mirror the rooms; flows/, faults/, compat/ and bench/ drive the whole house."""

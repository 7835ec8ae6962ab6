"""Tests of the command line in this process; those of the whole of it are in tests/e2e."""

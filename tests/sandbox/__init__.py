"""Tests of the sandbox's parts; the attacks are in tests/attacks."""

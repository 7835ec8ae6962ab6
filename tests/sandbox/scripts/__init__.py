"""Tests of `cambrian.sandbox.scripts`."""

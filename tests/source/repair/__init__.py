"""Tests of source/repair."""

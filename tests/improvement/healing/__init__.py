"""Tests of improvement/healing."""

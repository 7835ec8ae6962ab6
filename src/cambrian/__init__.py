"""Cambrian: code that evolves."""

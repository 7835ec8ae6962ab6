"""Stands in for GEPA inside a jail: what its evaluators import, and nothing else of it."""

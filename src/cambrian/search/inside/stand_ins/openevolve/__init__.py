"""Stands in for OpenEvolve inside a jail: what its evaluators import, and nothing else of it."""

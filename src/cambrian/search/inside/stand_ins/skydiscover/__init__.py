"""Stands in for SkyDiscover inside a jail: what its evaluators import, and nothing else of it."""

"""Stands in for ShinkaEvolve inside a jail: what its evaluators import, and nothing else of it."""

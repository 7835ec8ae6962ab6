"""What evaluators import of a framework that is not installed: written here from the documented contracts.

Standard library only. Each folder stands in for one top-level package, inside the jail alone, and only if that package
is absent there.
"""

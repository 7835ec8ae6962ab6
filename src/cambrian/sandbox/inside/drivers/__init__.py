"""Sandbox, inside, drivers: programs that speak for an engine of scripts, each in a jail of its own.

Sent to the jail as text, so nothing here may import Cambrian: only the standard library, the engine, and each other by
relative imports.
"""

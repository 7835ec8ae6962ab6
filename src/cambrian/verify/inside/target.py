"""Runs in a candidate's jail: which program `capture` stands around. A stand-in: each program gets a text of its own."""

ENTRY: str = "program.py:solve"
FLAGS: frozenset[str] = frozenset()
"""Any of arguments, output, objects, sharing, args."""

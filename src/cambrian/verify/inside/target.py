"""Runs in a candidate's jail: the program that `capture` stands around. A stand-in: each gets a text of its own."""

ENTRY: str = "program.py:solve"
FLAGS: frozenset[str] = frozenset()
"""Any of arguments, output, objects, sharing, args."""

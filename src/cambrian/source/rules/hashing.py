"""Whether looking something up by hash gives what comparing it with each item gives."""

from __future__ import annotations

import ast

from cambrian.source.analysis import Kind, Module
from cambrian.source.analysis.tables import SCALARS

__all__ = ["hashable", "hashed"]


def hashable(kind: Kind | None) -> bool:
    """Whether values of a kind certainly have a hash that fits their ``==``."""
    if kind is None:
        return False
    if kind.name in {"tuple", "frozenset"}:
        return kind.item is not None and hashable(kind.item)
    return kind.name in SCALARS or kind.name in {"number", "range"}


def hashed(module: Module, node: ast.expr, kind: Kind | None, assumes: set[str], words: str = "") -> None:
    """Tell what has to be trusted for a value to be looked up by hash; nothing if its kind says it.

    Args:
        module: the file.
        node: the value, or the container whose items are meant.
        kind: of the value, or of the items.
        assumes: takes the assumption.
        words: how the value is called; by default its text.
    """
    if hashable(kind):
        if kind is not None:
            assumes |= kind.hints
        return
    name = words or f"{module.segment(node)!r}"
    assumes.add(f"{name} can be hashed, and what is equal has equal hashes")

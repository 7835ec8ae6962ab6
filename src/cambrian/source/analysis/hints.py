"""Kinds from type hints. Nobody enforces hints, so what follows from them is an assumption that has to be told."""

from __future__ import annotations

import ast

from .kind import Kind, join

__all__ = ["annotated"]

_NAMES = {
    "list": "list", "List": "list", "dict": "dict", "Dict": "dict", "set": "set", "Set": "set", "tuple": "tuple",
    "Tuple": "tuple", "frozenset": "frozenset", "FrozenSet": "frozenset", "str": "str", "int": "int", "float": "number",
    "bool": "bool", "bytes": "bytes", "deque": "deque", "Deque": "deque", "Counter": "Counter",
    "DefaultDict": "defaultdict", "defaultdict": "defaultdict",
}  # fmt: skip
_LONGEST = 200
"""Characters of a hint in quotes that are looked at."""


def annotated(node: ast.expr, hint: str) -> Kind | None:
    """The kind that a type hint names, or ``None``.

    Args:
        node: the annotation; may be in quotes.
        hint: what has to be trusted, in words.
    """
    kind = _kind(node)
    return None if kind is None else kind._replace(hints=frozenset({hint}))


def _kind(node: ast.expr) -> Kind | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= _LONGEST:
        try:
            return _kind(ast.parse(node.value, mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    if isinstance(node, ast.Subscript):
        return _generic(node)
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return Kind(_NAMES[name]) if name in _NAMES else None


def _generic(node: ast.Subscript) -> Kind | None:
    owner = _kind(node.value)
    if owner is None:
        return None
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    kinds = [_kind(part) for part in parts if not (isinstance(part, ast.Constant) and part.value is ...)]
    if owner.name in {"dict", "defaultdict"}:
        return Kind(owner.name, kinds[0], kinds[1]) if len(kinds) == 2 else owner
    if owner.name == "Counter":
        return Kind(owner.name, kinds[0], Kind("int")) if len(kinds) == 1 else owner
    item = kinds[0] if kinds else None
    for other in kinds[1:]:
        item = join(item, other)
    return Kind(owner.name, item)

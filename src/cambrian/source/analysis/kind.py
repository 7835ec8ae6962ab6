"""`Kind`: the exact type of a value, with the kinds of its items where they are known; how kinds join and operate."""

from __future__ import annotations

import ast
from typing import NamedTuple

__all__ = ["NEVER", "Kind", "clean", "item_of", "join", "operated", "value_of"]


class Kind(NamedTuple):
    """What a value certainly is.

    Args:
        name: ``type(value).__name__``, exactly: no subclass. ``"number"``: an int or float; ``"iterator"``: something
            that can be gone through once; ``"view"``: keys, values or items of a dict; ``"re.Pattern"``.
        item: the kind of all items, of a dict's keys; ``None`` if that is unknown.
        value: the kind of a dict's values.
        hints: what has to be trusted besides, in words.
    """

    name: str
    item: Kind | None = None
    value: Kind | None = None
    hints: frozenset[str] = frozenset()


NEVER = Kind("never")
"""Of what has no value yet, or no items: joins with everything."""
_FIXED = frozenset({"tuple", "frozenset"})
_NUMBERS = frozenset({"int", "float", "bool", "number"})


def clean(kind: Kind | None) -> Kind | None:
    """The kind as told to others: `NEVER` is unknown."""
    if kind is None or kind.name == "never":
        return None
    return Kind(kind.name, clean(_outside(kind.item, kind)), clean(_outside(kind.value, kind)), kind.hints)


def _outside(item: Kind | None, kind: Kind) -> Kind | None:
    """An item's kind, without what it holds if it can be changed: whoever gets the item may put other things in."""
    if item is None or kind.hints or (item.item is None and item.value is None) or item.name in _FIXED:
        return item
    return Kind(item.name, hints=item.hints)


def join(one: Kind | None, other: Kind | None) -> Kind | None:
    """What both are; ``None`` if they have nothing in common."""
    if one is None or other is None:
        return None
    if one.name == "never":
        return other
    if other.name == "never" or one == other:
        return one
    hints = one.hints | other.hints
    if one.name == other.name:
        return Kind(one.name, join(one.item, other.item), join(one.value, other.value), hints)
    return Kind("number", hints=hints) if {one.name, other.name} <= _NUMBERS else None


def item_of(kind: Kind | None) -> Kind | None:
    """The kind of what iterating over a value gives."""
    if kind is None or kind.name == "never":
        return kind
    if kind.name in {"str", "range", "bytes"}:
        return Kind("str" if kind.name == "str" else "int", hints=kind.hints)
    return _handed_on(kind.item, kind)


def value_of(kind: Kind | None) -> Kind | None:
    """The kind of a dict's values."""
    if kind is None or kind.name == "never":
        return kind
    return _handed_on(kind.value, kind)


def _handed_on(item: Kind | None, kind: Kind) -> Kind | None:
    item = _outside(item, kind)
    return None if item is None else item._replace(hints=item.hints | kind.hints)


def operated(
    op: ast.operator, left: Kind | None, right: Kind | None, operand: ast.expr, *, in_place: bool = False
) -> Kind | None:
    """The kind of what a binary operator gives.

    Args:
        op: the operator.
        left: kind of the left operand.
        right: kind of the right one.
        operand: the right operand: an int to a negative power is a float.
        in_place: whether it is an augmented assignment: a list then takes any iterable.
    """
    if (left is not None and left.name == "never") or (right is not None and right.name == "never"):
        return NEVER
    if left is not None and left.name == "str" and isinstance(op, ast.Mod):
        return Kind("str", hints=left.hints)
    if in_place and left is not None and left.name == "list" and isinstance(op, ast.Add):
        return Kind("list", join(left.item, item_of(right)), hints=left.hints)
    if left is None or right is None:
        return None
    hints = left.hints | right.hints
    if {left.name, right.name} <= _NUMBERS:
        return _number(op, left.name, right.name, operand, hints)
    return _containers(op, left, right, hints)


def _number(op: ast.operator, left: str, right: str, operand: ast.expr, hints: frozenset[str]) -> Kind | None:  # noqa: PLR0911
    whole = {left, right} <= {"int", "bool"}
    if isinstance(op, ast.BitAnd | ast.BitOr | ast.BitXor):
        return Kind("bool" if left == right == "bool" else "int", hints=hints) if whole else None
    if isinstance(op, ast.LShift | ast.RShift):
        return Kind("int", hints=hints) if whole else None
    if isinstance(op, ast.Pow):
        natural = isinstance(operand, ast.Constant) and isinstance(operand.value, int) and operand.value >= 0
        return Kind("int", hints=hints) if whole and natural else None
    if isinstance(op, ast.MatMult):
        return None
    if isinstance(op, ast.Div):
        return Kind("float", hints=hints)
    if whole:
        return Kind("int", hints=hints)
    return Kind("float" if "float" in {left, right} else "number", hints=hints)


def _containers(op: ast.operator, left: Kind, right: Kind, hints: frozenset[str]) -> Kind | None:
    same = left.name == right.name
    if isinstance(op, ast.Add) and same and left.name in {"str", "bytes", "list", "tuple", "Counter"}:
        return join(left, right)
    if isinstance(op, ast.Mult):
        times = {"int", "bool"}
        repeated = left if right.name in times else right if left.name in times else None
        names = {"str", "bytes", "list", "tuple"}
        return repeated._replace(hints=hints) if repeated is not None and repeated.name in names else None
    if isinstance(op, ast.BitAnd | ast.BitOr | ast.BitXor | ast.Sub) and same and left.name in {"set", "frozenset"}:
        return left._replace(hints=hints) if isinstance(op, ast.Sub) else join(left, right)
    if isinstance(op, ast.BitOr) and same and left.name == "dict":
        return join(left, right)
    return None

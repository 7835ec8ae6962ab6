"""Runs in jails: values and places in a few characters, for people. Never asks an object for its ``repr``."""

from __future__ import annotations

from itertools import islice
from typing import Any, cast

from cambrian.core.codec import Shape

__all__ = ["Label", "Path", "place", "show"]

Path = tuple[Any, object]
"""(path of the container or `None`, index, key or `Label` in it): a linked list, so that depth costs nothing."""
_ITEMS, _DEPTH, _TEXT, _PIECES = 6, 3, 60, 12
_DIGITS = 10**40
_LEAVES = frozenset(map(id, (type(None), bool, float, complex, type(...), type(NotImplemented))))


class Label(str):
    """A piece of a path that is printed as it is."""

    __slots__ = ()


def place(name: str, path: Path | None) -> str:
    """A path as Python writes it; the middle of a long one is left out."""
    pieces: list[str] = []
    while path is not None:
        pieces.append(_piece(path[1]))
        path = cast("Path | None", path[0])
    pieces.reverse()
    if len(pieces) > _PIECES:
        half = _PIECES // 2
        pieces[half:-half] = [f"…({len(pieces) - _PIECES} more)…"]
    return name + "".join(pieces)


def _piece(piece: object) -> str:
    return str.__str__(piece) if type(piece) is Label else f"[{show(piece)}]"


def show(value: object) -> str:
    """A value in about 60 characters."""
    text = _show(value, _DEPTH)
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"


def _show(value: object, depth: int) -> str:
    kind = type(value)
    if id(kind) in _LEAVES or (kind is int and -_DIGITS < cast("int", value) < _DIGITS):
        return repr(value)
    if kind is int:
        return f"an int of {cast('int', value).bit_length()} bits"
    if kind is str or kind is bytes:
        return repr(cast("str", value)[:_TEXT])
    brackets = _BRACKETS.get(id(kind))
    if brackets is None:
        return _other(value, kind)
    return _container(value, brackets, depth)


_BRACKETS: dict[int, tuple[str, str]] = {
    id(list): ("[", "]"), id(tuple): ("(", ")"), id(set): ("{", "}"), id(frozenset): ("frozenset({", "})"),
    id(dict): ("{", "}"),
}  # fmt: skip


def _other(value: object, kind: type) -> str:
    name = value.type.rpartition(".")[2] if type(value) is Shape else type.__dict__["__name__"].__get__(kind)
    return f"<{name}>"


def _container(value: Any, brackets: tuple[str, str], depth: int) -> str:
    size, is_dict = len(value), type(value) is dict
    if not size:
        return _EMPTY.get(brackets[0], brackets[0] + brackets[1]) if not is_dict else "{}"
    if depth == 0:
        return f"{brackets[0]}…{brackets[1]}"
    shown = [_show(item, depth - 1) for item in islice(value, _ITEMS)]
    if is_dict:
        inner = cast("dict[object, object]", value).values()
        shown = [f"{key}: {_show(item, depth - 1)}" for key, item in zip(shown, inner, strict=False)]
    if size > _ITEMS:
        shown.append("…")
    comma = "," if brackets[0] == "(" and size == 1 else ""
    return f"{brackets[0]}{', '.join(shown)}{comma}{brackets[1]}"


_EMPTY: dict[str, str] = {"{": "set()", "frozenset({": "frozenset()"}

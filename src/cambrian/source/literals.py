"""The numbers in a Python program and how to replace them: only their characters change. Nothing is executed."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from cambrian.core.errors import UsageError

from .blocks import Span, within
from .cache import Cache
from .edit import Locator, Splice, apply
from .reading import read
from .tree import Problem, raw
from .walk import evaluated

Number = int | float


class Literal(msgspec.Struct, frozen=True, kw_only=True):
    """A number in a text.

    Args:
        start: character offset of its first character, a minus sign included.
        stop: character offset one past its last character.
        line: its 1-based line.
        value: what it stands for; an ``int`` or a ``float``, never a ``bool``.
        bracketed: a negative number must be written in brackets here, as in ``(-2) ** x``.
    """

    start: int
    stop: int
    line: int
    value: int | float
    bracketed: bool = False


def literals(text: str, spans: Sequence[Span]) -> tuple[Literal, ...]:
    """Numbers in the editable lines of a Python file, in order; the sign is folded in (``-2.5`` is one literal).

    Numbers in annotations and inside f-strings are left out, the former because they compute nothing, the latter
    because Python 3.11 does not say where they are. A file that does not parse has none.
    """
    found = read(text)
    if isinstance(found, Problem):
        return ()
    _LITERALS.widen(_FILES * _PER_CHARACTER * len(text))
    numbers: list[Literal] = []
    start = line = 0
    for chunk in found.chunks:
        inside = within(spans, line, chunk.lines)
        if inside:
            free = any(span.covers(1, chunk.lines) for span in inside)
            kept = (item for item in _in_chunk(chunk.text) if free or _editable(item, inside))
            numbers += (_moved(item.literal, start, line) for item in kept)
        start, line = start + len(chunk.text), line + chunk.lines
    return tuple(numbers)


class _Found(NamedTuple):
    """A literal of a chunk, counted from its beginning, and its last line."""

    literal: Literal
    last: int


_LITERALS: Cache[str, tuple[_Found, ...]] = Cache(1_000_000)
_FILES, _FIXED, _EACH, _PER_CHARACTER = 4, 500, 250, 25
"""Of the largest files seen, how many are remembered; bytes of a chunk, of a number, and of a character, about."""


def _in_chunk(text: str) -> tuple[_Found, ...]:
    """All numbers of a chunk that parses, in order."""
    known = _LITERALS.get(text)
    if known is not None:
        return known
    tree = raw(text)
    if isinstance(tree, Problem):
        return ()
    locator = Locator(text)
    found = [
        _Found(_literal(node, value, parent, locator), node.end_lineno or node.lineno)
        for node, value, parent in _numbers(tree)
    ]
    found.sort(key=lambda item: item.literal.start)
    return _LITERALS.put(text, tuple(found), _FIXED + len(text) + _EACH * len(found))


def _editable(item: _Found, spans: Sequence[Span]) -> bool:
    return any(span.covers(item.literal.line, item.last) for span in spans)


def _moved(literal: Literal, start: int, line: int) -> Literal:
    if not start:
        return literal
    return Literal(
        start=literal.start + start, stop=literal.stop + start, line=literal.line + line, value=literal.value,
        bracketed=literal.bracketed,
    )  # fmt: skip


def replace(text: str, found: Sequence[Literal], values: Sequence[Number]) -> str:
    """The text with each literal in `found` standing for the value at the same place in `values`.

    A literal keeps its type: a float stays a float. Where a value equals what stands there, its spelling stays too.

    Raises:
        UsageError: the lengths differ, a value is not finite, or an ``int`` literal is given a broken number.
    """
    if len(found) != len(values):
        raise UsageError(f"{len(values)!r} values for {len(found)!r} literals; give one for each")
    return apply(text, [_splice(text, old, new) for old, new in zip(found, values, strict=True) if old.value != new])


def _numbers(tree: ast.Module) -> Iterator[tuple[ast.expr, Number, ast.AST]]:
    todo: list[tuple[ast.AST, ast.AST]] = [(tree, tree)]
    while todo:
        node, parent = todo.pop()
        if isinstance(node, ast.JoinedStr):
            continue
        value = _number(node)
        if value is not None and isinstance(node, ast.expr):
            yield node, value, parent
            continue
        todo += ((child, node) for child in evaluated(node))


def _number(node: ast.AST) -> Number | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = _number(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value
    return None


def _literal(node: ast.expr, value: Number, parent: ast.AST, locator: Locator) -> Literal:
    start, stop = locator.range(node)
    bracketed = isinstance(node, ast.Constant) and _binds_tighter_than_minus(parent, node)
    return Literal(start=start, stop=stop, line=node.lineno, value=value, bracketed=bracketed)


def _binds_tighter_than_minus(parent: ast.AST, node: ast.expr) -> bool:
    if isinstance(parent, ast.BinOp):
        return isinstance(parent.op, ast.Pow) and parent.left is node
    return isinstance(parent, ast.Attribute | ast.Subscript) and parent.value is node


def _splice(text: str, old: Literal, new: Number) -> Splice:
    if not math.isfinite(new):
        raise UsageError(f"line {old.line}: {new!r} cannot be written as a literal; only finite numbers can")
    if isinstance(old.value, int) and new != int(new):
        raise UsageError(f"line {old.line}: {new!r} cannot replace the integer {old.value!r}; round it first")
    written = repr(float(new)) if isinstance(old.value, float) else str(int(new))
    if written.startswith("-") and old.bracketed:
        written = f"({written})"
    follows = text[old.stop : old.stop + 1]
    return Splice(old.start, old.stop, written + " " * (follows.isalnum() or follows == "_"))

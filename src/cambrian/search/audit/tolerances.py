"""Tolerances in an evaluator's text, and the text with stricter ones. Pure: nothing is run.

Found are named constants that are called a tolerance, small numbers beside a comparison, what ``isclose`` and
``allclose`` allow, and rounding before a comparison. A stricter twin says what an answer would have got without them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

__all__ = ["Tolerance", "find_tolerances", "tightened"]

HARMLESS = 1e-8
"""Up to here a tolerance covers the rounding of doubles and buys next to nothing."""
_LARGEST = 1e-2
"""A number beside a comparison that is larger than this is rather a parameter of the task."""
_CALLED = re.compile(
    r"(^|_)(e?tol(erance)?s?|eps(ilon)?|atol|rtol|slack|margin|fuzz|delta_ok|leeway)($|_)", re.IGNORECASE
)
_NEAR = {"isclose", "allclose", "assert_allclose", "approx", "assert_array_almost_equal", "assert_almost_equal"}


class Tolerance(msgspec.Struct, frozen=True, kw_only=True):
    """A place where an evaluator allows something.

    Args:
        kind: a ``"number"`` that can be made smaller, a call that compares ``"near"``, or ``"rounding"``.
        value: how much is allowed.
        line: 1-based.
        start: (line, column in UTF-8 bytes) of its text.
        end: the same of what follows.
    """

    kind: Literal["number", "near", "rounding"]
    value: float
    line: int
    start: tuple[int, int]
    end: tuple[int, int]


def find_tolerances(text: str) -> tuple[Tolerance, ...]:
    """What is allowed, wherever it is more than `HARMLESS`; nothing if the text does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    found = {item.start: item for item in _found(tree) if item.value > HARMLESS}
    return tuple(sorted(found.values(), key=lambda item: item.start))


def _found(tree: ast.Module) -> Iterator[Tolerance]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None and _is_called(node):
            yield from _number(node.value)
        elif isinstance(node, ast.arguments):
            yield from _defaults(node)
        elif isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                yield from _beside(side)
        elif isinstance(node, ast.Call):
            yield from _calls(node)


def _is_called(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [item.id if isinstance(item, ast.Name) else getattr(item, "attr", "") for item in targets]
    return any(_CALLED.search(name) for name in names)


def _defaults(node: ast.arguments) -> Iterator[Tolerance]:
    named = [*node.posonlyargs, *node.args]
    pairs = list(zip(named[len(named) - len(node.defaults) :], node.defaults, strict=True))
    pairs += [(name, value) for name, value in zip(node.kwonlyargs, node.kw_defaults, strict=True) if value]
    for name, value in pairs:
        if _CALLED.search(name.arg):
            yield from _number(value)


def _beside(side: ast.expr) -> Iterator[Tolerance]:
    """``… > 1e-3``, ``… <= 1 + 1e-3``, ``… * (1 + 1e-3)``, ``-1e-3 <= …``."""
    yield from _number(side, most=_LARGEST)
    if isinstance(side, ast.UnaryOp):
        yield from _beside(side.operand)
    elif isinstance(side, ast.BinOp) and isinstance(side.op, (ast.Add, ast.Sub, ast.Mult)):
        yield from _beside(side.left)
        yield from _beside(side.right)


def _number(node: ast.expr, most: float = 1.0) -> Iterator[Tolerance]:
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, float) and 0 < value <= most:
        yield _at("number", value, node)


def _calls(node: ast.Call) -> Iterator[Tolerance]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in _NEAR:
        given = [
            item.value for item in node.keywords if item.arg in ("rtol", "atol", "rel_tol", "abs_tol", "rel", "abs")
        ]
        sizes = [item.value for item in given if isinstance(item, ast.Constant) and isinstance(item.value, float)]
        is_math = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "math"
        usual = 1e-9 if is_math else 1e-5
        yield _at("near", max([*sizes, 0.0 if any(k.arg == "rtol" for k in node.keywords) else usual]), node)
    elif name in ("round", "around") and len(node.args) == 2 and isinstance(node.args[1], ast.Constant):
        digits = node.args[1].value
        if isinstance(digits, int) and abs(digits) < 20:
            yield _at("rounding", 0.5 * 10.0**-digits, node)


def _at(kind: Literal["number", "near", "rounding"], value: float, node: ast.expr) -> Tolerance:
    end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
    return Tolerance(kind=kind, value=value, line=node.lineno, start=(node.lineno, node.col_offset), end=end)


def tightened(text: str, chosen: Sequence[Tolerance], strict: float) -> str:
    """The text, with each of the tolerances chosen no larger than `strict`.

    Args:
        text: the evaluator's.
        chosen: of `find_tolerances` for this very text.
        strict: what is still allowed; roundings are left out altogether.
    """
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    starts = [sum(map(len, lines[:index])) for index in range(len(lines) + 1)]
    data = b"".join(lines)
    for item in sorted(chosen, key=lambda one: one.start, reverse=True):
        begin, end = (starts[line - 1] + column for line, column in (item.start, item.end))
        data = data[:begin] + _stricter(data[begin:end].decode(), item, strict).encode() + data[end:]
    return data.decode()


def _stricter(text: str, item: Tolerance, strict: float) -> str:
    if item.kind == "number":
        return repr(min(item.value, strict))
    call = ast.parse(text, mode="eval").body
    if not isinstance(call, ast.Call):
        return text
    if item.kind == "rounding":
        return f"({ast.unparse(call.args[0])})"
    names = ("rel_tol", "abs_tol") if "math." in text[:5] else ("rel", "abs") if "approx" in text else ("rtol", "atol")
    call.args = call.args[:2]
    others = [word for word in call.keywords if word.arg not in (*names,)]
    call.keywords = [*others, *(ast.keyword(arg=name, value=ast.Constant(strict)) for name in names)]
    return ast.unparse(call)

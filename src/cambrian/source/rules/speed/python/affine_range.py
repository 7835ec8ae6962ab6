"""``[n + 2 * i for i in range(n)]``: numbers at equal distances are a range themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.hoisting import at_once
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp

_SIMPLE = (
    ast.Name, ast.Call, ast.BinOp, ast.UnaryOp, ast.Constant, ast.operator, ast.unaryop, ast.expr_context,
)  # fmt: skip


class _Line(NamedTuple):
    """``offset + factor * i``, or ``offset - …`` by a negative factor. No offset: `None`; one taken away: `minus`."""

    factor: int
    offset: ast.expr | None = None
    minus: bool = False


class AffineRange(PythonRule):
    """A comprehension of a range's numbers, times a constant and plus something, is another range."""

    id = "affine-range"
    title = "Let `range` make numbers at equal distances"
    why = (
        "`[n + 2 * i for i in range(n)]` multiplies and adds by bytecode for each number; `list(range(n, n + 2 * n, "
        "2))` counts in C. The guard sees that the factor is a constant, that nothing but a variable or a constant is "
        "added, and that all of these are whole numbers, or says that it assumes so."
    )
    words = ("range(",)
    examples = (
        Example(
            note="a factor and an offset; an offset alone; downwards",
            before=(
                "def piles(n: int):\n"
                "    return [n + 2 * i for i in range(n)], [i + 1 for i in range(2, n)], {3 - i for i in range(n)}\n"
            ),
            after=(
                "def piles(n: int):\n"
                "    return list(range(n, n + 2 * n, 2)), list(range(2 + 1, n + 1)), set(range(3, 3 - n, -1))\n"
            ),
            calls=("piles(0)", "piles(1)", "piles(5)", "piles(-4)", "piles(2.5)"),
        ),
        Example(
            note="each third number; a sum of them",
            before=(
                "def some(count: int, by: int):\n"
                "    return [4 * k for k in range(1, 20, 3)], sum(-2 * k - by for k in range(1, count - 1, 2))\n"
            ),
            after=(
                "def some(count: int, by: int):\n"
                "    return list(range(4 * 1, 4 * 20, 12)), sum(range(-2 * 1 - by, -2 * (count - 1) - by, -4))\n"
            ),
            calls=("some(9, 1)", "some(0, 0)", "some(2, 5)", "some(3, -5)"),
        ),
        Example(
            note="floats, a factor that may be nought, squares, a condition",
            before=(
                "def other(n: int, k: int, x: float):\n"
                "    first = [x + i for i in range(n)], [0.5 * i for i in range(n)], [k * i for i in range(n)]\n"
                "    return first, [i * i for i in range(n)], [i + 1 for i in range(n) if i != k]\n"
            ),
            after=None,
        ),
        Example(
            note="no range, a step that is not known, a generator that is kept",
            before=(
                "def other(xs, n: int, k: int):\n"
                "    return [x + 1 for x in xs], [i + 1 for i in range(0, n, k)], (i + 1 for i in range(n))\n"
            ),
            after=None,
        ),
        Example(
            note="nought times a number",
            before="def none(n: int):\n    return [0 * i for i in range(n)], [i for i in range(n)]\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.ListComp, ast.SetComp, ast.GeneratorExp):
            part = node.generators[0]
            if len(node.generators) > 1 or part.ifs or part.is_async or not isinstance(part.target, ast.Name):
                continue
            if "#" in parsed.segment(node) or (isinstance(node, ast.GeneratorExp) and not at_once(parsed, node)):
                continue
            assumes: set[str] = set()
            line = _line(node.elt, part.target)
            text = None if line is None else _range(parsed, part.iter, line, part.target, assumes)
            if text is not None:
                what = "numbers at equal distances are worked out one by one"
                yield self.at(parsed, node, what, _splices(parsed, node, text), assumes=assumes, gain=4.0)


def _line(node: ast.expr, target: ast.Name) -> _Line | None:
    """What an expression does with a number, if that is no more than a factor and an offset."""
    factor = _factor(node, target)
    if factor is not None:
        return None if factor == 1 else _Line(factor)  # the numbers themselves: another rule's
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add | ast.Sub):
        return None
    minus = isinstance(node.op, ast.Sub)
    left, right = _factor(node.left, target), _factor(node.right, target)
    if left is not None and _is_offset(node.right, target):
        return _Line(left, node.right, minus)
    if right is not None and _is_offset(node.left, target):
        return _Line(-right if minus else right, node.left)
    return None


def _factor(node: ast.expr, target: ast.Name) -> int | None:
    """The constant that the number is multiplied with; 1 for the number alone."""
    if isinstance(node, ast.Name):
        return 1 if node.id == target.id else None
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return None
    for one, other in ((node.left, node.right), (node.right, node.left)):
        value = _whole(other)
        if isinstance(one, ast.Name) and one.id == target.id and value:
            return value
    return None


def _whole(node: ast.expr) -> int | None:
    sign = -1 if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else 1
    inner = node.operand if isinstance(node, ast.UnaryOp) and sign < 0 else node
    known = isinstance(inner, ast.Constant) and type(inner.value) is int
    return sign * inner.value if known and isinstance(inner, ast.Constant) and isinstance(inner.value, int) else None


def _is_offset(node: ast.expr, target: ast.Name) -> bool:
    return _whole(node) is not None or (isinstance(node, ast.Name) and node.id != target.id)


def _range(module: Module, source: ast.expr, line: _Line, target: ast.Name, assumes: set[str]) -> str | None:
    """The range of the numbers, as a call."""
    if not isinstance(source, ast.Call) or not module.calls(source, "builtins.range") or source.keywords:
        return None
    step = 1 if len(source.args) < 3 else _whole(source.args[2])
    stop = source.args[0] if len(source.args) == 1 else source.args[-1 if len(source.args) == 2 else 1]
    first = source.args[0] if len(source.args) > 1 else None
    ends = [end for end in (first, stop, line.offset) if end is not None]
    if not step or not all(_plain(module, end, target, assumes) for end in ends):
        return None
    by = line.factor * step
    start = _end(module, first, line)
    return f"{module.segment(source.func)}({start}, {_end(module, stop, line)}{f', {by}' if by != 1 else ''})"


def _plain(module: Module, node: ast.expr, target: ast.Name, assumes: set[str]) -> bool:
    """Whether it may be worked out once or twice, at first, and is a whole number: certainly, or so assumed."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            variable = module.variable(part)
            if part.id == target.id or (variable is not None and not _own(module, part)):
                return False
        elif (isinstance(part, ast.Call) and not module.calls(part, "builtins.len")) or not isinstance(part, _SIMPLE):
            return False
    kind = module.kind(node, assumes)
    if kind is None:
        assumes.add(f"'{module.segment(node)}' is a whole number")
    return kind is None or kind.name == "int"


def _own(module: Module, node: ast.Name) -> bool:
    variable = module.variable(node)
    return variable is not None and not variable.secret and module.bound(node)


def _end(module: Module, end: ast.expr | None, line: _Line) -> str:
    """One end of the new range: that of the old one, times the factor, and the offset."""
    offset = "" if line.offset is None else _closed(module, line.offset)
    if end is None:  # from nought on
        return (f"-{offset}" if line.minus else offset) or "0"
    text = _closed(module, end)
    times = {1: text, -1: f"-{text}"}.get(line.factor, f"{line.factor} * {text}")
    if not offset:
        return times
    if line.minus:
        return f"{times} - {offset}"
    if line.factor < 0:
        return f"{offset} - {text if line.factor == -1 else f'{-line.factor} * {text}'}"
    return f"{offset} + {times}" if line.factor != 1 else f"{times} + {offset}"


def _closed(module: Module, node: ast.expr) -> str:
    text = module.segment(node)
    return text if isinstance(node, ast.Name | ast.Constant | ast.Call) else f"({text})"


def _splices(module: Module, node: _Comprehension, text: str) -> list[Splice]:
    start, stop = module.locator.range(node)
    if isinstance(node, ast.GeneratorExp):
        call = module.parent(node)
        shared = isinstance(call, ast.Call) and module.locator.range(call)[1] == stop
        return [Splice(start + shared, stop - shared, text)]
    made = module.builtin("list" if isinstance(node, ast.ListComp) else "set")
    return [*made.splices, Splice(start, stop, f"{made.spelling}({text})")]


RULE = AffineRange()

"""``[x for i, x in enumerate(xs) if i % 2 == 0]``: each second item is a slice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.analysis.shapes import conjuncts
from cambrian.source.edit import Splice
from cambrian.source.rules.hoisting import at_once
from cambrian.source.rules.loops import constant
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SLICED = ("list", "tuple", "str")


class _Steps(NamedTuple):
    """Which items: the first one's place, and how far they are apart."""

    first: int
    step: int


class EnumeratedSlice(PythonRule):
    """Items at every so many places are taken by a slice with a step."""

    id = "enumerated-slice"
    title = "Take each second item by a slice, not by the remainder of its place"
    why = (
        "`for i, x in enumerate(xs) if i % 2 == 0` counts, unpacks a pair and divides for each item; `xs[::2]` takes "
        "the items in C. The guard sees that the place is asked for nothing else, and that it is the whole sequence "
        "which is counted."
    )
    words = ("enumerate",)
    examples = (
        Example(
            note="even places, odd places, with another condition",
            before=(
                "def told(xs: list[int]):\n"
                "    even = sum([v for i, v in enumerate(xs) if i % 2 == 0 and v % 2 == 1])\n"
                "    return even, [v for i, v in enumerate(xs) if i % 2], {v for i, v in enumerate(xs) if not i % 3}\n"
            ),
            after=(
                "def told(xs: list[int]):\n"
                "    even = sum([v for v in xs[::2] if v % 2 == 1])\n"
                "    return even, [v for v in xs[1::2]], {v for v in xs[::3]}\n"
            ),
            calls=("told([1, 3, 5, 6, 7])", "told([])", "told([2])"),
        ),
        Example(
            note="the place is needed besides; an iterator; counted from another number on; the other way round",
            before=(
                "def told(values: list[int], lines):\n"
                "    one = [v * i for i, v in enumerate(values) if i % 2 == 0]\n"
                "    two = [line for i, line in enumerate(iter(lines)) if i % 2 == 0]\n"
                "    three = [v for i, v in enumerate(values, 1) if i % 2 == 0]\n"
                "    return one, two, three, [v for i, v in enumerate(values) if v % 2 == 0 and i]\n"
            ),
            after=None,
        ),
        Example(
            note="none has that remainder",
            before="def none(values: list[int]):\n    return [v for i, v in enumerate(values) if i % 2 == 2]\n",
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.ListComp, ast.SetComp, ast.GeneratorExp):
            if "#" in parsed.segment(node) or (isinstance(node, ast.GeneratorExp) and not at_once(parsed, node)):
                continue
            assumes: set[str] = set()
            splices = _splices(parsed, node, assumes)
            if splices is not None:
                what = "items are counted to take those at some places"
                yield self.at(parsed, node, what, splices, assumes=assumes, gain=2.0)


class _Counted(NamedTuple):
    """A comprehension over a sequence that is counted: its item, the sequence, places, condition."""

    item: ast.Name
    items: ast.expr
    steps: _Steps
    rest: list[ast.expr]


def _counted(module: Module, part: ast.comprehension) -> _Counted | None:
    match part:
        case ast.comprehension(
            target=ast.Tuple(elts=elements),
            iter=ast.Call(args=[ast.Name() | ast.Attribute() as items], keywords=[]) as source,
            ifs=[test],
            is_async=0,
        ) if module.calls(source, "builtins.enumerate"):
            names = [one for one in elements if isinstance(one, ast.Name)]
        case _:
            return None
    if len(names) != 2 or names[0].id == names[1].id:
        return None
    tests = conjuncts(test)
    steps = _steps(tests[0], names[0])
    if steps is None or not _read_once(module, names[0], tests[0]):
        return None
    return _Counted(names[1], items, steps, tests[1:])


def _read_once(module: Module, name: ast.Name, region: ast.expr) -> bool:
    variable = module.variable(name)
    return variable is not None and len(variable.reads) == 1 and within(variable.reads[0], region)


def _splices(
    module: Module, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, assumes: set[str]
) -> list[Splice] | None:
    part = node.generators[0]
    found = _counted(module, part)
    if found is None or module.taken(found.items, *_SLICED, assumes=assumes) is None:
        return None
    if not module.unchanged(found.items, node, assumes):
        return None
    first = module.locator.range(part.target)[0]
    condition = f" if {' and '.join(_bracketed(module, one) for one in found.rest)}" if found.rest else ""
    sliced = f"{module.segment(found.items)}[{found.steps.first or ''}::{found.steps.step}]"
    return [Splice(first, _behind(module, part.ifs[0], node), f"{found.item.id} in {sliced}{condition}")]


def _bracketed(module: Module, test: ast.expr) -> str:
    """A condition as it may stand beside ``and``, whatever brackets it had."""
    text = module.segment(test)
    return f"({text})" if isinstance(test, ast.BoolOp | ast.IfExp | ast.NamedExpr | ast.Lambda) else text


def _behind(module: Module, test: ast.expr, node: ast.expr) -> int:
    """Where a condition ends, its own brackets included."""
    stop = module.locator.range(test)[1]
    end = module.locator.range(node)[1] - 1
    return stop + len(module.text[stop:end]) if set(module.text[stop:end]) <= set(" )\n") else stop


def _steps(test: ast.expr, index: ast.Name) -> _Steps | None:
    """``i % 2 == 1``, ``i % 2``, ``not i % 3``."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            step = _modulus(inner, index)
            return _Steps(0, step) if step else None
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            step, wanted = _modulus(left, index), constant(right)
            return None if not step or wanted is None else _chosen(operator, step, wanted)
        case _:
            return _Steps(1, 2) if _modulus(test, index) == 2 else None


def _chosen(operator: ast.cmpop, step: int, wanted: int) -> _Steps | None:
    """The places whose rest is the one that is asked for, or not."""
    if isinstance(operator, ast.NotEq):
        return _Steps(1 - wanted, 2) if step == 2 and wanted in {0, 1} else None
    return _Steps(wanted, step) if isinstance(operator, ast.Eq) and 0 <= wanted < step else None


def _modulus(node: ast.expr, index: ast.Name) -> int:
    """The number by which the place is divided; 0 if it is something else."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mod) or not isinstance(node.right, ast.Constant):
        return 0
    named = isinstance(node.left, ast.Name) and node.left.id == index.id
    value = node.right.value
    return value if named and isinstance(value, int) and type(value) is int and value > 1 else 0


RULE = EnumeratedSlice()

"""``for x in xs[1:]``: a copy of most of a list, to go through it once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.sparing import EATERS, MemoryRule, given_whole, still

_SEQUENCES = ("list", "tuple")


class SlicedIteration(MemoryRule):
    """A slice that is gone through once becomes an `islice`."""

    id = "sliced-iteration"
    title = "Go through a part of a list with islice, without a copy of it"
    why = (
        "`xs[1:]` copies all items but one; `itertools.islice(xs, 1, None)` walks over the list itself. The guard sees "
        "that bounds are written down and not negative, that it is a list or a tuple, and that the loop does not "
        "change it. A slice that begins far inside is walked to, which takes time but no memory."
    )
    tags = ("memory",)
    words = (":",)
    examples = (
        Example(
            note="a loop over all but the first",
            before=(
                "def steps(values: list[int]):\n"
                "    total = sum(values[:3])\n"
                "    for value in values[1:]:\n"
                "        total += value\n"
                "    return total\n"
            ),
            after=(
                "from itertools import islice\n\n\n"
                "def steps(values: list[int]):\n"
                "    total = sum(islice(values, 3))\n"
                "    for value in islice(values, 1, None):\n"
                "        total += value\n"
                "    return total\n"
            ),
            calls=("steps([1, 2, 3, 4])", "steps([])"),
        ),
        Example(
            note="bounds from the end, and bounds that are not written down",
            before="def some(values: list[int], n):\n    return sum(values[-2:]), sum(values[:n]), set(values[::-1])\n",
            after=None,
        ),
        Example(
            note="the list grows meanwhile",
            before="def more(values: list[int]):\n    for value in values[1:]:\n        values.append(value)\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Subscript):
            part = node.slice
            if not isinstance(part, ast.Slice) or not isinstance(node.value, ast.Name) or "#" in parsed.segment(node):
                continue
            bounds = _bounds(part)
            assumes: set[str] = set()
            if bounds and _once(parsed, node, node.value, assumes):
                made = parsed.importing("itertools", "islice")
                text = f"{made.spelling}({node.value.id}, {bounds})"
                what = f"a part of {node.value.id!r} is copied to go through it once"
                splices = [*made.splices, parsed.splice(node, text)]
                yield self.at(parsed, node, what, splices, assumes=assumes, gain=10.0)


def _bounds(part: ast.Slice) -> str:
    """What `islice` is given; "" where that is not known, or would be all."""
    first, last, step = (_number(each) for each in (part.lower, part.upper, part.step))
    if "?" in (first, last, step) or step == "0" or (part.lower is None and part.upper is None):
        return ""
    if part.lower is None and part.step is None:
        return last
    return ", ".join([first, last, *([step] if part.step is not None else [])])


def _number(node: ast.expr | None) -> str:
    if node is None:
        return "None"
    return str(node.value) if isinstance(node, ast.Constant) and type(node.value) is int else "?"


def _once(module: Module, node: ast.Subscript, name: ast.Name, assumes: set[str]) -> bool:
    parent = module.parent(node)
    region: list[ast.AST] = []
    if isinstance(parent, ast.For) and parent.iter is node:
        region = [parent.target, *parent.body]
    elif given_whole(module, node, *EATERS) is None:
        return False
    return module.is_kind(name, *_SEQUENCES, assumes=assumes) and still(module, name, region, assumes)


RULE = SlicedIteration()

"""``n = n * 10 + d`` for each digit: long numbers are put together from shorter ones."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import either_way
from cambrian.source.rules.catching import caught
from cambrian.source.rules.loops import Counting, added, constant, counting, reads, same, stays_inside, unit, whole
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_AT_ONCE = 200
"""Digits that are put together before they go into the long number."""


class _Step(NamedTuple):
    """``number = number * base + digit``."""

    number: ast.Name
    base: int
    digit: ast.expr


class DigitsJoined(PythonRule):
    """Horner's rule in blocks (Brent and Zimmermann 2010, "Modern computer arithmetic", §1.7)."""

    id = "digits-joined"
    title = "Put a long number together from blocks of digits"
    why = (
        "`n = n * 10 + d` makes a number as long as all digits so far on each turn: quadratic. Blocks of 200 digits "
        "become short numbers first, and the long one is made once a block. The guard sees that the loop does nothing "
        "else, and that a digit does not hang on the number. That all are ints is assumed unless the text shows it."
    )
    words = ("for ",)
    examples = (
        Example(
            note="by place",
            before=(
                "def number(digits: list[int]):\n"
                "    n = len(digits)\n"
                "    found = 0\n"
                "    for i in range(0, n):\n"
                "        found = found * 10 + digits[i]\n"
                "    return found\n"
            ),
            after=(
                "def number(digits: list[int]):\n"
                "    n = len(digits)\n"
                "    found = 0\n"
                "    for start in range(0, n, 200):\n"
                "        stop = min(start + 200, n)\n"
                "        block = 0\n"
                "        for i in range(start, stop):\n"
                "            block = block * 10 + digits[i]\n"
                "        found = found * 10 ** (stop - start) + block\n"
                "    return found\n"
            ),
            calls=("number([1, 0, 3])", "number([])", "number([i * i % 10 for i in range(1500)])", "number([0, -4])"),
        ),
        Example(
            note="by item",
            before=(
                "def from_bits(bits: list[int], start: int):\n"
                "    total = start\n"
                "    for bit in bits:\n"
                "        total = bit + 2 * total\n"
                "    return total\n"
            ),
            after=(
                "def from_bits(bits: list[int], start: int):\n"
                "    total = start\n"
                "    for begin in range(0, len(bits), 200):\n"
                "        part = bits[begin : begin + 200]\n"
                "        block = 0\n"
                "        for bit in part:\n"
                "            block = bit + 2 * block\n"
                "        total = total * 2 ** len(part) + block\n"
                "    return total\n"
            ),
            calls=("from_bits([1, 1], 0)", "from_bits([], 3)", "from_bits([1] * 401, 1)", "from_bits([0] * 200, 1)"),
        ),
        Example(
            note="numbers in between are kept",
            before=(
                "def prefixes(digits: list[int]):\n"
                "    found, all_of = 0, []\n"
                "    for digit in digits:\n"
                "        found = found * 10 + digit\n"
                "        all_of.append(found)\n"
                "    return all_of\n"
            ),
            after=None,
        ),
        Example(
            note="a polynomial at a place; a digit that hangs on the number; fractions",
            before=(
                "def value(factors: list[int], x: int, weights: list[float]):\n"
                "    found = other = third = 0\n"
                "    for factor in factors:\n"
                "        found = found * x + factor\n"
                "    for factor in factors:\n"
                "        other = other * 10 + (factor + other) % 3\n"
                "    for weight in weights:\n"
                "        third = third * 10 + weight\n"
                "    return found, other, third\n"
            ),
            after=None,
        ),
        Example(
            note="the last digit is asked for",
            before=(
                "def last(digits: list[int]):\n"
                "    found = digit = 0\n"
                "    for digit in digits:\n"
                "        found = found * 10 + digit\n"
                "    return found, digit\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            fits = len(loop.body) == 1 and not loop.orelse and parsed.alone(loop) and "#" not in parsed.segment(loop)
            step = _step(parsed, loop.body[0]) if fits and isinstance(loop.target, ast.Name) else None
            found = None if step is None else self._at(parsed, loop, step)
            if found is not None:
                yield found

    def _at(self, module: Module, loop: ast.For, step: _Step) -> Rewrite | None:
        assumes: set[str] = set()
        text = module.segment(loop.body[0])
        if "\n" in text or not _apart(module, loop, step) or not module.pure(step.digit, assumes):
            return None
        if not whole(module, step.digit, assumes) or not whole(module, step.number, assumes):
            return None
        block = module.fresh("block", "chunk")
        inner = f"{block} = {block} * {step.base} + {module.segment(step.digit)}"
        numbers = counting(module, loop.iter)
        lines = (
            _by_item(module, loop, step, block) if numbers is None else _by_place(module, loop, step, block, numbers)
        )
        if lines is None:
            return None
        if text.replace(" ", "").startswith(f"{step.number.id}={module.segment(step.digit)}+".replace(" ", "")):
            inner = f"{block} = {module.segment(step.digit)} + {step.base} * {block}"
        made = [one.replace("\0", inner) for one in lines]
        splice = module.splice(loop, (module.newline + module.indentation(loop)).join(made))
        what = f"{step.number.id!r} is multiplied anew for each digit, however long it is"
        return self.at(module, loop, what, [splice], assumes=assumes, gain=5.0)


def _step(module: Module, statement: ast.stmt) -> _Step | None:
    """What a statement makes of a number, if it is Horner's step."""
    match statement:
        case ast.Assign(targets=[ast.Name() as target], value=ast.BinOp(left=left, op=ast.Add(), right=right)) if (
            added(module, statement) is None
        ):
            for raised, digit in either_way(left, right):
                base = _base(module, raised, target)
                if base >= 2:
                    return _Step(target, base, digit)
            return None
        case _:
            return None


def _base(module: Module, raised: ast.expr, target: ast.Name) -> int:
    """What a number is multiplied by, if that is a constant."""
    match raised:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            pairs = either_way(left, right)
            return next((constant(other) or 0 for one, other in pairs if same(module, one, target)), 0)
        case _:
            return 0


def _apart(module: Module, loop: ast.For, step: _Step) -> bool:
    """Whether nobody sees the number while the loop runs, nor the loop's variable afterwards."""
    variable = module.variable(step.number)
    if variable is None or variable.captured or variable.scope.kind == "module" or caught(module, loop):
        return False
    if any(isinstance(above, ast.For) and _in_blocks(above) for above in module.loops(loop)[:1]):
        return False
    if reads(module, step.number, step.digit, loop.iter, loop.target):
        return False
    return stays_inside(module, loop.target, loop)


def _by_place(module: Module, loop: ast.For, step: _Step, block: str, numbers: Counting) -> list[str] | None:
    """The lines of the new loop, its step left open, for places from a number to another."""
    ends = [numbers.stop] if numbers.low is None else [numbers.low, numbers.stop]
    if numbers.downwards or not all(_steady(module, one, loop) for one in ends):
        return None
    assert isinstance(loop.iter, ast.Call)
    name, deeper = module.segment(loop.iter.func), unit(module, loop)
    low = "0" if numbers.low is None else module.segment(numbers.low)
    start, stop = module.fresh("start", "begin"), module.fresh("stop", "end")
    end = module.segment(numbers.stop)
    least = module.builtin("min")
    if least.splices:
        return None
    return [
        f"for {start} in {name}({low}, {end}, {_AT_ONCE}):",
        f"{deeper}{stop} = min({start} + {_AT_ONCE}, {end})",
        f"{deeper}{block} = 0",
        f"{deeper}for {module.segment(loop.target)} in {name}({start}, {stop}):",
        f"{deeper}{deeper}\0",
        f"{deeper}{step.number.id} = {step.number.id} * {step.base} ** ({stop} - {start}) + {block}",
    ]


def _by_item(module: Module, loop: ast.For, step: _Step, block: str) -> list[str] | None:
    """The same for the items of a list."""
    items = loop.iter
    if not isinstance(items, ast.Name) or not module.is_kind(items, "list", "tuple", "str", assumes=set()):
        return None
    names, measure = module.builtin("range"), module.builtin("len")
    if names.splices or measure.splices:
        return None
    deeper, start, part = unit(module, loop), module.fresh("start", "begin"), module.fresh("part", "some")
    return [
        f"for {start} in range(0, len({items.id}), {_AT_ONCE}):",
        f"{deeper}{part} = {items.id}[{start} : {start} + {_AT_ONCE}]",
        f"{deeper}{block} = 0",
        f"{deeper}for {module.segment(loop.target)} in {part}:",
        f"{deeper}{deeper}\0",
        f"{deeper}{step.number.id} = {step.number.id} * {step.base} ** len({part}) + {block}",
    ]


def _in_blocks(loop: ast.For) -> bool:
    """Whether a loop goes from block to block already."""
    numbers = loop.iter
    return isinstance(numbers, ast.Call) and len(numbers.args) == 3 and constant(numbers.args[2]) == _AT_ONCE


def _steady(module: Module, node: ast.expr, loop: ast.For) -> bool:
    """Whether an end of a range is a number that may be read again: a constant, or a variable that stays."""
    if isinstance(node, ast.Constant):
        return True
    if module.calls(node, "builtins.len") and isinstance(node, ast.Call) and isinstance(node.args[0], ast.Name):
        return module.unchanged(node.args[0], loop, set())
    return isinstance(node, ast.Name) and not module.rebound(node, loop)


RULE = DigitsJoined()

"""``while i < n: …; i += 1``: a loop that counts is a `for` over a range."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module, Variable
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import local
from cambrian.source.analysis.shapes import compared
from cambrian.source.edit import Splice
from cambrian.source.rules.loops import constant, outlives
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_UP, _DOWN = (ast.Lt, ast.LtE), (ast.Gt, ast.GtE)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = (ast.ExceptHandler, ast.match_case)


class _Count(NamedTuple):
    """A loop that counts: the variable, the bound, whether that is included, the last statement and its step."""

    name: ast.Name
    bound: ast.expr
    included: bool
    last: ast.AugAssign
    step: int


class CountingWhile(PythonRule):
    """A `while` that counts a variable up or down becomes a `for` over a range."""

    id = "counting-while"
    title = "Count with `for` and `range`, not by hand"
    why = (
        "`while i < n` with `i += 1` at its end compares and adds by bytecode, and works the bound out again on every "
        "turn; `range` counts in C. The guard sees that the variable is a whole number that only the last statement of "
        "the loop changes, that nothing jumps over that statement, that the bound stays the same, and that nobody "
        "reads the variable afterwards, when the two loops leave it with different values."
    )
    words = ("while ",)
    examples = (
        Example(
            note="up to a length; the bound is worked out once",
            before=(
                "def total(values: list[int]) -> int:\n"
                "    result = 0\n"
                "    i = 0\n"
                "    while i < len(values):\n"
                "        result += i * values[i]\n"
                "        i += 1\n"
                "    return result\n"
            ),
            after=(
                "def total(values: list[int]) -> int:\n"
                "    result = 0\n"
                "    i = 0\n"
                "    for i in range(i, len(values)):\n"
                "        result += i * values[i]\n"
                "    return result\n"
            ),
            calls=("total([3, 4, 5])", "total([])"),
        ),
        Example(
            note="down, the bound included, in steps",
            before=(
                "def odd(n: int):\n"
                "    out = []\n"
                "    k = 2 * n + 1\n"
                "    while k >= 1:\n"
                "        out.append(k)\n"
                "        k -= 2\n"
                "    return out\n"
            ),
            after=(
                "def odd(n: int):\n"
                "    out = []\n"
                "    k = 2 * n + 1\n"
                "    for k in range(k, 1 - 1, -2):\n"
                "        out.append(k)\n"
                "    return out\n"
            ),
            calls=("odd(3)", "odd(0)", "odd(-5)"),
        ),
        Example(
            note="the variable is read afterwards",
            before=(
                "def first(values: list[int]):\n"
                "    i = 0\n"
                "    while i < 10:\n"
                "        if values[i]:\n"
                "            break\n"
                "        i += 1\n"
                "    return i\n"
            ),
            after=None,
        ),
        Example(
            note="the next turn around it goes on from where this one ended",
            before=(
                "def staircase(rows: list[int], n: int):\n"
                "    k, out = 0, []\n"
                "    for row in rows:\n"
                "        while k < n:\n"
                "            out.append(row)\n"
                "            k += 1\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="the step is jumped over, or the variable is changed in between",
            before=(
                "def some(n: int):\n"
                "    out, i, k = [], 0, 0\n"
                "    while i < n:\n"
                "        if out:\n"
                "            i += 2\n"
                "            continue\n"
                "        out.append(i)\n"
                "        i += 1\n"
                "    while k < n:\n"
                "        k = k * 2\n"
                "        k += 1\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="the bound moves, or is no whole number",
            before=(
                "def grown(values: list[int], width: float):\n"
                "    i = k = 0\n"
                "    while i < len(values):\n"
                "        values.append(1)\n"
                "        i += 1\n"
                "    while k < width:\n"
                "        print(k)\n"
                "        k += 1\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.While):
            count = _count(loop)
            assumes: set[str] = set()
            if count is None or not _alone(parsed, loop, count) or not _whole(parsed, loop, count, assumes):
                continue
            what = f"{count.name.id!r} is counted by hand"
            yield self.at(parsed, loop, what, _splices(parsed, loop, count), assumes=assumes, gain=1.3)


def _count(loop: ast.While) -> _Count | None:
    found = compared(loop.test)
    if loop.orelse or len(loop.body) < 2 or found is None:  # an ``else`` would see another value
        return None
    match found[0], loop.body[-1]:
        case ast.Name(id=one) as name, ast.AugAssign(target=ast.Name(id=other), value=ast.Constant()) as last:
            step = _step(found[1], last) if one == other else 0
            return _Count(name, found[2], isinstance(found[1], ast.LtE | ast.GtE), last, step) if step else None
        case _:
            return None


def _step(operator: ast.cmpop, last: ast.AugAssign) -> int:
    """What is added on each turn; 0 if it leads away from the bound."""
    given = constant(last.value) or 0
    if given < 1:
        return 0
    if isinstance(operator, _UP):
        return given if isinstance(last.op, ast.Add) else 0
    return -given if isinstance(operator, _DOWN) and isinstance(last.op, ast.Sub) else 0


def _alone(module: Module, loop: ast.While, count: _Count) -> bool:
    """Whether only the last statement, which is always come to, counts, and nobody asks for the count afterwards."""
    variable = module.variable(count.name)
    if not local(variable) or not module.alone(count.last) or _jumps(loop.body):
        return False
    inside = [binding.node for binding in variable.bindings if within(binding.node, loop)]
    if inside != [count.last.target] or not module.bound(count.name):
        return False
    if outlives(module, count.last.target, loop):
        return False
    if module.loops(loop) and not _started(module, loop, variable):
        return False  # the next turn around it goes on from where this one ended
    line = module.locator.lines[count.last.lineno - 1]
    return "#" not in line and "#" not in module.segment(loop.test)


def _started(module: Module, loop: ast.While, variable: Variable) -> bool:
    """Whether the variable gets a value in the same block, before the loop."""
    block = module.block(loop)
    before = [one for one in block.statements[: block.place] if isinstance(one, ast.Assign | ast.AnnAssign)]
    return any(module.statement(binding.node) in before for binding in variable.bindings)


def _jumps(body: list[ast.stmt]) -> bool:
    """Whether there is a ``continue`` of this loop itself."""
    for statement in body:
        if isinstance(statement, ast.Continue):
            return True
        if isinstance(statement, _LOOPS):
            if _jumps(list(getattr(statement, "orelse", []))):
                return True
            continue
        parts = [part for part in ast.iter_child_nodes(statement) if isinstance(part, ast.stmt)]
        blocks = [part.body for part in ast.iter_child_nodes(statement) if isinstance(part, _BLOCKS)]
        if _jumps(parts) or any(map(_jumps, blocks)):
            return True
    return False


def _whole(module: Module, loop: ast.While, count: _Count, assumes: set[str]) -> bool:
    """Whether the variable and a bound that stays the same are whole numbers."""
    variable = module.variable(count.name)
    starts = [one for one in variable.bindings if one.node is not count.last.target] if variable is not None else []
    kinds = [module.kind(one.value, assumes) if one.value is not None and not one.path else None for one in starts]
    if not starts or not all(kind is not None and kind.name == "int" for kind in kinds):
        return False
    if any(isinstance(part, ast.Name) and part.id == count.name.id for part in ast.walk(count.bound)):
        return False
    return module.is_kind(count.bound, "int", assumes=assumes) and module.invariant(count.bound, loop, assumes)


def _splices(module: Module, loop: ast.While, count: _Count) -> list[Splice]:
    made = module.builtin("range")
    bound = module.segment(count.bound)
    if count.included:
        loose = isinstance(count.bound, ast.BoolOp | ast.IfExp | ast.Compare | ast.Lambda)
        bound = f"({bound})" if loose else bound
        bound += " + 1" if count.step > 0 else " - 1"
    step = "" if count.step == 1 else f", {count.step}"
    name = count.name.id
    start = module.locator.range(loop)[0]
    stop = module.locator.range(loop.test)[1]
    head = f"for {name} in {made.spelling}({name}, {bound}{step})"
    first, behind = (
        module.locator.line_start(count.last.lineno),
        module.locator.line_start((count.last.end_lineno or 0) + 1),
    )
    if module.text[first:behind] == module.text[first:]:  # the last line of the file, perhaps without an end
        first -= len(module.newline)
    return [Splice(start, stop, head), Splice(first, behind, ""), *made.splices]


RULE = CountingWhile()

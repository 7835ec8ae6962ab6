"""``while n: count += n & 1; n >>= 1``: the bits of a number are counted by `int.bit_count`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.ownership import followed
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_WHOLE = ("int", "bool")


class CountedBits(PythonRule):
    """A loop that counts the bits of a number, one by one, asks the number."""

    id = "counted-bits"
    title = "Count bits with `int.bit_count`"
    why = (
        "A loop over the bits of a number runs some instructions of bytecode for each, and makes a new number each "
        "time; `int.bit_count` (from Python 3.10 on) counts machine words. The loop becomes an `if` with the same "
        "condition, and the number is nought behind it, as before. The guard sees that the loop does nothing else. "
        "For negative numbers `while n` never ended."
    )
    words = ("while ",)
    examples = (
        Example(
            note="the lowest bit, and the others",
            before=(
                "def ones(number: int) -> int:\n"
                "    count = 0\n"
                "    while number > 0:\n"
                "        count += number & 1\n"
                "        number >>= 1\n"
                "    return count, number\n"
            ),
            after=(
                "def ones(number: int) -> int:\n"
                "    count = 0\n"
                "    if number > 0:\n"
                "        count += number.bit_count()\n"
                "        number = 0\n"
                "    return count, number\n"
            ),
            calls=("ones(0)", "ones(1)", "ones(181)", "ones(-3)", "ones(2 ** 100 - 1)"),
        ),
        Example(
            note="the lowest bit that is set is taken away",
            before=(
                "def ones(n):\n"
                "    count = 0\n"
                "    while n:\n"
                "        n = n & (n - 1)\n"
                "        count += 1\n"
                "    return count\n"
            ),
            after=(
                "def ones(n):\n"
                "    count = 0\n"
                "    if n:\n"
                "        count += n.bit_count()\n"
                "        n = 0\n"
                "    return count\n"
            ),
            calls=("ones(0)", "ones(181)", "ones(2 ** 100 - 1)"),
        ),
        Example(
            note="digits are summed up; the first bit is not counted",
            before=(
                "def digits(n: int):\n"
                "    total = 0\n"
                "    while n:\n"
                "        total += n % 10\n"
                "        n //= 10\n"
                "    return total\n\n\n"
                "def most(n: int):\n"
                "    total = 0\n"
                "    while n:\n"
                "        n >>= 1\n"
                "        total += n & 1\n"
                "    return total\n"
            ),
            after=None,
        ),
        Example(
            note="all bits, set or not; bits of a float's halves",
            before=(
                "def length(n: int):\n"
                "    total = 0\n"
                "    while n:\n"
                "        total += 1\n"
                "        n >>= 1\n"
                "    return total\n\n\n"
                "def halves(x: float):\n"
                "    total = 0\n"
                "    while x:\n"
                "        total += x % 2\n"
                "        x //= 2\n"
                "    return total\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.While):
            name = _tested(loop.test)
            if name is None or loop.orelse or len(loop.body) != 2 or "#" in parsed.segment(loop):
                continue
            count = _counter(loop.body, name.id)
            assumes: set[str] = set()
            if count is None or count.id == name.id or not all(_whole(parsed, one, assumes) for one in (name, count)):
                continue
            if not isinstance(loop.test, ast.Compare) or not isinstance(loop.test.ops[0], ast.Gt):
                assumes.add(f"{name.id!r} is not negative: the loop would not end")
            inner = parsed.indentation(loop.body[0])
            lines = (
                f"if {parsed.segment(loop.test)}:",
                f"{inner}{count.id} += {name.id}.bit_count()",
                f"{inner}{name.id} = 0",
            )
            if not parsed.alone(loop.body[0]) or not parsed.alone(loop):
                continue
            what = f"the bits of {name.id!r} are counted one by one"
            yield self.at(
                parsed, loop, what, [parsed.splice(loop, parsed.newline.join(lines))], assumes=assumes, gain=5.0
            )


def _tested(node: ast.expr) -> ast.Name | None:
    """The number of ``n``, ``n > 0``, ``n != 0``."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Gt | ast.NotEq):
        node = node.left if _is(node.comparators[0], 0) else node
    return node if isinstance(node, ast.Name) else None


def _counter(body: list[ast.stmt], name: str) -> ast.Name | None:
    """What counts the bits of a number, if two statements do that."""
    first, second = body
    lowest = _counted(first, name)
    if lowest is not None and _stepped(second, name, halves=True):
        return lowest
    for one, other in ((first, second), (second, first)):
        if _stepped(one, name, halves=False) and isinstance(other, ast.AugAssign) and isinstance(other.op, ast.Add):
            return other.target if _is(other.value, 1) and isinstance(other.target, ast.Name) else None
    return None


def _counted(node: ast.stmt, name: str) -> ast.Name | None:
    """``count += n & 1``, ``count += n % 2``."""
    if not isinstance(node, ast.AugAssign) or not isinstance(node.op, ast.Add) or not isinstance(node.value, ast.BinOp):
        return None
    low = node.value
    fits = (isinstance(low.op, ast.BitAnd) and _is(low.right, 1)) or (isinstance(low.op, ast.Mod) and _is(low.right, 2))
    return node.target if fits and _named(low.left, name) and isinstance(node.target, ast.Name) else None


def _stepped(node: ast.stmt, name: str, *, halves: bool) -> bool:
    """``n >>= 1``, ``n //= 2``, ``n = n >> 1``; or ``n &= n - 1``, ``n = n & (n - 1)``."""
    match node:
        case ast.AugAssign(target=ast.Name(id=one), op=op, value=value):
            named = one == name
        case ast.Assign(targets=[ast.Name(id=one)], value=ast.BinOp(left=ast.Name(id=other), op=op, right=value)):
            named = one == other == name
        case _:
            return False
    return named and (_halved(op, value) if halves else isinstance(op, ast.BitAnd) and _one_less(value, name))


def _halved(op: ast.operator, value: ast.expr) -> bool:
    return (isinstance(op, ast.RShift) and _is(value, 1)) or (isinstance(op, ast.FloorDiv) and _is(value, 2))


def _one_less(value: ast.expr, name: str) -> bool:
    match value:
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _named(left, name) and _is(right, 1)
        case _:
            return False


def _whole(module: Module, node: ast.Name, assumes: set[str]) -> bool:
    variable = module.variable(node)
    if not followed(variable) or variable.scope.kind != "function":
        return False
    kinds = {module.kind(one, assumes) for one in variable.reads}
    if any(kind is not None and kind.name not in _WHOLE for kind in kinds):
        return False
    if None in kinds or not kinds:
        assumes.add(f"{node.id!r} is a whole number")
    return True


def _named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is(node: ast.expr, value: int) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == value


RULE = CountedBits()

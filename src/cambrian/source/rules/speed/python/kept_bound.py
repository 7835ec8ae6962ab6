"""``while i <= int(math.sqrt(n)): … n //= i``: a bound is worked out anew only when it changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_PAYS = frozenset(
    [f"math.{name}" for name in ("sqrt", "isqrt", "floor", "ceil", "log", "log2", "log10", "factorial", "pow")]
    + [f"builtins.{name}" for name in ("int", "round", "abs", "pow", "max", "min", "str", "float")]
)
_MOST = 2
"""Assignments behind which it is worked out again."""


class KeptBound(PythonRule):
    """What a `while` loop compares with, kept in a variable between the changes of what it depends on."""

    id = "kept-bound"
    title = "Work out the bound of a loop when it changes, not on every turn"
    why = (
        "`while i <= int(math.sqrt(n)):` takes a root on every turn, though `n` is divided only now and then. The "
        "bound is worked out before the loop, and again behind each assignment of what it depends on. The guard sees "
        "that the expression only computes, from variables of the function that nobody else assigns. That it can be "
        "worked out where the loop is left at once is assumed."
    )
    words = ("while ",)
    examples = (
        Example(
            note="prime factors by trial division",
            before=(
                "import math\n\n\n"
                "def factors(n: int):\n"
                "    found = []\n"
                "    i = 2\n"
                "    while i <= int(math.sqrt(n) + 1):\n"
                "        if n % i == 0:\n"
                "            found.append(i)\n"
                "            n //= i\n"
                "        else:\n"
                "            i += 1\n"
                "    return found + [n] if n > 1 else found\n"
            ),
            after=(
                "import math\n\n\n"
                "def factors(n: int):\n"
                "    found = []\n"
                "    i = 2\n"
                "    bound = int(math.sqrt(n) + 1)\n"
                "    while i <= bound:\n"
                "        if n % i == 0:\n"
                "            found.append(i)\n"
                "            n //= i\n"
                "            bound = int(math.sqrt(n) + 1)\n"
                "        else:\n"
                "            i += 1\n"
                "    return found + [n] if n > 1 else found\n"
            ),
            calls=("factors(360)", "factors(97)", "factors(1)", "factors(-4)"),
        ),
        Example(
            note="it changes on every turn; a call whose value may change; another function assigns it",
            before=(
                "import math\n\n\n"
                "def told(n: int, limit):\n"
                "    i = 0\n"
                "    while i <= int(math.sqrt(n)):\n"
                "        n -= 1\n"
                "        i += 1\n"
                "    while i <= limit(n):\n"
                "        if i % 2:\n            n -= 1\n"
                "        i += 1\n"
                "    def less():\n        nonlocal n\n        n -= 1\n"
                "    while i <= math.isqrt(n):\n"
                "        if i % 2:\n            less()\n"
                "        i += 1\n"
                "    return n\n"
            ),
            after=None,
        ),
        Example(
            note="a list whose length changes",
            before=(
                "def told(rows: list[int]):\n"
                "    i = 0\n"
                "    while i < max(rows):\n"
                "        if i % 2:\n            rows.append(i)\n"
                "        i += 1\n"
                "    return rows\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.While):
            test = loop.test
            if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not parsed.alone(loop):
                continue
            for side in (test.left, test.comparators[0]):
                assumes: set[str] = set()
                changes = _changes(parsed, loop, side, assumes)
                if changes:
                    text, name = parsed.segment(side), parsed.fresh("bound", "last_bound", "bound_then")
                    line = f"{name} = {text}"
                    splices = [parsed.before(loop, line), parsed.splice(side, name)]
                    splices += [parsed.after(one, line) for one in changes]
                    if not parsed.safe(side):
                        assumes.add(f"{text!r} can be worked out whenever its variables change")
                    what = f"{text!r} is worked out on every turn of a loop"
                    yield self.at(parsed, side, what, splices, assumes=assumes, gain=2.5)
                    break


def _changes(module: Module, loop: ast.While, side: ast.expr, assumes: set[str]) -> list[ast.stmt]:
    """The assignments of the loop that change an expression; none if it must not be kept."""
    if not _computes(module, side, assumes):
        return []
    found: list[ast.stmt] = []
    for name in {part.id: part for part in ast.walk(side) if isinstance(part, ast.Name)}.values():
        variable = module.variable(name)
        if variable is None:
            continue  # a builtin, or a module: `_computes` knows what it means
        if not module.meaning(name) and (
            variable.scope.kind != "function" or variable.captured or variable.secret or variable.deletes
        ):
            return []
        for binding in variable.bindings:
            if not within(binding.node, loop):
                continue
            statement = module.statement(binding.node)
            if not isinstance(statement, ast.Assign | ast.AugAssign) or not module.alone(statement):
                return []
            found.append(statement)
    seldom = all(module.parent(one) is not loop and module.loops(one)[:1] == [loop] for one in found)
    return found if seldom and len(found) <= _MOST else []


def _computes(module: Module, side: ast.expr, assumes: set[str]) -> bool:
    """Whether it is a call of numbers' functions, on plain variables, that has no effects."""
    if not isinstance(side, ast.Call) or "\n" in module.segment(side):
        return False
    for part in ast.walk(side):
        if isinstance(part, ast.Call) and (module.meaning(part.func) not in _PAYS or part.keywords):
            return False
        if not isinstance(
            part, ast.Call | ast.Name | ast.Constant | ast.BinOp | ast.Attribute | ast.operator | ast.expr_context
        ):
            return False
        if isinstance(part, ast.Attribute) and not module.meaning(part):
            return False
        if isinstance(part, ast.Name) and not module.meaning(part) and not _number(module, part, assumes):
            return False
    return True


def _number(module: Module, node: ast.Name, assumes: set[str]) -> bool:
    mine: set[str] = set()
    kind = module.kind(node, mine)
    if kind is None:
        assumes.add(f"{node.id!r} is a number")
        return True
    assumes |= mine
    return kind.name in {"int", "float", "bool", "number"}


RULE = KeptBound()

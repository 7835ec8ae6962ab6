"""``factorial(n) % m`` makes the whole factorial before it takes the rest."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.ownership import lasting
from cambrian.source.analysis.shapes import has
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_PARTS = (ast.Constant, ast.BinOp, ast.operator)
_TIGHT = (ast.Name, ast.Constant, ast.Call, ast.Subscript, ast.Attribute)


class ModularFactorial(PythonRule):
    """A factorial of which only the rest is wanted is multiplied modulo m."""

    id = "modular-factorial"
    title = "Take the rest of a factorial at each step"
    why = (
        "`factorial(n) % m` works out a number of n log n digits to keep a few; taking the rest at each step never has "
        "a number greater than m times n. It pays from some thousands on, and costs below some hundreds. The guard "
        "sees that it is the factorial of the `math` module, and either the rest is taken right there, or the "
        "factorial has a name that is read once, to take its rest by a number in the text. It holds for ints, and "
        "n of 0 or more: the factorial of less is an error, and the product of nothing is 1."
    )
    words = ("factorial",)
    examples = (
        Example(
            note="the rest, by a number and by a name",
            before=(
                "import math\n\n\ndef rest(n: int) -> int:\n    return math.factorial(n) % (10**9 + 7)\n\n\n"
                "def other(n: int, m: int) -> int:\n    return math.factorial(n - 1) % m\n"
            ),
            after=(
                "from functools import reduce\nimport math\n\n\ndef rest(n: int) -> int:\n"
                "    return reduce(lambda product, factor: product * factor % (10**9 + 7), range(2, n + 1), "
                "1 % (10**9 + 7))\n\n\n"
                "def other(n: int, m: int) -> int:\n"
                "    return reduce(lambda result, each: result * each % m, range(2, (n - 1) + 1), 1 % m)\n"
            ),
            calls=("rest(0)", "rest(1)", "rest(50)", "other(1, 1)", "other(9, 7)", "other(9, -1000)", "other(9, 0)"),
        ),
        Example(
            note="it has a name",
            before=(
                "from math import factorial\n\n\ndef rest(n: int) -> int:\n    whole = factorial(n)\n"
                "    return whole % 1000000007\n"
            ),
            after=(
                "from functools import reduce\nfrom math import factorial\n\n\ndef rest(n: int) -> int:\n"
                "    whole = reduce(lambda product, factor: product * factor % 1000000007, range(2, n + 1), "
                "1 % 1000000007)\n"
                "    return whole % 1000000007\n"
            ),
            calls=("rest(0)", "rest(30)"),
        ),
        Example(
            note="the factorial is used otherwise, too",
            before=(
                "from math import factorial\n\n\ndef both(n: int):\n    whole = factorial(n)\n"
                "    return whole, whole % 1000000007\n"
            ),
            after=None,
        ),
        Example(
            note="the rest of a float, and another function of that name",
            before=(
                "from math import factorial as exact\nfrom mine import factorial\n\n\n"
                "def rests(n: int):\n    return exact(n) % 1e9, factorial(n) % 7\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.BinOp):
            if not isinstance(node.op, ast.Mod):
                continue
            call = _factorial(parsed, node.left) or _named(parsed, node)
            assumes: set[str] = set()
            if call is None or not _whole(parsed, call.args[0], node.right, assumes):
                continue
            place = node if call is node.left else call
            if place is call and not parsed.function(call):
                assumes.add("nobody imports the whole factorial from this file")
            reduce = parsed.importing("functools", "reduce")
            what = f"the whole factorial of {parsed.segment(call.args[0])!r} is made to take its rest"
            made = parsed.builtin("range")
            text = _text(parsed, (reduce.spelling, made.spelling), call.args[0], node.right)
            splices = [parsed.splice(place, text), *reduce.splices, *made.splices]
            yield self.at(parsed, place, what, splices, assumes=assumes, gain=2.0)


def _factorial(module: Module, node: ast.expr) -> ast.Call | None:
    if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
        return None
    return node if module.calls(node, "math.factorial") else None


def _named(module: Module, rest: ast.BinOp) -> ast.Call | None:
    """The factorial that a name stands for which is read here alone."""
    name = rest.left
    variable = module.variable(name) if isinstance(name, ast.Name) else None
    if not lasting(variable) or len(variable.reads) != 1:
        return None
    if variable.scope.kind == "class" or not all(isinstance(part, _PARTS) for part in ast.walk(rest.right)):
        return None
    if len(variable.bindings) != 1 or variable.bindings[0].value is None or variable.bindings[0].path:
        return None
    return _factorial(module, variable.bindings[0].value)


def _whole(module: Module, number: ast.expr, modulus: ast.expr, assumes: set[str]) -> bool:
    plain = isinstance(modulus, ast.Name) or all(isinstance(part, _PARTS) for part in ast.walk(modulus))
    if not plain or not module.is_kind(number, "int", assumes=assumes):
        return False
    if has(number, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
        return False
    assumes.add(f"{module.segment(number)!r} is 0 or more")
    return module.is_kind(modulus, "int", assumes=assumes)


def _text(module: Module, names: tuple[str, str], number: ast.expr, modulus: ast.expr) -> str:
    """The product, by the spellings of `reduce` and `range`."""
    product, factor = module.fresh("product", "result"), module.fresh("factor", "each")
    by, up_to = module.segment(modulus), module.segment(number)
    by = by if isinstance(modulus, _TIGHT) else f"({by})"
    up_to = up_to if isinstance(number, _TIGHT) else f"({up_to})"
    step = f"lambda {product}, {factor}: {product} * {factor} % {by}"
    return f"{names[0]}({step}, {names[1]}(2, {up_to} + 1), 1 % {by})"


RULE = ModularFactorial()

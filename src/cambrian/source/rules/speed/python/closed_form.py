"""The sum of a polynomial over a range is a polynomial of its end; the product of a range is a factorial."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from cambrian.source.analysis import Module, Variable
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import followed, lasting
from cambrian.source.analysis.shapes import assigned, either_way, has
from cambrian.source.edit import Splice
from cambrian.source.rules.polynomial import Polynomial, read, sum_up_to, value, written
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_VARIABLE: Polynomial = (Fraction(0), Fraction(1))


class _Range(NamedTuple):
    """Whole numbers from `low` up to `last`; none if that is less."""

    low: int
    last: str
    end: ast.expr


class ClosedForm(PythonRule):
    """Faulhaber's formula; `math.factorial`."""

    id = "closed-form"
    title = "Work out the sum of a polynomial over a range by its formula"
    why = (
        "1 + 2 + … + n is n (n + 1) / 2; sums of squares and cubes, and of all polynomials with constant "
        "coefficients, have such formulas, too. The sum needs some multiplications instead of n turns of a loop. A "
        "product of all numbers up to n is `math.factorial(n)`, which multiplies in an order that keeps numbers "
        "short. The guard reads the polynomial from the text, temporary variables included, sees that the loop does"
        " nothing else, and keeps the case of no turn. It holds for ints: that the sum is one, and the end of the "
        "range, is assumed unless the text shows it."
    )
    words = ("range",)
    examples = (
        Example(
            note="a loop",
            before=(
                "def cubes(n: int):\n"
                "    total = 0\n"
                "    for i in range(1, n + 1):\n"
                "        j = 2 * i\n"
                "        total = total + j * j * j\n"
                "    return total\n"
            ),
            after=(
                "def cubes(n: int):\n"
                "    total = 0\n"
                "    last = max(n, 0)\n"
                "    total += 2 * last**4 + 4 * last**3 + 2 * last**2\n"
                "    return total\n"
            ),
            calls=("[cubes(n) for n in range(-3, 12)]",),
        ),
        Example(
            note="a sum of a generator",
            before="def squares(n: int):\n    return 1 + sum(i ** 2 - 1 for i in range(3, n))\n",
            after=(
                "def squares(n: int):\n"
                "    last = max(n - 1, 2)\n"
                "    return 1 + ((2 * last**3 + 3 * last**2 - 5 * last - 18) // 6)\n"
            ),
            calls=("[squares(n) for n in range(-3, 12)]",),
        ),
        Example(
            note="fifth powers, by a temporary variable",
            before=(
                "def fifths(n: int):\n"
                "    total = 0\n"
                "    for i in range(n):\n"
                "        square = i * i\n"
                "        total = total + square * square * i\n"
                "    return total\n"
            ),
            after=(
                "def fifths(n: int):\n"
                "    total = 0\n"
                "    last = max(n - 1, -1)\n"
                "    total += (2 * last**6 + 6 * last**5 + 5 * last**4 - last**2) // 12\n"
                "    return total\n"
            ),
            calls=("[fifths(n) for n in range(-3, 12)]",),
        ),
        Example(
            note="a sum of the range itself",
            before="def total(n: int):\n    return sum(range(n + 1))\n",
            after="def total(n: int):\n    last = max(n, -1)\n    return ((last**2 + last) // 2)\n",
            calls=("[total(n) for n in range(-3, 12)]",),
        ),
        Example(
            note="a product",
            before=(
                "def ways(n: int):\n"
                "    found = 1\n"
                "    for i in range(2, n + 1):\n"
                "        found *= i\n"
                "    return found\n"
            ),
            after=(
                "from math import factorial\n\n\n"
                "def ways(n: int):\n"
                "    found = 1\n"
                "    found *= factorial(max(n, 0))\n"
                "    return found\n"
            ),
            calls=("[ways(n) for n in range(-3, 12)]",),
        ),
        Example(
            note="fractions: sums of them are rounded at each step",
            before=(
                "def total(n: int):\n"
                "    found = 0.0\n"
                "    for i in range(n):\n"
                "        found += i * i\n"
                "    return found\n"
            ),
            after=None,
        ),
        Example(
            note="the sums in between are kept",
            before=(
                "def sums(n: int):\n"
                "    found = 0\n"
                "    out = []\n"
                "    for i in range(n):\n"
                "        found += i\n"
                "        out.append(found)\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="no polynomial",
            before="def powers(n: int):\n    return sum(2 ** i for i in range(n)), sum(i // 2 for i in range(n))\n",
            after=None,
        ),
        Example(
            note="the loop's variable is read behind it",
            before=(
                "def total(n: int):\n    found = 0\n    for i in range(n):\n        found += i\n    return found, i\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            found = self._sum(parsed, loop) or self._product(parsed, loop)
            if found is not None:
                yield found
        for call in parsed.of(ast.Call):
            if parsed.calls(call, "builtins.sum") and len(call.args) == 1 and not call.keywords:
                found = self._call(parsed, call, call.args[0])
                if found is not None:
                    yield found

    def _sum(self, module: Module, loop: ast.For) -> Rewrite | None:
        added, numbers, assumes = _added(loop.body[-1], ast.Add), _range(module, loop.iter), set[str]()
        if added is None or numbers is None or not _bare(module, loop) or not isinstance(loop.target, ast.Name):
            return None
        known = _known(module, loop, loop.target)
        result, term = added
        if known is None or module.variable(result) in known or not _whole(module, result, numbers.end, assumes):
            return None
        meant = _polynomial(module, term, known)
        if meant is None or not _inside(module, loop.target, loop):
            return None
        last, most = module.fresh("last", "final"), module.builtin("max")
        lines = (
            f"{last} = {most.spelling}({numbers.last}, {numbers.low - 1})",
            f"{module.indentation(loop)}{result.id} += {written(_between(meant, numbers.low), last)}",
        )
        splices = [module.splice(loop, module.newline.join(lines)), *most.splices]
        return self._found(module, loop, splices, assumes)

    def _product(self, module: Module, loop: ast.For) -> Rewrite | None:
        taken, numbers, assumes = _added(loop.body[-1], ast.Mult), _range(module, loop.iter), set[str]()
        if (
            taken is None
            or numbers is None
            or len(loop.body) > 1
            or not _bare(module, loop)
            or numbers.low not in {1, 2}
        ):
            return None
        result, factor = taken
        same = isinstance(factor, ast.Name) and module.variable(factor) is module.variable(loop.target)
        if not same or not isinstance(loop.target, ast.Name) or not _inside(module, loop.target, loop):
            return None
        if module.variable(result) is module.variable(factor) or not _whole(module, result, numbers.end, assumes):
            return None
        product, most = module.importing("math", "factorial"), module.builtin("max")
        text = f"{result.id} *= {product.spelling}({most.spelling}({numbers.last}, 0))"
        return self._found(module, loop, [module.splice(loop, text), *product.splices, *most.splices], assumes)

    def _call(self, module: Module, call: ast.Call, given: ast.expr) -> Rewrite | None:
        statement, assumes = module.statement(call), set[str]()
        if not isinstance(statement, ast.Return | ast.Assign) or not module.alone(statement):
            return None
        if module.loops(call) and module.loops(call)[0] in set(ast.walk(statement)):
            return None
        around = _up_to(module, call, statement)
        optional = any(isinstance(above, ast.Lambda | ast.IfExp | ast.BoolOp) for above in around)
        if optional or has(statement, ast.NamedExpr):
            return None  # it is not always come to, or only when a variable has another value
        numbers, meant = _terms(module, given)
        if numbers is None or meant is None or not _whole(module, None, numbers.end, assumes):
            return None
        if "\n" in module.segment(call) or "#" in module.segment(call):
            return None
        last, most = module.fresh("last", "final"), module.builtin("max")
        line = module.before(statement, f"{last} = {most.spelling}({numbers.last}, {numbers.low - 1})")
        text = f"({written(_between(meant, numbers.low), last)})"
        return self._found(module, call, [line, module.splice(call, text), *most.splices], assumes)

    def _found(
        self, module: Module, node: ast.stmt | ast.expr, splices: Sequence[Splice], assumes: set[str]
    ) -> Rewrite:
        what = "a loop works out what a formula gives at once"
        return self.at(module, node, what, splices, assumes=assumes, gain=60.0)


def _terms(module: Module, given: ast.expr) -> tuple[_Range | None, Polynomial | None]:
    """What `sum` is given: a range, and the polynomial of its numbers that is summed."""
    if isinstance(given, ast.Call):
        return _range(module, given), _VARIABLE
    if not isinstance(given, ast.ListComp | ast.GeneratorExp) or len(given.generators) > 1:
        return None, None
    part = given.generators[0]
    if part.ifs or part.is_async or not isinstance(part.target, ast.Name):
        return None, None
    meant = _polynomial(module, given.elt, {module.variable(part.target): _VARIABLE})
    return _range(module, part.iter), meant


def _polynomial(module: Module, node: ast.expr, known: dict[Variable | None, Polynomial]) -> Polynomial | None:
    return read(node, lambda name: None if module.variable(name) is None else known.get(module.variable(name)))


def _between(meant: Polynomial, low: int) -> Polynomial:
    """The sum from a number on, as a polynomial of the last one."""
    whole = sum_up_to(meant)
    return (whole[0] - value(whole, low - 1), *whole[1:])


def _known(module: Module, loop: ast.For, target: ast.Name) -> dict[Variable | None, Polynomial] | None:
    """What the variables of a loop are in its last statement; ``None`` if others do more than set them."""
    known: dict[Variable | None, Polynomial] = {module.variable(target): _VARIABLE}
    for one in loop.body[:-1]:
        found = assigned(one)
        meant = None if found is None else _polynomial(module, found[1], known)
        if found is None or meant is None or not _inside(module, found[0], loop):
            return None
        known[module.variable(found[0])] = meant
    return known


def _added(statement: ast.stmt, kind: type[ast.operator]) -> tuple[ast.Name, ast.expr] | None:
    """The variable that a statement adds to, or multiplies, and what by."""
    match statement:
        case ast.AugAssign(target=ast.Name() as target, op=operator, value=value):
            return (target, value) if isinstance(operator, kind) else None
        case ast.Assign(targets=[ast.Name(id=name) as target], value=ast.BinOp(left=left, op=operator, right=right)):
            pairs = either_way(left, right) if isinstance(operator, kind) else ()
            named = (other for one, other in pairs if isinstance(one, ast.Name) and one.id == name)
            return next(((target, other) for other in named), None)
        case _:
            return None


def _range(module: Module, node: ast.expr) -> _Range | None:
    """The numbers of a range that counts up by one from a constant to what a variable says."""
    match node:
        case ast.Call(args=[*lows, end], keywords=[]) if len(lows) <= 1 and module.calls(node, "builtins.range"):
            low = _number(lows[0]) if lows else 0
            return None if low is None else _ending(module, low, end)
        case _:
            return None


def _ending(module: Module, low: int, end: ast.expr) -> _Range | None:
    match end:
        case ast.Name(id=name):
            return _Range(low, f"{name} - 1", end)
        case ast.BinOp(left=ast.Name(id=name) as plain, op=ast.Add(), right=by) if _number(by) == 1:
            return _Range(low, name, plain)
        case ast.BinOp(left=ast.Name() as plain, op=ast.Add() | ast.Sub(), right=by) if _number(by) is not None:
            return _Range(low, f"{module.segment(end)} - 1", plain)
        case _:
            return None


def _number(node: ast.expr) -> int | None:
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def _bare(module: Module, loop: ast.For) -> bool:
    """Whether a loop can be replaced as a whole, without losing a comment."""
    own = not loop.orelse and module.alone(loop) and module.scope(loop).kind != "class"
    return own and "#" not in module.segment(loop)


def _inside(module: Module, name: ast.Name, loop: ast.For) -> bool:
    """Whether a variable that a loop sets is not read as it was set there, but in the loop."""
    variable = module.variable(name)
    if not lasting(variable):
        return False
    bound = {one.node for one in variable.bindings if within(one.node, loop)}
    behind = [read for read in variable.reads if not within(read, loop.body)]
    return len(bound) == 1 and not any(one.node in bound for read in behind for one in module.reaching(read))


def _whole(module: Module, result: ast.Name | None, end: ast.expr, assumes: set[str]) -> bool:
    """Whether a sum and the end of a range are ints, or may be, which is then assumed."""
    for one in [end] if result is None else [result, end]:
        if not isinstance(one, ast.Name):
            return False
        variable = module.variable(one)
        if not followed(variable):
            return False
        kind = module.kind(one, assumes)
        if kind is not None and kind.name not in {"int", "bool"}:
            return False
        if kind is None:
            assumes.add(f"{one.id!r} is an int")
    return True


def _up_to(module: Module, node: ast.AST, statement: ast.stmt) -> Iterator[ast.AST]:
    for above in module.ancestors(node):
        if above is statement:
            return
        yield above


RULE = ClosedForm()

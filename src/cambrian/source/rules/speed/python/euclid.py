"""``while b: a, b = b, a % b``: the library's `math.gcd` does it in C."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.loops import constant, same, stays_inside, unit, whole
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class Euclid(PythonRule):
    """`math.gcd`: Lehmer's algorithm (Knuth 1981, volume 2, §4.5.2)."""

    id = "euclid"
    title = "Let math.gcd take the greatest common divisor"
    why = (
        "Euclid's algorithm written as a loop makes two ints on each turn; `math.gcd` does all turns in C, and several "
        "at once for long numbers. With `%` as Python has it the loop ends with the sign of the second number, which is"
        " kept, and so is the first number if the second is 0. The guard sees that the loop does nothing else; that "
        "both are ints is assumed unless the text shows it."
    )
    words = ("while ",)
    examples = (
        Example(
            note="in one assignment",
            before="def common(a: int, b: int) -> int:\n    while b:\n        a, b = b, a % b\n    return a\n",
            after=(
                "from math import gcd\n\n\n"
                "def common(a: int, b: int) -> int:\n"
                "    if b:\n"
                "        a, b = (gcd(a, b) if b > 0 else -gcd(a, b)), 0\n"
                "    return a\n"
            ),
            calls=("[common(a, b) for a in range(-13, 14) for b in range(-13, 14)]", "common(2**200, 6**50)"),
        ),
        Example(
            note="by a third variable, above 0",
            before=(
                "def least(x: int, y: int):\n"
                "    a, b = x, y\n"
                "    while b > 0:\n"
                "        rest = a % b\n"
                "        a = b\n"
                "        b = rest\n"
                "    return x * y // a if a else 0\n"
            ),
            after=(
                "from math import gcd\n\n\n"
                "def least(x: int, y: int):\n"
                "    a, b = x, y\n"
                "    if b > 0:\n"
                "        a, b = gcd(a, b), 0\n"
                "    return x * y // a if a else 0\n"
            ),
            calls=("[least(a, b) for a in range(-13, 14) for b in range(-13, 14)]",),
        ),
        Example(
            note="the turns are counted",
            before=(
                "def turns(a: int, b: int):\n"
                "    n = 0\n"
                "    while b:\n"
                "        a, b = b, a % b\n"
                "        n += 1\n"
                "    return n\n"
            ),
            after=None,
        ),
        Example(
            note="the rest is read afterwards",
            before=(
                "def last(a: int, b: int):\n"
                "    rest = 0\n"
                "    while b != 0:\n"
                "        rest = a % b\n"
                "        a = b\n"
                "        b = rest\n"
                "    return a, rest\n"
            ),
            after=None,
        ),
        Example(
            note="another division, another order",
            before=(
                "def other(a: int, b: int):\n"
                "    while b:\n"
                "        a, b = b, a // b\n"
                "    while a:\n"
                "        a, b = b, b % a\n"
                "    return a\n"
            ),
            after=None,
        ),
        Example(
            note="fractions",
            before="def common(a: float, b: float):\n    while b:\n        a, b = b, a % b\n    return a\n",
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.While):
            if loop.orelse or not parsed.alone(loop) or "#" in parsed.segment(loop):
                continue
            found = self._at(parsed, loop)
            if found is not None:
                yield found

    def _at(self, module: Module, loop: ast.While) -> Rewrite | None:
        tested = _tested(loop.test)
        pair = None if tested is None else _pair(module, loop, tested[0])
        if tested is None or pair is None:
            return None
        (b, positive), a, assumes = tested, pair, set[str]()
        if not all(whole(module, one, assumes, bools=False) for one in (a, b)) or module.scope(loop).kind == "class":
            return None
        if any(variable is None or variable.captured for variable in (module.variable(a), module.variable(b))):
            return None
        common = module.importing("math", "gcd")
        value = f"{common.spelling}({a.id}, {b.id})"
        value = value if positive else f"({value} if {b.id} > 0 else -{value})"
        lines = (
            f"if {module.segment(loop.test)}:",
            f"{module.indentation(loop)}{unit(module, loop)}{a.id}, {b.id} = {value}, 0",
        )
        splices = [*common.splices, module.splice(loop, module.newline.join(lines))]
        what = f"a loop works out the greatest common divisor of {a.id!r} and {b.id!r}"
        return self.at(module, loop, what, splices, assumes=assumes, gain=4.0)


def _tested(test: ast.expr) -> tuple[ast.Name, bool] | None:
    """What a loop waits for to be 0, and whether only what is above 0 lets it run."""
    if isinstance(test, ast.Name):
        return test, False
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.left, ast.Name):
        return None
    if constant(test.comparators[0]) != 0 or not isinstance(test.ops[0], ast.NotEq | ast.Gt):
        return None
    return test.left, isinstance(test.ops[0], ast.Gt)


def _pair(module: Module, loop: ast.While, b: ast.Name) -> ast.Name | None:
    """The other number of a loop that does nothing but Euclid's step."""
    steps = [one for one in loop.body if isinstance(one, ast.Assign) and len(one.targets) == 1]
    if len(steps) != len(loop.body):
        return None
    if len(steps) == 1:
        target, value = steps[0].targets[0], steps[0].value
        if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
            return None
        if len(target.elts) != 2 or len(value.elts) != 2:
            return None
        a, other = target.elts
        fits = same(module, other, b) and same(module, value.elts[0], b) and _rest(module, value.elts[1], a, b)
        return a if fits and isinstance(a, ast.Name) else None
    return _in_three(module, loop, steps, b) if len(steps) == 3 else None


def _in_three(module: Module, loop: ast.While, steps: list[ast.Assign], b: ast.Name) -> ast.Name | None:
    """The same by a third variable: ``t = b; b = a % b; a = t``, or ``r = a % b; a = b; b = r``."""
    (third, first), (middle, second), (end, last) = ((one.targets[0], one.value) for one in steps)
    if not isinstance(third, ast.Name) or not same(module, last, third) or not stays_inside(module, third, loop):
        return None
    if same(module, first, b):
        fits = same(module, middle, b) and _rest(module, second, end, b)
        a = end
    else:
        a = middle
        fits = same(module, second, b) and same(module, end, b) and _rest(module, first, a, b)
    apart = isinstance(a, ast.Name) and not same(module, a, b) and not same(module, a, third)
    return a if fits and apart and isinstance(a, ast.Name) and not same(module, third, b) else None


def _rest(module: Module, node: ast.expr, a: ast.expr, b: ast.Name) -> bool:
    modulo = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)
    return modulo and isinstance(node, ast.BinOp) and same(module, node.left, a) and same(module, node.right, b)


RULE = Euclid()

"""Numbers tried as divisors of two: what divides both divides their greatest common divisor."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.loops import constant, same, stays_inside, told, whole
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Trial(NamedTuple):
    """Numbers that are tried as divisors of two others."""

    loop: ast.For
    numbers: ast.Call
    one: ast.Name
    other: ast.Name
    low: int
    stop: ast.expr
    downwards: bool


class CommonDivisors(PythonRule):
    """Divisors in pairs, of the greatest common divisor (Knuth 1981, volume 2, §4.5.2)."""

    id = "common-divisors"
    title = "Try the divisors of the greatest common divisor only"
    why = (
        "`for i in range(1, min(a, b) + 1): if a % i == 0 and b % i == 0:` tries all numbers. What divides both "
        "divides `gcd(a, b)`, whose divisors come in pairs with one of each at most its square root. The guard sees "
        "that nothing happens for numbers that do not divide both, and that both stay the same. If both are 0, which "
        "all numbers divide, the loop stays as it is. That they are ints is assumed unless the text shows it."
    )
    words = ("%",)
    examples = (
        Example(
            note="upwards",
            before=(
                "def shared(a: int, b: int):\n"
                "    total = 0\n"
                "    for i in range(1, min(a, b)):\n"
                "        if a % i == 0 and b % i == 0:\n"
                "            total += i\n"
                "    return total\n"
            ),
            after=(
                "from math import gcd\n"
                "from math import isqrt\n\n\n"
                "def shared(a: int, b: int):\n"
                "    total = 0\n"
                "    common = gcd(a, b)\n"
                "    for i in sorted(divisor for small in range(1, isqrt(common) + 1) if common % small == 0 "
                "for divisor in {small, common // small} if 1 <= divisor < min(a, b)) if common else "
                "range(1, min(a, b)):\n"
                "        if a % i == 0 and b % i == 0:\n"
                "            total += i\n"
                "    return total\n"
            ),
            calls=("[shared(a, b) for a in range(-5, 40) for b in range(-5, 40)]",),
        ),
        Example(
            note="downwards to 1",
            before=(
                "def greatest(x: int, y: int):\n"
                "    found = 1\n"
                "    for k in range(int(y / 2), 0, -1):\n"
                "        if x % k == 0 and y % k == 0:\n"
                "            found = k\n"
                "            break\n"
                "    return found\n"
            ),
            after=(
                "from math import gcd\n"
                "from math import isqrt\n\n\n"
                "def greatest(x: int, y: int):\n"
                "    found = 1\n"
                "    common = gcd(x, y)\n"
                "    for k in sorted((divisor for small in range(1, isqrt(common) + 1) if common % small == 0 "
                "for divisor in {small, common // small} if 1 <= divisor <= int(y / 2)), reverse=True) if common else "
                "range(int(y / 2), 0, -1):\n"
                "        if x % k == 0 and y % k == 0:\n"
                "            found = k\n"
                "            break\n"
                "    return found\n"
            ),
            calls=("[greatest(a, b) for a in range(-5, 40) for b in range(-5, 40)]",),
        ),
        Example(
            note="one of them changes; something happens for others; one of two is enough",
            before=(
                "def some(a: int, b: int):\n"
                "    total = 0\n"
                "    for i in range(2, b):\n"
                "        if a % i == 0 and b % i == 0:\n"
                "            a //= i\n"
                "    for i in range(2, b):\n"
                "        if a % i == 0 and b % i == 0:\n"
                "            total += i\n"
                "        else:\n"
                "            total -= 1\n"
                "    for i in range(2, b):\n"
                "        if a % i == 0 or b % i == 0:\n"
                "            total += i\n"
                "    return total\n"
            ),
            after=None,
        ),
        Example(
            note="the last number tried is asked for; from 0 on; fractions",
            before=(
                "def some(a: int, b: int, x: float, y: float):\n"
                "    for i in range(1, b):\n"
                "        if a % i == 0 and b % i == 0:\n"
                "            print(i)\n"
                "    print(i)\n"
                "    for j in range(b):\n"
                "        if a % j == 0 and b % j == 0:\n"
                "            print(j)\n"
                "    for k in range(1, b):\n"
                "        if x % k == 0 and y % k == 0:\n"
                "            print(k)\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            trial = _trial(parsed, loop)
            found = None if trial is None else self._at(parsed, loop, trial)
            if found is not None:
                yield found

    def _at(self, module: Module, loop: ast.For, trial: _Trial) -> Rewrite | None:
        assumes: set[str] = set()
        if not all(whole(module, one, assumes) for one in (trial.one, trial.other)):
            return None
        if not module.pure(trial.stop, assumes) or not module.constant(trial.stop, loop.body, assumes):
            return None
        if not isinstance(trial.stop, ast.Name):
            assumes.add(f"{told(module, trial.stop)} is an int")
        elif not whole(module, trial.stop, assumes):
            return None
        greatest, root = module.importing("math", "gcd"), module.importing("math", "isqrt")
        ordered, numbers = module.builtin("sorted"), module.builtin("range")
        common, small = module.fresh("common", "both"), module.fresh("small", "lesser")
        divisor, end = module.fresh("divisor", "shared"), module.segment(trial.stop)
        between = f"{trial.low} <= {divisor} {'<=' if trial.downwards else '<'} {end}"
        text = (
            f"{divisor} for {small} in {numbers.spelling}(1, {root.spelling}({common}) + 1) if {common} % {small} == 0 "
            f"for {divisor} in {{{small}, {common} // {small}}} if {between}"
        )
        text = f"({text}), reverse=True" if trial.downwards else text
        text = f"{ordered.spelling}({text}) if {common} else {module.segment(trial.numbers)}"
        splices: list[Splice] = [*greatest.splices, *root.splices, *ordered.splices, *numbers.splices]
        splices += [module.before(loop, f"{common} = {greatest.spelling}({trial.one.id}, {trial.other.id})")]
        splices += [module.splice(trial.numbers, text)]
        what = f"all numbers are tried as divisors of {trial.one.id!r} and {trial.other.id!r}"
        return self.at(module, loop, what, splices, assumes=assumes, gain=35.0)


def _trial(module: Module, loop: ast.For) -> _Trial | None:
    test, numbers = loop.body[0], loop.iter
    if len(loop.body) != 1 or not isinstance(test, ast.If) or test.orelse or not module.alone(loop):
        return None
    ends = _ends(module, numbers)
    if ends is None or not isinstance(numbers, ast.Call) or not isinstance(loop.target, ast.Name):
        return None
    if not stays_inside(module, loop.target, loop) or "\n" in module.segment(numbers):
        return None
    divided = _both(module, test.test, loop.target)
    if divided is None or any(module.rebound(one, loop) for one in divided):
        return None
    return _Trial(loop, numbers, *divided, *ends)


def _ends(module: Module, numbers: ast.expr) -> tuple[int, ast.expr, bool] | None:
    """Least number, the other end, and whether the way is down from there."""
    if not isinstance(numbers, ast.Call) or not module.calls(numbers, "builtins.range") or numbers.keywords:
        return None
    given = numbers.args
    if len(given) == 2:
        low = constant(given[0])
        return (low, given[1], False) if low is not None and low >= 1 else None
    if len(given) == 3 and constant(given[2]) == -1:
        last = constant(given[1])
        return (last + 1, given[0], True) if last is not None and last >= 0 else None
    return None


def _both(module: Module, test: ast.expr, target: ast.Name) -> tuple[ast.Name, ast.Name] | None:
    """The two numbers that a test asks to be divided, before anything else."""
    if not isinstance(test, ast.BoolOp) or not isinstance(test.op, ast.And):
        return None
    found = [_divided(module, one, target) for one in test.values[:2]]
    if len(found) != 2 or found[0] is None or found[1] is None or same(module, found[0], found[1]):
        return None
    return found[0], found[1]


def _divided(module: Module, test: ast.expr, target: ast.Name) -> ast.Name | None:
    """The n of ``n % d == 0``, ``not n % d``."""
    rest = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        rest = test.left if constant(test.comparators[0]) == 0 else None
    if not isinstance(rest, ast.BinOp) or not isinstance(rest.op, ast.Mod) or not same(module, rest.right, target):
        return None
    n = rest.left
    return n if isinstance(n, ast.Name) and not same(module, n, target) and module.variable(n) is not None else None


RULE = CommonDivisors()

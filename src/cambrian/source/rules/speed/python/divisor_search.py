"""Divisors come in pairs: one of a pair is at most the square root."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.importing import Imported
from cambrian.source.analysis.ownership import lasting
from cambrian.source.analysis.shapes import compared, conjuncts, has, only, only_argument
from cambrian.source.edit import Splice
from cambrian.source.rules.hoisting import at_once
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_LEAVING = (ast.Return, ast.Raise, ast.Break)


class _Walk(NamedTuple):
    """Numbers that are tried as divisors of n: from `low` up to below `stop`, or the other way."""

    numbers: ast.expr
    n: ast.Name
    target: ast.Name
    low: int
    stop: ast.expr
    shape: str
    """``"n"``, ``"n + 1"``, ``"n - 1"``, ``"n // 2 + 1"``; ``""`` for another part of n."""
    extra: bool
    """Whether `stop` itself is tried, too: a walk down begins with it."""
    downwards: bool


class DivisorSearch(PythonRule):
    """Trial division up to the square root (Knuth 1981, volume 2, §4.5.4)."""

    id = "divisor-search"
    title = "Try divisors up to the square root only"
    why = (
        "If d divides n, so does n // d, and one of the two is at most the square root of n. Whether there is a "
        "divisor at all is known there; all divisors are found in pairs, and brought into their order. The guard sees "
        "that nothing happens for numbers that do not divide, that n is the same all along, and that the range has the "
        "divisors between its ends, also where n is 0 or negative. "
        "That n is an int is assumed unless the text shows it."
    )
    words = ("%",)
    examples = (
        Example(
            note="whether there is one",
            before=(
                "def is_prime(n):\n"
                "    if n < 2:\n"
                "        return False\n"
                "    for i in range(2, n):\n"
                "        if n % i == 0:\n"
                "            return False\n"
                "    return True\n"
            ),
            after=(
                "from math import isqrt\n\n\n"
                "def is_prime(n):\n"
                "    if n < 2:\n"
                "        return False\n"
                "    for i in range(2, isqrt(max(n, 0)) + 1):\n"
                "        if n % i == 0:\n"
                "            return False\n"
                "    return True\n"
            ),
            calls=("[is_prime(n) for n in range(-3, 60)]",),
        ),
        Example(
            note="a range that ends early keeps its end",
            before="def prime(n: int):\n    return n > 1 and all(n % i != 0 for i in range(2, n // 2))\n",
            after=(
                "from math import isqrt\n\n\n"
                "def prime(n: int):\n"
                "    return n > 1 and all(n % i != 0 for i in range(2, min(n // 2, isqrt(max(n, 0)) + 1)))\n"
            ),
            calls=("[prime(n) for n in range(-3, 60)]",),
        ),
        Example(
            note="all of them",
            before="def perfect(n: int):\n    return n == sum([d for d in range(1, n) if n % d == 0])\n",
            after=(
                "from math import isqrt\n\n\n"
                "def perfect(n: int):\n"
                "    return n == sum([d for d in sorted(divisor for small in range(1, isqrt(max(n, 0)) + 1) "
                "if n % small == 0 for divisor in {small, n // small} if divisor < n) if n % d == 0])\n"
            ),
            calls=("[perfect(n) for n in range(-3, 500)]",),
        ),
        Example(
            note="the greatest, downwards to 0",
            before=(
                "def largest(n: int):\n"
                "    for i in reversed(range(n)):\n"
                "        if n % i == 0:\n"
                "            return i\n"
            ),
            after=(
                "from math import isqrt\n\n\n"
                "def largest(n: int):\n"
                "    for i in (*sorted((divisor for small in range(1, isqrt(max(n, 0)) + 1) if n % small == 0 "
                "for divisor in {small, n // small} if divisor < n), reverse=True), *range(min(n, 1))):\n"
                "        if n % i == 0:\n"
                "            return i\n"
            ),
            calls=("[largest(n) for n in range(2, 60)]", "largest(1)", "largest(0)", "largest(-4)"),
        ),
        Example(
            note="the least: n itself is one",
            before=(
                "def least(n: int):\n"
                "    for i in range(2, n + 1):\n"
                "        if n % i == 0:\n"
                "            return i\n"
            ),
            after=(
                "from itertools import chain\n"
                "from math import isqrt\n\n\n"
                "def least(n: int):\n"
                "    for i in chain(range(2, isqrt(max(n, 0)) + 1), range(max(n, 2), n + 1)):\n"
                "        if n % i == 0:\n"
                "            return i\n"
            ),
            calls=("[least(n) for n in range(-3, 60)]",),
        ),
        Example(
            note="n gets smaller",
            before=(
                "def factors(n: int):\n"
                "    out = []\n"
                "    for i in range(2, n):\n"
                "        if n % i == 0:\n"
                "            out.append(i)\n"
                "            n //= i\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="something happens for those that do not divide, too",
            before=(
                "def rests(n: int):\n"
                "    out = []\n"
                "    for i in range(1, n):\n"
                "        if n % i == 0:\n"
                "            out.append(i)\n"
                "        else:\n"
                "            out.append(0)\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="the last number tried is read afterwards",
            before=(
                "def last(n: int):\n"
                "    for i in range(2, n):\n"
                "        if n % i == 0:\n"
                "            break\n"
                "    return i\n"
            ),
            after=None,
        ),
        Example(
            note="multiples, not divisors",
            before="def multiples(n: int):\n    return [i for i in range(1, n) if i % n == 0 or i % 3 == 0]\n",
            after=None,
        ),
        Example(
            note="from 3 on: the partner of 3 may be 2",
            before="def odd(n: int):\n    return all(n % i for i in range(3, n))\n",
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            found = self._loop(parsed, loop)
            if found is not None:
                yield found
        for made in parsed.of(ast.ListComp, ast.SetComp, ast.GeneratorExp):
            found = self._comprehension(parsed, made)
            if found is not None:
                yield found

    def _loop(self, module: Module, loop: ast.For) -> Rewrite | None:
        test = only(loop.body)
        if not isinstance(test, ast.If) or not all(_idle(one) for one in test.orelse):
            return None
        first = conjuncts(test.test)[0]
        walk = _walk(module, loop.iter, loop.target, first, loop)
        if walk is None or not _stays_inside(module, walk.target, loop):
            return None
        leaves = has(test.body, _LEAVING)
        if walk.downwards or not (leaves or _flag(test.body)):
            return self._all(module, walk)
        return self._first(module, walk, test.body) if first is test.test else None

    def _first(self, module: Module, walk: _Walk, body: list[ast.stmt]) -> Rewrite | None:
        """What is done, if `body` is for the first divisor alone."""
        flag = _flag(body)
        if walk.low != 2 or not (flag or isinstance(body[-1], _LEAVING)):
            return None
        asked = _reads(module, walk.target, body)
        if walk.shape == "n + 1":
            return self._least(module, walk) if asked and not flag else None
        return None if asked else self._any(module, walk)

    def _comprehension(self, module: Module, made: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Rewrite | None:
        part = made.generators[0]
        if len(made.generators) != 1 or part.is_async:
            return None
        call = module.parent(made)
        asked = module.calls(call, "builtins.any", "builtins.all")
        if part.ifs:
            lazy = isinstance(made, ast.GeneratorExp) and not at_once(module, made)
            walk = _walk(module, part.iter, part.target, conjuncts(part.ifs[0])[0], made)
            return None if walk is None or lazy or asked else self._all(module, walk)
        wanted = module.calls(call, "builtins.any")
        walk = _walk(module, part.iter, part.target, made.elt, made, wanted=wanted) if asked else None
        return self._any(module, walk) if walk is not None and _below(walk) else None

    def _any(self, module: Module, walk: _Walk) -> Rewrite:
        write = _Writing(module, walk.n)
        end = f"{write.root()} + 1"
        if walk.shape not in {"n", "n - 1", "n // 2 + 1"}:
            end = f"{write.builtin('min')}({module.segment(walk.stop)}, {end})"
        return self._found(module, walk, [module.splice(walk.stop, end), *write.splices])

    def _least(self, module: Module, walk: _Walk) -> Rewrite:
        write, n = _Writing(module, walk.n), walk.n.id
        numbers = write.builtin("range")
        small = f"{numbers}(2, {write.root()} + 1)"
        text = f"{write.imported('itertools', 'chain')}({small}, {numbers}({write.builtin('max')}({n}, 2), {n} + 1))"
        return self._found(module, walk, [module.splice(walk.numbers, text), *write.splices])

    def _all(self, module: Module, walk: _Walk) -> Rewrite:
        write, n = _Writing(module, walk.n), walk.n.id
        small, divisor = module.fresh("small"), module.fresh("divisor")
        ordered, numbers = write.builtin("sorted"), write.builtin("range")
        text = (
            f"{divisor} for {small} in {numbers}(1, {write.root()} + 1) if {n} % {small} == 0 "
            f"for {divisor} in {{{small}, {n} // {small}}}{_ends(module, walk, divisor)}"
        )
        text = f"{ordered}(({text}), reverse=True)" if walk.downwards else f"{ordered}({text})"
        if walk.low == 0:
            text = f"(*{text}, *{numbers}({write.builtin('min')}({module.segment(walk.stop)}, 1)))"
        return self._found(module, walk, [module.splice(walk.numbers, text), *write.splices])

    def _found(self, module: Module, walk: _Walk, splices: Sequence[Splice]) -> Rewrite:
        assumes: set[str] = set()
        if module.kind(walk.n, assumes) is None:
            assumes.add(f"{walk.n.id!r} is an int")
        what = f"all numbers are tried as divisors of {walk.n.id!r}, where those up to its square root would do"
        return self.at(module, walk.numbers, what, splices, assumes=assumes, gain=30.0)


def _below(walk: _Walk) -> bool:
    """Whether all numbers between 1 and n are tried, upwards."""
    return walk.low == 2 and not walk.downwards and walk.shape != "n + 1"


def _walk(
    module: Module,
    numbers: ast.expr,
    target: ast.expr,
    test: ast.expr,
    region: ast.For | ast.expr,
    *,
    wanted: bool = True,
) -> _Walk | None:
    """The numbers tried, if a test tells whether the one at hand divides n (or not, if that is not `wanted`)."""
    if not isinstance(target, ast.Name) or module.scope(module.statement(numbers)).kind == "class":
        return None
    n, ends = _divides(module, test, target, wanted=wanted), _numbers(module, numbers)
    if n is None or ends is None or module.variable(n) is None or module.rebound(n, region):
        return None
    low, stop, extra, downwards = ends
    shape = _shape(module, stop, n.id)
    if shape is None or (extra and _adds(stop)) or not _may_be_whole(module, n):
        return None
    return _Walk(numbers, n, target, low, stop, shape, extra, downwards)


def _adds(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)


def _may_be_whole(module: Module, n: ast.Name) -> bool:
    kind = module.hinted(n)
    return kind is None or kind.name in {"int", "bool"}


def _numbers(module: Module, numbers: ast.expr) -> tuple[int, ast.expr, bool, bool] | None:
    """What a ``range``, or one that is ``reversed``, goes through: see `_range`."""
    inner = only_argument(numbers) if module.calls(numbers, "builtins.reversed") else None
    match inner or numbers:
        case ast.Call(args=given, keywords=[]) as call if module.calls(call, "builtins.range"):
            return _range(given, backwards=inner is not None)
        case _:
            return None


def _range(given: list[ast.expr], *, backwards: bool) -> tuple[int, ast.expr, bool, bool] | None:
    """Least number, end, whether the end is tried itself, and whether the way is down."""
    if backwards and len(given) == 1:
        return 0, given[0], False, True
    start = _constant(given[0]) if len(given) == 2 else None
    if start is not None and start >= 1:
        return start, given[1], False, backwards
    if len(given) == 3 and not backwards and _constant(given[2]) == -1:
        end = _constant(given[1])
        return (end + 1, given[0], True, True) if end is not None and end >= 0 else None
    return None


def _constant(node: ast.expr) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return None if inner is None else -inner
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def _shape(module: Module, stop: ast.expr, n: str) -> str | None:
    """How an end hangs on n. All that is let in is at most 1 for n ≤ 0: then nothing is tried, before and after."""
    text = ast.unparse(stop)
    if text in {n, f"{n} + 1", f"{n} - 1"}:
        return text.replace(n, "n", 1)
    if text in {f"{n} // 2 + 1", f"int({n} / 2) + 1"} and _sound(module, stop):
        return "n // 2 + 1" if "//" in text else ""
    match stop:
        case ast.BinOp(left=left, op=ast.Sub(), right=right) if (_constant(right) or 0) > 0:
            return "" if isinstance(left, ast.Name) and left.id == n else None
        case ast.BinOp(left=left, op=ast.Add(), right=right) if _constant(right) == 1:
            return "" if _is_part(module, left, n) else None
        case _:
            return "" if _is_part(module, stop, n) else None


def _is_part(module: Module, node: ast.expr, n: str) -> bool:
    """Whether it is a half, third or fourth of n, rounded down."""
    match node:
        case (
            ast.BinOp(left=ast.Name(id=name), op=ast.FloorDiv(), right=by)
            | ast.Call(args=[ast.BinOp(left=ast.Name(id=name), op=ast.Div(), right=by)], keywords=[])
        ):
            rounded = isinstance(node, ast.BinOp) or module.calls(node, "builtins.int")
            return rounded and name == n and 2 <= (_constant(by) or 0) <= 4
        case _:
            return False


def _sound(module: Module, stop: ast.expr) -> bool:
    return all(module.calls(part, "builtins.int") for part in ast.walk(stop) if isinstance(part, ast.Call))


def _divides(module: Module, test: ast.expr, target: ast.Name, *, wanted: bool) -> ast.Name | None:
    """The n of ``n % d == 0`` and its like; of ``n % d != 0`` and its like if what divides is not wanted."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _divides(module, test.operand, target, wanted=not wanted)
    match _nothing(test, wanted=wanted):
        case ast.BinOp(left=ast.Name() as n, op=ast.Mod(), right=ast.Name() as d):
            tried = module.variable(target)
            return n if module.variable(d) is tried and module.variable(n) is not tried else None
        case _:
            return None


def _nothing(test: ast.expr, *, wanted: bool) -> ast.expr | None:
    """What a test asks to be 0; or not to be, if that is not wanted."""
    found = compared(test)
    if found is None:
        return None if wanted else test
    left, operator, right = found
    if not isinstance(operator, ast.Eq if wanted else ast.NotEq):
        return None
    if _constant(right) == 0:
        return left
    return right if _constant(left) == 0 else None


def _idle(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass | ast.Continue)


def _flag(body: list[ast.stmt]) -> bool:
    """Whether a block only gives constants to variables: once or often makes no difference."""
    return all(
        isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant) and isinstance(one.targets[0], ast.Name)
        for one in body
    )


def _reads(module: Module, target: ast.Name, region: Sequence[ast.AST]) -> bool:
    variable = module.variable(target)
    return any(
        module.variable(part) is variable for one in region for part in ast.walk(one) if isinstance(part, ast.Name)
    )


def _stays_inside(module: Module, target: ast.Name, loop: ast.For) -> bool:
    """Whether nobody reads the loop's variable behind the loop, as the loop left it."""
    variable = module.variable(target)
    if not lasting(variable):
        return False
    inside = {part for one in loop.body for part in ast.walk(one)}
    return not any(
        read not in inside and any(one.node is target for one in module.reaching(read)) for read in variable.reads
    )


class _Writing:
    """Names of the library as they are written here, and all imports they need."""

    def __init__(self, module: Module, n: ast.Name) -> None:
        self._module, self._n = module, n
        self.splices: list[Splice] = []

    def builtin(self, name: str) -> str:
        return self._written(self._module.builtin(name))

    def imported(self, room: str, name: str) -> str:
        return self._written(self._module.importing(room, name))

    def root(self) -> str:
        """The square root of n, rounded down; of 0 if n is negative."""
        n = self._n.id if _is_natural(self._module, self._n) else f"{self.builtin('max')}({self._n.id}, 0)"
        return f"{self.imported('math', 'isqrt')}({n})"

    def _written(self, found: Imported) -> str:
        self.splices += [splice for splice in found.splices if splice not in self.splices]
        return found.spelling


def _is_natural(module: Module, n: ast.Name) -> bool:
    """Whether n certainly is not negative: it counts up from 0 or more."""
    bindings = module.reaching(n)
    for one in bindings:
        value = one.value
        if one.how != "for" or one.path or not isinstance(value, ast.Call) or not module.calls(value, "builtins.range"):
            return False
        if not _counts_up(value.args):
            return False
    return bool(bindings)


def _counts_up(given: list[ast.expr]) -> bool:
    start = _constant(given[0]) if len(given) == 2 else 0
    return len(given) <= 2 and start is not None and start >= 0


def _ends(module: Module, walk: _Walk, divisor: str) -> str:
    """The condition that a divisor lies between the ends of the range; none if all do."""
    stop = module.segment(walk.stop)
    if walk.extra:
        above = "" if walk.shape == "n" else f"{divisor} <= {stop}"
    elif walk.shape == "n + 1":
        above = ""
    else:
        above = f"{divisor} < {walk.n.id if walk.shape == 'n // 2 + 1' else stop}"
    if walk.low <= 1:
        return f" if {above}" if above else ""
    return f" if {walk.low} <= {above}" if above else f" if {divisor} >= {walk.low}"


RULE = DivisorSearch()

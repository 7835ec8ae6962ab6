"""``x ** y % m`` makes the whole power before it takes the rest; a loop multiplies y times."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import lasting
from cambrian.source.analysis.shapes import either_way, has
from cambrian.source.rules.loops import constant, unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_SMALL = 4
"""An exponent up to which the power is worked out as fast."""


class _Step(NamedTuple):
    """What a loop does over and over: ``result = result * factor % modulus``."""

    result: ast.Name
    factor: ast.expr
    modulus: ast.expr


class ModularPower(PythonRule):
    """Modular exponentiation by squaring (Knuth 1981, volume 2, §4.6.3), which `pow` has built in."""

    id = "modular-power"
    title = "Take powers modulo m by pow with three arguments"
    why = (
        "`x ** y % m` works out a number of millions of digits to keep a few; `pow(x, y, m)` never has a number "
        "greater than m squared. A loop that multiplies y times takes y steps; pow takes about log y. The guard "
        "sees that factor and modulus are the same on every turn and that nothing else happens in the loop. It "
        "holds for ints; for an exponent below 0, or a modulus of 0, pow does something else: unless the text shows"
        " otherwise, that is assumed not to be."
    )
    words = ("%",)
    examples = (
        Example(
            note="an expression",
            before="def last(x: int, y: int, m: int):\n    return x ** y % m, pow(x, y) % m  # twice\n",
            after="def last(x: int, y: int, m: int):\n    return pow(x, y, m), pow(x, y, m)  # twice\n",
            calls=("last(3, 5, 7)", "last(-3, 5, 7)", "last(3, 0, -7)", "last(3, 0, 1)"),
        ),
        Example(
            note="a loop",
            before=(
                "def power(n: int, p: int):\n"
                "    found = 1\n"
                "    for i in range(n):\n"
                "        found = (2 * found) % p\n"
                "    return found\n"
            ),
            after=(
                "def power(n: int, p: int):\n"
                "    found = 1\n"
                "    if n > 0:\n"
                "        found = found * pow(2, n, p) % p\n"
                "    return found\n"
            ),
            calls=("[power(n, p) for n in range(-2, 9) for p in (1, 2, 7, -5)]",),
        ),
        Example(
            note="a loop of two steps, over a range with two ends",
            before=(
                "def power(x: int, n: int, p: int):\n"
                "    found = x\n"
                "    for _ in range(1, n + 1):\n"
                "        found *= x\n"
                "        found %= p\n"
                "    return found\n"
            ),
            after=(
                "def power(x: int, n: int, p: int):\n"
                "    found = x\n"
                "    if n + 1 > 1:\n"
                "        found = found * pow(x, n + 1 - 1, p) % p\n"
                "    return found\n"
            ),
            calls=("[power(x, n, p) for x in (-2, 3) for n in range(-2, 9) for p in (1, 2, 7, -5)]",),
        ),
        Example(
            note="fractions",
            before="def part(x: float, y: int):\n    return x ** y % 1\n",
            after=None,
        ),
        Example(
            note="a power that is small anyway",
            before="def square(x: int, m: int):\n    return x ** 2 % m\n",
            after=None,
        ),
        Example(
            note="each factor is another",
            before=(
                "def product(n: int, p: int):\n"
                "    found = 1\n"
                "    for i in range(n):\n"
                "        found = found * i % p\n"
                "    return found\n"
            ),
            after=None,
        ),
        Example(
            note="text",
            before="def shown(x: int, y: int):\n    return '%d' % x ** y\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.BinOp):
            found = self._expression(parsed, node) if isinstance(node.op, ast.Mod) else None
            if found is not None:
                yield found
        for loop in parsed.of(ast.For):
            found = self._loop(parsed, loop)
            if found is not None:
                yield found

    def _expression(self, module: Module, node: ast.BinOp) -> Rewrite | None:
        assumes: set[str] = set()
        match node.left:
            case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
                fits = True
            case ast.Call(args=[base, exponent], keywords=[]) as power:
                fits = module.calls(power, "builtins.pow")
            case _:
                return None
        if not fits or not _plain(base) or not _plain(exponent):
            return None
        if isinstance(exponent, ast.Constant) and (constant(exponent) or 0) <= _SMALL:
            return None
        if not all(_whole(module, one, assumes) for one in (base, exponent, node.right)):
            return None
        _allowed(module, exponent, node.right, assumes)
        name = module.builtin("pow")
        text = f"{name.spelling}({', '.join(module.segment(one) for one in (base, exponent, node.right))})"
        what = "a whole power is worked out for its rest"
        return self.at(module, node, what, [module.splice(node, text), *name.splices], assumes=assumes, gain=50.0)

    def _loop(self, module: Module, loop: ast.For) -> Rewrite | None:
        step, ends = _step(loop), _ends(module, loop)
        if step is None or ends is None or not _bare(module, loop, step):
            return None
        assumes: set[str] = set()
        parts = [step.factor, step.modulus]
        if not all(module.invariant(one, loop, assumes) and _plain(one) for one in parts):
            return None
        if not all(_whole(module, one, assumes) for one in (step.result, *parts)):
            return None
        _allowed(module, None, step.modulus, assumes)
        name = module.builtin("pow")
        result, modulus = step.result.id, module.segment(step.modulus)
        rest = modulus if isinstance(step.modulus, ast.Name | ast.Constant | ast.Attribute) else f"({modulus})"
        times = ends[1] if ends[0] == "0" else f"{ends[1]} - {ends[0]}"
        power = f"{name.spelling}({module.segment(step.factor)}, {times}, {modulus})"
        lines = (
            f"if {ends[1]} > {ends[0]}:",
            f"{module.indentation(loop)}{unit(module, loop)}{result} = {result} * {power} % {rest}",
        )
        splices = [module.splice(loop, module.newline.join(lines)), *name.splices]
        what = f"{result!r} is multiplied by the same on each turn"
        return self.at(module, loop, what, splices, assumes=assumes, gain=100.0)


def _bare(module: Module, loop: ast.For, step: _Step) -> bool:
    """Whether a loop can be replaced as a whole: nobody sees its variable, and what it makes is asked for nowhere."""
    if loop.orelse or not module.alone(loop) or not isinstance(loop.target, ast.Name):
        return False
    if _seen(module, loop.target, loop):
        return False
    return not any(_names(module, step.result, one) for one in (step.factor, step.modulus, loop.iter))


def _step(loop: ast.For) -> _Step | None:
    """What the body of a loop does, if it is nothing else."""
    match loop.body:
        case [
            ast.AugAssign(target=ast.Name() as result, op=ast.Mult(), value=factor),
            ast.AugAssign(target=target, op=ast.Mod(), value=modulus),
        ] if _same(result, target):
            return _Step(result, factor, modulus)
        case [
            ast.Assign(
                targets=[ast.Name() as result],
                value=ast.BinOp(left=ast.BinOp(left=one, op=ast.Mult(), right=two), op=ast.Mod(), right=modulus),
            )
        ]:
            pairs = either_way(one, two)
            return next((_Step(result, other, modulus) for mine, other in pairs if _same(mine, result)), None)
        case _:
            return None


def _same(one: ast.expr, other: ast.expr) -> bool:
    return isinstance(one, ast.Name) and isinstance(other, ast.Name) and one.id == other.id


def _ends(module: Module, loop: ast.For) -> tuple[str, str] | None:
    """Both ends of the range that a loop goes through, as text that can stand in a sum."""
    call = loop.iter
    if (
        not isinstance(call, ast.Call)
        or not module.calls(call, "builtins.range")
        or call.keywords
        or len(call.args) > 2
    ):
        return None
    if not all(isinstance(one, ast.Name | ast.Constant | ast.BinOp) and module.pure(one, set()) for one in call.args):
        return None
    if any(isinstance(one, ast.BinOp) and not isinstance(one.op, ast.Add | ast.Sub | ast.Mult) for one in call.args):
        return None
    first = call.args[0]
    if len(call.args) == 2 and not isinstance(first, ast.Constant | ast.Name):
        return None
    return (
        ("0", module.segment(first)) if len(call.args) == 1 else (module.segment(first), module.segment(call.args[1]))
    )


def _plain(node: ast.expr) -> bool:
    return not isinstance(node, ast.Starred | ast.Await | ast.NamedExpr | ast.GeneratorExp | ast.Yield)


def _whole(module: Module, node: ast.expr, assumes: set[str]) -> bool:
    """Whether something is an int, or nothing speaks against that, which is then assumed."""
    kind = module.kind(node, assumes)
    if kind is not None:
        return kind.name in {"int", "bool"}
    hinted = [module.hinted(part) for part in ast.walk(node) if isinstance(part, ast.Name)]
    fraction = has(node, ast.Div)
    text = any(isinstance(part, ast.Constant) and type(part.value) is not int for part in ast.walk(node))
    if fraction or text or any(one is not None and one.name not in {"int", "bool"} for one in hinted):
        return False
    assumes.add(f"{module.segment(node)!r} is an int")
    return True


def _allowed(module: Module, exponent: ast.expr | None, modulus: ast.expr, assumes: set[str]) -> None:
    if exponent is not None and not isinstance(exponent, ast.Constant):
        assumes.add(f"{module.segment(exponent)!r} is not negative")
    if not (isinstance(modulus, ast.Constant) and modulus.value):
        assumes.add(f"{module.segment(modulus)!r} is not 0")


def _names(module: Module, name: ast.Name, node: ast.expr) -> bool:
    variable = module.variable(name)
    return any(isinstance(part, ast.Name) and module.variable(part) is variable for part in ast.walk(node))


def _seen(module: Module, target: ast.Name, loop: ast.For) -> bool:
    """Whether anybody reads the loop's variable as the loop sets it."""
    variable = module.variable(target)
    if not lasting(variable):
        return True
    reads = [read for read in variable.reads if any(one.node is target for one in module.reaching(read))]
    return bool(reads) or any(within(read, loop.body) for read in variable.reads)


RULE = ModularPower()

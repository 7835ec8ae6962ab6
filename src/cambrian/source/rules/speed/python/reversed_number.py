"""A number turned round digit by digit: its text turned round is read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import assigned
from cambrian.source.rules.loops import constant, same, stays_inside, unit, whole
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Turn(NamedTuple):
    """The number whose last digits are taken off, and the one that they are put behind."""

    number: ast.Name
    turned: ast.Name


class ReversedNumber(PythonRule):
    """``int(str(n)[::-1])``."""

    id = "reversed-number"
    title = "Turn the digits of a number round as a text"
    why = (
        "`turned = turned * 10 + n % 10; n //= 10` makes three ints for each digit; `int(str(n)[::-1])` does all of "
        "them in C. The guard sees that the loop does nothing else, that the result begins with 0, and keeps numbers "
        "that are not above 0 as they are. It is assumed that the number is an int of at most 4,300 digits (Python "
        "makes no text of longer ones), and that one below 0, for which `while n` never ends, does not occur."
    )
    words = ("% 10", "%10")
    examples = (
        Example(
            note="in two steps",
            before=(
                "def rev(num: int):\n"
                "    rev_num = 0\n"
                "    while (num > 0):\n"
                "        rev_num = (rev_num * 10 + num % 10)\n"
                "        num = num // 10\n"
                "    return rev_num\n"
            ),
            after=(
                "def rev(num: int):\n"
                "    rev_num = 0\n"
                "    if num > 0:\n"
                "        rev_num, num = int(str(num)[::-1]), 0\n"
                "    return rev_num\n"
            ),
            calls=("[rev(n) for n in range(-3, 1200)]", "rev(1230)", "rev(10**40 + 7)"),
        ),
        Example(
            note="by a digit of its own",
            before=(
                "def palindrome(n: int) -> bool:\n"
                "    left = n\n"
                "    turned = 0\n"
                "    while left != 0:\n"
                "        digit = left % 10\n"
                "        turned = turned * 10 + digit\n"
                "        left //= 10\n"
                "    return turned == n\n"
            ),
            after=(
                "def palindrome(n: int) -> bool:\n"
                "    left = n\n"
                "    turned = 0\n"
                "    if left > 0:\n"
                "        turned, left = int(str(left)[::-1]), 0\n"
                "    return turned == n\n"
            ),
            calls=("[palindrome(n) for n in range(1200)]",),
        ),
        Example(
            note="digits are summed",
            before=(
                "def total(n: int):\n"
                "    found = 0\n"
                "    while n > 0:\n"
                "        found = found + n % 10\n"
                "        n //= 10\n"
                "    return found\n"
            ),
            after=None,
        ),
        Example(
            note="it begins with something; the last digit is asked for; another base",
            before=(
                "def some(n: int, m: int, k: int, turned: int):\n"
                "    while n > 0:\n"
                "        turned = turned * 10 + n % 10\n"
                "        n //= 10\n"
                "    other = digit = 0\n"
                "    while m > 0:\n"
                "        digit = m % 10\n"
                "        other = other * 10 + digit\n"
                "        m //= 10\n"
                "    third = 0\n"
                "    while k > 0:\n"
                "        third = third * 2 + k % 10\n"
                "        k //= 10\n"
                "    return turned, other, digit, third\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.While):
            if loop.orelse or not parsed.alone(loop) or "#" in parsed.segment(loop):
                continue
            turn = _turn(parsed, loop)
            found = None if turn is None else self._at(parsed, loop, turn)
            if found is not None:
                yield found

    def _at(self, module: Module, loop: ast.While, turn: _Turn) -> Rewrite | None:
        assumes: set[str] = set()
        number, turned = turn.number.id, turn.turned.id
        variables = (module.variable(turn.number), module.variable(turn.turned))
        if any(one is None or one.captured or one.scope.kind != "function" for one in variables):
            return None
        if not _begins(module, loop, turn) or not whole(module, turn.number, assumes, bools=False):
            return None
        made, text = module.builtin("int"), module.builtin("str")
        assumes.add(f"{number!r} has at most 4,300 digits")
        if not isinstance(loop.test, ast.Compare) or not isinstance(loop.test.ops[0], ast.Gt):
            assumes.add(f"{number!r} is not negative: the loop would not end")
        new = f"{turned}, {number} = {made.spelling}({text.spelling}({number})[::-1]), 0"
        lines = (f"if {number} > 0:", f"{module.indentation(loop)}{unit(module, loop)}{new}")
        splices = [*made.splices, *text.splices, module.splice(loop, module.newline.join(lines))]
        what = f"the digits of {number!r} are turned round one by one"
        return self.at(module, loop, what, splices, assumes=assumes, gain=2.5)


def _turn(module: Module, loop: ast.While) -> _Turn | None:
    """What a loop turns round, if it does nothing else."""
    number = _above_zero(loop.test)
    match loop.body:
        case [*taken, put, last] if number is not None and len(taken) <= 1 and _shortened(module, last, number):
            digits = [_digit(module, one, number, loop) for one in taken]
        case _:
            return None
    made = assigned(put)
    if made is None or None in digits or same(module, made[0], number):
        return None
    digit = digits[0] if digits else None
    return _Turn(number, made[0]) if _longer(module, made[1], made[0], number, digit) else None


def _digit(module: Module, statement: ast.stmt, number: ast.Name, loop: ast.While) -> ast.Name | None:
    """The variable that gets the last digit, and is the loop's alone."""
    made = assigned(statement)
    if made is None or not _last_digit(module, made[1], number) or not stays_inside(module, made[0], loop):
        return None
    return made[0]


def _above_zero(test: ast.expr) -> ast.Name | None:
    if isinstance(test, ast.Name):
        return test
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.left, ast.Name):
        return None
    fits = constant(test.comparators[0]) == 0 and isinstance(test.ops[0], ast.Gt | ast.NotEq)
    return test.left if fits else None


def _shortened(module: Module, statement: ast.stmt, number: ast.Name) -> bool:
    """``n //= 10``, ``n = n // 10``."""
    if isinstance(statement, ast.AugAssign):
        fits = isinstance(statement.op, ast.FloorDiv) and same(module, statement.target, number)
        return fits and constant(statement.value) == 10
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.BinOp):
        return False
    made = statement.value
    fits = isinstance(made.op, ast.FloorDiv) and same(module, made.left, number) and constant(made.right) == 10
    return fits and len(statement.targets) == 1 and same(module, statement.targets[0], number)


def _last_digit(module: Module, node: ast.expr, number: ast.Name) -> bool:
    rest = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)
    return rest and isinstance(node, ast.BinOp) and same(module, node.left, number) and constant(node.right) == 10


def _longer(module: Module, node: ast.expr, turned: ast.Name, number: ast.Name, digit: ast.Name | None) -> bool:
    """``turned * 10 + digit``, in any order."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
        return False
    for raised, last in ((node.left, node.right), (node.right, node.left)):
        put = _last_digit(module, last, number) if digit is None else same(module, last, digit)
        if put and isinstance(raised, ast.BinOp) and isinstance(raised.op, ast.Mult):
            sides = (raised.left, raised.right)
            return any(same(module, one, turned) and constant(other) == 10 for one, other in (sides, sides[::-1]))
    return False


def _begins(module: Module, loop: ast.While, turn: _Turn) -> bool:
    """Whether the result is set to 0 in the statements right before the loop, and not changed in between."""
    block = module.block(loop)
    for statement in reversed(block.statements[: block.place]):
        if not isinstance(statement, ast.Assign):
            return False
        if any(same(module, target, turn.turned) for target in statement.targets):
            return constant(statement.value) == 0
        if not all(isinstance(target, ast.Name) for target in statement.targets):
            return False
    return False


RULE = ReversedNumber()

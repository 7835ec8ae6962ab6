"""Shapes of syntax that many rules look for: an equation, conditions that all have to hold, a call's only argument.

A function takes a node of any kind and gives its parts, or nothing where it is of another shape. What names mean is not
asked here, see `Module`; shapes that one rule alone looks for are `match` patterns in that rule.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from types import UnionType

__all__ = ["assigned", "compared", "conjuncts", "either_way", "equated", "has", "lone_test", "only", "only_argument"]

Pair = tuple[ast.expr, ast.expr]
Kinds = type[ast.AST] | tuple[type[ast.AST], ...] | UnionType


def conjuncts(test: ast.expr) -> list[ast.expr]:
    """The conditions that all have to hold: those of an ``and``, or the only one."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            return values
        case _:
            return [test]


def either_way(one: ast.expr, other: ast.expr) -> tuple[Pair, Pair]:
    """Two operands whose order does not matter, both ways round."""
    return (one, other), (other, one)


def compared(test: ast.AST | None) -> tuple[ast.expr, ast.cmpop, ast.expr] | None:
    """Left side, operator and right side of a comparison of two."""
    match test:
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return left, operator, right
        case _:
            return None


def equated(test: ast.AST | None) -> tuple[Pair, ...]:
    """The sides of an equation ``a == b``, both ways round; none if it is something else."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return either_way(left, right)
        case _:
            return ()


def only(body: Sequence[ast.stmt]) -> ast.stmt | None:
    """The statement that a block consists of."""
    return body[0] if len(body) == 1 else None


def lone_test(body: Sequence[ast.stmt]) -> ast.If | None:
    """The ``if`` without ``else`` that a block consists of."""
    match body:
        case [ast.If(orelse=[]) as test]:
            return test
        case _:
            return None


def assigned(statement: ast.AST | None) -> tuple[ast.Name, ast.expr] | None:
    """The variable and the value of ``name = value``."""
    match statement:
        case ast.Assign(targets=[ast.Name() as target], value=value):
            return target, value
        case _:
            return None


def only_argument(call: ast.AST | None) -> ast.expr | None:
    """What a call is given, if that is one argument without a name."""
    match call:
        case ast.Call(args=[given], keywords=[]):
            return given
        case _:
            return None


def has(region: ast.AST | Iterable[ast.AST], kinds: Kinds) -> bool:
    """Whether a node of these kinds stands somewhere in a piece of code, or in one of several."""
    spots = (region,) if isinstance(region, ast.AST) else region
    return any(isinstance(part, kinds) for spot in spots for part in ast.walk(spot))

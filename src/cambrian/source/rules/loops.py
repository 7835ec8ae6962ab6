"""What rules ask of a loop before they write it otherwise: constants, ranges, variables that stay inside, its lines."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cambrian.source.analysis import Binding, Module
from cambrian.source.analysis.index import Region, within
from cambrian.source.analysis.ownership import lasting
from cambrian.source.analysis.shapes import either_way

__all__ = [
    "Counting", "added", "constant", "counting", "moved", "names_in", "not_negative", "outlives", "reads", "same",
    "stays_inside", "told", "unit", "whole",
]  # fmt: skip


class Counting(NamedTuple):
    """Numbers that a ``range`` gives: up by one from `low` (none: 0) to below `stop`, or down from it to 0."""

    low: ast.expr | None
    stop: ast.expr
    downwards: bool = False


def constant(node: ast.AST | None) -> int | None:
    """The whole number that is written there, with its sign; no ``True``."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = constant(node.operand)
        return None if inner is None else -inner
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def same(module: Module, one: ast.AST | None, other: ast.AST | None) -> bool:
    """Whether both are names of one variable."""
    if not isinstance(one, ast.Name) or not isinstance(other, ast.Name):
        return False
    variable = module.variable(one)
    return variable is not None and variable is module.variable(other)


def names_in(*regions: ast.AST | Iterable[ast.AST]) -> Iterator[ast.Name]:
    """The names that stand in stretches of code."""
    for region in regions:
        for spot in [region] if isinstance(region, ast.AST) else region:
            yield from (part for part in ast.walk(spot) if isinstance(part, ast.Name))


def reads(module: Module, name: ast.AST | None, *regions: ast.AST | Iterable[ast.AST]) -> bool:
    """Whether a variable stands in a stretch of code."""
    return any(same(module, name, part) for part in names_in(*regions))


def stays_inside(module: Module, target: ast.expr, loop: ast.For | ast.While) -> bool:
    """Whether nobody reads a variable behind a loop as the loop left it, and no other code sees it."""
    variable = module.variable(target)
    if not lasting(variable):
        return False
    bound = {one.node for one in variable.bindings if within(one.node, loop)}
    behind = (read for read in variable.reads if not within(read, loop.body))
    return not any(one.node in bound for read in behind for one in module.reaching(read))


def outlives(module: Module, target: ast.AST, region: Region) -> bool:
    """Whether a read outside of a stretch of code may see the value that a name or parameter gets in it."""
    variable = module.variable(target)
    behind = () if variable is None else [read for read in variable.reads if not within(read, region)]
    return any(one.node is target for read in behind for one in module.reaching(read))


def whole(module: Module, node: ast.expr, assumes: set[str], *, bools: bool = True) -> bool:
    """Whether a value is an int, or may be one, which is then assumed; `bools`: ``True`` will do, too."""
    kind = module.kind(node, assumes)
    if kind is not None:
        return kind.name == "int" or (bools and kind.name == "bool")
    variable = module.variable(node) if isinstance(node, ast.Name) else None
    if isinstance(node, ast.Name) and (variable is None or variable.secret):
        return False
    assumes.add(f"{told(module, node)} is an int")
    return True


def told(module: Module, node: ast.expr) -> str:
    """An expression's text, for people."""
    return repr(" ".join(module.segment(node).split()))


def counting(module: Module, node: ast.expr) -> Counting | None:
    """How a ``range`` counts, if by one: ``range(n)``, ``range(i + 1, n)``, ``range(n - 1, -1, -1)``."""
    if not isinstance(node, ast.Call) or not module.calls(node, "builtins.range") or node.keywords:
        return None
    if any(isinstance(one, ast.Starred) for one in node.args):
        return None
    match node.args:
        case [stop]:
            return Counting(None, stop)
        case [low, stop, *step] if [constant(one) for one in step] in ([], [1]):
            return Counting(low, stop)
        case [first, last, step] if constant(step) == constant(last) == -1:
            return _downwards(first)
        case _:
            return None


def _downwards(first: ast.expr) -> Counting | None:
    match first:
        case ast.BinOp(left=stop, op=ast.Sub(), right=one) if constant(one) == 1:
            return Counting(None, stop, downwards=True)
        case _:
            return None


def added(module: Module, statement: ast.stmt) -> tuple[ast.Name, ast.expr] | None:
    """The variable that a statement adds to, and what: ``count += 1``, ``count = count + 1``."""
    match statement:
        case ast.AugAssign(target=ast.Name() as target, op=ast.Add(), value=value):
            return target, value
        case ast.Assign(targets=[ast.Name() as target], value=ast.BinOp(left=left, op=ast.Add(), right=right)):
            pairs = either_way(left, right)
            return next(((target, other) for one, other in pairs if same(module, one, target)), None)
        case _:
            return None


def unit(module: Module, statement: ast.stmt) -> str:
    """The blanks by which a block below a statement is indented further."""
    return "\t" if module.indentation(statement).startswith("\t") else "    "


def moved(module: Module, statements: Sequence[ast.stmt], blanks: str) -> list[str] | None:
    """The lines of statements with another indentation; ``None`` if a text runs over lines, or they share one.

    Args:
        module: the file.
        statements: of one block.
        blanks: what lines of the block begin with afterwards.
    """
    found: list[str] = []
    for statement in statements:
        old = module.indentation(statement)
        lines = module.segment(statement).splitlines()
        if not module.alone(statement) or (len(lines) > 1 and _has_long_text(statement)):
            return None
        if not all(line.startswith(old) or not line.strip() for line in lines[1:]):
            return None
        found += [blanks + lines[0], *(blanks + line[len(old) :] if line.strip() else line for line in lines[1:])]
    return found


def _has_long_text(statement: ast.stmt) -> bool:
    texts = (part for part in ast.walk(statement) if isinstance(part, ast.Constant | ast.JoinedStr))
    return any(part.lineno != part.end_lineno for part in texts)


def not_negative(module: Module, node: ast.expr) -> bool:
    """Whether a number certainly is 0 or more: it counts up from there."""
    match node:
        case ast.Constant(value=value):
            return type(value) is int and value >= 0
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return not_negative(module, left) and not_negative(module, right)
        case ast.Name():
            bindings = module.reaching(node)
            return bool(bindings) and all(_counts_up(module, one, node) for one in bindings)
        case _:
            return False


def _counts_up(module: Module, binding: Binding, node: ast.Name) -> bool:
    """Whether a variable gets the numbers of a loop, none of which is negative."""
    match binding:
        case Binding(how="for", path=(0,), value=ast.Call(args=[_], keywords=[]) as source):
            return module.calls(source, "builtins.enumerate")
        case Binding(how="for", path=(), value=ast.Call(args=[*low, _], keywords=[]) as source) if len(low) <= 1:
            return module.calls(source, "builtins.range") and all(
                start is not node and not_negative(module, start) for start in low
            )
        case _:
            return False

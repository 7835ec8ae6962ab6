"""What rules ask of a loop before they write it otherwise: constants, ranges, variables that stay inside, its lines."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import Region, within
from cambrian.source.analysis.ownership import lasting

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
    given = node.args
    if any(isinstance(one, ast.Starred) for one in given) or not 1 <= len(given) <= 3:
        return None
    if len(given) < 3 or constant(given[2]) == 1:
        return Counting(None, given[0]) if len(given) == 1 else Counting(given[0], given[1])
    first = given[0]
    if constant(given[2]) != -1 or constant(given[1]) != -1:
        return None
    below = isinstance(first, ast.BinOp) and isinstance(first.op, ast.Sub) and constant(first.right) == 1
    return Counting(None, first.left, downwards=True) if below and isinstance(first, ast.BinOp) else None


def added(module: Module, statement: ast.stmt) -> tuple[ast.Name, ast.expr] | None:
    """The variable that a statement adds to, and what: ``count += 1``, ``count = count + 1``."""
    if isinstance(statement, ast.AugAssign):
        fits = isinstance(statement.op, ast.Add) and isinstance(statement.target, ast.Name)
        return (statement.target, statement.value) if fits and isinstance(statement.target, ast.Name) else None
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target, made = statement.targets[0], statement.value
    if not isinstance(target, ast.Name) or not isinstance(made, ast.BinOp) or not isinstance(made.op, ast.Add):
        return None
    sides = (made.left, made.right)
    return next(((target, other) for one, other in (sides, sides[::-1]) if same(module, one, target)), None)


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
    if isinstance(node, ast.Constant):
        return type(node.value) is int and node.value >= 0
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return not_negative(module, node.left) and not_negative(module, node.right)
    bindings = module.reaching(node) if isinstance(node, ast.Name) else ()
    for one in bindings:
        source = one.value
        if one.how != "for" or not isinstance(source, ast.Call) or source.keywords:
            return False
        if module.calls(source, "builtins.enumerate") and one.path == (0,) and len(source.args) == 1:
            continue
        start = source.args[0] if len(source.args) == 2 else ast.Constant(0)
        counts = module.calls(source, "builtins.range") and len(source.args) <= 2 and not one.path
        if not counts or start is node or not not_negative(module, start):
            return False
    return bool(bindings)

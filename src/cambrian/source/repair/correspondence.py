"""Which variable of one function plays the part of which in another, by their uses. Pure; nothing is executed."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import cast

from .surface import Function

__all__ = ["correspondence", "renamed", "shape"]


def correspondence(peer: Function, own: Function) -> dict[str, str]:
    """Names of the peer's parameters and variables → names for them in our function.

    Parameters go by their order, variables by likeness of use, best ones first; what is left keeps its name unless that
    means something else here.
    """
    ours, theirs = _arguments(own), _arguments(peer)
    found = dict(zip(theirs, ours, strict=False))
    mine = {name: uses for name, uses in _uses(own).items() if name not in ours}
    other = {name: uses for name, uses in _uses(peer).items() if name not in theirs}
    ranked = sorted(((_likeness(other[a], mine[b]) + 0.01 * (a == b), a, b) for a in other for b in mine), reverse=True)
    taken = set(found.values())
    for likeness, a, b in ranked:
        if likeness > 0.25 and a not in found and b not in taken:
            found[a] = b
            taken.add(b)
    for name in (*other, *theirs):
        if name not in found:
            found[name] = _fresh(name, taken | set(mine) | set(ours))
            taken.add(found[name])
    return found


def renamed(node: ast.stmt, names: Mapping[str, str]) -> ast.stmt:
    """A copy of a statement with other names for variables."""
    made = copy.deepcopy(node)
    for part in ast.walk(made):
        if isinstance(part, ast.Name):
            part.id = names.get(part.id, part.id)
        elif isinstance(part, ast.arg):
            part.arg = names.get(part.arg, part.arg)
    return made


def shape(nodes: Iterable[ast.AST]) -> Counter[str]:
    """Kinds of nodes with the kinds that they stand in, and names of attributes; variables' names do not count."""
    found: Counter[str] = Counter()
    todo = [(node, "") for node in nodes]
    while todo:
        node, above = todo.pop()
        if isinstance(node, ast.expr_context) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            continue
        own = type(node).__name__
        if isinstance(node, ast.Attribute):
            own += node.attr
        elif isinstance(node, ast.Constant):
            own += repr(node.value)
        found[f"{above}>{own}"] += 1
        todo += [(child, own) for child in ast.iter_child_nodes(node)]
    return found


def _arguments(function: Function) -> list[str]:
    return [each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _uses(function: Function) -> dict[str, Counter[str]]:
    """Variable → in what it stands, and what stands beside it there."""
    bound = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    found: dict[str, Counter[str]] = {name: Counter() for name in sorted(bound)}
    for parent in ast.walk(function):
        for field, value in ast.iter_fields(parent):
            parts = cast("list[object]", value) if isinstance(value, list) else [value]
            for part in parts:
                if isinstance(part, ast.Name) and part.id in found:
                    found[part.id][f"{type(parent).__name__}.{field}{_beside(parent)}"] += 1
                    found[part.id][f"{type(parent).__name__}.{field}"] += 1
    return found


def _beside(parent: ast.AST) -> str:
    match parent:
        case ast.Assign(value=value):
            return f"={type(value).__name__}{getattr(value, 'value', '')!s:.10}"
        case ast.Attribute(attr=attr):
            return f".{attr}"
        case ast.Call(func=ast.Name(id=name)):
            return f"({name}"
        case ast.AugAssign(op=op):
            return type(op).__name__
        case _:
            return ""


def _likeness(one: Counter[str], two: Counter[str]) -> float:
    shared, every = (one & two).total(), (one | two).total()
    return shared / every if every else 0.0


def _fresh(name: str, taken: set[str]) -> str:
    made, number = name, 2
    while made in taken:
        made, number = f"{name}{number}", number + 1
    return made

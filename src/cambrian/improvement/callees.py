"""Functions that a target is made of, as programs of their own: those within it, those of its file that it calls.

A loop that is slow stands as often in a callee as in the function that a person names. Nobody calls a callee with known
arguments, so calls are made up, of numbers, of lists, of texts; those that it is not meant for fail, and match nothing.
"""

from __future__ import annotations

import ast
import builtins
import textwrap
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import NamedTuple

from cambrian.core.ports import Program
from cambrian.source.algorithms.placing import replaceable
from cambrian.source.analysis import Module
from cambrian.verify.cases import Case

from .proposing import scopes_of
from .targets import Target

__all__ = ["Callee", "callees", "made_up"]

_MOST = 3
_CALLS = 40
_PARAMETERS = 3


class Callee(NamedTuple):
    """A function that a target is made of.

    Args:
        node: where it stands.
        program: runs it alone.
    """

    node: ast.FunctionDef
    program: Program


def callees(target: Target, module: Module) -> Iterator[Callee]:
    """Those that could be replaced, at most three: the inner ones first, as far as they read nothing of the target's.

    Args:
        target: the function.
        module: its file.
    """
    found: list[Callee] = []
    for node in filter(_fit, module.of(ast.FunctionDef)):
        program = _alone(target, module, node)
        if program is not None:
            found.append(Callee(node, program))
    found.sort(key=lambda each: module.parent(each.node) is module.tree)
    yield from found[:_MOST]


def _alone(target: Target, module: Module, node: ast.FunctionDef) -> Program | None:
    """A program that runs a function which the target is made of, alone; `None` of others, and where that cannot be."""
    if module.parent(node) is module.tree:
        called = node.name in scopes_of(target.text, target.name)[1:]
        return Program(files=target.files, entry=f"{target.path}:{node.name}") if called else None
    above = [each for each in module.ancestors(node) if isinstance(each, ast.FunctionDef)]
    within = above and module.qualname(above[-1]) == target.name
    return _lifted(target, above[-1], node) if within else None


def _fit(node: ast.FunctionDef) -> bool:
    given = node.args
    return replaceable(node) and not given.defaults and 0 < len(given.args) <= _PARAMETERS and not given.posonlyargs


def _lifted(target: Target, outer: ast.FunctionDef, node: ast.FunctionDef) -> Program | None:
    """A program in which an inner function stands at the top, with the target's imports; `None` if it reads more."""
    imports = [each for each in outer.body if isinstance(each, ast.Import | ast.ImportFrom)]
    given = {(alias.asname or alias.name).partition(".")[0] for each in imports for alias in each.names}
    if (_read(node) & _bound(outer)) - given - {node.name}:
        return None
    lines = [ast.unparse(each) for each in imports]
    text = "\n".join([target.text, *lines, textwrap.dedent(ast.unparse(node)), ""])
    return Program(files={**target.files, target.path: text}, entry=f"{target.path}:{node.name}")


def _read(node: ast.FunctionDef) -> set[str]:
    """Names that a function reads and does not bind."""
    names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    bound = {each.id for each in names if not isinstance(each.ctx, ast.Load)} | {each.arg for each in node.args.args}
    return {each.id for each in names} - bound - set(dir(builtins))


def _bound(outer: ast.FunctionDef) -> set[str]:
    """Names of a function's own: parameters, variables, imports, functions within."""
    found = {each.arg for each in ast.walk(outer) if isinstance(each, ast.arg)}
    for each in ast.walk(outer):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            found.add(each.id)
        elif isinstance(each, ast.FunctionDef) and each is not outer:
            found.add(each.name)
        elif isinstance(each, ast.alias):
            found.add((each.asname or each.name).partition(".")[0])
    return found


Draw = Callable[[Random], object]
_FIRSTS: Mapping[str, Draw] = {
    "numbers": lambda rng: rng.randint(-2, 60),
    "lists": lambda rng: [rng.randint(-5, 9) for _ in range(rng.randint(0, 8))],
    "texts": lambda rng: "".join(rng.choice("abcab ()") for _ in range(rng.randint(0, 8))),
}


def made_up(callee: Callee, seed: int) -> Iterator[list[Case]]:
    """Calls of a callee, of one kind after the other: the first argument of it, and others of it or numbers.

    Args:
        callee: the function.
        seed: of the draw.
    """
    rng, width = Random(seed), len(callee.node.args.args)
    for first in _FIRSTS.values():
        for other in (first, _FIRSTS["numbers"])[: 1 if width == 1 or first is _FIRSTS["numbers"] else 2]:
            yield [
                Case(arguments=(first(rng), *(other(rng) for _ in range(width - 1))), origin="made up")
                for _ in range(_CALLS)
            ]

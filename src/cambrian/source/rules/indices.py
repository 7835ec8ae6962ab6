"""Loops over the indices of a sequence: which ones those are, and how the items themselves are written."""

from __future__ import annotations

import ast
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import Region, within
from cambrian.source.analysis.ownership import lasting
from cambrian.source.rules.loops import outlives

__all__ = ["Indices", "indices", "measured", "walked"]


class Indices(NamedTuple):
    """All indices of a sequence, from `first` on, each `step`-th one.

    Args:
        items: where its length is taken: the sequence's name.
        first: not negative.
        step: at least 1.
    """

    items: ast.Name
    first: int = 0
    step: int = 1


def indices(module: Module, node: ast.expr, assumes: set[str] | None = None) -> Indices | None:
    """What indices an expression goes over: ``range(len(xs))``, ``range(1, n, 2)`` with ``n = len(xs)``.

    Args:
        module: the file.
        node: what is looped over.
        assumes: takes what has to be trusted for a length that was taken before.
    """
    if not isinstance(node, ast.Call) or not module.calls(node, "builtins.range") or node.keywords:
        return None
    if not node.args or any(isinstance(argument, ast.Starred) for argument in node.args):
        return None
    stop = node.args[0] if len(node.args) == 1 else node.args[1]
    first = 0 if len(node.args) == 1 else _constant(node.args[0], 0)
    step = 1 if len(node.args) < 3 else _constant(node.args[2], 1)
    items = measured(module, stop, assumes)
    return None if items is None or first is None or step is None else Indices(items, first, step)


def walked(module: Module, target: ast.Name, items: ast.Name, inside: Region, *kinds: str, assumes: set[str]) -> bool:
    """Whether a loop's index is the loop's alone, and the sequence that it goes over stays the same meanwhile.

    Args:
        module: the file.
        target: the index, where the loop binds it.
        items: the sequence.
        inside: the code that runs on each turn.
        kinds: what the sequence may be; a bare parameter is assumed to be the first.
        assumes: takes what has to be trusted.
    """
    index, sequence = module.variable(target), module.variable(items)
    if sequence is None or index is sequence or not lasting(index):
        return False
    if index.scope.kind not in {"function", "comprehension"} or outlives(module, target, inside):
        return False
    if any(binding.node is not target and within(binding.node, inside) for binding in index.bindings):
        return False
    kind = module.taken(items, *kinds, assumes=assumes)
    return kind is not None and module.unchanged(items, inside, assumes)


def _constant(node: ast.expr, least: int) -> int | None:
    fits = isinstance(node, ast.Constant) and type(node.value) is int and node.value >= least
    return node.value if fits and isinstance(node, ast.Constant) and isinstance(node.value, int) else None


def measured(module: Module, node: ast.expr, assumes: set[str] | None = None) -> ast.Name | None:
    """The name of what has this length: of ``len(xs)``, or of a variable that was assigned that before.

    Args:
        module: the file.
        node: a length.
        assumes: takes what has to be trusted: that the sequence did not change since.
    """
    call = module.value(node)
    if not isinstance(call, ast.Call) or not module.calls(call, "builtins.len") or len(call.args) != 1:
        return None
    items = call.args[0]
    if not isinstance(items, ast.Name) or call is node:
        return items if isinstance(items, ast.Name) else None
    region = _between(module, call, node)
    mine: set[str] = set()
    trusted = None if assumes is None else mine
    if region is None or (region and not module.unchanged(items, region, trusted)):
        return None
    if module.scope(items).frame is not module.scope(node).frame:
        return None
    if assumes is not None:
        assumes |= mine
    return items


def _between(module: Module, earlier: ast.expr, later: ast.expr) -> Region | None:
    """The statements that run behind `earlier`'s, up to the one that `later` is a part of, with it."""
    block = module.block(module.statement(earlier))
    behind = block.statements[block.place + 1 :]
    for place, statement in enumerate(behind):
        if within(later, statement):
            return behind[: place + 1]
    return None

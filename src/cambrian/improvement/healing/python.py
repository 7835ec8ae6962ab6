"""Improvement, healing: the `Healer` for Python: named repairs, then the operators for mistakes of logic. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from cambrian.source.repair.named import named, unknown
from cambrian.source.repair.operators import patches
from cambrian.source.repair.patch import Tier
from cambrian.source.repair.report import Failure, Fix
from cambrian.source.repair.surface import Surface
from cambrian.source.tree import Problem

__all__ = ["PythonHealer"]

_COST = {1: 2.0, 2: 3.0, 3: 4.0}


class PythonHealer:
    """See `healing.Healer`."""

    def named(self, text: str, failure: Failure) -> Sequence[Fix]:
        """See `healing.Healer.named`."""
        return named(text, failure)

    def unknown(self, text: str) -> Sequence[str]:
        """See `healing.Healer.unknown`."""
        return unknown(text)

    def edits(self, text: str, failure: Failure) -> Iterator[Fix]:
        """See `healing.Healer.edits`; those on the lines of the failure come first. Assertions are not bent."""
        surface = Surface.read(text)
        if isinstance(surface, Problem):
            return
        held = {
            line
            for node in ast.walk(surface.tree) if isinstance(node, ast.Assert)
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }  # fmt: skip
        near = {failure.line, *failure.lines}
        tiers: tuple[Tier, ...] = (1, 2, 3)
        for tier in tiers:
            every = sorted(patches(surface, (tier,)), key=lambda patch: patch.line not in near)
            for patch in (each for each in every if each.line not in held):
                cost = _COST[tier] + (0.0 if patch.line in near else 0.5)
                yield Fix(
                    text=patch.on(text), what=patch.operator.replace("_", " "), cost=cost, line=patch.line, named=False
                )

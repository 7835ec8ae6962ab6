"""Repair operators: kinds of small changes, each going through a text in a fixed order. Nothing is executed.

Index:
    conditions   comparisons, boundaries, negation, 'and' and 'or'
    values       constants, names, indices, bounds, slices, arithmetic
    calls        methods, arguments, conversions, ranges, sorting
    statements   left out, moved in and out of blocks, copied, guarded
    answers      missing and wrong returns, simplest cases
"""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.repair.patch import Operator, Patch, Tier
from cambrian.source.repair.surface import Surface

from . import answers, calls, conditions, statements, values

__all__ = ["OPERATORS", "patches"]

OPERATORS: tuple[Operator, ...] = (
    *conditions.OPERATORS, *values.OPERATORS, *calls.OPERATORS, *answers.OPERATORS, *statements.OPERATORS,
)  # fmt: skip
"""All of them."""


def patches(surface: Surface, tiers: tuple[Tier, ...] = (1, 2, 3)) -> Iterator[Patch]:
    """All patches of a text, operator by operator, without those that write what stands there."""
    for operator in OPERATORS:
        if operator.tier <= max(tiers):
            for patch in operator.patches(surface):
                if patch.tier in tiers:
                    yield patch

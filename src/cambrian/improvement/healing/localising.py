"""Improvement, healing: which lines are suspicious, from what each test executes and whether it passes. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["ochiai"]


def ochiai(lines: Sequence[frozenset[int]], passed: int) -> dict[int, float]:
    """Suspiciousness of lines, from 0 to 1: failing runs over ``sqrt(failing in all × runs)``.

    Abreu, Zoeteweij and van Gemund, "On the accuracy of spectrum-based fault localization" (2007).

    Args:
        lines: for each test the lines that it executes.
        passed: bits of the tests that pass.
    """
    failing = [each for index, each in enumerate(lines) if not passed >> index & 1]
    found: dict[int, float] = {}
    for line in frozenset[int]().union(*lines):
        bad = sum(line in each for each in failing)
        runs = sum(line in each for each in lines)
        found[line] = bad / math.sqrt(len(failing) * runs) if failing and runs else 0.0
    return found

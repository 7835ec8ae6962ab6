"""Which of two versions is the later one: PEP 440 and semantic versioning, as far as they are alike. Text only."""

from __future__ import annotations

import re
from itertools import zip_longest

__all__ = ["compare"]

_PARTS = re.compile(r"\d+|[a-zA-Z]+")
_RANKS = {"dev": -4, "a": -3, "alpha": -3, "b": -2, "beta": -2, "c": -1, "rc": -1, "pre": -1, "preview": -1, "post": 1}


def compare(one: str, other: str) -> int:
    """Negative if the first is earlier, 0 if they are equal, positive if it is later."""
    for left, right in zip_longest(_keys(one), _keys(other), fillvalue=(0, 0)):
        if left != right:
            return -1 if left < right else 1
    return 0


def _keys(version: str) -> list[tuple[int, int]]:
    """Numbers, and words that come before or after the plain version."""
    public = version.partition("+")[0].lstrip("vV=")
    parts: list[str] = _PARTS.findall(public)
    keys = [(0, int(part)) if part.isdigit() else (_RANKS.get(part.lower(), -1), 0) for part in parts]
    while keys and keys[-1] == (0, 0):
        keys.pop()
    return keys

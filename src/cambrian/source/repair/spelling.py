"""Which known word was meant. Pure.

Distance: optimal string alignment, Damerau (1964): insertions, deletions, replacements and swaps of neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["distance", "similar"]

_LONGEST = 60


def distance(a: str, b: str, most: int = 4) -> int:
    """Edits from one word to the other; ``most + 1`` if there are more than `most`."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, y in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, last[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return row[-1]


def similar(word: str, known: Iterable[str], *, most: int = 8) -> list[tuple[str, float]]:
    """Known words that may have been meant, the likeliest first, with their distance; other case costs a half.

    Two edits at most for short words, a third of the letters for long ones. Underscores and case count little:
    ``getName`` is near to ``get_name``.
    """
    limit = max(1, min(4, (len(word) + 1) // 3))
    found: dict[str, float] = {}
    for other in known:
        if other == word or len(other) > _LONGEST:
            continue
        plain = _plain(word) == _plain(other)
        edits = (
            0.5
            if plain
            else float(min(distance(word, other, limit), distance(_plain(word), _plain(other), limit) + 0.5))
        )
        if edits <= limit:
            found[other] = edits + (0.3 if other.startswith("_") and not word.startswith("_") else 0.0)
        elif len(word) > 3 and (other.startswith(word) or (len(other) > 3 and word.startswith(other))):
            found[other] = limit + 0.5
    return sorted(found.items(), key=lambda each: (each[1], each[0]))[:most]


def _plain(word: str) -> str:
    return word.replace("_", "").lower()

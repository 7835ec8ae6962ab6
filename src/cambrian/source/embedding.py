"""What a change looks like, as a vector: programs compared by what they change, not letter by letter. Pure text.

Feature hashing of token n-grams (Weinberger et al. 2009) of the normalised program, of fixed dimension and without any
training. The vector is that of the *change*: a whole program of ten thousand lines is nearly the same vector before and
after any edit, what was edited is not.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from zlib import crc32

from .reading import Reading, read
from .syntax import is_python

DIMENSION = 1 << 14
GRAM = 3
"""Tokens in a row that count as one feature; each shorter run counts as well."""

Vector = dict[int, float]
"""Place → value, zeros left out; of length 1, or empty."""

_TOKEN = re.compile(r"\w+|[^\w\s]")


def change(before: Mapping[str, str], after: Mapping[str, str], language: str) -> Vector:
    """The vector of a change; empty where nothing changed that could matter.

    Only the parts (top-level statements of Python, files otherwise) that differ are looked at.

    Args:
        before: path → text.
        after: path → text.
        language: of both.
    """
    old, new = _parts(before, language), _parts(after, language)
    counts: Counter[int] = Counter()
    for part, times in (new - old).items():
        _count(counts, part, times)
    for part, times in (old - new).items():
        _count(counts, part, -times)
    length = math.sqrt(sum(value * value for value in counts.values()))
    return {place: value / length for place, value in counts.items() if value} if length else {}


def cosine(a: Vector, b: Vector) -> float:
    """How alike two changes are: 1 the same, 0 nothing in common, -1 one takes the other back."""
    if len(a) > len(b):
        a, b = b, a
    return sum(value * b.get(place, 0.0) for place, value in a.items())


def _parts(files: Mapping[str, str], language: str) -> Counter[str]:
    """The program's parts, each as often as it occurs."""
    return Counter(part for name, text in files.items() for part in _file(name, text, language))


def _file(name: str, text: str, language: str) -> list[str]:
    found = read(text, name) if is_python(name, language) else None
    return [chunk.canonical for chunk in found.chunks] if isinstance(found, Reading) else [text]


def _count(counts: Counter[int], part: str, times: int) -> None:
    for gram in _grams(_TOKEN.findall(part)):
        code = crc32(gram.encode())
        counts[code % DIMENSION] += times if code & 0x8000_0000 else -times


def _grams(tokens: list[str]) -> Iterator[str]:
    for size in range(1, GRAM + 1):
        for start in range(len(tokens) - size + 1):
            yield "\0".join(tokens[start : start + size])

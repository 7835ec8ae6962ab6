"""What the two makers of errors share: an edit of a text, and slips of the fingers. Everything comes from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
"""Letters → neighbours on a keyboard."""

FAMILIAR = {"json": "jason", "append": "appned", "length": "lenght"}
"""Names → how everybody misspells them."""

Translation = tuple[str, str]
"""A regular expression and what stands for it in another language."""


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by `new`."""

    start: int
    end: int
    new: str

    def apply(self, text: str) -> str:
        """The text with the edit made."""
        return text[: self.start] + self.new + text[self.end :]


def chance(*parts: object) -> random.Random:
    """Randomness that is the same for the same parts, on every machine."""
    return random.Random("/".join(map(str, parts)))


def typo(name: str, at: int) -> str:
    """A name as fingers miss it: letters swapped, dropped, doubled, or a key beside."""
    dice = chance("typo", name, at)
    if name in FAMILIAR:
        return FAMILIAR[name]
    for _ in range(20):
        i = dice.randrange(1, max(2, len(name) - 1)) if len(name) > 2 else 0
        letter = name[i]
        wrong = dice.choice([
            name[:i] + name[i + 1 : i + 2] + letter + name[i + 2 :],
            name[:i] + name[i + 1 :],
            name[:i] + letter + name[i:],
            name[:i] + dice.choice(NEAR.get(letter.lower(), "x")) + name[i + 1 :],
        ])  # fmt: skip
        if wrong != name and wrong.isidentifier():
            return wrong
    return name + "s"


def recased(name: str) -> str:
    """A name with its capitals wrong: ``counter`` for ``Counter``, ``byName`` for ``by_name``."""
    if name[0].isupper():
        return name.lower() if name != name.lower() else name
    if "_" in name.strip("_"):
        return re.sub(r"(?<=[a-z])_([a-z])", lambda match: match[1].upper(), name)
    if name != name.lower():
        return name.lower()
    return name[0].upper() + name[1:]


def translated(text: str, words: Sequence[Translation], opaque: Iterable[tuple[int, int]]) -> Iterator[Edit]:
    """Pieces of code (not of strings or comments) as another language would have them."""
    hidden = list(opaque)
    for pattern, new in words:
        for match in re.finditer(pattern, text):
            if not any(start <= match.start() < end for start, end in hidden):
                yield Edit(match.start(), match.end(), match.expand(new))


def numbered(text: str, value: int) -> str:
    """A number off by one: up or down by its digits."""
    return str(value + 1) if value == 0 or (value + len(text)) % 2 else str(value - 1)

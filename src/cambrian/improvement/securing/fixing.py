"""Fixes put together: file by file, in rounds, each text held against the language before it counts. Pure text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from cambrian.source.rules.rule import Language, Rewrite, applied
from cambrian.source.rules.security.finding import Finding
from cambrian.source.syntax import check

__all__ = ["Fixed", "fixed"]

_ROUNDS = 4
"""Fixes that overlap are made one after the other."""


class Fixed(msgspec.Struct, frozen=True):
    """A file with its fixes.

    Args:
        text: the new text.
        made: what was fixed, of the findings in the old text.
        refused: findings whose fix did not stand: the text would not have been a program any more.
    """

    text: str
    made: tuple[Rewrite, ...]
    refused: tuple[Rewrite, ...] = ()


def fixed(
    text: str,
    path: str,
    language: Language,
    find: Callable[[str], Sequence[Finding]],
    chosen: Callable[[Finding], bool],
) -> Fixed:
    """Make the fixes of a file.

    Args:
        text: the file.
        path: its name.
        language: what it is written in.
        find: looks through a text.
        chosen: whether a finding is to be fixed.
    """
    made: list[Rewrite] = []
    refused: list[Rewrite] = []
    for number in range(_ROUNDS):
        wanted = [each.rewrite for each in find(text) if each.rewrite.splices and chosen(each)]
        good = [each for each in wanted if _stands(applied(text, [each]), path, language)]
        if number == 0:
            refused = [each for each in wanted if each not in good]
        new = applied(text, good)
        if new == text or not _stands(new, path, language):
            break
        made += good
        text = new
    return Fixed(text, tuple(made), tuple(refused))


def _stands(text: str, path: str, language: Language) -> bool:
    return not check({path: text}, language=language)

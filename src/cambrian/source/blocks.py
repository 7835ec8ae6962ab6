"""EVOLVE-BLOCK markers: which lines of a program may change. Text only; no language is parsed here.

A marker stands in a comment on a line of its own, in any common comment syntax::

    # EVOLVE-BLOCK-START        // EVOLVE-BLOCK-START        -- EVOLVE-BLOCK-START
    ; EVOLVE-BLOCK-START        /* EVOLVE-BLOCK-START */     % EVOLVE-BLOCK-START

What stands between a START and its END may change; the marker lines themselves may not. A program without any marker
is editable everywhere. **As soon as one file has markers, files without markers are frozen.** Files may be added (they
change no line), but a marked program's files may not be removed.

This is a rule about text. An unclosed string in a block can still swallow frozen lines as far as their meaning goes;
that harms the candidate alone, since what confers a score is never part of the program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from cambrian.core.errors import UsageError

from .edit import count, lines

_MARKER = re.compile(r"\s*(?:#+|//+|--+|;+|/\*+|%+|<!--|\(\*|!)\s*EVOLVE-BLOCK-(START|END)\b")
_WORD = "EVOLVE-BLOCK-"


class Span(NamedTuple):
    """Lines `start` up to but not including `stop`, 1-based. Empty when both are equal."""

    start: int
    stop: int

    def covers(self, first: int, last: int) -> bool:
        """Whether the lines from `first` to `last`, both included, all lie in the span."""
        return self.start <= first and last < self.stop


def has_markers(text: str) -> bool:
    """Whether the text has at least one marker."""
    return bool(_marks(text))


def spans(text: str, *, name: str = "program") -> tuple[Span, ...]:
    """Editable lines of one file taken by itself: the whole of it when it has no markers.

    Args:
        text: the file's text.
        name: how errors call the file.

    Raises:
        UsageError: markers are nested or unbalanced; names the line.
    """
    found: list[Span] = []
    opened = 0
    marks = _marks(text)
    for number, kind in marks:
        opened = _marker(kind, number, opened, found, name)
    if opened:
        raise UsageError(f"{name}:{opened}: EVOLVE-BLOCK-START is never closed; add an EVOLVE-BLOCK-END below it")
    return tuple(found) if marks else (Span(1, count(text) + 1),)


def _marks(text: str) -> list[tuple[int, str]]:
    """Lines with a marker, and which. Only lines with the word in them are looked at."""
    found: list[tuple[int, str]] = []
    number = done = 0
    at = text.find(_WORD)
    while at >= 0:
        start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
        number += count(text[done:start])
        stop = min(end for end in (text.find("\n", at), text.find("\r", at), len(text)) if end >= 0)
        if match := _MARKER.match(text, start, stop):
            found.append((number + 1, match[1]))
        done, at = start, text.find(_WORD, stop)
    return found


def _marker(kind: str, number: int, opened: int, found: list[Span], name: str) -> int:
    """Take one marker; returns the line of the block now open, 0 if none is."""
    if kind == "START":
        if opened:
            raise UsageError(
                f"{name}:{number}: EVOLVE-BLOCK-START inside the block that line {opened} opened; blocks cannot be "
                "nested, close the first with EVOLVE-BLOCK-END"
            )
        return number
    if not opened:
        raise UsageError(f"{name}:{number}: EVOLVE-BLOCK-END without a start; add an EVOLVE-BLOCK-START above it")
    found.append(Span(opened + 1, number))
    return 0


def editable(files: Mapping[str, str]) -> dict[str, tuple[Span, ...]]:
    """Editable lines of each file of a program. Frozen files have no span.

    Raises:
        UsageError: markers are nested or unbalanced; names the file and the line.
    """
    marked = {name for name, text in files.items() if has_markers(text)}
    return {name: spans(text, name=name) if not marked or name in marked else () for name, text in files.items()}


def within(found: Sequence[Span], above: int, length: int) -> tuple[Span, ...]:
    """Spans of a file as those of a part of it that is so many lines long and has so many lines `above`."""
    moved = (Span(max(1, span.start - above), min(length + 1, span.stop - above)) for span in found)
    return tuple(span for span in moved if span.start < span.stop)


def frozen_difference(before: Mapping[str, str], after: Mapping[str, str]) -> str | None:
    """What of the frozen text of a program changed, in one line; ``None`` if nothing did.

    Args:
        before: the program whose markers hold; path → text.
        after: the program to check.

    Raises:
        UsageError: the markers of `before` are wrong. Wrong markers in `after` are a difference, not an error.
    """
    allowed = editable(before)
    if not any(has_markers(text) for text in before.values()):
        return None
    for name, text in before.items():
        if name not in after:
            return f"{name}: the file is missing; a program with EVOLVE-BLOCK markers keeps all its files"
        if text != after[name] and (difference := _file_difference(name, text, after[name], allowed[name])):
            return difference
    return None


def same_outside(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether `after` differs from `before` in editable lines only. See `frozen_difference`."""
    return frozen_difference(before, after) is None


def _file_difference(name: str, before: str, after: str, allowed: tuple[Span, ...]) -> str | None:
    try:
        now = spans(after, name=name) if allowed else ()
    except UsageError as error:
        return str(error)
    if len(now) != len(allowed):
        return f"{name}: it has {len(now)} EVOLVE-BLOCKs and had {len(allowed)}; blocks cannot be added or removed"
    if _frozen_text(before, allowed) == _frozen_text(after, now):
        return None
    pairs = zip_longest(_frozen(before, allowed), _frozen(after, now))
    for old, new in pairs:
        if old is None or new is None or old[1:] != new[1:]:
            line, content = (old[0], old[2]) if old else (0, "")
            if old is None:
                return f"{name}:{new[0] if new else 0}: a line was added outside the EVOLVE-BLOCKs"
            return f"{name}:{line}: the frozen line {content.strip()[:120]!r} was changed or moved"
    return None


def _frozen_text(text: str, allowed: tuple[Span, ...]) -> list[str]:
    """What stands before, between and after the blocks."""
    content = lines(text)
    starts = [0, *(span.stop - 1 for span in allowed)]
    stops = [*(span.start - 1 for span in allowed), len(content)]
    return ["".join(content[start:stop]) for start, stop in zip(starts, stops, strict=True)]


def _frozen(text: str, allowed: tuple[Span, ...]) -> list[tuple[int, int, str]]:
    """Frozen lines as (line number, index of the block that comes next, content)."""
    result: list[tuple[int, int, str]] = []
    block = 0
    for number, line in enumerate(lines(text), 1):
        while block < len(allowed) and number >= allowed[block].stop:
            block += 1
        if block == len(allowed) or number < allowed[block].start:
            result.append((number, block, line))
    return result

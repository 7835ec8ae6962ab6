"""The part of a program that one candidate's edits look at: a small file as a whole, of a large one some statements.

Operators weigh every expression of what they are given, so what they are given is bounded: a file of more than
`WINDOW` characters is edited around one of its top-level statements, which sees the names of the whole file and takes
what it copies from its neighbours. Read only; no I/O.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

from cambrian.core.errors import ProposalError, UsageError
from cambrian.core.variant import Variant
from cambrian.source import blocks, syntax
from cambrian.source.blocks import Span
from cambrian.source.cache import Cache
from cambrian.source.edit import count
from cambrian.source.reading import Reading, read

from .context import NOTHING_AROUND, Around, Context, context_of

WINDOW = 12_000
"""Characters of the largest file that edits look at as a whole."""
NEIGHBOURS = 4_000
"""Characters that a part of a larger file has, once it has as many: whole statements, the last one included."""
_ROOM = 400_000
_KEPT, _FIXED = 4, 2_000
"""Of the largest programs seen, how many are remembered; what a program weighs besides its text, in bytes."""


class Window(NamedTuple):
    """A stretch of a file.

    `before` and `after` are the file's text around it, `line` counts the lines before it.
    """

    name: str
    before: str
    text: str
    after: str
    line: int
    around: Around

    def whole(self) -> str:
        """The file."""
        return self.before + self.text + self.after

    def replaced(self, text: str) -> Window:
        """The same stretch with another text."""
        return self._replace(text=text)

    def context(self) -> Context | None:
        """The stretch, parsed; ``None`` if it does not parse or its markers are wrong."""
        try:
            spans = blocks.spans(self.whole(), name=self.name)
        except UsageError:
            return None
        return context_of(self.name, self.text, blocks.within(spans, self.line, count(self.text)), self.around)


class Program:
    """A parent's files and which of them may change.

    Args:
        files: its files.
        editable: names of the Python files with anything to edit, and how many lines of each may change.
    """

    def __init__(self, files: Mapping[str, str], editable: Mapping[str, tuple[Span, ...]]) -> None:
        self.files = files
        self.marked = any(map(blocks.has_markers, files.values()))
        self._spans = editable
        self._names = list(editable)
        self._weights = [sum(span.stop - span.start for span in editable[name]) + 1 for name in self._names]

    def window(self, rng: Random) -> Window:
        """A stretch to edit; a file is chosen by its editable lines, a stretch of a large one by its characters."""
        name = rng.choices(self._names, self._weights)[0]
        text = self.files[name]
        found = read(text, name) if len(text) > WINDOW else None
        if not isinstance(found, Reading) or len(found.chunks) == 1:
            return Window(name, "", text, "", 0, NOTHING_AROUND)
        return _stretch(name, found, self._spans[name], rng)


def _stretch(name: str, found: Reading, spans: Sequence[Span], rng: Random) -> Window:
    """Whole statements around a chunk in which something may change."""
    chunks = found.chunks
    lines = [0]
    for chunk in chunks:
        lines.append(lines[-1] + chunk.lines)
    weights = [
        len(chunk.text) if any(span.start <= lines[index + 1] and lines[index] + 1 < span.stop for span in spans) else 0
        for index, chunk in enumerate(chunks)
    ]
    first = rng.choices(range(len(chunks)), weights)[0]
    last, size = first, len(chunks[first].text)
    while size < NEIGHBOURS and (first > 0 or last + 1 < len(chunks)):
        if last + 1 < len(chunks) and (first == 0 or (last - first) % 2 == 0):
            last += 1
            size += len(chunks[last].text)
        else:
            first -= 1
            size += len(chunks[first].text)
    start = sum(len(chunk.text) for chunk in chunks[:first])
    stop = start + size
    text = found.text
    variables = frozenset[str]().union(*(chunk.variables for chunk in chunks))
    known = variables.union(*(chunk.defined for chunk in chunks))
    return Window(name, text[:start], text[start:stop], text[stop:], lines[first], Around(variables, known, text))


_PROGRAMS: Cache[tuple[tuple[str, str], ...], Program] = Cache(_ROOM)


def program(variant: Variant, proposer: str) -> Program:
    """A variant as a program to edit.

    Args:
        variant: the variant.
        proposer: how errors call who asks.

    Raises:
        ProposalError: it is not Python, its markers are wrong, or nothing in it can be edited.
    """
    if variant.language != "python":
        raise ProposalError(f"{proposer!r} edits Python, and variant {variant.id!r} is {variant.language!r}")
    key = tuple(sorted(variant.files.items()))
    known = _PROGRAMS.get(key)
    if known is not None:
        return known
    try:
        spans = blocks.editable(variant.files)
    except UsageError as error:
        raise ProposalError(f"{proposer!r} cannot edit variant {variant.id!r}: {error}") from error
    editable = {
        name: spans[name]
        for name, text in key
        if syntax.is_python(name, "python") and _has_room(name, text, spans[name])
    }
    if not editable:
        raise ProposalError(f"{proposer!r} finds nothing to edit in variant {variant.id!r}")
    weight = _FIXED + sum(len(text) for _, text in key)
    _PROGRAMS.widen(_KEPT * weight)
    return _PROGRAMS.put(key, Program(variant.files, editable), weight)


def _has_room(name: str, text: str, spans: tuple[Span, ...]) -> bool:
    """Whether anything in a file can be edited; large ones are taken to have something."""
    if not spans:
        return False
    if len(text) > WINDOW:
        return isinstance(read(text, name), Reading) and any(span.start < span.stop for span in spans)
    context = context_of(name, text, spans)
    return context is not None and bool(context.sites or context.places)

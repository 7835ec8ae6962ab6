"""A Python file, read: what the checks ask of it, put together from its chunks. Nothing is executed."""

from __future__ import annotations
import __future__

from collections.abc import Collection

from . import chunk
from .cache import Cache
from .chunk import Chunk, divide, is_chunk, words
from .tree import Problem, code_of, parse

_ROOM, _FIXED = 500_000, 500
_PROGRAMS = 8
"""Bytes that a reading weighs besides its text, about, and how many of the largest programs seen there is room for."""
_ANNOTATIONS = __future__.annotations.compiler_flag


class Reading:
    """A Python file that parses.

    Args:
        text: its text.
        chunks: its chunks, which joined give the text.
    """

    def __init__(self, text: str, chunks: tuple[Chunk, ...]) -> None:
        self.text = text
        self.chunks = chunks
        self._looked_up: list[frozenset[str]] | None = None
        self._compiled = False

    def canonical(self) -> str:
        """The text that stands for the file, whatever its formatting."""
        if "__doc__" in self.text:
            body = "".join(item.with_texts(first=index == 0) for index, item in enumerate(self.chunks))
        else:
            body = "".join([item.canonical for item in self.chunks])
        return f"Module([{body}])"

    def problem(self, name: str) -> Problem | None:
        """Why Python does not compile it, or ``None``. Telling why takes longer than asking for `words`."""
        if self.words() is not None:
            return None
        code = code_of(self.text, name)
        return code if isinstance(code, Problem) else None

    def words(self) -> list[frozenset[str]] | None:
        """Names that the code of its parts looks up, see `chunk.words`; ``None`` if Python does not compile it."""
        if not self._compiled:
            self._looked_up = self._by_chunk() if self._separable() else self._as_one()
            self._compiled = True
        return self._looked_up

    @property
    def flags(self) -> int:
        """Features of ``__future__`` that hold in it, as `compile` takes them."""
        return _ANNOTATIONS if "annotations" in self.chunks[0].futures else 0

    def _separable(self) -> bool:
        """Whether each chunk can be compiled by itself to the same effect: they share no more than names."""
        return not any(item.shares for item in self.chunks) and not any(item.futures for item in self.chunks[1:])

    def _by_chunk(self) -> list[frozenset[str]] | None:
        flags = self.flags
        found = [item.words(flags) for item in self.chunks]
        there = [looked_up for looked_up in found if looked_up is not None]
        return there if len(there) == len(found) else None

    def _as_one(self) -> list[frozenset[str]] | None:
        code = code_of(self.text)
        return None if isinstance(code, Problem) else [frozenset(words(code))]


_KEPT: Cache[str, Reading] = Cache(_ROOM)
"""The last files: several checks ask of each in turn."""


def read(text: str, name: str = "program.py") -> Reading | Problem:
    """Read a Python file, or say why it cannot be: it does not parse, or not safely.

    Args:
        text: the file's text.
        name: how a problem calls the file.
    """
    known = _KEPT.get(text)
    if known is not None:
        return known
    chunks = divide(text)
    if chunks is None:
        tree = parse(text, name)
        assert isinstance(tree, Problem)
        return tree
    return _KEPT.put(text, Reading(text, chunks), _FIXED + len(text))


def expect(texts: Collection[str]) -> None:
    """Have room for programs of as many files as these and as large: what did not change is read once."""
    characters = sum(map(len, texts))
    _KEPT.widen(_PROGRAMS * (_FIXED * len(texts) + characters))
    chunk.expect(characters)


def is_read(text: str) -> bool:
    """Whether a text, a file or a chunk of one, is known to parse and to be safe to walk."""
    return _KEPT.get(text) is not None or is_chunk(text)

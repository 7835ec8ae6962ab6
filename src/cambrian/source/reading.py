"""A Python file, read: what the checks ask of it, put together from its chunks. Nothing is executed."""

from __future__ import annotations
import __future__

from .cache import Cache
from .chunk import Chunk, divide, words
from .tree import Problem, code_of, parse

_ROOM, _FIXED = 500_000, 500
_FILES = 8
"""Bytes that a reading weighs besides its text, about, and how many of the largest seen there is always room for."""
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
        self._words: list[frozenset[str]] | None = None
        self._problem: Problem | None = None
        self._compiled = False

    def canonical(self) -> str:
        """The text that stands for the file, whatever its formatting."""
        if "__doc__" in self.text:
            body = "".join(chunk.with_texts(first=index == 0) for index, chunk in enumerate(self.chunks))
        else:
            body = "".join([chunk.canonical for chunk in self.chunks])
        return f"Module([{body}])"

    def problem(self, name: str) -> Problem | None:
        """Why Python does not compile it, or ``None``."""
        if not self._compiled:
            self._words = self._chunk_words()
            self._compiled = True
            if self._words is None:
                code = code_of(self.text, name)
                if isinstance(code, Problem):
                    self._problem = code
                else:  # chunks cannot be compiled one by one here: they share more than names
                    self._words = [frozenset(words(code))]
        return self._problem

    def words(self) -> list[frozenset[str]] | None:
        """Names that the code of its parts looks up, as `chunk.words` has them; ``None`` if it has no code."""
        self.problem("program.py")
        return self._words

    @property
    def flags(self) -> int:
        """Features of ``__future__`` that hold in it, as `compile` takes them."""
        return _ANNOTATIONS if "annotations" in self.chunks[0].futures else 0

    def _chunk_words(self) -> list[frozenset[str]] | None:
        """Names by chunk, if each can be compiled by itself to the same effect and all can."""
        if any(chunk.shares for chunk in self.chunks) or any(chunk.futures for chunk in self.chunks[1:]):
            return None
        flags = self.flags
        found: list[frozenset[str]] = []
        for chunk in self.chunks:
            looked_up = chunk.words(flags)
            if looked_up is None:
                return None
            found.append(looked_up)
        return found


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
    weight = _FIXED + len(text)
    _KEPT.widen(_FILES * weight)
    return _KEPT.put(text, Reading(text, chunks), weight)

"""Improvement, healing: what earlier fixes taught, kept in the workspace as one JSON file.

A pattern is tried first when the same error comes again, and forgotten when it did not help then. A file that cannot be
read is taken for an empty one: nothing but time is lost with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from cambrian.journal.replacing import replace_file
from cambrian.source.repair.report import Failure, Pattern

__all__ = ["Learned"]

_MOST = 1000
"""Patterns that are kept: the latest ones."""


class Learned:
    """The patterns of a workspace.

    Args:
        path: the file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def patterns(self) -> tuple[Pattern, ...]:
        """All of them, the latest last."""
        try:
            return tuple(msgspec.json.decode(self._path.read_bytes(), type=list[Pattern]))
        except (OSError, msgspec.MsgspecError):
            return ()

    def learn(self, new: Iterable[Pattern]) -> None:
        """Keep patterns; what they say of the same error and name takes the place of what was known."""
        fresh = list(new)
        if fresh:
            names = {_key(each) for each in fresh}
            self._write([*(each for each in self.patterns() if _key(each) not in names), *fresh])

    def forget(self, failure: Failure, used: Iterable[Pattern]) -> tuple[Pattern, ...]:
        """Drop patterns that would have fitted this failure, but for those that were used."""
        kept = set(used)
        wrong = tuple(each for each in self.patterns() if _fits(each, failure) and each not in kept)
        if wrong:
            self._write([each for each in self.patterns() if each not in wrong])
        return wrong

    def _write(self, patterns: list[Pattern]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        content = msgspec.json.format(msgspec.json.encode(patterns[-_MOST:]), indent=1)
        replace_file(self._path, content, durable=False, label="learned")


def _key(pattern: Pattern) -> tuple[str, str, str]:
    return pattern.error, pattern.owner, pattern.name


def _fits(pattern: Pattern, failure: Failure) -> bool:
    return _key(pattern) == (failure.type, failure.owner, failure.name)

"""Improving several functions, one after the other: what one changes in a file, the next one finds changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.source.decoding import Decoded
from cambrian.source.diff import unified
from cambrian.verify.cases import Case

from .improving import Improvement, Improver
from .inputs import inputs_of
from .project import Project
from .targets import read_source, target_of
from .testing import ProjectTests

__all__ = ["Campaign", "told_from"]

_MOST_TEXT = 20_000_000
"""Characters of test files that are looked through for calls."""


class Campaign:
    """Improves functions of one project.

    Args:
        improver: does the work.
        project: whose.
        folder: that people are told places from.
        given: calls that a person gave.
        tests: run its tests; calls are recorded meanwhile.
        strict: build only on what may be applied unasked.
    """

    def __init__(
        self, improver: Improver, project: Project, folder: Path, given: Sequence[Case] = (), *,
        tests: ProjectTests | None = None, strict: bool = False,
    ) -> None:  # fmt: skip
        self._improver, self._project, self._folder, self._given = improver, project, folder, tuple(given)
        self._runner, self._strict = tests, strict
        self._before: dict[Path, str] = {}
        self._after: dict[Path, str] = {}
        self._tests: tuple[str, ...] | None = None
        self.found: list[Improvement] = []

    async def take(self, path: Path, name: str, *, seconds: float) -> Improvement:
        """Improve a function; a fault in it or in its inputs is told, not raised.

        Args:
            path: its file.
            name: its qualified name.
            seconds: for it.

        Raises:
            SandboxError: the machinery failed.
        """
        text = self._after.get(path)
        if text is None:
            text = self._before[path] = read_source(path)
        try:
            target = target_of(path, name, text=text)
            seen = await self._runner.record(target) if self._runner and self._improver.finds(target) else ()
            inputs = inputs_of(target, tests=self._tests_of(name), given=self._given, recorded=seen)
        except UsageError as error:
            lost = f"; {self._runner.lost}" if self._runner and self._runner.lost else ""
            result = Improvement(place=f"{path.name}:{name}", line=0, verdict="refused", reason=f"{error}{lost}")
        else:
            result = await self._improver.improve(target, inputs, seconds=seconds)
        if result.applicable or (result.verdict == "improved" and not self._strict):
            self._after[path] = result.after
        place = f"{told_from(path, self._folder)}:{name}"
        result = msgspec.structs.replace(result, after="", place=place)
        self.found.append(result)
        return result

    @property
    def texts(self) -> dict[Path, tuple[str, str]]:
        """File → its text before and after, of those that changed."""
        return {path: (self._before[path], after) for path, after in self._after.items()}

    def diff(self) -> str:
        """Of all that changed."""
        names = {path: told_from(path, self._folder) for path in self._after}
        return unified(
            {names[path]: self._before[path] for path in self._after},
            {names[path]: text for path, text in self._after.items()},
        )

    def _tests_of(self, name: str) -> Iterable[str]:
        """Texts of test files in which a function's name stands."""
        if self._tests is None:
            self._tests = tuple(self._test_texts())
        word = name.rpartition(".")[2]
        return (text for text in self._tests if word in text)

    def _test_texts(self) -> Iterator[str]:
        room = _MOST_TEXT
        for _, read in self._project.texts(keep=lambda file: file.language == "python" and file.is_test):
            if isinstance(read, Decoded) and room > 0:
                room -= len(read.text)
                yield read.text


def told_from(path: Path, folder: Path) -> str:
    """A path as people see it from a folder."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)

"""Improving several functions, one after the other: what one changes in a file, the next one finds changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.source.diff import unified
from cambrian.verify.cases import Case

from .improving import Improvement, Improver
from .inputs import inputs_of
from .listing import is_test, python_files
from .targets import read_source, target_of

__all__ = ["Campaign", "project_of"]

_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
_TEST_FILES = 2_000


def project_of(path: Path) -> Path:
    """The folder of the project that a file or folder belongs to: the nearest with a mark of one, else its own."""
    start = path if path.is_dir() else path.parent
    return next(
        (folder for folder in (start, *start.parents) if any((folder / mark).exists() for mark in _MARKS)), start
    )


class Campaign:
    """Improves functions of one project.

    Args:
        improver: does the work.
        project: its folder; tests are looked for below it.
        given: calls that a person gave.
        strict: build only on what may be applied unasked.
    """

    def __init__(
        self, improver: Improver, project: Path, given: Sequence[Case] = (), *, strict: bool = False
    ) -> None:  # fmt: skip
        self._improver, self._project, self._given, self._strict = improver, project, tuple(given), strict
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
            inputs = inputs_of(target, tests=self._tests_of(name), given=self._given)
        except UsageError as error:
            result = Improvement(place=f"{path.name}:{name}", line=0, verdict="refused", reason=str(error))
        else:
            result = await self._improver.improve(target, inputs, seconds=seconds)
        if result.applicable or (result.verdict == "improved" and not self._strict):
            self._after[path] = result.after
        result = msgspec.structs.replace(result, after="")
        self.found.append(result)
        return result

    @property
    def texts(self) -> dict[Path, tuple[str, str]]:
        """File → its text before and after, of those that changed."""
        return {path: (self._before[path], after) for path, after in self._after.items()}

    def diff(self, folder: Path) -> str:
        """Of all that changed, paths as seen from a folder."""
        names = {path: told_from(path, folder) for path in self._after}
        return unified(
            {names[path]: self._before[path] for path in self._after},
            {names[path]: text for path, text in self._after.items()},
        )

    def _tests_of(self, name: str) -> Iterable[str]:
        """Texts of test files in which a function's name stands."""
        if self._tests is None:
            files = (path for path in python_files(self._project) if is_test(path.relative_to(self._project)))
            self._tests = tuple(_text(path) for path, _ in zip(files, range(_TEST_FILES), strict=False))
        word = name.rpartition(".")[2]
        return (text for text in self._tests if word in text)


def told_from(path: Path, folder: Path) -> str:
    """A path as people see it from a folder."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _text(path: Path) -> str:
    try:
        return read_source(path)
    except UsageError:
        return ""

"""Improving functions of scripts, one after the other: what one changes in a file, the next one finds changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from cambrian.core.errors import CapabilityMissing, UsageError
from cambrian.source.decoding import Decoded
from cambrian.source.diff import unified
from cambrian.verify.cascade import Told

from .campaign import Campaign, told_from
from .improving import Improvement
from .project import Project
from .script_calls import Call, calls_in
from .script_functions import derived, is_script
from .scripts import ScriptImprover
from .targets import read_source
from .testing import ProjectTests

__all__ = ["Campaigns", "ScriptCampaign", "ScriptTerms"]


class ScriptTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a candidate.

    Args:
        cases: calls of a differential test, at most.
        least: the speed-up that counts.
        seed: of cases and mutants.
    """

    cases: int = 500
    least: float = 1.1
    seed: int = 0


class ScriptCampaign:
    """Improves functions of one project's scripts. Node is looked for when the first is taken up.

    Args:
        project: whose.
        folder: that people are told places from.
        terms: what is asked of a candidate.
        given: calls that a person gave.
        tests: run its tests; calls are recorded meanwhile.
        strict: build only on what may be applied unasked.
        told: is told each step.
    """

    def __init__(
        self, project: Project, folder: Path, terms: ScriptTerms, given: Sequence[Call] = (), *,
        tests: ProjectTests | None = None, strict: bool = False, told: Callable[[str], None] | None = None,
    ) -> None:  # fmt: skip
        self._project, self._folder, self._terms, self._given = project, folder, terms, tuple(given)
        self._tests, self._strict, self._told = tests, strict, told
        self._improver: ScriptImprover | None = None
        self._before: dict[Path, str] = {}
        self._after: dict[Path, str] = {}
        self.found: list[Improvement] = []

    async def aclose(self) -> None:
        """End the jail. Idempotent."""
        if self._improver is not None:
            await self._improver.aclose()

    async def take(self, path: Path, name: str) -> Improvement:
        """Improve a function; a fault in it or in its inputs is told, not raised.

        Args:
            path: its file.
            name: of a function at its top.

        Raises:
            SandboxError: the machinery failed.
            CapabilityMissing: Node is not installed.
        """
        text = self._after.get(path)
        if text is None:
            text = self._before[path] = read_source(path)
        try:
            calls = await self._calls(path, text, name)
            result = await self._ready().improve(path, text, name, calls, tests=self._run if self._tests else None)
        except CapabilityMissing:
            raise
        except UsageError as error:
            result = Improvement(place=f"{path.name}:{name}", line=0, verdict="refused", reason=str(error))
        if result.applicable or (result.verdict == "improved" and not self._strict):
            self._after[path] = result.after
        place = f"{told_from(path, self._folder)}:{name}"
        result = msgspec.structs.replace(result, after="", place=place)
        self.found.append(result)
        return result

    def _ready(self) -> ScriptImprover:
        if self._improver is None:
            terms = self._terms
            self._improver = ScriptImprover(cases=terms.cases, least=terms.least, seed=terms.seed, told=self._told)
        return self._improver

    async def _calls(self, path: Path, text: str, name: str) -> list[Call]:
        """Those given; else those seen while the tests run, in the function's file, and in test files."""
        if self._given or not derived(text, path.name, name)[1]:
            return list(self._given)
        seen = await self._tests.script_calls(self._inside(path), text, name) if self._tests else []
        written = calls_in(text, path, name)
        for file, read in self._project.texts(keep=lambda file: is_script(Path(file.path)) and file.is_test):
            if isinstance(read, Decoded) and name in read.text:
                try:
                    written += calls_in(read.text, Path(file.path), name)
                except UsageError:  # another function's tests may be broken
                    continue
        return [*seen, *written]

    async def _run(self, changes: Mapping[str, str]) -> Told:
        assert self._tests is not None
        return await self._tests.run({self._inside(Path(path)): text for path, text in changes.items()})

    def _inside(self, path: Path) -> str:
        return path.resolve().relative_to(self._project.root).as_posix()

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


class Campaigns:
    """Functions of a project in whatever language: Python's and those of scripts, in the order in which they come.

    Args:
        python: improves functions of Python.
        scripts: improves functions of JavaScript and TypeScript.
    """

    def __init__(self, python: Campaign, scripts: ScriptCampaign) -> None:
        self._python, self._scripts = python, scripts
        self.found: list[Improvement] = []

    async def take(self, path: Path, name: str, *, seconds: float) -> Improvement:
        """Improve a function.

        Args:
            path: its file.
            name: its qualified name.
            seconds: for it, where it is Python's.

        Raises:
            SandboxError: the machinery failed.
            CapabilityMissing: Node is not installed, and it is a script's.
        """
        if is_script(path):
            self.found.append(await self._scripts.take(path, name))
        else:
            self.found.append(await self._python.take(path, name, seconds=seconds))
        return self.found[-1]

    @property
    def texts(self) -> dict[Path, tuple[str, str]]:
        """File → its text before and after, of those that changed."""
        return {**self._python.texts, **self._scripts.texts}

    def diff(self) -> str:
        """Of all that changed."""
        return self._python.diff() + self._scripts.diff()

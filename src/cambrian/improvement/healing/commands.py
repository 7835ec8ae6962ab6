"""Improvement, healing: the `Runner` of a project's command: one of its files is healed, the command says whether.

The failure is read from what the command prints: Python's traceback, pytest's, or Node's. Names come from the text of
the file and from the language's own types, as nothing of the project is imported here.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cambrian.sandbox.commands import CommandResult, Commands
from cambrian.source.repair.report import Absent, Failure

from .node_failures import Told, read_node
from .scripts import Ending
from .tested import is_test

__all__ = ["CommandRunner", "original", "read_failure", "sought"]

COPIED = "project"
"""Last part of the folder in which `Commands` run on a copy, in a jail of any level."""

_FRAME = re.compile(r'^\s*File "([^"\n]+)", line (\d+)(?:, in (\S+))?', re.MULTILINE)
_PYTEST = re.compile(r"^([^\s:][^:\n]*\.py):(\d+): (?:in (\S+)|([A-Za-z_][\w.]*)?)\s*$", re.MULTILINE)
_ERROR = re.compile(
    r"^(?:E\s+)?((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning|Iteration))(?:: (.*))?$",
    re.MULTILINE,
)
_ASSERTED = re.compile(r"^E\s+(assert .*)$", re.MULTILINE)
"""Of a plain assertion pytest shows the values, and not the error's name."""
_OWNER = re.compile(r"'(\w+)' object has no attribute '(\w+)'")
_MODULE = re.compile(r"module '([\w.]+)' has no attribute '(\w+)'")
_NAME = re.compile(r"name '(\w+)'")
_SUGGESTED = re.compile(r"Did you mean: '(\w+)'")


class CommandRunner:
    """Runs a command with one file replaced.

    Args:
        commands: of the project.
        argv: the command.
        path: the file that is healed, relative to the project.
        most: candidates that are worth trying: each is a run of the command.
        wall: seconds of a run.
        lines: those of the file that are suspected where no output names one.
        alone: the command that runs only what failed; what passes it is tried by the whole one.
        absent: members that a type checker says the file's objects do not have.
    """

    def __init__(
        self, commands: Commands, argv: Sequence[str], path: str, *, most: int = 60, wall: float = 60.0,
        lines: Sequence[int] = (), alone: Sequence[str] = (), absent: Sequence[Absent] = (),
    ) -> None:  # fmt: skip
        self._commands = commands
        self._argv = tuple(argv)
        self._path = path
        self._wall = wall
        self._lines = tuple(lines)
        self._alone = tuple(alone)
        self._absent = tuple(absent)
        self._begun = False
        self.most = most
        self.portion = 4

    async def endings(self, texts: Sequence[str]) -> list[Ending]:
        """See `Runner.endings`."""
        return [await self._ending(text) for text in texts]

    async def _ending(self, text: str) -> Ending:
        absent = () if self._begun else self._absent  # they are places of the text that comes first
        result = await self._run(text)
        if result.passed:
            return Ending(None)
        failure = read_failure(result, self._commands.folder, only=self._path)
        failure = msgspec.structs.replace(failure, lines=failure.lines or self._lines, absent=absent)
        return Ending(failure)

    async def _run(self, text: str) -> CommandResult:
        """What failed alone, then all. Where the program itself passes alone, that says nothing."""
        first, self._begun = not self._begun, True
        if self._alone:
            result = await self._commands.run(self._alone, changes={self._path: text}, wall=self._wall)
            if not result.passed and result.exit_code is not None:
                return result
            if first:
                self._alone = ()
        return await self._commands.run(self._argv, changes={self._path: text}, wall=self._wall)

    async def confirm(self, text: str) -> Ending:
        """See `Runner.confirm`: each run of a command is a process of its own."""
        return await self._ending(text)


def read_failure(result: CommandResult, folder: Path, *, only: str = "") -> Failure:
    """How a command failed, as far as what it printed tells.

    Args:
        result: of the command.
        folder: of the project; frames elsewhere do not count.
        only: the one file that is looked for; by default the innermost frame that is no test comes first.
    """
    text = f"{result.stdout}\n{result.stderr}"
    told = read_node(text)
    every = _frames(text, folder)
    if told is not None and not every:
        return _of_node(told, folder, only)
    frames = [frame for frame in every if not only or frame[0] == only]
    frames.sort(key=lambda frame: is_test(frame[0]))  # stable: the innermost one of the program itself comes first
    errors = _ERROR.findall(text) or [("AssertionError", said) for said in _ASSERTED.findall(text)]
    kind, message = errors[-1] if errors else ("Exit", f"{result.status} {result.exit_code} {result.detail}")
    path, line, function = frames[0] if frames else (only or "", 0, "")
    name, owner, members = sought(message)
    return Failure(
        type=kind.rpartition(".")[2], message=message[:1000], file=path, line=line, function=function,
        lines=tuple(frame[1] for frame in frames if frame[0] == path)[:12], name=name, owner=owner, members=members,
        unawaited=tuple(re.findall(r"coroutine '(?:[\w.]*\.)?(\w+)' was never awaited", text)[:9]),
    )  # fmt: skip


def _of_node(told: Told, folder: Path, only: str) -> Failure:
    """The same for JavaScript: places of the project, the innermost one of the program itself first."""
    places = [(path, line) for name, line in told.places if (path := _within(folder, Path(name)))]
    places = sorted((each for each in places if not only or each[0] == only), key=lambda each: is_test(each[0]))
    path, line = places[0] if places else (only, 0)
    lines = tuple(dict.fromkeys(number for other, number in places if other == path))[:12]
    return Failure(type=told.type, message=told.message[:1000], file=path, line=line, lines=lines)


def _within(folder: Path, path: Path) -> str:
    """A path within the project, relative to it; empty for any other."""
    place = original(folder, path)
    inside = place.is_relative_to(folder) and place.is_file() and "node_modules" not in place.parts
    return place.relative_to(folder).as_posix() if inside else ""


def _frames(text: str, folder: Path) -> list[tuple[str, int, str]]:
    """File, line and function of each frame within the project, innermost first."""
    found: list[tuple[str, int, str]] = []
    for match in (*_FRAME.finditer(text), *_PYTEST.finditer(text)):
        place = original(folder, Path(match[1]))
        if place.is_relative_to(folder) and place.is_file() and "site-packages" not in place.parts:
            found.append((place.relative_to(folder).as_posix(), int(match[2]), match[3] or ""))
    return list(reversed(found))


def original(folder: Path, path: Path) -> Path:
    """A path as a command printed it that ran on a copy: the copy is a folder called `COPIED`, wherever it lies."""
    for index, part in enumerate(path.parts if path.is_absolute() and not path.is_relative_to(folder) else ()):
        if part == COPIED and (place := folder.joinpath(*path.parts[index + 1 :])).is_file():
            return place
    return folder / path


def sought(message: str) -> tuple[str, str, tuple[str, ...]]:
    """What a message of Python names: what was looked for, the type of the object, and what such an object has."""
    suggested = tuple(_SUGGESTED.findall(message))
    if match := _OWNER.search(message):
        kind = getattr(builtins, match[1], None)
        return match[2], match[1], (*suggested, *(dir(kind) if isinstance(kind, type) else ()))
    if match := _MODULE.search(message):
        return match[2], "module", suggested
    match = _NAME.search(message)
    return (match[1] if match else ""), "", suggested

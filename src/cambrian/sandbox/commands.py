"""Sandbox: a person's commands, jailed on a copy of their folder. Says how they ended; judges nothing.

The folder itself is read-only in the jail and seen under another name; its own place leads to a copy in the jail's
scratch folder, so that whatever names it (an installed package that points back to it, a path in a configuration) means
the copy. Files can be laid over the copy for one run. After each run the copy is put back to what it was, compared
content by content, and nothing that the command started lives: runs of one `Commands` cannot mislead each other.

A command's exit code is its own word. Whoever runs candidates with it must not take it for evidence alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from cambrian.core.errors import IsolationUnavailable, UsageError
from cambrian.core.limits import Level, Limits

from .command_copied import OnCopy, Source
from .command_plain import InPlace
from .command_terms import Asked, CommandResult, Copied
from .interpreters import Interpreter, find_interpreter

__all__ = ["BESIDE", "COMMAND_LIMITS", "CommandResult", "Commands", "Copied", "run_command"]

BESIDE = "@beside/"
"""Begins the name of a file beside the copy: `changes` with such names are laid into a folder of their own, empty at
each run, which the command finds by its variable ``CAMBRIAN_BESIDE``; `collect` with such names brings back from there.
"""

COMMAND_LIMITS = Limits(
    wall=600.0, cpu=1200.0, memory=3 * 2**30, output=32 * 2**20, disk=2**29, files=100_000, processes=128
)
"""Of each run. `disk` and `files` are of the copy and all that the command writes."""

LINKED = frozenset({"node_modules", "site-packages"})
"""Folders that are not copied: the copy leads to the originals. So are virtual environments."""

LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", ".cambrian", ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
)
"""What the copy does not have."""

_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "USER": "nobody",
    "LOGNAME": "nobody",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "NO_COLOR": "1",
    "CI": "1",
}


class Commands:
    """Runs commands of one project, one at a time, in a jail with a copy of its folder. Made by `start`.

    An async context manager. The copy is made at the first run, and made anew when a limit has ended one.
    """

    def __init__(
        self, folder: Path, place: OnCopy | InPlace, interpreter: Interpreter, limits: Limits,
        environment: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.folder = folder
        self.interpreter = interpreter
        self.limits = limits
        self.environment = environment
        self._place = place

    @classmethod
    async def start(
        cls,
        folder: Path,
        *,
        limits: Limits = COMMAND_LIMITS,
        python: Path | None = None,
        readable: Sequence[Path] = (),
        environment: Mapping[str, str] | None = None,
        linked: Iterable[str] = (),
        left_out: Iterable[str] = (),
        level: Level | None = None,
    ) -> Commands:
        """Start a jail for a folder's commands.

        Args:
            folder: of the project.
            limits: of each run.
            python: interpreter or virtual environment; None takes the folder's own, else the one that runs this.
            readable: files and folders outside that commands may read.
            environment: variables beyond the constant ones. Nothing of the caller's environment is handed on.
            linked: names of further folders that are not copied.
            left_out: names that the copy shall not have, besides `LEFT_OUT`.
            level: None takes the best there is, 3 or 2.

        Raises:
            IsolationUnavailable: there is no such jail here, or the project's interpreter cannot run in it.
            UsageError: a folder or the interpreter is not there, or the folder holds the interpreter.
        """
        place = folder.resolve()
        if level not in (None, Level.L2, Level.L3):
            raise UsageError(f"commands run at level 3 or 2, not at {level!r}")
        if not place.is_dir():
            raise UsageError(f"{str(folder)!r} is no folder; name the folder of a project")
        project = Source(
            folder=place, interpreter=find_interpreter(place, python), limits=limits,
            readable=tuple(path.absolute() for path in readable), linked=LINKED | {*linked},
            left_out=LEFT_OUT | {*left_out},
        )  # fmt: skip
        made = await _place(project, level)
        return cls(
            place, made, project.interpreter, limits, {**_ENVIRONMENT, **made.variables(), **(environment or {})}
        )

    @property
    def level(self) -> Level:
        """Of the jail: 3, or 2 where there are no namespaces; see `command_plain` for what that lacks."""
        return self._place.level

    @property
    def copied(self) -> Copied | None:
        """What the copy consists of, once it is made."""
        return self._place.copied

    async def run(
        self,
        argv: Sequence[str],
        *,
        changes: Mapping[str, str | bytes | None] | None = None,
        collect: Sequence[str] = (),
        cwd: str = "",
        environment: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        wall: float | None = None,
        cpu: float | None = None,
    ) -> CommandResult:
        """Run a command on the copy as it was, with files laid over.

        Args:
            argv: program and arguments. ``python`` and ``python3`` mean the project's interpreter.
            changes: relative path → content for this run; None takes a file away. Text is written as UTF-8.
            collect: patterns (`fnmatch`) of files to bring back, of those that are new or changed.
            cwd: folder to run in, relative to the project's.
            environment: further variables for this run.
            stdin: what the command can read.
            wall: seconds, if less than `limits` say.
            cpu: CPU seconds of the tree, if less.

        Returns:
            How it ended. Nothing of it lives any more.

        Raises:
            UsageError: a path leaves the folder, no command is given, or the copy does not fit.
            SandboxError: the machinery failed; nothing is said about the command.
        """
        variables = {**self.environment, "PWD": str(self.folder / cwd), **(environment or {})}
        asked = self._asked(argv, changes or {}, collect, cwd, variables, stdin)
        asked = msgspec.structs.replace(
            asked,
            wall=min(wall or self.limits.wall, self.limits.wall),
            cpu=min(cpu or self.limits.cpu, self.limits.cpu),
        )
        return await self._place.run(asked)

    def _asked(
        self, argv: Sequence[str], changes: Mapping[str, str | bytes | None], collect: Sequence[str], cwd: str,
        environment: Mapping[str, str], stdin: bytes,
    ) -> Asked:  # fmt: skip
        if not argv:
            raise UsageError("no command is given; write for example pytest -q")
        for name in changes:
            _refuse_path(name.removeprefix(BESIDE))
        if cwd:
            _refuse_path(cwd)
        contents = {name: text.encode() if isinstance(text, str) else text for name, text in changes.items()}
        return Asked(
            argv=(self._program(argv[0]), *argv[1:]), cwd=cwd, environment=environment, stdin=stdin, changes=contents,
            collect=tuple(collect), wall=0.0, cpu=0.0, most=self.limits.output // 2,
        )  # fmt: skip

    def _program(self, name: str) -> str:
        return str(self.interpreter.program) if name in ("python", "python3") else name

    async def aclose(self) -> None:
        """End everything. Idempotent."""
        await self._place.aclose()

    async def __aenter__(self) -> Commands:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        await self.aclose()


async def run_command(
    folder: Path,
    argv: Sequence[str],
    *,
    changes: Mapping[str, str | bytes | None] | None = None,
    limits: Limits = COMMAND_LIMITS,
    python: Path | None = None,
    readable: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    collect: Sequence[str] = (),
    stdin: bytes = b"",
    level: Level | None = None,
) -> CommandResult:
    """Run one command of a project, jailed on a copy. See `Commands.start` and `Commands.run`; several runs share one.

    For example::

        result = await run_command(Path("."), ["pytest", "-q"], changes={"pkg/mod.py": text})
        result.passed
    """
    async with await Commands.start(
        folder, limits=limits, python=python, readable=readable, environment=environment, level=level
    ) as commands:
        return await commands.run(argv, changes=changes, collect=collect, stdin=stdin)


async def _place(source: Source, level: Level | None) -> OnCopy | InPlace:
    """The best place that can be had, of the level asked for."""
    if level is Level.L2:
        return await InPlace.start(source)
    try:
        return await OnCopy.start(source)
    except IsolationUnavailable:
        if level is not None:
            raise
        return await InPlace.start(source)


def _refuse_path(path: str) -> None:
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\0" in path:
        raise UsageError(f"path {path!r} must be relative to the folder, without '.' and '..'")

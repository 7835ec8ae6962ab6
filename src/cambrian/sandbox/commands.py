"""Sandbox: a person's commands, jailed on a copy of their folder. Says how they ended; judges nothing.

The folder itself is read-only in the jail and seen under another name; its own place leads to a copy in the jail's
scratch folder, so that whatever names it (an installed package that points back to it, a path in a configuration) means
the copy. Files can be laid over the copy for one run. After each run the copy is put back to what it was, compared
content by content, and nothing that the command started lives: runs of one `Commands` cannot mislead each other.

A command's exit code is its own word. Whoever runs candidates with it must not take it for evidence alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import anyio
import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import SandboxError, UsageError
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program, Session
from cambrian.core.quantity import format_size

from .command_terms import Asked, CommandResult, Copied, CopyAsked, Told, ended, result
from .inside import root
from .interpreters import Interpreter, find_interpreter
from .jail import CPythonJail
from .scripts.driven import driver_text

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

_LONG_S = 30 * 86400.0
_GRACE_S = 20.0  # for a busy machine, beyond what the driver itself allows a run
_COPYING_S = 600.0
_PROGRAMS = ("/bin", "/usr/bin", "/usr/local/bin", "/etc/localtime", "/etc/mime.types")
_FILES = ("command_copy.py", "command_driver.py", "command_process.py")
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

    def __init__(self, folder: Path, jail: CPythonJail, interpreter: Interpreter, limits: Limits) -> None:
        self.folder = folder
        self.interpreter = interpreter
        self.limits = limits
        self.copied: Copied | None = None
        self._jail = jail
        self._session: Session | None = None
        self._linked, self._left_out = LINKED, LEFT_OUT
        self.environment: Mapping[str, str] = {}

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
            level: 3, or None.

        Raises:
            IsolationUnavailable: there is no jail of level 3 here.
            UsageError: a folder or the interpreter is not there, or the folder holds the interpreter.
        """
        place = folder.resolve()
        if level not in (None, Level.L3):
            raise UsageError(f"commands run at level 3 only, not at {level!r}: they are several processes that write")
        if not place.is_dir():
            raise UsageError(f"{str(folder)!r} is no folder; name the folder of a project")
        interpreter = find_interpreter(place, python)
        visible = [path.absolute() for path in (*interpreter.readable, *readable)]
        visible += [path for path in map(Path, _PROGRAMS) if path.exists()]
        outside = tuple(path for path in visible if not path.resolve().is_relative_to(place))
        own = interpreter.program == Path(sys.executable)
        jail = await CPythonJail.start(level=Level.L3, readable=outside, site=own, resident=True, copied=place)
        self = cls(place, jail, interpreter, limits)
        self._linked, self._left_out = LINKED | {*linked}, LEFT_OUT | {*left_out}
        self.environment = {**self._constants(), **(environment or {})}
        return self

    def _constants(self) -> dict[str, str]:
        beside = f"{root.SCRATCH}/beside"
        folders = [str(self.interpreter.program.parent), "/usr/local/bin", "/usr/bin", "/bin"]
        variables = {
            **_ENVIRONMENT,
            "PATH": ":".join(dict.fromkeys(folders)),
            "HOME": f"{root.SCRATCH}/home",
            "TMPDIR": f"{root.SCRATCH}/tmp",
            "CAMBRIAN_BESIDE": beside,
        }
        if self.interpreter.environment is not None:
            variables["VIRTUAL_ENV"] = str(self.interpreter.environment)
        return variables

    @property
    def level(self) -> Level:
        """Of the jail."""
        return self._jail.level

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
        await self._prepare()
        answer = await self._ask(asked, asked.wall + _GRACE_S)
        if isinstance(answer, Exit):
            return ended(answer)
        told, cpu_s = answer
        if told.spoiled:
            await self._retire()  # the next run makes a new copy
        if told.full:
            raise UsageError(self._no_room(f"with {len(asked.changes)} changed files"))
        if told.refused:
            raise UsageError(f"a change of {self.folder} cannot be laid over its copy: {told.refused}")
        return result(told, cpu_s, asked)

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

    async def _prepare(self) -> None:
        if self._session is not None:
            return
        files = {f"drivers/{name}": driver_text(name) for name in _FILES}
        limits = msgspec.structs.replace(self.limits, wall=_LONG_S, cpu=_LONG_S)
        launched = await self._jail.launch(Program(files=files, entry="drivers/command_driver.py:step"), limits)
        if isinstance(launched, Exit):
            raise SandboxError(f"the driver of commands did not start: {launched.detail}\n{launched.text[-1000:]}")
        self._session = launched
        asked = CopyAsked(project=str(self.folder), linked=tuple(self._linked), left_out=tuple(self._left_out))
        answer = await self._ask(asked, _COPYING_S)
        if isinstance(answer, Exit):
            raise SandboxError(
                f"copying {self.folder} ended with {answer.status} {answer.detail}\n{answer.text[-1000:]}"
            )
        told, cpu_s = answer
        if told.full or told.refused:
            await self._retire()
            raise UsageError(
                self._no_room("") if told.full else f"folder {self.folder} cannot be copied: {told.refused}"
            )
        self.copied = msgspec.structs.replace(told.copied, cpu_s=cpu_s)

    async def _ask(self, request: msgspec.Struct, wall: float) -> tuple[Told, float] | Exit:
        assert self._session is not None
        reply = await self._session.call(encode((msgspec.json.encode(request).decode(),)), wall=wall)
        if isinstance(reply, Exit):
            await self._retire()
            return reply
        if reply.raised:
            await self._retire()
            raise SandboxError(f"the driver of commands failed: {reply.payload[:4096].decode(errors='replace')}")
        self._session.rest()
        try:
            text = msgspec.json.decode(reply.payload, type=str)
            return msgspec.json.decode(text, type=Told), reply.cpu_s
        except msgspec.DecodeError as error:  # only a driver that was taken over says such a thing
            await self._retire()
            raise SandboxError(f"the driver of commands gave no answer that can be read: {error}") from None

    def _no_room(self, what: str) -> str:
        sizes = ", ".join(f"{name} {format_size(size)}" for name, size in _largest(self.folder))
        return (
            f"the copy of {str(self.folder)!r} {what} does not fit into disk={format_size(self.limits.disk)} and "
            f"files={self.limits.files}; its largest parts: {sizes}; allow more, or name folders that are only read "
            "(linked) or not needed (left_out)"
        )

    async def _retire(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def aclose(self) -> None:
        """End everything. Idempotent."""
        with anyio.CancelScope(shield=True):
            await self._retire()
            await self._jail.aclose()

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


def _refuse_path(path: str) -> None:
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\0" in path:
        raise UsageError(f"path {path!r} must be relative to the folder, without '.' and '..'")


def _largest(folder: Path, most: int = 5) -> list[tuple[str, int]]:
    """The largest parts of a folder: name, bytes."""
    sizes = {entry.name: _size(entry) for entry in os.scandir(folder) if entry.name not in LEFT_OUT}
    return sorted(sizes.items(), key=lambda item: -item[1])[:most]


def _size(entry: os.DirEntry[str]) -> int:
    if not entry.is_dir(follow_symlinks=False):
        return entry.stat(follow_symlinks=False).st_size
    return sum(os.lstat(os.path.join(path, name)).st_size for path, _, names in os.walk(entry.path) for name in names)

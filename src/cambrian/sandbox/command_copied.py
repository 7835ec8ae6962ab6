"""Sandbox: the place of commands at level 3: a copy in the scratch folder of a jail, behind a driver that stays."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import anyio
import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import SandboxError, UsageError
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program, Session
from cambrian.core.quantity import format_size

from .command_terms import Asked, CommandResult, Copied, CopyAsked, Told, ended, result
from .inside import root
from .interpreters import Interpreter
from .jail import CPythonJail
from .scripts.driven import driver_text

__all__ = ["OnCopy", "Source"]

_LONG_S = 30 * 86400.0
_GRACE_S = 20.0  # for a busy machine, beyond what the driver itself allows a run
_COPYING_S = 600.0
_PROGRAMS = ("/bin", "/usr/bin", "/usr/local/bin", "/etc/localtime", "/etc/mime.types")
_FILES = ("command_copy.py", "command_driver.py", "command_process.py")


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What commands run on; see `commands.Commands.start`."""

    folder: Path
    interpreter: Interpreter
    limits: Limits
    readable: tuple[Path, ...]
    linked: frozenset[str]
    left_out: frozenset[str]

    @property
    def own(self) -> bool:
        """Whether the project runs on the interpreter that runs this."""
        return self.interpreter.program == Path(sys.executable)

    def outside(self, *more: str) -> tuple[Path, ...]:
        """What has to be readable, besides the folder itself."""
        paths = (*self.interpreter.readable, *self.readable, *(path for path in map(Path, more) if path.exists()))
        return tuple(path for path in paths if not path.resolve().is_relative_to(self.folder))

    def no_room(self, what: str) -> UsageError:
        """That the copy does not fit, and what could be left out."""
        sizes = ", ".join(f"{name} {format_size(size)}" for name, size in _largest(self.folder, self.left_out))
        return UsageError(
            f"the copy of {str(self.folder)!r} {what} does not fit into disk={format_size(self.limits.disk)} and "
            f"files={self.limits.files}; its largest parts: {sizes}; allow more, or name folders that are only read "
            "(linked) or not needed (left_out)"
        )


class OnCopy:
    """Runs commands behind a driver. The copy is made at the first run, and anew when a limit has ended one.

    Args:
        source: what they run on.
        jail: of level 3.
    """

    def __init__(self, source: Source, jail: CPythonJail) -> None:
        self._source = source
        self._jail = jail
        self._session: Session | None = None
        self.copied: Copied | None = None

    @classmethod
    async def start(cls, source: Source) -> OnCopy:
        """Start the jail.

        Raises:
            IsolationUnavailable: it cannot be had here.
            UsageError: the folder cannot be copied into one.
        """
        jail = await CPythonJail.start(
            level=Level.L3,
            readable=source.outside(*_PROGRAMS),
            site=source.own,
            resident=True,
            copied=source.folder,
            loopback=True,
        )
        return cls(source, jail)

    @property
    def level(self) -> Level:
        """Of the jail."""
        return self._jail.level

    def variables(self) -> dict[str, str]:
        """The environment's part that depends on the place."""
        interpreter = self._source.interpreter
        own = [str(interpreter.program.parent), str(self._source.folder / "node_modules" / ".bin")]
        variables = {
            "PATH": ":".join(dict.fromkeys([*own, "/usr/local/bin", "/usr/bin", "/bin"])),
            "HOME": f"{root.SCRATCH}/home",
            "TMPDIR": f"{root.SCRATCH}/tmp",
            "CAMBRIAN_BESIDE": f"{root.SCRATCH}/beside",
        }
        if interpreter.environment is not None:
            variables["VIRTUAL_ENV"] = str(interpreter.environment)
        return variables

    async def run(self, asked: Asked) -> CommandResult:
        """One command; see `commands.Commands.run`."""
        await self._prepare()
        answer = await self._ask(asked, asked.wall + _GRACE_S)
        if isinstance(answer, Exit):
            return ended(answer)
        told, cpu_s = answer
        if told.spoiled:
            await self._retire()  # the next run makes a new copy
        if told.full:
            raise self._source.no_room(f"with {len(asked.changes)} changed files")
        if told.refused:
            raise UsageError(f"a change of {self._source.folder} cannot be laid over its copy: {told.refused}")
        return result(told, cpu_s, asked)

    async def _prepare(self) -> None:
        if self._session is not None:
            return
        files = {f"drivers/{name}": driver_text(name) for name in _FILES}
        limits = msgspec.structs.replace(self._source.limits, wall=_LONG_S, cpu=_LONG_S)
        launched = await self._jail.launch(Program(files=files, entry="drivers/command_driver.py:step"), limits)
        if isinstance(launched, Exit):
            raise SandboxError(f"the driver of commands did not start: {launched.detail}\n{launched.text[-1000:]}")
        self._session = launched
        asked = CopyAsked(
            project=str(self._source.folder), linked=tuple(self._source.linked), left_out=tuple(self._source.left_out)
        )
        answer = await self._ask(asked, _COPYING_S)
        if isinstance(answer, Exit):
            raise SandboxError(
                f"copying {self._source.folder} ended with {answer.status} {answer.detail}\n{answer.text[-1000:]}"
            )
        told, cpu_s = answer
        if told.full or told.refused:
            await self._retire()
            if told.full:
                raise self._source.no_room("")
            raise UsageError(f"folder {self._source.folder} cannot be copied: {told.refused}")
        self.copied = msgspec.structs.replace(told.copied, cpu_s=cpu_s)

    async def _ask(self, request: msgspec.Struct, wall: float) -> tuple[Told, float] | Exit:
        assert self._session is not None
        try:
            reply = await self._session.call(encode((msgspec.json.encode(request).decode(),)), wall=wall)
        except BaseException:  # cancelled: nobody will ever hear the answer
            with anyio.CancelScope(shield=True):
                await self._retire()
            raise
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

    async def _retire(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def aclose(self) -> None:
        """End everything. Idempotent."""
        with anyio.CancelScope(shield=True):
            await self._retire()
            await self._jail.aclose()


def _largest(folder: Path, left_out: frozenset[str], most: int = 5) -> list[tuple[str, int]]:
    """The largest parts of a folder: name, bytes."""
    sizes = {entry.name: _size(entry) for entry in os.scandir(folder) if entry.name not in left_out}
    return sorted(sizes.items(), key=lambda item: -item[1])[:most]


def _size(entry: os.DirEntry[str]) -> int:
    if not entry.is_dir(follow_symlinks=False):
        return entry.stat(follow_symlinks=False).st_size
    return sum(os.lstat(os.path.join(path, name)).st_size for path, _, names in os.walk(entry.path) for name in names)

"""Sandbox: the place of commands at level 2, where a jail has one process and no folder that it can write.

Each run is a fresh process, caged, in which ``python -m MODULE`` runs in place. The copy lies outside, in a temporary
folder of this user; the jail can read it, and files are laid over it from here. So tests that write files, start
processes or need another interpreter than the one that runs this cannot run; those that compute can.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import IsolationUnavailable, SandboxError, UsageError
from cambrian.core.evaluation import Status
from cambrian.core.limits import Level
from cambrian.core.ports import Exit, Program, Reply

from .command_copied import Source
from .command_terms import LARGEST, Asked, CommandResult, Copied, Told, ended, result
from .inside.drivers.command_copy import Copy, Limit
from .jail import CPythonJail
from .profile import site_folders
from .scripts.driven import driver_text

__all__ = ["InPlace"]

_DRIVER = "drivers/command_inplace.py"
_PYTEST = "--capture=sys -p no:cacheprovider"  # what it would write into files otherwise
_EXIT = re.compile(r"exit (\d+)")


class InPlace:
    """Runs modules in place, each in a process of its own.

    Args:
        source: what they run on.
        jail: of level 2.
        folder: a temporary one, ours.
    """

    def __init__(self, source: Source, jail: CPythonJail, folder: Path) -> None:
        self._source = source
        self._jail = jail
        self._folder = folder
        self._copy = Copy(str(source.folder), str(folder / "project"))
        self.copied: Copied | None = None

    @classmethod
    async def start(cls, source: Source) -> InPlace:
        """Start the jail.

        Raises:
            IsolationUnavailable: it cannot be had here, or the project has an interpreter of its own.
        """
        if not source.own:
            raise IsolationUnavailable(
                f"the project's interpreter {str(source.interpreter.program)!r} is another one than that which runs "
                "Cambrian, and a jail of level 2 has only that; install Cambrian into the project's environment, or "
                "let it have level 3: `cambrian doctor` says what this machine lacks for it"
            )
        folder = Path(tempfile.mkdtemp(prefix="cambrian-"))
        try:
            packages = tuple(Path(path) for path in site_folders())
            jail = await CPythonJail.start(level=Level.L2, readable=(folder, *source.outside(), *packages))
        except BaseException:
            shutil.rmtree(folder)
            raise
        return cls(source, jail, folder)

    @property
    def level(self) -> Level:
        """Of the jail."""
        return self._jail.level

    def variables(self) -> dict[str, str]:
        """The environment's part that depends on the place."""
        return {"PATH": "", "HOME": "/", "TMPDIR": "/", "CAMBRIAN_BESIDE": "", "PYTEST_ADDOPTS": _PYTEST}

    async def run(self, asked: Asked) -> CommandResult:
        """One command; see `commands.Commands.run`."""
        module = self._module(asked)
        await self._prepare()
        try:
            await anyio.to_thread.run_sync(lambda: self._copy.lay(dict(asked.changes)))
            return await self._run(asked, module)
        except PermissionError as error:
            raise UsageError(f"a change of {self._source.folder} cannot be laid over its copy: {error}") from error
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self._copy.restore)

    def _module(self, asked: Asked) -> list[str]:
        """The module and its arguments, if the command is one."""
        if asked.collect or any(name.startswith("@") for name in asked.changes):
            raise UsageError(
                "a jail of level 2 has no folder that could be written: nothing can be brought back from it"
            )
        first, *rest = asked.argv
        if first == str(self._source.interpreter.program) and rest[:1] == ["-m"] and rest[1:]:
            return rest[1:]
        if first in ("pytest", "py.test"):
            return ["pytest", *rest]
        raise UsageError(
            f"a jail of level 2 has one process, in which only python -m MODULE can run, not {' '.join(asked.argv)!r}; "
            "see `cambrian doctor` for what this machine lacks for level 3"
        )

    async def _prepare(self) -> None:
        if self.copied is not None:
            return
        limit = Limit(self._source.linked, self._source.left_out, LARGEST)
        await anyio.to_thread.run_sync(lambda: self._copy.make(limit))
        self.copied = Copied(self._copy.files, self._copy.size, self._copy.linked)

    async def _run(self, asked: Asked, module: list[str]) -> CommandResult:
        limits = msgspec.structs.replace(
            self._source.limits, wall=asked.wall, cpu=asked.cpu, processes=1, output=self._source.limits.output
        )
        program = Program(files={_DRIVER: driver_text("command_inplace.py")}, entry=f"{_DRIVER}:step")
        session = await self._jail.launch(program, limits)
        if isinstance(session, Exit):
            return ended(session)
        try:
            answer = await session.call(encode((self._request(asked, module),)))
        finally:
            with anyio.CancelScope(shield=True):
                await session.close()
        return _told(answer, asked) if isinstance(answer, Reply) else _gone(answer)

    def _request(self, asked: Asked, module: list[str]) -> str:
        request = {
            "argv": module, "cwd": asked.cwd, "environment": asked.environment, "stdin": asked.stdin,
            "most": asked.most, "folder": str(self._folder / "project"), "original": str(self._source.folder),
            "program": sys.executable, "prefix": sys.prefix, "site": site_folders(),
        }  # fmt: skip
        return msgspec.json.encode(request).decode()

    async def aclose(self) -> None:
        """End everything. Idempotent."""
        with anyio.CancelScope(shield=True):
            await self._jail.aclose()
            await anyio.to_thread.run_sync(lambda: shutil.rmtree(self._folder, ignore_errors=True))


def _told(reply: Reply, asked: Asked) -> CommandResult:
    if reply.raised:
        raise SandboxError(f"a module could not be run in place: {reply.payload[:4096].decode(errors='replace')}")
    try:
        told = msgspec.json.decode(msgspec.json.decode(reply.payload, type=str), type=Told)
    except msgspec.DecodeError as error:
        raise SandboxError(f"a process gave no answer that can be read: {error}") from None
    return result(msgspec.structs.replace(told, wall_s=reply.wall_s), reply.cpu_s, asked)


def _gone(end: Exit) -> CommandResult:
    """A process that ended without an answer: by its own exit, or by a limit."""
    match = _EXIT.fullmatch(end.detail)
    if end.status is Status.ERROR and match is not None:
        return CommandResult(
            status=Status.OK, exit_code=int(match[1]), stderr=end.text, wall_s=end.usage.wall_s, cpu_s=end.usage.cpu_s
        )
    return ended(end)

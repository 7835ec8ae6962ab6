"""Sandbox: the CPython jail, a `core.ports.Runtime`. Policy of levels and restarts; the work is done below.

One zygote per jail and one program at a time, so the namespaces of the zygote belong to that program alone.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import anyio

from cambrian.core.errors import IsolationUnavailable, SandboxError, UsageError, WorkerDied
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program, Runtime, Session
from cambrian.core.quantity import format_size

from .inside.wire import Profile
from .profile import make_profile
from .session import JailSession
from .zygote import Zygote

__all__ = ["CPythonJail"]

_TRIAL = Program(files={"trial.py": "def trial():\n    return None\n"}, entry="trial.py:trial")
_TRIAL_LIMITS = Limits(wall=60.0)


class CPythonJail(Runtime):
    """Runs Python programs in this interpreter's version, each in a fresh caged process.

    Make one with `start`. What each level contains is told in `docs/explanation/sandbox.md`.

    Attributes:
        level: the level that it really has.
        reasons: why a better level could not be had.
    """

    def __init__(self, zygote: Zygote, profile: Profile, level: Level, reasons: tuple[str, ...]) -> None:
        self.level = level
        self.reasons = reasons
        self._zygote = zygote
        self._profile = profile
        self._session: JailSession | None = None
        self._launching = False
        self._closed = False

    @classmethod
    async def start(
        cls,
        *,
        level: Level | None = None,
        preload: tuple[str, ...] = (),
        readable: tuple[Path, ...] = (),
        site: bool = True,
        path: tuple[Path, ...] = (),
        resident: bool = False,
        proc: bool = False,
        copied: Path | None = None,
        loopback: bool = False,
    ) -> CPythonJail:
        """Start a jail and try it with a trivial program.

        Args:
            level: exactly this one; None takes the best there is, at least `Level.L2`. Levels 1 and 0 are had only by
                asking for them here.
            preload: modules that every program finds already imported.
            readable: files and folders that programs may read besides the interpreter, the shared libraries and (if
                `site`) the installed packages.
            site: whether programs can import installed packages.
            path: folders that are searched for preloads too. Programs do not see them: of what lies there they have
                what was preloaded.
            resident: limit the memory of programs by what is resident, watched from outside, instead of by address
                space: for engines that reserve far more than they use. What this leaves is told in the same page.
            proc: at level 3, give programs a /proc that shows their own processes alone, for engines that cannot do
                without. Where the kernel refuses it, they have none.
            copied: at level 3, a folder that programs can read at `inside.root.ORIGINAL`; its own place leads to
                `inside.root.COPY`, where the program is to make a copy of it. Nothing at the other levels.
            loopback: at level 3, processes of a program may talk to each other by TCP and UDP over 127.0.0.1 and ::1,
                in a network of the jail's own that has nothing else. Nothing at the other levels.

        Raises:
            IsolationUnavailable: the level cannot be had here, or a preload cannot be imported; says why.
            UsageError: a readable path is relative or missing, or `copied` holds the interpreter or lies in a readable
                folder.
        """
        reasons: list[str] = []
        for candidate in (Level.L3, Level.L2) if level is None else (level,):
            profile = make_profile(
                candidate, preload, readable, site_packages=site, path=path, resident=resident, proc=proc,
                copied=copied if candidate is Level.L3 else None, loopback=loopback and candidate is Level.L3,
            )  # fmt: skip
            try:
                return await cls._try(profile, candidate, tuple(reasons))
            except SandboxError as error:
                reasons.append(f"{candidate.name}: {error}")
        raise IsolationUnavailable(f"no jail of the level asked for: {'; '.join(reasons)}. See `cambrian doctor`")

    @classmethod
    async def _try(cls, profile: Profile, level: Level, reasons: tuple[str, ...]) -> CPythonJail:
        self = cls(await Zygote.start(profile), profile, level, reasons)
        try:
            session = await self.launch(_TRIAL, _TRIAL_LIMITS)
            if isinstance(session, Exit):
                raise IsolationUnavailable(f"a trivial program ended with {session.status} {session.detail}")
            await session.close()
        except BaseException:
            await self.aclose()
            raise
        return self

    @property
    def zygote_pid(self) -> int:
        """Process id of the jail's outermost process; another after a restart."""
        return self._zygote.pid

    async def launch(self, program: Program, limits: Limits) -> Session | Exit:
        """See `core.ports.Runtime.launch`.

        Raises:
            UsageError: the limits contradict each other or this level, or a file's path leaves the program's folder.
        """
        self._refuse_misuse(program, limits)
        self._launching = True
        try:
            if not self._zygote.alive:
                await self._end_session()
                await self._zygote.aclose()
                self._zygote = await Zygote.start(self._profile)
            session = await JailSession.open(
                self._zygote, program, limits, self.level, resident=self._profile["resident"]
            )
        finally:
            self._launching = False
        if session.exit is not None:
            return session.exit
        self._session = session
        return session

    def _refuse_misuse(self, program: Program, limits: Limits) -> None:
        if self._closed:
            raise RuntimeError("this jail is closed")
        if self._launching or (self._session is not None and self._session.exit is None):
            raise RuntimeError("the last session of this jail was not closed; a jail runs one program at a time")
        if limits.processes > 1 and self.level == Level.L2:
            raise UsageError(
                f"limits.processes is {limits.processes!r}, but this jail has level L2, which allows one process; "
                f"level L3 is needed ({'; '.join(self.reasons) or 'ask for it'})"
            )
        if self.level == Level.L3 and limits.disk >= limits.memory:
            raise UsageError(
                f"limits.memory is {format_size(limits.memory)} and limits.disk {format_size(limits.disk)}, which must "
                f"be less, as scratch files are memory; write for example limits.memory={format_size(4 * limits.disk)}"
            )
        for path in program.files:
            _refuse_path(path)

    async def aclose(self) -> None:
        """See `core.ports.Runtime.aclose`."""
        self._closed = True
        with anyio.CancelScope(shield=True):
            await self._end_session()
            await self._zygote.aclose()

    async def _end_session(self) -> None:
        """Close what is open. With the zygote gone the program is gone too; only its descriptors are left to close."""
        if self._session is not None and self._session.exit is None:
            with contextlib.suppress(WorkerDied):
                await self._session.close()


def _refuse_path(path: str) -> None:
    parts = path.split("/")
    if not path or path.startswith("/") or any(part in ("", ".", "..") for part in parts) or "\0" in path:
        raise UsageError(f"program file {path!r} must be a relative POSIX path without '.' and '..'")

"""Sandbox, scripts: what a driver is, and one worker: a jail in which a driver serves scripts one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import IsolationUnavailable, SandboxError, UsageError
from cambrian.core.evaluation import Status
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program, Session
from cambrian.core.script import Language
from cambrian.sandbox.jail import CPythonJail

__all__ = ["DRIVERS_PATH", "Driver", "Spoken", "Worker", "driver_text"]

DRIVERS_PATH = Path(__file__).parents[1] / "inside"
"""Where `drivers` can be preloaded from, as a package of its own: what a driver needs is then compiled only once."""

_DRIVERS = DRIVERS_PATH / "drivers"
_ENTRY = "entry.py"
_LONG_S = 30 * 86400.0  # of a worker that waits for scripts; each script has its own limit
_STARTING_S = 30.0  # for an engine that starts on a busy machine
_ENVELOPE = 64 * 1024  # what a turn takes besides its values and what was printed


class Driver(msgspec.Struct, frozen=True, kw_only=True):
    """A program in the jail that speaks for an engine.

    Args:
        name: of the runtime.
        languages: what it runs.
        version: of the engine.
        files: ``"driver.py"``, which has ``step(request: dict) -> dict``, and what it needs.
        preload: modules imported before the jail's children are made.
        path: folders that are searched for preloads; programs do not see them.
        readable: paths it reads besides the interpreter, the shared libraries and the installed packages.
        processes: processes of one worker; 1 means that none may be started.
        reuse: scripts that one worker serves before it is replaced; 1 where state could leak.
        resident: memory is limited by what is resident instead of by address space; for engines that reserve far more
            than they use.
        proc: whether the engine needs a /proc, which shows the worker's own processes alone.
        snapshots: whether it answers ``snapshot`` and ``restore``.
        variables: whether it answers ``inspect``.
        abandons: whether a script that waits for answers can be left for the next one, nothing of it staying.
        overhead: bytes that the engine needs beyond what the script may use.
    """

    name: str
    languages: tuple[Language, ...]
    version: str
    files: Mapping[str, str]
    preload: tuple[str, ...] = ()
    path: tuple[Path, ...] = ()
    readable: tuple[Path, ...] = ()
    processes: int = 1
    reuse: int = 1
    resident: bool = False
    proc: bool = False
    snapshots: bool = False
    variables: bool = False
    abandons: bool = False
    overhead: int = 0

    def __post_init__(self) -> None:
        if "driver.py" not in self.files:
            raise UsageError(f"the driver of {self.name!r} has no file 'driver.py', only {sorted(self.files)}")


def driver_text(name: str) -> str:
    """The text of a file of `sandbox/inside/drivers`."""
    return (_DRIVERS / name).read_text(encoding="utf-8")


class Spoken(msgspec.Struct, frozen=True):
    """What came back from a driver, undecoded, and the seconds it took, wall and CPU."""

    text: bytes
    wall_s: float
    cpu_s: float


class Worker:
    """One jail and the driver in it. Not for concurrent use. Made by `start`."""

    def __init__(self, driver: Driver, jail: CPythonJail) -> None:
        self._driver = driver
        self._jail = jail
        self._session: Session | None = None
        self._limits: Limits | None = None
        self._served = 0

    @classmethod
    async def start(cls, driver: Driver, *, level: Level | None) -> Worker:
        """Start a jail for the driver.

        Raises:
            IsolationUnavailable: the level cannot be had, or the driver's processes cannot run at it.
        """
        jail = await CPythonJail.start(
            level=level,
            preload=driver.preload,
            path=driver.path,
            readable=driver.readable,
            resident=driver.resident,
            proc=driver.proc,
        )
        if driver.processes > 1 and jail.level == Level.L2:
            await jail.aclose()
            raise IsolationUnavailable(
                f"the runtime {driver.name!r} consists of several processes, and a jail of level L2 allows one; "
                "level L3 is needed: `cambrian doctor` says what this machine lacks for it"
            )
        return cls(driver, jail)

    @property
    def level(self) -> Level:
        """The level of its jail."""
        return self._jail.level

    @property
    def served(self) -> int:
        """Scripts that the present process has served before this one."""
        return self._served

    async def prepare(self, limits: Limits) -> None:
        """See to it that a driver with such limits waits for a script.

        Raises:
            SandboxError: it cannot be started; says what it said.
        """
        stale = self._limits != limits or self._served >= self._driver.reuse
        if self._session is not None and stale:
            await self.retire()
        if self._session is not None:
            return
        files = {**self._driver.files, _ENTRY: driver_text(_ENTRY)}
        launched = await self._jail.launch(Program(files=files, entry=f"{_ENTRY}:step"), self._worker_limits(limits))
        if isinstance(launched, Exit):
            raise SandboxError(
                f"the driver of {self._driver.name!r} did not start: {launched.status} {launched.detail}\n"
                f"{launched.text[-1000:]}"
            )
        self._session, self._limits, self._served = launched, limits, 0

    def _worker_limits(self, limits: Limits) -> Limits:
        several = self._driver.reuse > 1
        return Limits(
            wall=_LONG_S,
            cpu=_LONG_S if several else limits.cpu + _STARTING_S,
            memory=limits.memory + self._driver.overhead + limits.disk,
            output=6 * limits.output + _ENVELOPE,  # JSON in JSON may take six bytes for one
            disk=limits.disk,
            files=limits.files,
            processes=max(self._driver.processes, limits.processes),
        )

    async def ask(self, request: msgspec.Struct, *, wall: float) -> Spoken | Exit:
        """Let the driver take one step. After an exit the worker needs `prepare` again.

        Args:
            request: see `port`.
            wall: seconds that it may take.

        Raises:
            SandboxError: the machinery failed.
            RuntimeError: `prepare` was not called.
        """
        if self._session is None:
            raise RuntimeError("the worker is not prepared")
        payload = encode((msgspec.json.encode(request).decode(),))
        reply = await self._session.call(payload, wall=wall)
        if isinstance(reply, Exit):
            await self.retire()
            return reply
        if reply.raised:
            await self.retire()
            return Exit(status=Status.ERROR, detail="driver", text=reply.payload[:4096].decode(errors="replace"))
        return Spoken(reply.payload, reply.wall_s, reply.cpu_s)

    def finish(self) -> None:
        """A script has ended in order; the next one may come."""
        self._served += 1
        if self._session is not None:
            self._session.rest()

    @property
    def spent(self) -> bool:
        """Whether it has no process that could serve another script."""
        return self._session is None or self._served >= self._driver.reuse

    async def retire(self) -> None:
        """End the present process; the jail stays."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def aclose(self) -> None:
        """End everything. Idempotent."""
        await self.retire()
        await self._jail.aclose()

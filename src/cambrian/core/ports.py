"""Ports: what the rooms below and above hand to each other. The docstrings are the contracts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from .effect import EffectId, EffectState, Intent
from .evaluation import Status, Usage
from .event import Fact
from .limits import Level, Limits


class Clock(Protocol):
    """Time as a dependency. Tests hand in a clock that they move by hand."""

    def wall(self) -> float:
        """Seconds since the Unix epoch."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...


class EffectLog(Protocol):
    """A run, as those see it who cause effects. The kernel's `Run` is one; see there for the errors."""

    async def intend(
        self,
        intent: Intent,
        *facts: Fact,
        blobs: Sequence[bytes] = (),
        state: EffectState = EffectState.EXECUTING,
    ) -> None:
        """Record that an effect is about to happen, or (pending) waits to be allowed. Durable when this returns."""
        ...

    async def start(self, effect: EffectId, *facts: Fact) -> None:
        """Record that a pending effect is about to happen."""
        ...

    async def conclude(self, effect: EffectId, state: EffectState, *facts: Fact, why: str = "") -> None:
        """Record an effect's outcome, and the facts that it changes, in one transaction."""
        ...

    async def append(self, *facts: Fact, blobs: Sequence[bytes] = ()) -> int:
        """Record facts, and the blobs that they name."""
        ...

    async def finish(self, *facts: Fact, blobs: Sequence[bytes] = ()) -> int:
        """Record the last facts, and give the run back. Nothing can be recorded afterwards."""
        ...


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """What a runtime runs.

    Args:
        files: relative POSIX path → text.
        entry: ``"file.py:function"``.
    """

    files: Mapping[str, str]
    entry: str


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of a program, as it came out of the jail: bytes of an enemy.

    Args:
        payload: the value, or if `raised` a record {type, message, traceback}, encoded by `core.codec`. Not decoded
            here: whoever needs the value decodes it in a limited process.
        raised: the function raised, and the program is still there for the next call.
        wall_s: seconds from the first byte sent to the last byte received, taken outside the jail.
        cpu_s: CPU seconds that the program's tree took meanwhile, taken outside the jail.
        report: the entry module's global ``__report__`` after the call, as a JSON object, if it has one and it is a
            dict of JSON values of at most 256 KiB; else empty. What a program says of itself: never evidence.
    """

    payload: bytes
    raised: bool
    wall_s: float
    cpu_s: float
    report: bytes = b""


class Exit(msgspec.Struct, frozen=True, kw_only=True):
    """How a program ended. A limit that was hit is named, never turned into a score.

    Args:
        status: one of ok, error, timeout, memory, output, killed, signal, denied. ``ok`` means that nothing but
            `Session.close` ended it.
        detail: which limit, signal or call: ``"wall"``, ``"cpu"``, ``"SIGSEGV"``, ``"socket"``.
        text: the last part of what the program printed and of its traceback; at most 4 KiB, control characters
            replaced. Untrusted.
        usage: resources of the whole session.
        level: the level it ran at.
    """

    status: Status
    detail: str = ""
    text: str = ""
    usage: Usage = Usage()
    level: Level = Level.L3


class Session(ABC):
    """One program in one jail, fresh at launch, answering calls until it ends.

    Not for concurrent use: one call at a time.
    """

    @abstractmethod
    async def call(self, payload: bytes, *, wall: float | None = None) -> Reply | Exit:
        """Call the entry point with the arguments in `payload` (a tuple, encoded by `core.codec`).

        Args:
            payload: the encoded arguments.
            wall: seconds for this call, if less than what is left of the session's limits.

        Returns:
            The reply, or how the program ended. After an `Exit` every further call gives the same one. A hit limit
            has killed the whole tree when this returns.

        Raises:
            SandboxError: the machinery failed; nothing is said about the program.
        """

    @abstractmethod
    def stop(self) -> None:
        """Begin to end the program; `close` waits until it is gone. For those who have something to do meanwhile."""

    def rest(self) -> None:  # noqa: B027 - most have nothing to do
        """The program has nothing to do before the next call: nobody needs to look at it meanwhile."""

    @abstractmethod
    async def close(self) -> Exit:
        """End the program and everything it started; wait until it is gone. Idempotent."""


class Runtime(ABC):
    """Runs untrusted programs one after the other. Each launch is fresh: nothing of an earlier one is left.

    A runtime is one slot: at most one session at a time. Whoever wants more holds more runtimes. A runtime whose
    machinery dies (`WorkerDied`) starts itself anew at the next launch.
    """

    level: Level

    @abstractmethod
    async def launch(self, program: Program, limits: Limits) -> Session | Exit:
        """Load a program and find its entry point.

        Returns:
            A session, or an exit if loading already ended it (a syntax error is an ``error``).

        Raises:
            SandboxError: the machinery failed; nothing is said about the program.
            RuntimeError: the last session was not closed.
        """

    @abstractmethod
    async def aclose(self) -> None:
        """End everything. Idempotent."""

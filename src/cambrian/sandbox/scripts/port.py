"""Sandbox, scripts: the port that every runtime of scripts stands behind, and the words spoken with drivers.

A *driver* is a program in the CPython jail that speaks for an engine: the CPython interpreter itself, a Monty worker, a
QuickJS context, a Deno process that it has started inside the same jail. The host sends a `Begin` or a `Resume` and
gets one `Said`. Everything that comes back is an enemy's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import msgspec

from cambrian.core.errors import SandboxError, UsageError
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Language, Script, Turn
from cambrian.core.tool import Answer, Tool

__all__ = [
    "Begin",
    "Inspect",
    "Inspected",
    "Profile",
    "Profiled",
    "Restore",
    "Resume",
    "Said",
    "ScriptExecution",
    "ScriptRuntime",
    "Snapped",
    "Snapshot",
    "SnapshotLimit",
    "Terms",
]


class SnapshotLimit(SandboxError):
    """A script's state is too large to be kept. The script goes on; that moment can be replayed instead."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a run of a script repeatable, besides the script.

    Args:
        seed: of every random generator that the runtime offers.
        now: seconds since the Unix epoch when the run began. The code's clock shows the `now` that it was last given,
            plus a microsecond for each look at it and what it slept.
        checkpoints: whether a snapshot is kept at each turn.
        profile: whether `ScriptExecution.profile` will be asked for.
        window: two numbers of calls made so far, between which `ScriptExecution.profile` is to tell what each line
            changed; empty for none.
    """

    seed: int
    now: float
    checkpoints: bool = False
    profile: bool = False
    window: tuple[int, ...] = ()


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag="begin", tag_field="ask"):
    """Host → driver: run this.

    Args:
        code: source text.
        language: one of `core.script.LANGUAGES`.
        inputs: global variables.
        tools: names of the tools, and whether Python code awaits them.
        seed: see `Terms`.
        now: see `Terms`.
        memory: bytes that the engine may use, if it can hold itself to that. The jail holds it anyway.
        wall: seconds that the engine may run in all, likewise.
        output: bytes that it may print, likewise.
        name: the script's name for tracebacks.
        prelude: run before the code, in the same variables.
        profile: see `Terms`.
        window: see `Terms`.
    """

    code: str
    language: str
    inputs: dict[str, object]
    tools: dict[str, bool]
    seed: int
    now: float
    memory: int
    wall: float
    output: int
    name: str
    prelude: str = ""
    profile: bool = False
    window: tuple[int, ...] = ()


class Resume(msgspec.Struct, frozen=True, kw_only=True, tag="resume", tag_field="ask"):
    """Host → driver: the answers of all calls of the last turn, and what time it is now."""

    answers: list[Answer]
    now: float


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Driver → host: the turn, and what was printed since the last one."""

    turn: Turn
    stdout: str = ""
    stderr: str = ""


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot", tag_field="ask"):
    """Host → driver: the state at this turn's calls. Only for engines that have snapshots."""


class Snapped(msgspec.Struct, frozen=True):
    """Driver → host: the state, to be authenticated by the host before it is ever given back.

    Empty if it is too large to leave the jail; `too_large` is its size then, in bytes.
    """

    snapshot: bytes
    too_large: int = 0


class Restore(msgspec.Struct, frozen=True, kw_only=True, tag="restore", tag_field="ask"):
    """Host → driver: go on from this state; the answer is the turn at which it was made. Fields as in `Begin`."""

    snapshot: bytes
    now: float
    memory: int
    wall: float
    output: int


class Inspect(msgspec.Struct, frozen=True, tag="inspect", tag_field="ask"):
    """Host → driver: the variables of the script's top level."""


class Inspected(msgspec.Struct, frozen=True):
    """Driver → host: name → JSON value, or the representation of what is none."""

    variables: dict[str, object]


class Profile(msgspec.Struct, frozen=True, tag="profile", tag_field="ask"):
    """Host → driver: what was traced of a script that was begun with `Terms.profile` or `Terms.window`."""


class Profiled(msgspec.Struct, frozen=True):
    """Driver → host: what was traced.

    Args:
        lines: line, from 1; how often it ran; seconds.
        steps: in the order of time: line; function, or "" at the top level; the variables that it changed, shown.
    """

    lines: list[tuple[int, int, float]]
    steps: list[tuple[int, str, dict[str, str]]] = []


class ScriptExecution(ABC):
    """One script being run. Not for concurrent use.

    Attributes:
        level: the level of its jail.
        wall_s: seconds that the code has run, its waiting for tools not counted.
        cpu_s: CPU seconds, likewise.
    """

    level: Level
    wall_s: float
    cpu_s: float

    @abstractmethod
    async def resume(self, answers: Sequence[Answer], *, now: float) -> Said | Exit:
        """Give the answers of all calls of the last turn; run on to the next turn.

        Returns:
            The next turn; or how the worker ended, if a limit was hit or it died. Then, and after any turn but
            ``calls``, there is nothing to resume.

        Raises:
            SandboxError: the machinery failed; nothing is said about the script.
        """

    @abstractmethod
    async def close(self) -> None:
        """End it, if it has not ended, and give the worker back or kill it. Idempotent."""

    async def snapshot(self) -> bytes:
        """The state at this turn's calls, to be restored by the same version of the same runtime.

        Raises:
            UsageError: this runtime has no snapshots.
        """
        raise UsageError(f"{type(self).__name__} has no snapshots; replay the run from its journal instead")

    async def inspect(self) -> dict[str, object]:
        """The variables of the script's top level at this turn.

        Raises:
            UsageError: this runtime cannot show them.
        """
        raise UsageError(f"{type(self).__name__} cannot show variables")

    async def profile(self) -> Profiled:
        """What was traced so far.

        Raises:
            UsageError: this runtime cannot tell.
        """
        raise UsageError(f"{type(self).__name__} cannot tell what lines took")


class ScriptRuntime(ABC):
    """Runs scripts, several at a time, each in a state of its own: nothing of one is seen by another.

    Attributes:
        name: ``"monty"``, ``"quickjs"``, ``"cpython"``, ``"deno"``, ``"bun"``, ``"node"``.
        languages: what it runs.
        level: the level of its workers' jail.
        version: of the engine; capability tables and snapshots are bound to it.
        snapshots: whether its executions have snapshots, and `restore` takes them.
    """

    name: str
    languages: tuple[Language, ...]
    level: Level
    version: str
    snapshots: bool = False

    @abstractmethod
    async def begin(
        self, script: Script, tools: Sequence[Tool], limits: Limits, terms: Terms
    ) -> tuple[ScriptExecution, Said | Exit]:
        """Run a script up to its first turn. The caller closes the execution, also after an exit.

        Waits for a free worker; that time does not count against the limits.

        Raises:
            SandboxError: the machinery failed.
            UsageError: a language that this runtime does not run.
        """

    @abstractmethod
    async def restore(
        self, snapshot: bytes, limits: Limits, *, now: float, calls: int
    ) -> tuple[ScriptExecution, Said | Exit]:
        """Take an execution up where `ScriptExecution.snapshot` was made: its calls are waiting again.

        Args:
            snapshot: authenticated by the caller; made by this version of this runtime.
            limits: for what is left of the run.
            now: what the clock shows from here.
            calls: how many calls the script had made before those that wait.

        Raises:
            UsageError: this runtime has no snapshots.
        """

    @abstractmethod
    async def aclose(self) -> None:
        """End all workers. Idempotent."""

"""A `timing.Measure` over a jail: each run is a fresh process of one and the same jail.

Two processes of the *same* program that live side by side differ by several per cent for as long as they live: one has
the busier core, or the luckier layout of memory (Mytkowicz, Diwan, Hauswirth & Sweeney, ASPLOS 2009). Each arm then has
a noise of its own that does not average out, and no test survives that. Fresh processes draw that luck anew each time;
`benchmarks/paired_timing.py` shows both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import anyio

from cambrian.core.errors import UsageError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply, Runtime

from .timing import Arm

__all__ = ["Clock", "FreshRuns"]

Clock = Literal["cpu", "wall"]
"""cpu: CPU seconds of the process tree, which load on the machine hardly touches; blind to waiting. wall: all of it."""
_ATTEMPTS = 3
"""Runs until the clock shows something. Read from outside, a CPU clock lags behind a program that is just going to
sleep by up to a tick of the kernel, which can be the whole of a short call."""


class FreshRuns:
    """Times arms, each run in a process of its own; both clocks are read outside the jail.

    Args:
        jail: where they run, one after the other; it must have no session open.
        programs: the two arms; their entries take the arguments.
        payload: pair's number → its arguments, encoded by `core.codec`. Both arms of a pair get the same.
        limits: of one process, all its calls together.
        clock: what is read.
        warm: calls before those that are timed, so that imports and first calls are not in it.
        repeat: calls that are timed together; more for what takes less than a millisecond.

    Attributes:
        last: what came of the last call, a failed one included.
    """

    def __init__(
        self,
        jail: Runtime,
        programs: Mapping[Arm, Program],
        payload: Callable[[int], bytes],
        limits: Limits,
        *,
        clock: Clock = "cpu",
        warm: int = 1,
        repeat: int = 1,
    ) -> None:
        if warm < 0 or repeat < 1:
            raise UsageError(f"warm is {warm!r}, repeat is {repeat!r}; at least 0 calls before, and 1 that is timed")
        self._jail = jail
        self._programs = programs
        self._payload = payload
        self._limits = limits
        self._clock = clock
        self._warm = warm
        self._repeat = repeat
        self.last: Reply | Exit | None = None

    async def __call__(self, arm: Arm, pair: int) -> float | None:
        """Seconds of one run; `None` if the program ended or raised.

        Raises:
            SandboxError: the machinery failed.
        """
        seconds = None
        for _ in range(_ATTEMPTS):
            seconds = await self._run(self._programs[arm], self._payload(pair))
            if seconds != 0:
                break
        return seconds

    async def _run(self, program: Program, payload: bytes) -> float | None:
        session = await self._jail.launch(program, self._limits)
        if isinstance(session, Exit):
            self.last = session
            return None
        seconds = 0.0
        try:
            for call in range(self._warm + self._repeat):
                self.last = reply = await session.call(payload)
                if isinstance(reply, Exit) or reply.raised:
                    return None
                if call >= self._warm:
                    seconds += reply.cpu_s if self._clock == "cpu" else reply.wall_s
        finally:
            with anyio.CancelScope(shield=True):
                await session.close()
        return seconds

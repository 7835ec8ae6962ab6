"""A `timing.Measure` of calls alone: arguments are made in the jail beforehand, and no answer is carried out.

Each run is a fresh process of one jail, as in `fresh`, so that no arm keeps the luck of its process. Where arguments
are large and a function is quick, carrying them takes longer than the call, and would hide most of a gain.

    Laps         measures an arm: several cases, several rounds
    first_lap    how long a program takes for one case
    compare      few pairs, their number fixed beforehand, with the exact sign test
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import Literal, NamedTuple

import anyio
import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import UsageError
from cambrian.core.evidence import Evidence
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply, Runtime, Session

from .behaviour import around
from .cases import Case
from .paired import compare_pairs
from .policy import ANSWERS
from .shipping import shipped
from .timing import Arm, Measure

__all__ = ["Clock", "Lap", "Laps", "compare", "first_lap", "loads_of", "timed"]

Clock = Literal["cpu", "wall"]
"""What is read: CPU time, which other work on the machine hardly touches; or wall time, of calls that wait."""

_STOPWATCH = "cambrian/verify/inside/stopwatch.py"
_LIMITS = Limits(wall=300.0, cpu=300.0, memory=2 * 2**30, output=2**20)
_ATTEMPTS = 3
_METHOD = "{} time of the calls in fresh processes, the quickest lap of each, pairs in random order, exact sign test"
_NAMES: dict[Clock, str] = {"cpu": "CPU", "wall": "wall"}
_WAITS, _WAITED_S = 4.0, 0.005
"""A call waits if it takes so many times its CPU time, and so much more: processes in its way make it two or three."""


class Lap(NamedTuple):
    """What calls took, in seconds, read outside the jail."""

    cpu_s: float
    wall_s: float

    @property
    def clock(self) -> Clock:
        """What a person waits for, mostly: the processor, or something else."""
        waits = self.wall_s > _WAITS * self.cpu_s and self.wall_s - self.cpu_s > _WAITED_S
        return "wall" if waits else "cpu"

    def by(self, clock: Clock) -> float:
        """Seconds by one of the clocks."""
        return self.wall_s if clock == "wall" else self.cpu_s


def timed(program: Program) -> Program:
    """A program whose entry point is the stopwatch's.

    Raises:
        UsageError: it has a file that would hide what stands around it.
    """
    framed = around(program, ANSWERS, cases=True)
    return Program(files={**framed.files, **shipped(("verify/inside/stopwatch.py",))}, entry=f"{_STOPWATCH}:step")


def loads_of(cases: Sequence[Case]) -> tuple[bytes, ...]:
    """What the stopwatch is sent for each case."""
    return tuple(encode(("load", case.data)) for case in cases)


class Laps:
    """Times arms, by a clock outside the jail.

    Args:
        jail: where they run, one after the other; it must have no session open.
        programs: the two arms, as they are.
        cases: what each is called with, one after the other.
        rounds: how many times over; more for what takes less than some milliseconds.
        laps: of so many rounds, one behind the other in a process; the quickest counts, as what disturbs one only adds
            to it. One for programs that keep answers, too.
        warm: whether a round before, which is not timed, has done what only a first call does. Not for programs that
            keep answers from one call to the next: later rounds would find them ready.
        limits: of one process.
        loads: the cases as `loads_of` encodes them, if that was done already; it takes a while for large ones.
        clock: that is read.
    """

    def __init__(
        self, jail: Runtime, programs: Mapping[Arm, Program], cases: Sequence[Case], *, rounds: int = 1,
        laps: int = 1, warm: bool = True, limits: Limits = _LIMITS, loads: Sequence[bytes] = (),
        clock: Clock = "cpu",
    ) -> None:  # fmt: skip
        if rounds < 1 or laps < 1 or not cases:
            raise UsageError(f"{rounds!r} rounds of {len(cases)} cases; at least one of each is timed")
        self._jail = jail
        self._programs = {arm: timed(program) for arm, program in programs.items()}
        self._loads = tuple(loads) or loads_of(cases)
        self._rounds, self._laps, self._warm, self._limits = rounds, laps, warm, limits
        self._clock: Clock = clock
        self.last: Reply | Exit | None = None
        """What came of the last step, a failed one included."""

    async def __call__(self, arm: Arm, pair: int) -> float | None:
        """Seconds of one round; `None` if the program ended or raised.

        Raises:
            SandboxError: the machinery failed.
        """
        del pair  # every pair has the same cases
        lap = await self.lap(arm)
        return None if lap is None else lap.by(self._clock)

    async def lap(self, arm: Arm) -> Lap | None:
        """One round; `None` if the program ended or raised.

        Raises:
            SandboxError: the machinery failed.
        """
        lap = None
        for _ in range(_ATTEMPTS):
            lap = await self._run(self._programs[arm])
            if lap is None or lap.cpu_s:  # read from outside, the clock may lag behind by a whole short call
                break
        return lap

    async def _run(self, program: Program) -> Lap | None:
        session = await self._jail.launch(program, self._limits)
        if isinstance(session, Exit):
            self.last = session
            return None
        try:
            for load in self._loads:
                if await self._step(session, load) is None:
                    return None
            if self._warm and (not await self._go(session, 1)):
                return None
            best: Lap | None = None
            for _ in range(self._laps):
                taken = await self._go(session, self._rounds)
                if taken is None:
                    return None
                best = taken if best is None else Lap(min(best.cpu_s, taken.cpu_s), min(best.wall_s, taken.wall_s))
            return None if best is None else Lap(best.cpu_s / self._rounds, best.wall_s / self._rounds)
        finally:
            with anyio.CancelScope(shield=True):
                await session.close()

    async def _go(self, session: Session, rounds: int) -> Lap | None:
        if await self._step(session, encode(("ready", rounds))) is None:
            return None
        return await self._step(session, encode(("go", 0)))

    async def _step(self, session: Session, payload: bytes) -> Lap | None:
        self.last = reply = await session.call(payload)
        return None if isinstance(reply, Exit) or reply.raised else Lap(reply.cpu_s, reply.wall_s)


async def first_lap(jail: Runtime, program: Program, case: Case, limits: Limits = _LIMITS) -> Lap | None:
    """A first call in a fresh process; `None` if it raises or ends.

    Raises:
        SandboxError: the machinery failed.
    """
    return await Laps(jail, {"control": program}, [case], warm=False, limits=limits).lap("control")


async def compare(
    measure: Measure, *, pairs: int, rng: Random, alpha: float = 0.05, least: float = 1.0, clock: Clock = "cpu"
) -> Evidence:
    """Whether the candidate is faster, by pairs whose number was fixed beforehand.

    Args:
        measure: runs an arm.
        pairs: how many; `paired.least_pairs` of `alpha` at least, or nothing can be shown.
        rng: draws who comes first.
        alpha: chance of error of each side of the interval.
        least: the claim is a speed-up above this.
        clock: that the measure reads, for the record.

    Returns:
        Estimate and bounds are the median of control over candidate.
    """
    gains: list[float] = []
    method = _METHOD.format(_NAMES[clock])
    for pair in range(pairs):
        order: tuple[Arm, Arm] = ("control", "candidate") if rng.random() < 0.5 else ("candidate", "control")
        times: dict[Arm, float] = {}
        for arm in order:
            seconds = await measure(arm, pair)
            if not seconds:
                claim = f"faster than {least:g} ×"
                return Evidence(kind="not_shown", claim=claim, method=method, detail=f"the {arm} failed")
            times[arm] = seconds
        gains.append(math.log(times["control"] / times["candidate"]))
    return _shown(gains, alpha, least, method)


def _shown(gains: Sequence[float], alpha: float, least: float, method: str) -> Evidence:
    found = compare_pairs(gains, alpha)
    faster = found.lower is not None and found.lower > math.log(least)
    evidence = Evidence(
        kind="measured" if faster else "not_shown", claim=f"faster than {least:g} ×", n=found.n, alpha=alpha,
        estimate=math.exp(found.median), unit="×", method=method, detail=f"{found.wins} of {found.n} pairs won",
    )  # fmt: skip
    if found.lower is None or found.upper is None:
        return evidence
    return msgspec.structs.replace(evidence, lower=math.exp(found.lower), upper=math.exp(found.upper))

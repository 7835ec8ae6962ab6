"""A `timing.Measure` of calls alone: arguments are made in the jail beforehand, and no answer is carried out.

Each run is a fresh process of one jail, as in `fresh`, so that no arm keeps the luck of its process. Where arguments
are large and a function is quick, carrying them takes longer than the call, and would hide most of a gain.

    Laps         measures an arm: several cases, several rounds
    pass_time    how long a program takes for one case
    compare      few pairs, their number fixed beforehand, with the exact sign test
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from random import Random

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

__all__ = ["Laps", "compare", "loads_of", "pass_time", "timed"]

_STOPWATCH = "cambrian/verify/inside/stopwatch.py"
_LIMITS = Limits(wall=300.0, cpu=300.0, memory=2 * 2**30, output=2**20)
_ATTEMPTS = 3
_METHOD = "CPU time of the calls in fresh processes, pairs in random order, exact sign test"


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
    """Times arms by CPU seconds, read outside the jail.

    Args:
        jail: where they run, one after the other; it must have no session open.
        programs: the two arms, as they are.
        cases: what each is called with, one after the other.
        rounds: how many times over; more for what takes less than some milliseconds.
        warm: whether a round before, which is not timed, has done what only a first call does. Not for programs that
            keep answers from one call to the next: later rounds would find them ready.
        limits: of one process.
        loads: the cases as `loads_of` encodes them, if that was done already; it takes a while for large ones.
    """

    def __init__(
        self, jail: Runtime, programs: Mapping[Arm, Program], cases: Sequence[Case], *, rounds: int = 1,
        warm: bool = True, limits: Limits = _LIMITS, loads: Sequence[bytes] = (),
    ) -> None:  # fmt: skip
        if rounds < 1 or not cases:
            raise UsageError(f"{rounds!r} rounds of {len(cases)} cases; at least one of each is timed")
        self._jail = jail
        self._programs = {arm: timed(program) for arm, program in programs.items()}
        self._loads = tuple(loads) or loads_of(cases)
        self._rounds, self._warm, self._limits = rounds, warm, limits
        self.last: Reply | Exit | None = None
        """What came of the last step, a failed one included."""

    async def __call__(self, arm: Arm, pair: int) -> float | None:
        """CPU seconds of one round; `None` if the program ended or raised.

        Raises:
            SandboxError: the machinery failed.
        """
        del pair  # every pair has the same cases
        seconds = None
        for _ in range(_ATTEMPTS):
            seconds = await self._run(self._programs[arm])
            if seconds != 0:  # read from outside, the clock may lag behind by a whole short call
                break
        return seconds

    async def _run(self, program: Program) -> float | None:
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
            taken = await self._go(session, self._rounds)
            return None if taken is None else taken / self._rounds
        finally:
            with anyio.CancelScope(shield=True):
                await session.close()

    async def _go(self, session: Session, rounds: int) -> float | None:
        if await self._step(session, encode(("ready", rounds))) is None:
            return None
        return await self._step(session, encode(("go", 0)))

    async def _step(self, session: Session, payload: bytes) -> float | None:
        self.last = reply = await session.call(payload)
        return None if isinstance(reply, Exit) or reply.raised else reply.cpu_s


async def pass_time(jail: Runtime, program: Program, case: Case, limits: Limits = _LIMITS) -> float | None:
    """CPU seconds of a first call in a fresh process; `None` if it raises or ends.

    Raises:
        SandboxError: the machinery failed.
    """
    return await Laps(jail, {"control": program}, [case], warm=False, limits=limits)("control", 0)


async def compare(measure: Measure, *, pairs: int, rng: Random, alpha: float = 0.05, least: float = 1.0) -> Evidence:
    """Whether the candidate is faster, by pairs whose number was fixed beforehand.

    Args:
        measure: runs an arm.
        pairs: how many; `paired.least_pairs` of `alpha` at least, or nothing can be shown.
        rng: draws who comes first.
        alpha: chance of error of each side of the interval.
        least: the claim is a speed-up above this.

    Returns:
        Estimate and bounds are the median of control over candidate.
    """
    gains: list[float] = []
    for pair in range(pairs):
        order: tuple[Arm, Arm] = ("control", "candidate") if rng.random() < 0.5 else ("candidate", "control")
        times: dict[Arm, float] = {}
        for arm in order:
            seconds = await measure(arm, pair)
            if not seconds:
                claim = f"faster than {least:g} ×"
                return Evidence(kind="not_shown", claim=claim, method=_METHOD, detail=f"the {arm} failed")
            times[arm] = seconds
        gains.append(math.log(times["control"] / times["candidate"]))
    return _shown(gains, alpha, least)


def _shown(gains: Sequence[float], alpha: float, least: float) -> Evidence:
    found = compare_pairs(gains, alpha)
    faster = found.lower is not None and found.lower > math.log(least)
    evidence = Evidence(
        kind="measured" if faster else "not_shown", claim=f"faster than {least:g} ×", n=found.n, alpha=alpha,
        estimate=math.exp(found.median), unit="×", method=_METHOD, detail=f"{found.wins} of {found.n} pairs won",
    )  # fmt: skip
    if found.lower is None or found.upper is None:
        return evidence
    return msgspec.structs.replace(evidence, lower=math.exp(found.lower), upper=math.exp(found.upper))

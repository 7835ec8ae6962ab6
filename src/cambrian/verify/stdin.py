"""Inputs of programs that read standard input and print, made from the program alone, and what it makes of them.

    Lane            a program on many inputs, in forked children of one jailed process
    stdin_source    inputs for a program: `Inputs`, with which candidates are compared
    differing       the first input on which a candidate is not the original
    weak_on         seeded mistakes in the program that the inputs do not notice

Two runs are the same if exit status and standard output are, byte by byte, trailing whitespace included. What is
written to standard error is not compared. Only the original says what is right.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from types import TracebackType
from typing import NamedTuple, Self

import anyio
import msgspec

from cambrian.core.codec import decode, encode
from cambrian.core.errors import SandboxError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Runtime, Session
from cambrian.source.syntax import Problem, compiled

from .mutants import mutants
from .shipping import shipped

__all__ = ["Inputs", "Lane", "Outcome", "Strength", "differing", "lane_program", "stdin_source", "weak_on"]

_LANE = "cambrian/verify/inside/stdin_lane.py"
_LIMITS = Limits(wall=3600.0, cpu=3600.0, memory=2 * 2**30, output=64 * 2**20, disk=64 * 2**20, processes=8)
_SCALES = (1, 2, 3, 4, 6, 10, 20, 60)
_BATCH = 24
_GROWTH = (8, 14, 300, 2000, 15_000, 100_000, 1_000_000)
_TIMED = 0.8
"""CPU seconds of a large input, if there is a shorter one than that."""
_LARGE_TRIES = 4
_PATIENCE = 2
"""Sizes at which no run ends in time, before no greater one is tried."""
_AT_ONCE = 8
"""Inputs on which a mutant is run before one looks whether it was noticed."""
_ROOM = 0.1
"""CPU seconds for a mutant beyond five times what the original takes."""
_DRAWING, _LONG = 0.1, 1.5
"""CPU seconds for a run of a small input in the making, and for a large one."""


class Outcome(NamedTuple):
    """What came of a run: exit status (negative: the signal that ended it), output or its digest, CPU seconds."""

    code: int
    output: str
    cpu_s: float

    def same(self, other: Outcome) -> bool:
        """Whether it did the same."""
        return (self.code, self.output) == (other.code, other.output)


class _Drawn(msgspec.Struct):
    input: str
    code: int
    cpu: float
    error: str = ""


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """Inputs on which a program ends well, all different.

    Args:
        texts: small and middling ones.
        outcomes: what the program makes of each.
        large: ones that take it long, the longest last, with CPU seconds.
        drawn: how many were tried.
        errors: how the others ended, and how often.
    """

    texts: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    large: tuple[tuple[str, float], ...] = ()
    drawn: int = 0
    errors: dict[str, int] = {}

    @property
    def outputs(self) -> int:
        """How many different outputs there are."""
        return len({outcome.output for outcome in self.outcomes})


class Strength(NamedTuple):
    """Seeded mistakes, and those that no input noticed."""

    tried: int
    missed: tuple[str, ...]

    @property
    def killed(self) -> float:
        """Share that was noticed."""
        return 1.0 - len(self.missed) / self.tried if self.tried else 0.0


def lane_program() -> Program:
    """What runs in the jail."""
    names = ("stdin_lane.py", "stdin_drawing.py", "stdin_reading.py")
    return Program(files=shipped(tuple(f"verify/inside/{name}" for name in names)), entry=f"{_LANE}:call")


class Lane:
    """A worker in a jail of level 3 that has no session open. An async context manager; not for concurrent use.

    Children share nothing but what they were forked from, so that they cannot change each other's outcome.

    Args:
        jail: where it runs.
        limit: CPU seconds for one run.
    """

    def __init__(self, jail: Runtime, *, limit: float = 2.0) -> None:
        self._jail, self._limit = jail, limit
        self._session: Session | None = None

    async def __aenter__(self) -> Self:
        session = await self._jail.launch(lane_program(), _LIMITS)
        if isinstance(session, Exit):
            raise SandboxError(f"the lane of programs does not start: {session.status} {session.text[-300:]}")
        self._session = session
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            with anyio.CancelScope(shield=True):
                await self._session.close()

    async def run(
        self, text: str, inputs: Sequence[str], *, limit: float | None = None, stopped: bool = False
    ) -> list[Outcome]:
        """Run a program on inputs, each in a process of its own.

        Args:
            text: the program.
            inputs: what each run finds on standard input.
            limit: CPU seconds for one run, if not the lane's.
            stopped: no more after a run that a signal ended, as one does that takes too long.

        Raises:
            SandboxError: the machinery failed.
        """
        told = await self._call("run", text, list(inputs), self._limit if limit is None else limit, stopped)
        return msgspec.convert(told, list[Outcome])

    async def draw(self, text: str, seeds: Sequence[int], scale: int, limit: float | None = None) -> list[_Drawn]:
        """Make inputs up; it remembers which choices went well.

        Raises:
            SandboxError: the machinery failed.
        """
        told = await self._call("draw", text, list(seeds), scale, self._limit if limit is None else limit)
        return msgspec.convert(told, list[_Drawn])

    async def _call(self, *arguments: object) -> object:
        if self._session is None:
            raise SandboxError("the lane is not open; use it in `async with`")
        reply = await self._session.call(encode(arguments))
        if isinstance(reply, Exit):
            raise SandboxError(f"the lane of programs ended: {reply.status} {reply.detail} {reply.text[-300:]}")
        if reply.raised:
            raise SandboxError(f"the lane of programs failed: {reply.payload[-500:].decode(errors='replace')}")
        return msgspec.json.decode(str(decode(reply.payload)))


async def stdin_source(
    lane: Lane,
    text: str,
    *,
    n: int = 100,
    seed: int = 0,
    large: bool = True,
    rounds: int = 12,
    known: Sequence[str] = (),
    seconds: float = math.inf,
) -> Inputs:
    """Inputs for a program.

    Args:
        lane: runs it.
        text: the program.
        n: how many inputs are wanted.
        seed: the same inputs for the same seed, as far as the machine is fast enough.
        large: also look for inputs that take long.
        rounds: of two dozen draws each, at most.
        known: inputs that are known, such as examples: they come first.
        seconds: after which no more are drawn, by the wall clock; half of that goes to the large ones.

    Raises:
        SandboxError: the machinery failed.
    """
    if isinstance(compiled(text, "program.py"), Problem):
        return Inputs(texts=(), outcomes=(), errors={"it does not compile": 1})
    found: dict[str, None] = dict.fromkeys(known)
    begun = time.monotonic()
    errors: dict[str, int] = {}
    drawn = 0
    for turn in range(rounds):
        seeds = range(seed * 1_000_003 + turn * _BATCH, seed * 1_000_003 + (turn + 1) * _BATCH)
        for one in await lane.draw(text, seeds, _SCALES[turn % len(_SCALES)], _DRAWING):
            drawn += 1
            if one.code == 0:
                found.setdefault(one.input)
            else:
                why = one.error or f"ended by {one.code}"
                errors[why] = errors.get(why, 0) + 1
        late = time.monotonic() - begun > (seconds / 2 if large else seconds)
        if late or len(found) >= n or (turn == 5 and len(found) < 3):
            break
    texts = list(found)
    outcomes = await lane.run(text, texts)
    good = [(each, outcome) for each, outcome in zip(texts, outcomes, strict=True) if outcome.code == 0]
    stable = await lane.run(text, [each for each, _ in good])
    kept = [pair for pair, again in zip(good, stable, strict=True) if pair[1].same(again)]
    kept = _varied(kept)[:n]
    return Inputs(
        texts=tuple(each for each, _ in kept), outcomes=tuple(outcome for _, outcome in kept), drawn=drawn,
        errors=errors, large=await _large(lane, text, seed, begun + seconds) if large and kept else (),
    )  # fmt: skip


def _varied(pairs: list[tuple[str, Outcome]]) -> list[tuple[str, Outcome]]:
    """Those with outputs not seen before first."""
    seen: set[str] = set()
    first: list[tuple[str, Outcome]] = []
    rest: list[tuple[str, Outcome]] = []
    for pair in pairs:
        (rest if pair[1].output in seen else first).append(pair)
        seen.add(pair[1].output)
    return first + rest


async def _large(lane: Lane, text: str, seed: int, until: float) -> tuple[tuple[str, float], ...]:
    """The slowest ones of growing size, as long as any ends in time."""
    best: list[tuple[str, float]] = []
    empty = 0
    for scale in _GROWTH:
        seeds = range(seed * 1_000_003 + 10**6 + scale, seed * 1_000_003 + 10**6 + scale + _LARGE_TRIES)
        drawn = [one for one in await lane.draw(text, seeds, scale, _LONG) if one.code == 0]
        best += [(one.input, one.cpu) for one in drawn if len(one.input) < 4 * 2**20]
        empty += not drawn
        if empty > _PATIENCE or time.monotonic() > until:
            break
        if max((one.cpu for one in drawn), default=0.0) > 0.6:
            break
    best.sort(key=lambda each: each[1])
    return tuple(([each for each in best if each[1] <= _TIMED] or best)[-3:])


async def differing(lane: Lane, candidate: str, inputs: Inputs) -> tuple[str, Outcome, Outcome] | None:
    """The shortest input on which a candidate is not the original: it, the original's outcome, the candidate's.

    Raises:
        SandboxError: the machinery failed.
    """
    outcomes = await lane.run(candidate, inputs.texts)
    pairs = zip(inputs.texts, inputs.outcomes, outcomes, strict=True)
    wrong = [(each, one, other) for each, one, other in pairs if not one.same(other)]
    return min(wrong, key=lambda each: len(each[0]), default=None)


async def weak_on(lane: Lane, text: str, inputs: Inputs, *, most: int = 20, seed: int = 0) -> Strength:
    """Try the inputs on seeded mistakes: good inputs notice nearly all.

    Raises:
        SandboxError: the machinery failed.
    """
    missed: list[str] = []
    made = mutants({"program.py": text}, most, seed=seed, whole=True)
    for mutant in made:
        changed = mutant.files["program.py"]
        if not await _noticed(lane, changed, inputs):
            missed.append(str(mutant))
    return Strength(len(made), tuple(missed))


async def _noticed(lane: Lane, changed: str, inputs: Inputs) -> bool:
    for start in range(0, len(inputs.texts), _AT_ONCE):
        texts, known = inputs.texts[start : start + _AT_ONCE], inputs.outcomes[start : start + _AT_ONCE]
        outcomes = await lane.run(changed, texts, limit=_ROOM + 5 * max(each.cpu_s for each in known), stopped=True)
        if any(not one.same(other) for one, other in zip(known, outcomes, strict=False)):
            return True
    return False

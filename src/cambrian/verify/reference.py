"""`Reference`: what an original did on its cases, kept, so that each candidate costs one run and not four.

Cases are drawn with care: where a number or a size made the original run too long, what is as large is not drawn again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from random import Random
from typing import cast

import msgspec

from cambrian.core.errors import CodecError
from cambrian.core.evidence import Evidence
from cambrian.core.ports import Exit, Program, Reply

from .arena import Arena, Ran
from .cases import Case, size
from .differential import Counterexample, Differential, smallest
from .generators import Source

__all__ = ["Reference", "refer"]

_CLAIM = "same behaviour as the original"
_METHOD = "differential test"
_BATCH = 64
_FEW = 4
"""Known cases run together."""
_STALE = 4
"""Batches in a row that bring next to nothing new, after which drawing ends."""
_SLOW_S = 0.1
"""A call that took longer is kept, and no larger one is drawn: many small cases find more than a few large ones."""
_PATIENCE = 5.0
_KNOWN = 0.4
"""Share of the time that known cases may take."""


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """An original with its behaviour.

    Args:
        program: the original.
        source: where cases came from.
        cases: those on which it agrees with itself.
        expected: what it did on each.
        unfit: why others were left out, with how many.
        seconds: wall seconds of each call.
    """

    program: Program
    source: Source
    cases: tuple[Case, ...]
    expected: tuple[Ran, ...]
    unfit: dict[str, int] = {}
    seconds: tuple[float, ...] = ()

    def quick(self, seconds: float) -> Reference:
        """With those cases alone that took so long together, the quickest ones."""
        spent, kept = 0.0, 0
        while kept < len(self.cases) and (spent := spent + self.seconds[kept]) <= seconds:
            kept += 1
        return msgspec.structs.replace(
            self, cases=self.cases[:kept], expected=self.expected[:kept], seconds=self.seconds[:kept]
        )

    async def judge(
        self, candidate: Program, arena: Arena, *, first: Sequence[int] = (), shrink: int = 400
    ) -> tuple[Differential, int | None]:
        """Compare a candidate with the original.

        Args:
            candidate: what should behave the same.
            arena: where it runs; of the policy that the reference was made with.
            first: numbers of cases to begin with, such as those that refuted others.
            shrink: cases tried to make a counterexample smaller.

        Returns:
            What was found, and the number of the case that refuted it.
        """
        order = [*first, *(number for number in range(len(self.cases)) if number not in set(first))]
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            wrong = await self._first_wrong(candidate, arena, batch)
            if wrong is not None:
                number, how = wrong
                found = await smallest(
                    self.program, candidate, self.cases[number], how, self.source, arena, shrink
                )  # fmt: skip
                return Differential(evidence=_refuted(found, start), counterexample=found, unfit=self.unfit), number
        return Differential(evidence=self._tested(), unfit=self.unfit), None

    async def _first_wrong(self, candidate: Program, arena: Arena, numbers: Sequence[int]) -> tuple[int, str] | None:
        got = await arena.run(candidate, [self.cases[number] for number in numbers], past_end=False)
        expected = [self.expected[number] for number in numbers[: len(got)]]
        for number, verdict in zip(numbers, await arena.compare(expected, got), strict=False):
            if verdict.kind == "different":
                return number, verdict.how
        return None

    def _tested(self) -> Evidence:
        left_out = sum(self.unfit.values())
        detail = f"{left_out} cases left out" if left_out else ""
        if not self.cases:
            why = max(self.unfit, key=lambda each: self.unfit[each]) if self.unfit else "no case could be drawn"
            why = f"{detail}: {why}"[:500].lstrip(": ")
            return Evidence(kind="not_shown", claim=_CLAIM, method=_METHOD, detail=why)
        return Evidence(kind="tested", claim=_CLAIM, n=len(self.cases), method=_METHOD, detail=detail)


def _refuted(found: Counterexample, tested: int) -> Evidence:
    detail = f"differs on f{found.case}: {found.how}"[:500]
    return Evidence(kind="not_shown", claim=_CLAIM, n=tested, method=_METHOD, detail=detail)


async def refer(
    program: Program, source: Source, arena: Arena, *, known: Sequence[Case] = (), n: int = 500, seed: int = 0,
    seconds: float = 60.0,
) -> Reference:  # fmt: skip
    """Run an original on known cases and on drawn ones.

    Args:
        program: the original.
        source: draws cases.
        arena: where it runs.
        known: cases that come first, in any number.
        n: cases wanted in all; fewer where the source or the time gives no more.
        seed: of the draw.
        seconds: CPU seconds of the original's calls; by the wall clock at most five times as long.

    Raises:
        SandboxError: the machinery failed.
    """
    making = _Making(program, arena)
    ordered = sorted(known, key=size)
    for start in range(0, len(ordered), _FEW):
        if making.spent < _KNOWN * seconds:
            await making.take(ordered[start : start + _FEW])
        else:
            making.unfit["no time was left"] = len(ordered) - start
            break
    rng, stale = Random(seed), 0
    latest = time.monotonic() + _PATIENCE * seconds
    while len(making.cases) < n and stale < _STALE and making.spent < seconds and time.monotonic() < latest:
        before = len(making.cases)
        await making.take(making.draw(source, rng, min(_BATCH, n - before)))
        stale = stale + 1 if len(making.cases) < before + _BATCH // 16 else 0
    return making.reference(source)


class _Making:
    """A reference that grows."""

    def __init__(self, program: Program, arena: Arena) -> None:
        self._program, self._arena = program, arena
        self._seen: set[bytes] = set()
        self._room = _Room()
        self.cases: list[Case] = []
        self.expected: list[Ran] = []
        self.unfit: dict[str, int] = {}
        self.spent = 0.0
        self._seconds: list[float] = []

    def draw(self, source: Source, rng: Random, n: int) -> list[Case]:
        """New cases that are not larger than what took too long."""
        found: list[Case] = []
        for _ in range(4 * n):
            case = source.case(rng)
            if len(found) == n:
                break
            if not self._room.holds(case):
                continue
            try:
                payload = case.payload
            except CodecError:  # nested too deeply
                continue
            if payload not in self._seen:
                self._seen.add(payload)
                found.append(case)
        return found

    async def take(self, cases: Sequence[Case]) -> None:
        """Run cases; after an end, go on with those that are smaller than what ended it."""
        left = list(cases)
        while left:
            ran = await self._arena.run(self._program, left, past_end=False)
            await self._keep(left[: len(ran)], ran)
            left = [case for case in left[len(ran) :] if self._room.holds(case)]

    async def _keep(self, cases: Sequence[Case], ran: Sequence[Ran]) -> None:
        whole = [case for case, one in zip(cases, ran, strict=True) if isinstance(one, Reply)]
        again = await self._arena.run(self._program, whole)
        answered = [r for r in ran if isinstance(r, Reply)]
        verdicts = iter(await self._arena.compare(answered, again))
        for case, one in zip(cases, ran, strict=True):
            self.spent += one.usage.cpu_s if isinstance(one, Exit) else 2 * one.cpu_s
            if isinstance(one, Exit):
                self._room.narrow(case)
                self._leave_out(f"the original ended: {one.status.value} {one.detail}".strip())
                continue
            verdict = next(verdicts)
            if verdict.kind == "same":
                (self._room.narrow if one.wall_s > _SLOW_S else self._room.widen)(case)
                self.cases.append(case)
                self.expected.append(one)
                self._seconds.append(one.wall_s)
            else:
                self._leave_out(verdict.how if verdict.kind == "unfit" else "the original does not repeat itself")

    def reference(self, source: Source) -> Reference:
        """What was found out, the quickest calls first: most that is wrong shows in them."""
        order = sorted(range(len(self.cases)), key=lambda number: self._seconds[number])
        return Reference(
            program=self._program, source=source, cases=tuple(self.cases[number] for number in order),
            expected=tuple(self.expected[number] for number in order), unfit=self.unfit,
            seconds=tuple(self._seconds[number] for number in order),
        )  # fmt: skip

    def _leave_out(self, why: str) -> None:
        self.unfit[why] = self.unfit.get(why, 0) + 1


class _Room:
    """By argument: the largest number and size that went well, and the least that did not."""

    def __init__(self) -> None:
        self._well: dict[tuple[int, str], float] = {}
        self._ill: dict[tuple[int, str], float] = {}

    def holds(self, case: Case) -> bool:
        """Whether nothing about a case is as large as what took too long."""
        return all(value < self._ill[key] for key, value in _measures(case).items() if key in self._ill)

    def widen(self, case: Case) -> None:
        """It went well."""
        for key, value in _measures(case).items():
            self._well[key] = max(value, self._well.get(key, 0.0))

    def narrow(self, case: Case) -> None:
        """It did not: what is larger in it than anything that went well may be why."""
        for key, value in _measures(case).items():
            if value > 4 * self._well.get(key, 1.0):
                self._ill[key] = min(value, self._ill.get(key, value))


def _measures(case: Case) -> dict[tuple[int, str], float]:
    found: dict[tuple[int, str], float] = {}
    for place, value in enumerate(case.arguments):
        found[place, "parts"] = size(Case(arguments=(value,)))
        found[place, "number"] = _largest(value)
    return found


def _largest(value: object) -> float:
    if type(value) is int:
        return float(min(abs(value), 10**300))
    if type(value) in (list, tuple, set, frozenset):
        return max(map(_largest, cast("list[object]", value)), default=0.0)
    if type(value) is dict:
        parts = cast("dict[object, object]", value)
        return max(map(_largest, (*parts, *parts.values())), default=0.0)
    return 0.0

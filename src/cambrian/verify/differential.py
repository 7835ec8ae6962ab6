"""Differential test: an original and a candidate get the same cases; the first difference is made small.

An original that differs from itself on a case (time, randomness, hash order) is no reference there; such cases are left
out and counted, as are those that end it. What is found is confirmed in fresh processes before it is reported.
"""

from __future__ import annotations

import msgspec

from cambrian.core.errors import CodecError, UsageError
from cambrian.core.evidence import Evidence
from cambrian.core.ports import Program

from .arena import Arena, Verdict
from .cases import Case, simpler, size
from .generators import Source, draw

__all__ = ["Counterexample", "Differential", "differential", "smallest", "usable"]

_CLAIM = "same behaviour as the original"
_METHOD = "differential test"
_AT_ONCE = 32


class Counterexample(msgspec.Struct, frozen=True, kw_only=True):
    """A case on which two programs differ.

    Args:
        case: the smallest found.
        how: the difference, in words.
        first: the case by which it was found.
        steps: simplifications made.
        alone: it shows in a fresh process too; if not, it takes the calls before it.
    """

    case: Case
    how: str
    first: Case
    steps: int = 0
    alone: bool = True

    def __str__(self) -> str:
        return f"f{self.case}: {self.how}" + ("" if self.alone else " (only after other calls)")


class Differential(msgspec.Struct, frozen=True, kw_only=True):
    """What a differential test found.

    Args:
        evidence: ``tested`` on n cases, or ``not_shown``.
        counterexample: where they differ.
        unfit: reasons why cases could not be used, with how many.
    """

    evidence: Evidence
    counterexample: Counterexample | None = None
    unfit: dict[str, int] = {}

    @property
    def same(self) -> bool:
        """Whether no difference was found, on at least one case."""
        return self.evidence.shown


async def differential(
    original: Program,
    candidate: Program,
    source: Source,
    arena: Arena,
    *,
    n: int = 200,
    seed: int = 0,
    shrink: int = 400,
) -> Differential:
    """Compare two programs on n cases.

    Args:
        original: the reference.
        candidate: what should behave the same.
        source: where cases come from.
        arena: where they run.
        n: cases drawn.
        seed: of the draw; the same seed, the same cases.
        shrink: cases tried to make a counterexample smaller.

    Raises:
        UsageError: n is below 1.
        SandboxError: the machinery failed.
    """
    if n < 1:
        raise UsageError(f"n is {n!r}; at least one case is needed")
    cases, unfit = await usable(original, draw(source, n, seed=seed), arena)
    tested = 0
    for start in range(0, len(cases), _AT_ONCE):
        batch = cases[start : start + _AT_ONCE]
        verdicts = await _verdicts(original, candidate, batch, arena)
        for case, verdict in zip(batch, verdicts, strict=False):
            if verdict.kind == "different":
                found = await smallest(original, candidate, case, verdict.how, source, arena, shrink)
                return Differential(evidence=_refuted(found, tested), counterexample=found, unfit=unfit)
            if verdict.kind == "unfit":
                unfit[verdict.how] = unfit.get(verdict.how, 0) + 1
            tested += verdict.kind == "same"
    return Differential(evidence=_evidence(tested, unfit), unfit=unfit)


async def usable(original: Program, cases: tuple[Case, ...], arena: Arena) -> tuple[tuple[Case, ...], dict[str, int]]:
    """The cases on which a program agrees with itself in another process, and why the others are unfit."""
    verdicts = await arena.compare(await arena.run(original, cases), await arena.run(original, cases))
    unfit: dict[str, int] = {}
    for verdict in verdicts:
        if verdict.kind != "same":
            why = verdict.how if verdict.kind == "unfit" else "the original does not repeat itself"
            unfit[why] = unfit.get(why, 0) + 1
    return tuple(case for case, verdict in zip(cases, verdicts, strict=True) if verdict.kind == "same"), unfit


async def _verdicts(original: Program, candidate: Program, cases: tuple[Case, ...], arena: Arena) -> list[Verdict]:
    """As far as the candidate lives."""
    got = await arena.run(candidate, cases, past_end=False)
    return await arena.compare(await arena.run(original, cases[: len(got)]), got)


async def smallest(
    original: Program, candidate: Program, first: Case, how: str, source: Source, arena: Arena, tries: int
) -> Counterexample:
    """Greedy: take the first simpler case that still differs, until none does or the tries are used up."""
    alone = await _confirmed(original, candidate, first, arena)
    if alone is None:
        return Counterexample(case=first, how=how, first=first, alone=False)
    best, steps, skip = first, 0, 0
    while tries > 0:
        options = _options(best, source, skip + _AT_ONCE)[skip:]
        if not options:
            break
        tries -= len(options)
        less = await _first_difference(original, candidate, options, arena)
        if less is None:
            skip += len(options)
        else:
            best, steps, skip = less, steps + 1, 0
    settled = await _confirmed(original, candidate, best, arena) if steps else alone
    if settled is None:  # it takes the calls before it; the first one does not
        return Counterexample(case=first, how=alone, first=first)
    return Counterexample(case=best, how=settled, first=first, steps=steps)


def _options(case: Case, source: Source, most: int) -> tuple[Case, ...]:
    """Simpler cases that the source could have drawn and that can cross."""
    found: dict[bytes, Case] = {}
    for less in simpler(case):
        if len(found) == most:
            break
        if size(less) > size(case) or not source.fits(less):
            continue
        try:
            found.setdefault(less.payload, less)
        except CodecError:
            continue
    return tuple(found.values())


async def _first_difference(
    original: Program, candidate: Program, cases: tuple[Case, ...], arena: Arena
) -> Case | None:
    verdicts = await _verdicts(original, candidate, cases, arena)
    return next((case for case, verdict in zip(cases, verdicts, strict=False) if verdict.kind == "different"), None)


async def _confirmed(original: Program, candidate: Program, case: Case, arena: Arena) -> str | None:
    """How two programs differ on a case in fresh processes, if the original agrees with itself there."""
    steady, _ = await usable(original, (case,), arena)
    [alone] = await _verdicts(original, candidate, (case,), arena)
    return alone.how if steady and alone.kind == "different" else None


def _refuted(found: Counterexample, tested: int) -> Evidence:
    detail = f"differs on f{found.case}: {found.how}"[:500]
    return Evidence(kind="not_shown", claim=_CLAIM, n=tested, method=_METHOD, detail=detail)


def _evidence(tested: int, unfit: dict[str, int]) -> Evidence:
    left_out = sum(unfit.values())
    detail = f"{left_out} cases left out" if left_out else ""
    if tested == 0:
        reason = max(unfit, key=lambda why: unfit[why]) if unfit else "no case could be drawn"
        return Evidence(kind="not_shown", claim=_CLAIM, method=_METHOD, detail=f"{detail}: {reason}"[:500].lstrip(": "))
    return Evidence(kind="tested", claim=_CLAIM, n=tested, method=_METHOD, detail=detail)

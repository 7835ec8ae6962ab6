"""How strong is an oracle? Seeded wrong mutants of the original go through it; the share that it tells apart says so.

A mutant that survives is *not told apart*: it may be a mistake that the inputs do not reach, or no mistake at all (an
equivalent mutant; which of the two cannot be decided in general). So the share is a lower bound, and nothing is proved
by a high one; but an oracle that lets many through has no say in whether a candidate is right.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.evidence import Evidence
from cambrian.core.ports import Program

from .arena import Arena
from .differential import usable
from .generators import Source, draw
from .mutants import Mutant, mutants
from .reference import Reference

__all__ = ["ENOUGH", "Strength", "oracle_strength", "reference_strength"]

ENOUGH = 0.8
"""Share of mutants that an oracle must tell apart to be believed."""
_MUTANT_S = 0.8
"""What the calls that each mutant meets took the original together, in seconds."""


class Strength(msgspec.Struct, frozen=True, kw_only=True):
    """What an oracle made of seeded wrong mutants.

    Args:
        killed: mutants told apart.
        survivors: those that were not: where and what, for people.
        cases: inputs that each met at most.
        enough: the share of killed ones that is asked for.
    """

    killed: int
    survivors: tuple[str, ...] = ()
    cases: int = 0
    enough: float = ENOUGH

    def __post_init__(self) -> None:
        if not 0 < self.enough <= 1:
            raise UsageError(f"enough is {self.enough!r}; it is a share above 0, at most 1")

    @property
    def mutants(self) -> int:
        """How many there were."""
        return self.killed + len(self.survivors)

    @property
    def share(self) -> float:
        """Share of the mutants that were told apart; 0 if there were none."""
        return self.killed / self.mutants if self.mutants else 0.0

    @property
    def strong(self) -> bool:
        """Whether the oracle may be believed."""
        return self.mutants > 0 and self.share >= self.enough

    def judge(self, evidence: Evidence) -> Evidence:
        """Evidence as far as this oracle carries it: what a weak one tested is not shown."""
        if evidence.kind != "tested":
            return evidence
        detail = "; ".join(filter(None, (evidence.detail, str(self))))
        return msgspec.structs.replace(evidence, kind="tested" if self.strong else "not_shown", detail=detail)

    def __str__(self) -> str:
        if not self.mutants:
            return "the oracle's strength is unknown: no mistakes could be seeded"
        told = f"the oracle tells {self.killed} of {self.mutants} seeded mistakes apart"
        return told if self.strong else f"{told}; at least {self.enough:.0%} are asked for"


async def oracle_strength(
    original: Program,
    source: Source,
    arena: Arena,
    *,
    n: int = 200,
    seed: int = 0,
    most: int = 40,
    enough: float = ENOUGH,
) -> Strength:
    """Strength of a differential test: the same cases and the same policy, with mutants in the candidate's place.

    Args:
        original: the program.
        source: where cases come from.
        arena: where they run; its policy compares.
        n: cases drawn, by the same seed as in `differential`.
        seed: of the cases and of the mutants.
        most: mutants tried.
        enough: see `Strength`.

    Raises:
        SandboxError: the machinery failed.
    """
    cases, _ = await usable(original, draw(source, n, seed=seed), arena)
    expected = await arena.run(original, cases)
    chosen = mutants(original.files, most, seed=seed)
    survivors: list[Mutant] = []
    for mutant in chosen if cases else ():
        got = await arena.run(Program(files=mutant.files, entry=original.entry), cases, past_end=False)
        verdicts = await arena.compare(expected[: len(got)], got)
        if all(verdict.kind != "different" for verdict in verdicts):
            survivors.append(mutant)
    return strength(chosen, survivors, cases=len(cases), enough=enough)


async def reference_strength(
    reference: Reference, arena: Arena, *, path: str, lines: range, most: int = 40, seed: int = 0,
    enough: float = ENOUGH,
) -> Strength:  # fmt: skip
    """Strength of a reference: its cases, with mistakes in some lines of its program.

    Args:
        reference: the original with its behaviour.
        arena: of its policy.
        path: the file that gets mistakes.
        lines: its lines that do, 1-based.
        most: mutants tried.
        seed: of the mutants.
        enough: see `Strength`.

    Raises:
        SandboxError: the machinery failed.
    """
    program, reference = reference.program, reference.quick(_MUTANT_S)
    chosen = mutants(program.files, most, seed=seed, lines={path: lines})
    survivors: list[Mutant] = []
    for mutant in chosen if reference.cases else ():
        found, _ = await reference.judge(Program(files=mutant.files, entry=program.entry), arena, shrink=0)
        if found.counterexample is None:
            survivors.append(mutant)
    return strength(chosen, survivors, cases=len(reference.cases), enough=enough)


def strength(chosen: Sequence[Mutant], survivors: Sequence[Mutant], *, cases: int, enough: float = ENOUGH) -> Strength:
    """From the mutants tried and those that were not told apart. Without a case, none was."""
    lost = tuple(map(str, survivors if cases else chosen))
    return Strength(killed=len(chosen) - len(lost), survivors=lost, cases=cases, enough=enough)

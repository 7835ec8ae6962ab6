"""Improving one function: propose, check, combine, measure, confirm. No files are written, nothing is run but in jails.

All proposals are tried together first. If that is not the same program any more, one after the other, the promising
ones first, each on top of those that were kept. Then what does not pay is taken out again, as in delta debugging
(Zeller & Hildebrandt, IEEE TSE 28(2), 2002), so that a person reads the smallest change that brings the speed-up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

import msgspec

from cambrian.core.ports import Program, Runtime
from cambrian.source.diff import unified
from cambrian.source.rules.rule import Ground, Rewrite
from cambrian.verify.arena import Arena
from cambrian.verify.cascade import Cascade, Proof, Prove, Terms, Tests
from cambrian.verify.laps import Clock
from cambrian.verify.oracle import Strength, reference_strength
from cambrian.verify.reference import Reference, refer
from cambrian.verify.timed import Timed, choose, climb

from .inputs import Inputs
from .proposing import Derived, Key, Proposer, derive, taken
from .swapping import Swaps
from .targets import Target

__all__ = ["Change", "Improvement", "Improver"]

_PRUNED = 6
_TRIED = 20
_LARGER = 2.0
"""By so much an algorithm must be quicker than smaller changes to be taken in their stead."""
_MUTANTS = 16
_CLOCKS: dict[Clock, str] = {"cpu": "of CPU", "wall": "by the wall clock"}


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One rewrite, as people are told of it.

    Args:
        rule: its id.
        line: where it begins in the original, or in the text after the rewrites before it.
        what: what was found.
        ground: see `source.rules.rule.Ground`.
        assumes: what must hold besides.
    """

    rule: str
    line: int
    what: str
    ground: Ground
    assumes: tuple[str, ...] = ()


class Improvement(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one function.

    Args:
        place: ``file.py:function``.
        line: where the function begins.
        verdict: ``improved``: the same as far as told, and faster as asked; ``refused``: see `reason`; ``nothing``:
            no proposal.
        changes: those of the best candidate.
        proof: what was found out about it.
        diff: what would be written.
        after: the file's new text; "" if there is none.
        reason: why it was refused.
        refused: proposals that were not the same, or did not pay: what, and why.
        inputs: where calls came from.
        timed: what was timed, for people.
        seconds: that it took.
    """

    place: str
    line: int
    verdict: str
    changes: tuple[Change, ...] = ()
    proof: Proof | None = None
    diff: str = ""
    after: str = ""
    reason: str = ""
    refused: tuple[str, ...] = ()
    inputs: str = ""
    timed: str = ""
    seconds: float = 0.0

    @property
    def ground(self) -> Ground:
        """The weakest of its changes'."""
        grounds = {change.ground for change in self.changes}
        return "changes" if "changes" in grounds else "assumes" if "assumes" in grounds else "same"

    @property
    def applicable(self) -> bool:
        """Whether it may be applied: shown to be the same by a strong oracle, and faster."""
        proof = self.proof
        return self.verdict == "improved" and proof is not None and not proof.weak and self.ground != "changes"


class Improver:
    """Improves functions, one after the other, in the jails it was given. Not for concurrent use.

    Args:
        arena: compares programs.
        jail: times them; another jail than the arena's.
        proposers: have ideas, asked in this order.
        terms: what is asked of a candidate.
        tests: makes a runner of the project's tests for a target, if there is one.
        prove: looks through all paths.
        cascade: what is asked for: `Cascade` looks at time, `verify.sparing.Sparing` at memory.
        swaps: proposes algorithms for functions that behave like them.
        told: is told each step, in a few words.
    """

    def __init__(
        self, arena: Arena, jail: Runtime, proposers: Sequence[Proposer], terms: Terms, *,
        tests: Callable[[Target], Tests | None] | None = None, prove: Prove | None = None,
        cascade: type[Cascade] = Cascade,
        swaps: Swaps | None = None, told: Callable[[str], None] | None = None,
    ) -> None:  # fmt: skip
        self._arena, self._jail = arena, jail
        self._proposers, self.terms = tuple(proposers), terms
        self._tests, self._prove, self._swaps = tests, prove, swaps
        self._cascade = cascade
        self._told = told or _silent

    async def improve(self, target: Target, inputs: Inputs, *, seconds: float = 60.0) -> Improvement:
        """Look for a faster program that does the same.

        Args:
            target: the function.
            inputs: what it is called with.
            seconds: after which no further proposal is tried, by the wall clock.

        Raises:
            SandboxError: the machinery failed.
        """
        begun = time.monotonic()
        work = _Work(self, target, begun + seconds)
        whole = work.derived(lambda _: True)
        swaps = await self._swaps.propose(target, inputs) if self._swaps else ()
        if not whole.made and not swaps:
            return _nothing(target, begun)
        self._told(f"{target.place}: {len(whole.made) + len(swaps)} proposals")
        self._told(f"{target.place}: running the original")
        reference = await refer(
            target.program(), inputs.source, self._arena, known=inputs.known, n=self.terms.cases, seed=self.terms.seed,
            seconds=min(seconds, self.terms.seconds),
        )  # fmt: skip
        if not reference.cases:
            why = max(reference.unfit, key=lambda each: reference.unfit[each], default="no call could be drawn")
            return _refused(target, whole, begun, f"no input that it can be judged on: {why}", inputs)
        timed = await self._timed(target, inputs, reference)
        cascade = self._cascade(
            reference, timed, self._arena, self._jail, self.terms, prove=self._prove,
            tests=self._tests(target) if self._tests else None,
        )  # fmt: skip
        found = await work.best(cascade, whole) if whole.made else None
        found = await work.swapped(cascade, swaps, found)
        return await self._settled(target, inputs, cascade, work, found, begun)

    async def _timed(self, target: Target, inputs: Inputs, reference: Reference) -> Timed | None:
        """Given calls if there are any; else known ones, made larger."""
        self._told(f"{target.place}: timing the original")
        if inputs.given:
            return await choose(self._jail, target.program(), inputs.given)
        payloads = {case.payload for case in inputs.known}
        known = [case for case in reference.cases if case.payload in payloads] or list(reference.cases[:_TRIED])
        chains = inputs.larger(known, self.terms.seed)
        tops = [top for chain in chains if (top := await climb(self._jail, target.program(), chain)) is not None]
        return await choose(self._jail, target.program(), tops or known[:_TRIED])

    async def _settled(
        self, target: Target, inputs: Inputs, cascade: Cascade, work: _Work, found: _Found | None, begun: float
    ) -> Improvement:
        refused = tuple(work.refused)
        if found is None:
            reason = refused[0] if refused else "no proposal is the same and faster"
            return msgspec.structs.replace(_refused(target, work.whole, begun, reason, inputs), refused=refused)
        proof = found.proof
        if not proof.failed:
            self._told(f"{target.place}: confirming")
            proof = await cascade.confirm(target.program(found.derived.text), proof)
        if not proof.failed:
            proof = msgspec.structs.replace(proof, oracle=await self._strength(target, cascade.reference))
        good = proof.failed is None and proof.better
        return Improvement(
            place=target.place, line=target.line, verdict="improved" if good else "refused",
            changes=_changes(found.derived), proof=proof,
            diff=unified({target.path: target.text}, {target.path: found.derived.text}),
            after=found.derived.text if good else "",
            reason="" if good else proof.reason or "its speed-up is not shown", refused=refused, inputs=inputs.told,
            timed=_timed_words(cascade.timed), seconds=time.monotonic() - begun,
        )  # fmt: skip

    async def _strength(self, target: Target, reference: Reference) -> Strength:
        self._told(f"{target.place}: trying its inputs on seeded mistakes")
        return await reference_strength(
            reference, self._arena, path=target.path, lines=range(target.line, target.end_line + 1), most=_MUTANTS,
            seed=self.terms.seed,
        )  # fmt: skip

    def finds(self, target: Target) -> bool:
        """Whether anybody has an idea for a function."""
        if self._swaps is not None and self._swaps.may(target):
            return True
        return bool(derive(target.text, target.path, target.name, self._proposers, lambda _: True).made)

    @property
    def proposers(self) -> tuple[Proposer, ...]:
        """Who has ideas."""
        return self._proposers

    @property
    def jail(self) -> Runtime:
        """Where programs are timed."""
        return self._jail


def _silent(_: str) -> None:
    """Nobody is told."""


class _Found(msgspec.Struct, frozen=True):
    derived: Derived
    proof: Proof


class _Work:
    """One target's proposals, and what became of them."""

    def __init__(self, improver: Improver, target: Target, until: float) -> None:
        self._improver, self._target, self._until = improver, target, until
        self._checked: dict[str, Proof] = {}
        self.refused: list[str] = []
        self.whole = Derived(target.text, ())

    def derived(self, allowed: Callable[[Key], bool]) -> Derived:
        """The text with what is allowed."""
        target = self._target
        made = derive(target.text, target.path, target.name, self._improver.proposers, allowed)
        if len(made.made) > len(self.whole.made):
            self.whole = made
        return made

    def only(self, keys: Iterable[Key]) -> Derived:
        """The text with these alone."""
        chosen = set(keys)
        return self.derived(lambda key: key in chosen)

    @property
    def _time_is_up(self) -> bool:
        return time.monotonic() > self._until

    def _program(self, made: Derived) -> Program:
        return self._target.program(made.text)

    async def _check(self, cascade: Cascade, made: Derived) -> Proof:
        if made.text not in self._checked:
            self._checked[made.text] = await cascade.check(self._program(made))
        return self._checked[made.text]

    async def best(self, cascade: Cascade, whole: Derived) -> _Found | None:
        """The best candidate, measured; `None` if no proposal is the same."""
        made, proof = whole, await self._check(cascade, whole)
        if proof.failed:
            if len(whole.made) == 1:
                self._refuse(whole.made[0][0], proof)
                return _Found(whole, proof)
            made = await self._together(cascade, whole)
            if not made.made:
                return None
            proof = await self._check(cascade, made)
        measured = await cascade.measure(self._program(made), proof)
        if measured.failed and len(made.made) > 1:
            return await self._singles(cascade, made) or _Found(made, measured)
        if measured.failed or len(made.made) == 1:
            return _Found(made, measured)
        return await self._pruned(cascade, _Found(made, measured))

    async def _together(self, cascade: Cascade, whole: Derived) -> Derived:
        """One after the other, each on top of those kept."""
        kept: list[Key] = []
        best = self.only(())
        for key, _ in sorted(whole.made, key=lambda each: -each[1].gain):
            if self._time_is_up:
                break
            made = self.only([*kept, key])
            if key not in made.keys:
                continue
            proof = await self._check(cascade, made)
            if proof.failed:
                self._refuse(key, proof)
            else:
                kept.append(key)
                best = made
        return best

    def _refuse(self, key: Key, proof: Proof) -> None:
        self.refused.append(f"{key.rule} at {key.words[:60]!r}: {proof.reason}")

    async def swapped(self, cascade: Cascade, swaps: Sequence[Rewrite], found: _Found | None) -> _Found | None:
        """The best of what was found and of the function with an algorithm in its place.

        Args:
            cascade: judges.
            swaps: algorithms, each in the original.
            found: what came of all else.
        """
        best = found
        for number, swap in enumerate(swaps):
            made = taken(self._target.text, self._target.path, swap)
            if (number and self._time_is_up) or not made.made:
                break
            if not self.whole.made:
                self.whole = made
            proof = await self._check(cascade, made)
            measured = proof if proof.failed else await cascade.measure(self._program(made), proof)
            if measured.failed:
                self._refuse(made.keys[0], measured)
            elif best is None or best.proof.failed or _pace(measured) > _LARGER * _pace(best.proof):
                best = _Found(made, measured)
        return best

    async def _singles(self, cascade: Cascade, whole: Derived) -> _Found | None:
        """Where all together is not faster, the first alone that is."""
        for key, _ in sorted(whole.made, key=lambda each: -each[1].gain)[:_PRUNED]:
            made = self.only([key])
            if self._time_is_up or not made.made:
                break
            proof = await self._check(cascade, made)
            if proof.failed:
                continue
            measured = await cascade.measure(self._program(made), proof)
            if not measured.failed:
                return _Found(made, measured)
            self._refuse(key, measured)
        return None

    async def _pruned(self, cascade: Cascade, found: _Found) -> _Found:
        """Without what does not pay, the least promising first."""
        current = found
        for key, _ in sorted(found.derived.made, key=lambda each: each[1].gain)[:_PRUNED]:
            if len(current.derived.made) == 1 or self._time_is_up:
                break
            less = self.only(other for other in current.derived.keys if other != key)
            if not less.made or len(less.made) >= len(current.derived.made):
                continue
            proof = await self._check(cascade, less)
            if not proof.failed and await self._as_good(cascade, less, current.derived):
                current = _Found(less, await cascade.measure(self._program(less), proof))
        return current

    async def _as_good(self, cascade: Cascade, less: Derived, more: Derived) -> bool:
        return await cascade.as_good(self._program(less), self._program(more))


def _pace(proof: Proof) -> float:
    """The speed-up by a few pairs."""
    return (proof.speedup.estimate if proof.speedup else None) or 1.0


def _changes(made: Derived) -> tuple[Change, ...]:
    return tuple(
        Change(rule=rewrite.rule, line=rewrite.line, what=rewrite.what, ground=rewrite.ground, assumes=rewrite.assumes)
        for _, rewrite in made.made
    )


def _nothing(target: Target, begun: float) -> Improvement:
    return Improvement(
        place=target.place, line=target.line, verdict="nothing", reason="no rule finds anything in it",
        seconds=time.monotonic() - begun,
    )  # fmt: skip


def _refused(target: Target, made: Derived, begun: float, reason: str, inputs: Inputs) -> Improvement:
    return Improvement(
        place=target.place, line=target.line, verdict="refused", changes=_changes(made), reason=reason,
        inputs=inputs.told, seconds=time.monotonic() - begun,
    )  # fmt: skip


def _timed_words(timed: Timed | None) -> str:
    if timed is None:
        return "no input could be timed"
    origins = ", ".join(dict.fromkeys(case.origin for case in timed.cases))
    taken = f"{timed.seconds * 1000:.3g} ms {_CLOCKS[timed.clock]}"
    return f"{len(timed.cases)} calls ({origins}) that take {taken} together"

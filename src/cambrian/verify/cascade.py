"""The proof cascade: is a candidate the same as the original, is it faster, and why may that be believed.

Stages in order of what they cost; the first that fails ends it, and says why, with the smallest input that shows it:

    duplicate     the same program but for its spelling
    compile       Python compiles it
    names         no name that certainly does not resolve came in
    tests         the project's own tests still pass
    cases         differential test; what refuted an earlier candidate comes first
    paths         all paths within a bound, by symbolic execution, where that is asked for and installed
    opcodes       bytecode instructions of one call: a guide, which refuses nobody
    timing        a few pairs: whether a closer look pays
    memory        in place of both where memory is what is asked for, see `sparing`
    fresh         other cases, other pairs: what is claimed comes from here alone

`Cascade.check` goes up to paths, `measure` takes opcodes and timing, `confirm` the fresh look.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Literal

import msgspec

from cambrian.core.codec import encode
from cambrian.core.errors import CodecError
from cambrian.core.evidence import Evidence
from cambrian.core.ids import Digest
from cambrian.core.limits import Limits
from cambrian.core.ports import Program, Runtime
from cambrian.source.names import undefined
from cambrian.source.normalise import canonical
from cambrian.source.syntax import check

from .arena import Arena
from .cost import compare_costs, count_opcodes
from .laps import Laps, compare
from .oracle import Strength
from .reference import Reference, refer
from .timed import Timed

__all__ = ["Cascade", "Proof", "Stage", "Terms", "Tests", "Told", "skipped", "stage"]

Name = Literal["duplicate", "compile", "names", "tests", "cases", "paths", "opcodes", "timing", "memory", "fresh"]
Told = tuple[bool, str]
"""Whether the tests passed, and what they said."""
Tests = Callable[[Mapping[str, str]], Awaitable[Told]]
"""Runs a project's tests with these files in place of its own."""
Prove = Callable[[Reference, Program], Awaitable[Evidence]]
"""Looks through all paths of an original and a candidate: ``proved``, or ``not_shown``, which refutes if n > 0."""

_SCREEN = 3
_LOOSE = 0.125
"""At which the interval of so few pairs reaches from the least to the greatest: refused is what never looks good."""
_WORTH, _ALIKE = 0.93, 0.98
"""A change is taken out if without it a candidate has so much of the speed in the median pair, and in the best one."""
_TAKING_OUT, _WIDE = 6, 0.02
"""Pairs for that, and the level at which their interval, too, reaches from the least to the greatest."""
_COUNTING = Limits(wall=30.0, cpu=30.0)
_OPCODES_S = 0.02
"""A call that takes longer is not counted: counting takes fifty times as long."""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """What one stage said.

    Args:
        name: see the module.
        verdict: ``skipped``: it had nothing to look at; says why.
        seconds: that it took.
        detail: for people.
        evidence: what it is worth.
    """

    name: Name
    verdict: Literal["passed", "failed", "skipped"]
    seconds: float
    detail: str = ""
    evidence: Evidence | None = None


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """All that was found out about a candidate.

    Args:
        stages: in the order taken.
        counterexample: the smallest call on which it differs; "" if none was found.
        speedup: control over candidate, from the last timing that was taken.
        saved: bytes less at the peak of a call, where memory is what is asked for.
        oracle: how well the cases tell mistakes apart; `None` before that was looked at.
    """

    stages: tuple[Stage, ...] = ()
    counterexample: str = ""
    speedup: Evidence | None = None
    saved: Evidence | None = None
    oracle: Strength | None = None

    @property
    def failed(self) -> Stage | None:
        """The stage that refused it."""
        return next((stage for stage in self.stages if stage.verdict == "failed"), None)

    @property
    def same(self) -> Evidence | None:
        """The best ground for its being the same; `None` if there is none."""
        if self.failed is not None and self.failed.name not in ("opcodes", "timing", "memory"):
            return None
        grounds = [stage.evidence for stage in self.stages if stage.name in ("tests", "cases", "paths")]
        shown = [ground for ground in grounds if ground is not None and ground.shown]
        return max(shown, key=lambda ground: (ground.kind == "proved", ground.n), default=None)

    @property
    def verdict(self) -> Literal["proved", "tested", "not_shown"]:
        """On what ground it is the same, whether or not it is faster."""
        ground = self.same
        if ground is None:
            return "not_shown"
        return "proved" if ground.kind == "proved" else "tested"

    @property
    def faster(self) -> bool:
        """Whether the speed-up asked for is shown."""
        return self.speedup is not None and self.speedup.shown

    @property
    def better(self) -> bool:
        """Whether what was asked for is shown: less memory, or the speed-up."""
        return self.faster if self.saved is None else self.saved.shown

    @property
    def weak(self) -> str:
        """Why its cases are not enough to apply it unasked; "" if they are, or if nothing hangs on them."""
        if self.oracle is None or self.oracle.strong or self.verdict == "proved":
            return ""
        return str(self.oracle)

    @property
    def reason(self) -> str:
        """Why it is refused; "" if it is not."""
        failed = self.failed
        return "" if failed is None else f"{failed.name}: {failed.detail}"

    def then(self, stage: Stage, **changes: object) -> Proof:
        """With another stage."""
        return msgspec.structs.replace(self, stages=(*self.stages, stage), **changes)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a candidate.

    Args:
        cases: of the differential test, at least.
        least: the speed-up that counts.
        alpha: chance that a speed-up is claimed which is none.
        seed: of cases and of the order of pairs.
        seconds: for drawing cases.
    """

    cases: int = 500
    least: float = 1.1
    alpha: float = 0.05
    seed: int = 0
    seconds: float = 20.0


class Cascade:
    """Judges candidates of one original. Not for concurrent use.

    Args:
        reference: the original with its behaviour.
        timed: on which cases and how both are timed; `None`: speed is not looked at.
        arena: where programs are compared.
        jail: where they are timed; another one than the arena's.
        terms: what is asked.
        tests: runs the project's tests.
        prove: looks through all paths.
    """

    def __init__(
        self, reference: Reference, timed: Timed | None, arena: Arena, jail: Runtime, terms: Terms, *,
        tests: Tests | None = None, prove: Prove | None = None,
    ) -> None:  # fmt: skip
        self.reference, self.timed, self.terms = reference, timed, terms
        self.jail = jail
        self._arena = arena
        self._tests, self._prove = tests, prove
        self._judged: set[Digest] = {canonical(reference.program.files, "python")}
        self._refuters: dict[int, None] = {}
        self.rng = Random(terms.seed)
        self._fresh: Reference | None = None

    async def check(self, candidate: Program) -> Proof:
        """Is it the same?

        Raises:
            SandboxError: the machinery failed.
        """
        proof = Proof()
        for stage in (self._duplicate, self._compile, self._names):
            proof = proof.then(stage(candidate))
            if proof.failed:
                return proof
        for step in (self._run_tests, self._run_cases, self._look_through):
            proof = await step(candidate, proof)
            if proof.failed:
                return proof
        return proof

    def _duplicate(self, candidate: Program) -> Stage:
        begun = time.monotonic()
        digest = canonical(candidate.files, "python")
        new = digest not in self._judged
        self._judged.add(digest)
        return stage("duplicate", new, begun, "" if new else "the same program as one that was judged before")

    def _compile(self, candidate: Program) -> Stage:
        begun = time.monotonic()
        problem = check(candidate.files, "python")
        return stage("compile", problem is None, begun, str(problem or ""))

    def _names(self, candidate: Program) -> Stage:
        begun = time.monotonic()
        before = {(name.file, name.name) for name in undefined(self.reference.program.files)}
        new = [name for name in undefined(candidate.files) if (name.file, name.name) not in before]
        return stage("names", not new, begun, "; ".join(map(str, new[:3])))

    async def _run_tests(self, candidate: Program, proof: Proof) -> Proof:
        begun = time.monotonic()
        if self._tests is None:
            return proof.then(skipped("tests", "no tests were given"))
        passed, said = await self._tests(candidate.files)
        evidence = Evidence(kind="tested", claim="the tests pass", n=1, method="the project's tests")
        return proof.then(stage("tests", passed, begun, said, evidence if passed else None))

    async def _run_cases(self, candidate: Program, proof: Proof) -> Proof:
        begun = time.monotonic()
        found, number = await self.reference.judge(candidate, self._arena, first=tuple(self._refuters))
        if number is not None:
            self._refuters[number] = None
        told = str(found.counterexample) if found.counterexample else ""
        detail = told or found.evidence.detail
        return proof.then(stage("cases", found.same, begun, detail, found.evidence), counterexample=told)

    async def _look_through(self, candidate: Program, proof: Proof) -> Proof:
        begun = time.monotonic()
        if self._prove is None:
            return proof
        evidence = await self._prove(self.reference, candidate)
        refuted = evidence.kind == "not_shown" and evidence.n > 0
        told = evidence.detail if refuted else ""
        return proof.then(stage("paths", not refuted, begun, evidence.detail, evidence), counterexample=told)

    async def measure(self, candidate: Program, proof: Proof) -> Proof:
        """Is it faster, as far as a few pairs tell?

        Raises:
            SandboxError: the machinery failed.
        """
        if self.timed is None:
            return proof.then(skipped("timing", "no input could be timed"))
        proof = await self._count(candidate, proof)
        begun = time.monotonic()
        evidence = await compare(
            self.laps(candidate, self.timed), pairs=_SCREEN, rng=self.rng, alpha=_LOOSE, least=self.terms.least,
            clock=self.timed.clock,
        )  # fmt: skip
        enough = evidence.estimate is not None and (evidence.upper or evidence.estimate) >= self.terms.least
        detail = _pace(evidence, self.terms.least)
        return proof.then(stage("timing", enough, begun, detail, evidence), speedup=_guess(evidence))

    def laps(self, candidate: Program, timed: Timed) -> Laps:
        """Times the original and a candidate."""
        return timed.laps(self.jail, self.reference.program, candidate)

    async def _count(self, candidate: Program, proof: Proof) -> Proof:
        assert self.timed is not None
        begun = time.monotonic()
        if self.timed.first_s > _OPCODES_S:
            return proof.then(skipped("opcodes", "a call takes too long to be counted"))
        try:
            payload = encode(self.timed.cases[0].arguments)
        except CodecError:
            return proof.then(skipped("opcodes", "its arguments are objects"))
        costs = [
            (await count_opcodes(self.jail, program, payload, _COUNTING)).cost
            for program in (self.reference.program, candidate)
        ]
        control, other = costs
        if control is None or other is None or not control.value or not other.value:
            return proof.then(skipped("opcodes", "a call could not be counted"))
        evidence = compare_costs([control], [other])
        detail = f"{control.value} → {other.value} bytecode instructions"
        return proof.then(stage("opcodes", True, begun, detail, evidence))

    async def confirm(self, candidate: Program, proof: Proof) -> Proof:
        """What a candidate that looked good does on other cases, and how fast it is in other pairs.

        Raises:
            SandboxError: the machinery failed.
        """
        begun = time.monotonic()
        terms, known = self.terms, self.reference
        if self._fresh is None:
            self._fresh = await refer(
                known.program, known.source, self._arena, n=max(50, terms.cases // 4), seed=terms.seed + 1,
                seconds=terms.seconds / 3,
            )  # fmt: skip
        found, _ = await self._fresh.judge(candidate, self._arena)
        if found.counterexample is not None:
            told = str(found.counterexample)
            return proof.then(
                stage("fresh", False, begun, told, found.evidence), counterexample=told, speedup=None, saved=None
            )  # fmt: skip
        if self.timed is None:
            return proof.then(stage("fresh", True, begun, "no input could be timed", found.evidence))
        return await self.settled(candidate, proof, self.timed, f"{found.evidence.n} other cases", begun)

    async def as_good(self, less: Program, more: Program) -> bool:
        """Whether a program is as fast as another one that has more changes, as far as a few pairs tell.

        Raises:
            SandboxError: the machinery failed.
        """
        assert self.timed is not None
        laps = self.timed.laps(self.jail, more, less)
        found = await compare(
            laps, pairs=_TAKING_OUT, rng=Random(self.terms.seed), alpha=_WIDE, clock=self.timed.clock
        )  # fmt: skip
        return found.estimate is not None and found.estimate >= _WORTH and (found.upper or 0.0) >= _ALIKE

    async def settled(self, candidate: Program, proof: Proof, timed: Timed, told: str, begun: float) -> Proof:
        """What is claimed of a candidate that did the same on other cases, too: its speed, in other pairs.

        Raises:
            SandboxError: the machinery failed.
        """
        guess = (proof.speedup.estimate if proof.speedup else None) or 1.0
        speedup = await compare(
            self.laps(candidate, timed), pairs=timed.pairs(guess), rng=self.rng, alpha=self.terms.alpha,
            least=self.terms.least, clock=timed.clock,
        )  # fmt: skip
        detail = f"{told}; {_pace(speedup, self.terms.least)}"
        return proof.then(stage("fresh", speedup.shown, begun, detail, speedup), speedup=speedup)


def _guess(evidence: Evidence) -> Evidence:
    """A few pairs show nothing, whatever they give."""
    return msgspec.structs.replace(evidence, kind="not_shown")


def _pace(evidence: Evidence, least: float) -> str:
    if evidence.estimate is None:
        return evidence.detail
    if evidence.lower is None or evidence.upper is None:
        return f"{evidence.estimate:.3g} ×; at least {least:g} × is asked for"
    return (
        f"{evidence.estimate:.3g} × [{evidence.lower:.3g}, {evidence.upper:.3g}] in {evidence.n} pairs; at least "
        f"{least:g} × is asked for"
    )


def stage(name: Name, passed: bool, begun: float, detail: str = "", evidence: Evidence | None = None) -> Stage:
    """A stage that ends now.

    Args:
        name: see the module.
        passed: whether it did.
        begun: when it began, by the monotonic clock.
        detail: for people.
        evidence: what it is worth.
    """
    return Stage(
        name=name, verdict="passed" if passed else "failed", seconds=round(time.monotonic() - begun, 4),
        detail=detail[:1000], evidence=evidence,
    )  # fmt: skip


def skipped(name: Name, why: str) -> Stage:
    """A stage that had nothing to look at, and why."""
    return Stage(name=name, verdict="skipped", seconds=0.0, detail=why)

"""Improvement, healing: from a failure to the smallest fix that a run confirms, in whatever language.

A `Healer` gives texts that may be right for a failure; a `Runner` says how a text ends. A fix may be applied unseen if
it is one step that follows from what the error names at the place that it names, a fresh process confirms it, and no
other candidate of like likelihood passes as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

import msgspec

from cambrian.core.evidence import Evidence
from cambrian.source.repair.report import Failure, Fix, Pattern

from .scripts import Ending, Runner

__all__ = ["HealSettings", "Healed", "Healer", "heal"]


class Healer(Protocol):
    """Gives candidates, for one language."""

    def named(self, text: str, failure: Failure) -> Sequence[Fix]:
        """What follows from what the error names, the likeliest first."""
        ...

    def edits(self, text: str, failure: Failure) -> Iterable[Fix]:
        """Small changes for mistakes of logic, the likeliest first."""
        ...

    def unknown(self, text: str) -> Sequence[str]:
        """Names that nothing in a text binds."""
        ...


class HealSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How far healing goes.

    Args:
        depth: mistakes one behind the other.
        seconds: wall seconds, about.
        edits: try changes of logic, too, where no name helps.
        margin: another passing candidate that costs at most so much more makes a fix ambiguous.
    """

    depth: int = 3
    seconds: float = 30.0
    edits: bool = True
    margin: float = 0.45


class Healed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of healing.

    Args:
        text: the fixed text; the original if there is none.
        failure: how the original failed; `None` if it did not.
        left: how the best text still fails, if it does.
        steps: what was done, in order.
        small: it is one step that follows from what the error named; may be applied unseen if not ambiguous.
        guess: something in it follows from no error: what must come out is all that speaks for it.
        others: what other candidates that pass would do.
        unknown: names that nothing in the fixed text binds: it passes, and fails where it comes to them.
        patterns: what can be learned.
        evidence: of a fresh process.
        tried: candidates.
    """

    text: str
    failure: Failure | None
    left: Failure | None = None
    steps: tuple[str, ...] = ()
    small: bool = False
    guess: bool = False
    others: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    evidence: Evidence | None = None
    tried: int = 0

    @property
    def healed(self) -> bool:
        """Whether there is a fix that a fresh process confirms."""
        return self.failure is not None and self.left is None and bool(self.steps)

    @property
    def silent(self) -> bool:
        """Whether it may be applied unseen."""
        return self.healed and self.small and not self.others and not self.unknown


class _Candidate(NamedTuple):
    text: str
    fixes: tuple[Fix, ...]
    ending: Ending

    @property
    def cost(self) -> float:
        return sum(fix.cost for fix in self.fixes) + 1.5 * (len(self.fixes) - 1)


_ENOUGH = 5
"""When so many pass, it is known that nothing tells them apart; of guesses two will do."""
_GUESSED = 1.0
"""The margin of what no error named: all such are guesses."""


class _Healing:
    def __init__(self, healer: Healer, runner: Runner, settings: HealSettings, learned: Sequence[Pattern]) -> None:
        self._healer = healer
        self._runner = runner
        self._settings = settings
        self._learned = {(each.error, each.owner, each.name): each for each in learned}
        self._until = time.monotonic() + settings.seconds
        self._seen: set[str] = set()
        self.tried = 0

    @property
    def _over(self) -> bool:
        return time.monotonic() > self._until or self.tried >= self._runner.most

    async def passing(self, text: str, failure: Failure) -> list[_Candidate]:
        """Candidates that pass, the likeliest first."""
        level = [_Candidate(text, (), Ending(failure, failure.output))]
        self._seen.add(text)
        for _ in range(self._settings.depth):
            found: list[_Candidate] = []
            nearer: list[_Candidate] = []
            for parent in level:
                for each in await self._children(parent, self._ranked(parent)):
                    (found if each.ending.failure is None else nearer).append(each)
            if found:
                return sorted(found, key=self._order)
            level = sorted(filter(_further(failure), nearer), key=lambda each: each.cost)[:4]
            if not level or self._over:
                break
        if self._settings.edits and not self._over:
            return await self._edited(text, failure)
        return []

    def _ranked(self, parent: _Candidate) -> list[Fix]:
        assert parent.ending.failure is not None
        fixes = self._healer.named(parent.text, parent.ending.failure)
        return sorted(fixes, key=lambda fix: (not self._remembered(fix), fix.cost))

    def _remembered(self, fix: Fix) -> bool:
        """Whether it helped before; it is tried first then, and no likelier than it was to be the only one."""
        pattern = fix.pattern
        return pattern is not None and self._learned.get((pattern.error, pattern.owner, pattern.name)) == pattern

    def _order(self, candidate: _Candidate) -> tuple[bool, float, str]:
        known = len(candidate.fixes) == 1 and self._remembered(candidate.fixes[0])
        return not known, candidate.cost, candidate.text

    async def _children(self, parent: _Candidate, fixes: Iterable[Fix]) -> list[_Candidate]:
        """Candidates of one text, tried in portions: once some pass, only those of like cost are looked at besides."""
        fresh = [fix for fix in fixes if fix.text not in self._seen]
        children: list[_Candidate] = []
        best: float | None = None
        for start in range(0, len(fresh), self._runner.portion):
            part = fresh[start : start + self._runner.portion]
            many = sum(child.ending.failure is None for child in children) >= (_ENOUGH if part[0].named else 2)
            if self._over or many or (best is not None and part[0].cost > best + 1.0):
                break
            self._seen.update(fix.text for fix in part)
            self.tried += len(part)
            endings = await self._runner.endings([fix.text for fix in part])
            for fix, ending in zip(part, endings, strict=True):
                children.append(_Candidate(fix.text, (*parent.fixes, fix), ending))
                if ending.failure is None and (best is None or fix.cost < best):
                    best = fix.cost
        return children

    async def _edited(self, text: str, failure: Failure) -> list[_Candidate]:
        root = _Candidate(text, (), Ending(failure, failure.output))
        children = await self._children(root, self._healer.edits(text, failure))
        return sorted((each for each in children if each.ending.failure is None), key=lambda each: each.cost)


def _further(first: Failure) -> Callable[[_Candidate], bool]:
    """Whether a candidate got further than the original: another error, later or elsewhere."""

    def told(candidate: _Candidate) -> bool:
        failure = candidate.ending.failure
        if failure is None or failure.type in ("Ended", "Timeout"):
            return False
        last = candidate.fixes[-1]
        same = (failure.type, failure.message) == (first.type, first.message)
        return last.named and not same and len(candidate.ending.output) >= len(first.output)

    return told


async def heal(
    text: str,
    healer: Healer,
    runner: Runner,
    settings: HealSettings | None = None,
    *,
    learned: Sequence[Pattern] = (),
) -> Healed:
    """Find the smallest fix of a text that makes its program pass.

    Args:
        text: the file that is healed.
        healer: for its language.
        runner: runs it.
        settings: how far to go.
        learned: patterns of earlier fixes, tried first.

    Raises:
        SandboxError: the machinery failed.
    """
    settings = settings or HealSettings()
    [ending] = await runner.endings([text])
    if ending.failure is None:
        return Healed(text=text, failure=None)
    healing = _Healing(healer, runner, settings, learned)
    passing = await healing.passing(text, ending.failure)
    for chosen in passing[:5]:
        again = await runner.confirm(chosen.text)
        if again.failure is None and again.output == chosen.ending.output:
            unknown = tuple(healer.unknown(chosen.text))
            rest = [each for each in passing if each is not chosen]
            if not unknown:  # then what leaves names unbound is no rival
                rest = [each for each in rest if not healer.unknown(each.text)]
            told = _told(ending.failure, chosen, _others(chosen, rest, settings.margin), healing.tried)
            return msgspec.structs.replace(told, unknown=unknown[:8])
    return Healed(text=text, failure=ending.failure, left=ending.failure, tried=healing.tried)


def _others(chosen: _Candidate, rest: Sequence[_Candidate], margin: float) -> tuple[str, ...]:
    """What other candidates would do that pass and are about as likely, or, at like cost, have another outcome."""
    printed = chosen.ending.output  # where nothing is printed, as by tests, nothing tells outcomes apart
    named = all(fix.named for fix in chosen.fixes)
    near = [each for each in rest if each.cost <= chosen.cost + (margin if named else _GUESSED) or
            ((each.ending.output != printed or not printed) and each.cost <= chosen.cost + 1.5)]  # fmt: skip
    return tuple(dict.fromkeys("; ".join(fix.what for fix in each.fixes) for each in near))[:8]


def _told(failure: Failure, chosen: _Candidate, others: tuple[str, ...], tried: int) -> Healed:
    evidence = Evidence(kind="tested", claim="it passes", n=1, method="the program itself, in a fresh process")
    patterns = tuple(fix.pattern for fix in chosen.fixes if fix.pattern is not None)
    small = len(chosen.fixes) == 1 and chosen.fixes[0].named
    return Healed(
        text=chosen.text, failure=failure, steps=tuple(fix.what for fix in chosen.fixes), small=small, others=others,
        guess=not all(fix.named for fix in chosen.fixes),
        patterns=patterns, evidence=evidence, tried=tried,
    )  # fmt: skip

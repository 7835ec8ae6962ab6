"""Improvement, healing: a program and its tests → the smallest repair that a fresh process confirms.

A repair is as good as its tests: what they do not tell apart is told to be ambiguous.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Literal

import msgspec

from cambrian.core.evidence import Evidence
from cambrian.core.ports import Runtime

from .checking import confirmed
from .lane import Checks, FastLane
from .measuring import Size, size_of
from .peers import Peers
from .searching import Search, Settings, Survivor

__all__ = ["Repair", "repaired"]

_CONFIRMED = 6
"""Survivors that are tried in a fresh process, the smallest first."""
NOT_SHOWN = Evidence(kind="not_shown", claim="it passes", detail="no candidate passes all tests")


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a repair.

    Args:
        text: the repaired program; the original if nothing was found.
        by: ``"edits"`` of its own text, parts of ``"peers"``, ``"nothing"`` needed, ``"none"`` found.
        edits: operators, in order.
        size: how much changed.
        evidence: from a fresh process.
        others: other texts that pass, too, and that no test tells from this one.
        tried: candidates.
        cpu_s: CPU seconds, jails included.
    """

    text: str
    by: Literal["edits", "peers", "nothing", "none"]
    edits: tuple[str, ...] = ()
    size: Size = Size(0, 0, 0)
    evidence: Evidence = NOT_SHOWN
    others: tuple[str, ...] = ()
    tried: int = 0
    cpu_s: float = 0.0


class _Spent:
    """CPU seconds of a repair so far, of this process and of all jails."""

    def __init__(self, whole: float) -> None:
        self._whole, self._begun = whole, time.process_time()
        self._others = 0.0
        self.lane: FastLane | None = None

    @property
    def seconds(self) -> float:
        """What was spent."""
        lane = 0.0 if self.lane is None else self.lane.cpu_s
        return time.process_time() - self._begun + self._others + lane

    @property
    def left(self) -> float:
        """What is left; never below 0."""
        return max(0.0, self._whole - self.seconds)

    def add(self, seconds: float) -> None:
        """What another jail took."""
        self._others += seconds


async def repaired(
    jail: Runtime, text: str, tests: Checks, settings: Settings | None = None, *, peers: Peers | None = None
) -> Repair:
    """Look for the smallest repair of a program.

    Args:
        jail: without an open session; it has none afterwards.
        text: a Python program that parses.
        tests: what it must pass.
        settings: of the search over edits. With peers, that search ends once theirs have found something as small.
        peers: programs that are right.

    Raises:
        SandboxError: the machinery failed.
        UsageError: what a test expects is no literal.
    """
    settings = settings or Settings()
    spent = _Spent(settings.whole)
    whole = text if text.endswith("\n") else text + "\n"
    async with FastLane(jail, tests, whole_s=settings.whole - _reserve(settings)) as lane:
        spent.lane = lane
        survivors = await _survivors(lane, whole, tests, settings, peers, spent)
    chosen, evidence = None, NOT_SHOWN
    for survivor in survivors[:_CONFIRMED]:
        evidence = await confirmed(jail, survivor.text, tests, cpu=spent.left, spent=spent.add)
        if evidence.shown:
            chosen = survivor
            break
    if chosen is None:
        return Repair(text=text, by="none", evidence=evidence, tried=lane.tried, cpu_s=spent.seconds)
    others = tuple(each.text for each in survivors if each.text != chosen.text)
    by = "nothing" if chosen.text == whole else "peers" if chosen.edits == ("peer",) else "edits"
    return Repair(
        text=text if by == "nothing" else chosen.text, by=by, edits=chosen.edits, size=size_of(whole, chosen.text),
        evidence=evidence, others=() if by == "nothing" else others, tried=lane.tried, cpu_s=spent.seconds,
    )  # fmt: skip


async def _survivors(
    lane: FastLane, text: str, tests: Checks, settings: Settings, peers: Peers | None, spent: _Spent
) -> Sequence[Survivor]:
    """Texts that pass in the lane, the smallest change first."""
    borrowed = () if peers is None else await peers.repairs(lane, tests, text, cpu=settings.whole / 2)
    if borrowed:
        settings = msgspec.structs.replace(settings, cpu=min(settings.cpu, _BESIDE_PEERS), depth=min(settings.depth, 2))
    left = spent.left - _reserve(settings)
    if left <= 0:
        return borrowed
    settings = msgspec.structs.replace(settings, cpu=min(settings.cpu, left))
    found = await Search(lane, tests, settings).run(text)
    return sorted((*found.survivors, *borrowed), key=lambda each: (each.nodes, each.text))


def _reserve(settings: Settings) -> float:
    """CPU seconds that are kept for the confirmation."""
    return min(_CONFIRMING, settings.whole / 4)


_CONFIRMING = 1.5
"""CPU seconds that are kept for trying survivors in fresh processes."""
_BESIDE_PEERS = 1.0
"""CPU seconds for edits of the program's own text, where peers have given a repair already."""

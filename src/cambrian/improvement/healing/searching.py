"""Improvement, healing: best-first search over edits of a program; fitness is what its tests say. Trusted side.

A node is a text; its patches are tried in three tiers, likely ones first. Candidates that did the same in all tests are
one: the smallest stands for all. What passes everything is a survivor, to be checked elsewhere.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

import msgspec

from cambrian.core.errors import UsageError
from cambrian.source.edit import apply
from cambrian.source.repair.operators import patches
from cambrian.source.repair.patch import Patch, Tier, clash
from cambrian.source.repair.surface import Surface
from cambrian.source.tree import Problem

from .lane import Checks, FastLane, Trial
from .localising import ochiai
from .measuring import size_of

__all__ = ["Found", "Search", "Settings", "Survivor"]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How far a search goes.

    Args:
        cpu: CPU seconds, the jail's and this process's.
        depth: edits in a row.
        most: candidates of one node and tier; the least suspicious ones are left out.
        pairs: combinations of two edits of the original that each gain something.
        whole: CPU seconds of a repair as a whole: peers, this search, and the confirmation. A jail ends what goes on.
    """

    cpu: float = 6.5
    depth: int = 3
    most: int = 4000
    pairs: int = 600
    whole: float = 9.0

    def __post_init__(self) -> None:
        if min(self.cpu, self.whole) <= 0 or self.depth < 1 or self.most < 1 or self.pairs < 0:
            raise UsageError(f"{self!r}: cpu and whole are above 0 s, depth and most are at least 1, pairs at least 0")


class Survivor(NamedTuple):
    """A candidate that passes all tests in the lane: its text, the edits in order, nodes changed."""

    text: str
    edits: tuple[str, ...]
    nodes: int


class Found(NamedTuple):
    """What a search came to: survivors, the smallest first; the best text otherwise; what it took."""

    survivors: tuple[Survivor, ...]
    best: str
    trial: Trial
    tried: int
    cpu_s: float


class _Node(NamedTuple):
    surface: Surface
    trial: Trial
    edits: tuple[str, ...]
    suspicion: dict[int, float]


_PART = 128
"""Candidates between two looks at the clock."""
_CHARACTERS = 400_000
"""Of texts between two looks at the clock."""
_SURVIVORS = 40
"""Survivors whose size is measured."""
_LOSS, _STEP, _TIER = 10.0, 0.9, 1.6
"""What a node waits for: lost tests, all of them being 10; each edit; each tier."""


class Search:
    """A search for one program.

    Args:
        lane: where candidates run.
        tests: what they must pass.
        settings: how far it goes.
    """

    def __init__(self, lane: FastLane, tests: Checks, settings: Settings) -> None:
        self._lane = lane
        self._tests = tests
        self._settings = settings
        self._seen: set[str] = set()
        self._behaviours: set[int] = set()
        self._queue: list[tuple[float, int, Tier, _Node]] = []
        self._order = itertools.count()
        self._survivors: dict[str, tuple[str, ...]] = {}
        self._original = ""
        self._best: tuple[float, str, Trial] = (-2.0, "", Trial(0, -1.0, 0))
        self._begun = time.process_time()
        self._lane_begun = lane.cpu_s

    @property
    def spent(self) -> float:
        """CPU seconds so far."""
        return time.process_time() - self._begun + self._lane.cpu_s - self._lane_begun

    async def run(self, text: str) -> Found:
        """Search from a text that parses.

        Raises:
            SandboxError: the machinery failed.
        """
        self._original = text
        self._seen.add(text)
        self._lane.most_s = min(self._lane.most_s, self._lane.cpu_s + self._settings.cpu)
        await self._lane.scale(text)
        [trial] = await self._lane.try_all([text])
        self._note(text, trial, ())
        root = await self._node(text, trial, ())
        if root is not None and not self._survivors:
            self._push(root, 1)
        while self._queue and not self._survivors and self.spent < self._settings.cpu:
            _, _, tier, node = heapq.heappop(self._queue)
            await self._expand(node, tier)
        return self._found()

    def _found(self) -> Found:
        made = sorted(self._survivors.items(), key=lambda each: (len(each[1]), abs(len(each[0]) - len(self._original))))
        survivors = [Survivor(text, edits, size_of(self._original, text).nodes) for text, edits in made[:_SURVIVORS]]
        survivors.sort(key=lambda each: (len(each.edits), each.nodes, len(each.text), each.text))
        return Found(tuple(survivors), self._best[1], self._best[2], self._lane.tried, self.spent)

    async def _node(self, text: str, trial: Trial, edits: tuple[str, ...]) -> _Node | None:
        surface = Surface.read(text)
        if isinstance(surface, Problem):
            return None
        lines = await self._lane.lines(text)
        return _Node(surface, trial, edits, ochiai(lines, trial.passed))

    def _push(self, node: _Node, tier: Tier) -> None:
        heapq.heappush(self._queue, (self._wait(node.trial, len(node.edits), tier), next(self._order), tier, node))

    def _wait(self, trial: Trial, depth: int, tier: Tier) -> float:
        lost = 1 - max(0.0, trial.nearness) / len(self._tests.tests)
        return _LOSS * lost + _STEP * depth + _TIER * (tier - 1)

    async def _expand(self, node: _Node, tier: Tier) -> None:
        chosen = self._ordered(node, self._in_time(patches(node.surface, (tier,))))
        gains = await self._try(node, ((patch.on(node.surface.text), (patch,)) for patch in chosen))
        if not node.edits and tier < 3 and not self._survivors:
            await self._combine(node, gains)
        if tier < 3:
            self._push(node, cast("Tier", tier + 1))

    def _in_time(self, every: Iterable[Patch]) -> Iterator[Patch]:
        """As many as there is time for: those of a long program take long to be made."""
        for index, patch in enumerate(every):
            if index % _PART == 0 and self.spent > self._settings.cpu:
                return
            yield patch

    def _ordered(self, node: _Node, every: Iterable[Patch]) -> list[Patch]:
        ranked = sorted(every, key=lambda patch: -node.suspicion.get(patch.line, 0.5))
        return ranked[: self._settings.most]

    async def _try(
        self, node: _Node, candidates: Iterable[tuple[str, tuple[Patch, ...]]]
    ) -> list[tuple[Trial, tuple[Patch, ...]]]:
        """Try them; give those that gain something."""
        gains: list[tuple[Trial, tuple[Patch, ...]]] = []
        size = max(1, min(_PART, _CHARACTERS // len(node.surface.text)))
        fresh = self._fresh(candidates)
        while part := list(itertools.islice(fresh, size)):
            trials = await self._lane.try_all([text for text, _ in part])
            for (text, made), trial in zip(part, trials, strict=True):
                edits = (*node.edits, *(patch.operator for patch in made))
                if self._note(text, trial, edits):
                    gains.append((trial, made))
                    await self._keep(node, text, trial, edits)
            if self.spent > self._settings.cpu:
                break
        return gains

    def _fresh(self, candidates: Iterable[tuple[str, tuple[Patch, ...]]]) -> Iterator[tuple[str, tuple[Patch, ...]]]:
        for text, made in candidates:
            if text not in self._seen:
                self._seen.add(text)
                yield text, made

    async def _keep(self, node: _Node, text: str, trial: Trial, edits: tuple[str, ...]) -> None:
        """Take a candidate up as a node, if it may lead somewhere."""
        promising = trial.nearness >= node.trial.nearness - 0.15 * len(self._tests.tests)
        timely = self.spent < self._settings.cpu  # a long text takes long to be read
        if timely and len(edits) < self._settings.depth and promising and trial.passed != self._tests.all:
            surface = Surface.read(text)
            if not isinstance(surface, Problem):
                self._push(_Node(surface, trial, edits, {}), 1)

    def _note(self, text: str, trial: Trial, edits: tuple[str, ...]) -> bool:
        """Take in what a candidate came to; whether its behaviour is a new one."""
        if trial.nearness < 0:
            return False
        if trial.passed == self._tests.all:
            self._survivors.setdefault(text, edits)
            return True
        if trial.nearness > self._best[0]:
            self._best = (trial.nearness, text, trial)
        new = trial.behaviour not in self._behaviours
        self._behaviours.add(trial.behaviour)
        return new

    async def _combine(self, node: _Node, gains: list[tuple[Trial, tuple[Patch, ...]]]) -> None:
        """Two edits of the original at a time, each of which passes tests that it failed."""
        useful = [(trial, made) for trial, made in gains if trial.passed & ~node.trial.passed]
        useful.sort(key=lambda each: -each[0].nearness)
        pairs: list[tuple[str, tuple[Patch, ...]]] = []
        for (one, a), (two, b) in itertools.combinations(useful[:60], 2):
            apart = one.passed | two.passed
            if apart not in (one.passed, two.passed) and not any(clash(x, y) for x in a for y in b):
                splices = [splice for patch in (*a, *b) for splice in patch.splices]
                pairs.append((apply(node.surface.text, splices), (*a, *b)))
        await self._try(node, pairs[: self._settings.pairs])

"""What a search knows between two steps: a function of its facts in order, so a resume folds them and is there again.

No I/O: the engine reads blobs and appends facts. Memory is bounded by the archive, but for one digest per evaluation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

import msgspec

from cambrian.core.errors import ProposalError
from cambrian.core.evaluation import Evaluation, Status
from cambrian.core.ids import Digest
from cambrian.core.variant import Origin, Variant

from .archives import Elite, Rank
from .bandit import Bandit
from .descriptors import describe, need_dimensions
from .elites import ROOM, Elites, Fetch
from .facts import AddStatus, Filtered, Proposed
from .filters import Filters
from .noise import Noise, Plan, make_plan
from .novelty import Lines, Past
from .proposer import Candidate, Proposer, Scored
from .strategies import Told, make_strategy
from .task import Task

ATTEMPTS = 400
"""Attempts in a row without anything new before a search is exhausted."""
BETTER_THAN_PARENT = 0.2
"""Reward of a child that beats its parent without being the best of all, which is worth 1."""

GROWTH, SLACK = 2, 300
"""A candidate made from parents may have so many times the characters of the initial program, and so many more."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate that is to be evaluated: its fact without the variant, and the variant."""

    index: int
    attempt: int
    niche: int
    variant: Variant
    canonical: Digest
    parent_rank: Rank
    filtered: tuple[Filtered, ...]
    lines: Lines = Lines(0, 0, 0)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What an outcome changed.

    Args:
        added: the archive's answer.
        best: it is the best so far.
        features: where it lies along the dimensions of the strategy's map, if that has one.
    """

    added: AddStatus
    best: bool
    features: tuple[float, ...] = ()


class Population:
    """Archive, bandit, proposers and counters of one search.

    Args:
        task: the task.
        seed: of all randomness.
        proposers: those that take part.
        fetch: where the programs of elites come from when memory holds them no more; `None`: it holds all of them.
        room: characters of elites' programs in memory at a time, if there is somewhere to fetch from.
    """

    def __init__(
        self, task: Task, *, seed: int, proposers: Sequence[Proposer], fetch: Fetch | None = None, room: int = ROOM
    ) -> None:
        self._task = task
        self._seed = seed
        self._proposers = {proposer.name: proposer for proposer in proposers}
        self._bandit = Bandit(list(self._proposers))
        self._strategy = make_strategy(task.strategy)
        self._elites = Elites(fetch, room=room)
        self._filtered: Counter[tuple[str, str]] = Counter()
        self.filters = Filters(task.initial, frozenset({task.evaluator, "task.toml"}))
        self._past = Past(task.novelty, task.language)
        self.index = 0
        self.attempt = 0
        self.evaluations = 0
        self.since_best = 0
        self.best: Rank | None = None
        self.first: Scored | None = None
        self.leader: Scored | None = None
        self._noise = Noise()
        self._visited = 0
        self._visits = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The proposers that take part."""
        return tuple(self._proposers)

    @property
    def noisy(self) -> bool:
        """Whether the score of one and the same program varies."""
        return self._noise.noisy

    def plan(self) -> Plan:
        """How often to run the next candidate. Callable mode compares pairs and sees to its own noise."""
        objective = self._task.objectives[0]
        if self._task.mode == "callable":
            return Plan(objective=objective, best=self.best)
        return make_plan(self._noise, self._task.sampling, objective, self.best)

    async def due(self) -> Scored | None:
        """An elite that is to be run again, if it is time: a lucky score would mislead the search for ever."""
        every = self._task.sampling.revisit
        if not (every and self.noisy and self._task.mode == "artifact") or self.evaluations < self._visited + every:
            return None
        ask = self._strategy.ask(1, Random(f"{self._seed}:revisit:{self._visits}:{self.evaluations}"))
        scored = await self._elites.get(ask.parents[0])
        return scored if scored.evaluation.samples else None

    async def revisited(self, evaluation: Evaluation) -> Elite | None:
        """Take in what all runs of an elite give together.

        Args:
            evaluation: of a variant that was scored before.

        Returns:
            Who leads now, if that is another one than before.
        """
        self._visited, self._visits = self.evaluations, self._visits + 1
        if not evaluation.ok or evaluation.variant not in self._strategy.held:
            return None
        scored = await self._elites.get(evaluation.variant)
        scored = msgspec.structs.replace(scored, evaluation=evaluation)
        self._elites.keep(scored)
        if self.first is not None and self.first.variant.id == evaluation.variant:
            self.first = scored
        if self.leader is not None and self.leader.variant.id == evaluation.variant:
            self.leader, self.best = scored, self.rank(evaluation)
        gone = self._strategy.revise(evaluation.variant, self.rank(evaluation))
        self._elites.drop(gone)
        self._past.drop(gone)
        best = self._strategy.best
        if best is None or self.best is None or best.rank <= self.best:
            return None
        self.leader, self.best = await self._elites.get(best.variant), best.rank
        return best

    def surpassed(self, evaluation: Evaluation | None) -> None:
        """The winner did better without some of its edits: a new best has to beat that."""
        if evaluation is not None and not self.noisy and self.best is not None:
            self.best = max(self.best, self.rank(evaluation))

    def initial(self) -> Proposal:
        """The first proposal: the task's own program."""
        initial = self._task.initial
        canonical = self.filters.canonical(initial.files)
        return Proposal(index=0, attempt=0, niche=0, variant=initial, canonical=canonical, parent_rank=(), filtered=())

    async def propose(self) -> Proposal | None:
        """The next candidate worth running; `None` if nothing new can be found."""
        start = self._start()
        if start is not None:
            return start
        exclude: frozenset[str] = frozenset()
        for _ in range(ATTEMPTS):
            self.attempt += 1
            rng = Random(f"{self._seed}:{self.attempt}")
            name = self._bandit.choose(rng, exclude=exclude)
            if name is None:
                return None
            found = await self._ask(self._proposers[name], rng)
            if isinstance(found, Proposal):
                return found
            self._filtered[name, found] += 1
            self._bandit.tell_filtered(name, 1)
            if found == "nothing":
                exclude |= {name}
        return None

    def _start(self) -> Proposal | None:
        """The next of the programs that the task gives to begin with, if one is left."""
        for files in self._task.starts:
            canonical = self.filters.canonical(files)
            if self.filters.reject(files, canonical) is None:
                self.attempt += 1
                origin = Origin(proposer="start", why="a program that the task gives to begin with")
                initial = self._task.initial
                variant = Variant(files=files, entry=initial.entry, origin=origin, language=initial.language)
                niche = self._strategy.ask(1, Random(f"{self._seed}:{self.attempt}")).niche
                return Proposal(
                    index=self.index, attempt=self.attempt, niche=niche, variant=variant, canonical=canonical,
                    parent_rank=self.best or (), filtered=self._take_filtered(),
                )  # fmt: skip
        return None

    async def _ask(self, proposer: Proposer, rng: Random) -> Proposal | str:
        """A proposal, or why there is none."""
        ask = self._strategy.ask(max(1, proposer.parents), rng)
        parents = [await self._elites.get(variant) for variant in ask.parents]
        try:
            candidate = await proposer.propose(parents, rng)
        except ProposalError:
            return "nothing"
        canonical = self.filters.canonical(candidate.files)
        long = self._too_long(proposer, candidate, parents)
        reason = "long" if long else self.filters.reject(candidate.files, canonical)
        if reason is not None:
            return reason
        reason, lines = self._past.judge(
            [parent.variant for parent in parents] if proposer.parents else [], candidate.files, self.evaluations,
            structural=proposer.structural,
        )  # fmt: skip
        if reason is not None:
            return reason
        return Proposal(
            index=self.index, attempt=self.attempt, niche=ask.niche, variant=self._variant(candidate, parents),
            canonical=canonical, parent_rank=self._to_beat(proposer, parents), filtered=self._take_filtered(),
            lines=lines,
        )  # fmt: skip

    def _too_long(self, proposer: Proposer, candidate: Candidate, parents: Sequence[Scored]) -> bool:
        """Whether small changes have piled up: neutral ones make programs longer and longer, and nothing better."""
        if not proposer.parents:
            return False
        room = GROWTH * _length(self._task.program) + SLACK
        return _length(candidate.files) > max(room, _length(parents[0].variant.files))

    def _to_beat(self, proposer: Proposer, parents: Sequence[Scored]) -> Rank:
        """What counts as a success: to beat the best parent, or the best of all where parents do not matter."""
        return self.rank(parents[0].evaluation) if proposer.parents else self.best or ()

    def _variant(self, candidate: Candidate, parents: Sequence[Scored]) -> Variant:
        """The candidate as a variant. What states no cost of its own costs what its first parent does."""
        origin = candidate.origin
        if origin.cost == Origin(proposer="").cost:
            origin = msgspec.structs.replace(origin, cost=parents[0].variant.origin.cost)
        initial = self._task.initial
        return Variant(
            files=candidate.files, entry=initial.entry, language=initial.language, origin=origin,
            parents=tuple(parent.variant.id for parent in parents),
        )  # fmt: skip

    def _take_filtered(self) -> tuple[Filtered, ...]:
        taken = tuple(
            Filtered(proposer=name, reason=reason, count=count) for (name, reason), count in self._filtered.items()
        )
        self._filtered.clear()
        return taken

    def rank(self, evaluation: Evaluation) -> Rank:
        """Gains of an evaluation that is ok, in the order of the objectives."""
        return tuple(item.gain(evaluation.objectives[item.name]) for item in self._task.objectives)

    def proposed(self, proposal: Proposed) -> None:
        """A candidate goes to evaluation."""
        self.filters.remember(proposal.canonical)
        self.index = proposal.index + 1
        self.attempt = max(self.attempt, proposal.attempt)
        self._bandit.started(proposal.variant.origin.proposer)
        self._strategy.started(proposal.niche)

    def replay_filtered(self, filtered: Sequence[Filtered]) -> None:
        """Candidates that were turned down before this process was there."""
        for item in filtered:
            self._bandit.tell_filtered(item.proposer, item.count)

    async def evaluated(self, proposed: Proposed, scored: Scored) -> Verdict:
        """Take an outcome in, in the recorded order."""
        evaluation, origin = scored.evaluation, scored.variant.origin
        proposer = self._proposers.get(origin.proposer)
        if proposer is not None:
            await proposer.tell(scored)
        if evaluation.status is Status.CANCELLED:
            self._bandit.cancelled(origin.proposer)
            self._strategy.tell(Told(niche=proposed.niche, cancelled=True))
            return Verdict(added=AddStatus.NOT_ADDED, best=False)
        self.evaluations += 1
        self.since_best += 1
        self._noise.tell(evaluation.samples)
        elite = self._elite(proposed, scored) if evaluation.ok else None
        best = elite is not None and (self.best is None or elite.rank > self.best)
        if elite is not None and best:
            self.best, self.since_best = elite.rank, 0
            self.leader = msgspec.structs.replace(scored, report=b"")
            self.first = self.first or self.leader
        parent = await self._parent(scored.variant)
        reward = self._reward(proposed, evaluation, best)
        self._bandit.tell(origin.proposer, reward, origin.cost)
        added = self._take(Told(niche=proposed.niche, elite=elite, cost=origin.cost, reward=reward), scored, parent)
        return Verdict(added=added, best=best, features=elite.features if elite else ())

    async def _parent(self, variant: Variant) -> Variant | None:
        """The first parent, if it may still be one: whether memory holds its text must not matter."""
        held = variant.parents and variant.parents[0] in self._strategy.held
        return (await self._elites.get(variant.parents[0])).variant if held else None

    def _elite(self, proposed: Proposed, scored: Scored) -> Elite:
        """What the strategy gets to know of a variant."""
        dimensions, evaluation = self._strategy.dimensions, scored.evaluation
        if proposed.index == 0:
            need_dimensions(dimensions, evaluation)
        features = describe(dimensions, scored.variant, evaluation)
        return Elite(scored.variant.id, self.rank(evaluation), proposed.index, features)

    def _take(self, told: Told, scored: Scored, parent: Variant | None) -> AddStatus:
        """Tell the strategy; keep the program if it may become a parent, and forget those that no longer may."""
        insert = self._strategy.tell(told)
        if insert.status:
            self._elites.keep(scored)
        vain = not scored.evaluation.ok or (told.reward == 0.0 and not self.noisy)
        self._past.learn(scored.variant, parent, self.evaluations, vain=vain, kept=insert.status > 0)
        self._elites.drop(insert.evicted)
        self._past.drop(insert.evicted)
        return insert.status

    def _reward(self, proposed: Proposed, evaluation: Evaluation, best: bool) -> float:
        if best:
            return 1.0
        return BETTER_THAN_PARENT if evaluation.ok and self.rank(evaluation) > proposed.parent_rank else 0.0

    async def aclose(self) -> None:
        """Release what the proposers own."""
        for proposer in self._proposers.values():
            await proposer.aclose()


def _length(files: Mapping[str, str]) -> int:
    return sum(map(len, files.values()))

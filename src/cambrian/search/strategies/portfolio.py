"""Portfolio: several strategies share one search, each by what it brings; on a plateau the busiest has to rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from random import Random

import msgspec

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite, Insert, Rank
from cambrian.search.archives.archive import REFUSED, revised
from cambrian.search.archives.holdings import Holdings
from cambrian.search.bandit import Bandit
from cambrian.search.facts import AddStatus
from cambrian.search.strategy_config import StrategyConfig

from .strategy import Ask, Strategy, Told

ANYONE = 0.1
"""Share of asks that go to anyone. A member of whose parents nothing new can be made is never told of anything, so what
is believed of it would never change, and the search would end with it."""


class Portfolio(Strategy):
    """Strategies by name; the bandit that shares a search among proposers (`search.bandit`) shares it among them too.

    Most asks go to the member with the highest sampled rate of reward per nominal cost. After `patience` evaluations
    without a new best, the member that spent the most since then rests until there is a new best or as many
    evaluations again have passed; then who spent the most in that time rests.

    Every elite is told to the member that asked for it, and all others hear of it: each takes what helps it
    (`Strategy.hear`). So a switch loses nothing that was found. Niches are those of the members, interleaved.

    Args:
        config: names the members, and the knobs of all of them.
        make: makes a member.
    """

    def __init__(self, config: StrategyConfig, make: Callable[[str], Strategy]) -> None:
        self._names: Sequence[str] = config.members
        self._members = {name: make(name) for name in self._names}
        self.dimensions = next((item.dimensions for item in self._members.values() if item.dimensions), ())
        self._bandit = Bandit(self._names)
        self._patience = config.patience
        self._holdings = Holdings()
        self._best: Elite | None = None
        self._idle = 0
        self._spent = dict.fromkeys(self._names, 0.0)
        self._resting: str | None = None

    @property
    def resting(self) -> str | None:
        """The member that gets no asks at the moment."""
        return self._resting

    def ask(self, count: int, rng: Random) -> Ask:
        """See `Strategy`."""
        name = self._choose(rng)
        ask = self._members[name].ask(count, rng)
        return Ask(parents=ask.parents, niche=ask.niche * len(self._names) + self._names.index(name))

    def _choose(self, rng: Random) -> str:
        """Who is asked: now and then anyone, else by what each brought."""
        awake = [name for name in self._names if name != self._resting]
        if rng.random() < ANYONE:
            return rng.choice(awake)
        exclude = frozenset(self._names) - frozenset(awake)
        return self._bandit.choose(rng, exclude=exclude) or awake[0]

    def started(self, niche: int) -> None:
        """See `Strategy`."""
        inner, name = self._whose(niche)
        self._bandit.started(name)
        self._members[name].started(inner)

    def tell(self, told: Told) -> Insert:
        """See `Strategy`."""
        inner, name = self._whose(told.niche)
        if self._best is None:
            return self._begin(name, told)
        self._learn(name, told)
        mine = msgspec.structs.replace(told, niche=inner)
        statuses = [self._part(name, told.elite, lambda member: member.tell(mine))]
        if told.elite is not None:
            elite = told.elite
            self._note(elite)
            others = [other for other in self._names if other != name]
            statuses += [self._part(other, elite, lambda member: member.hear(elite)) for other in others]
        return Insert(max(statuses), self._holdings.left())

    def hear(self, elite: Elite) -> Insert:
        """See `Strategy`: each member hears of it."""
        self._note(elite)
        statuses = [self._part(name, elite, lambda member: member.hear(elite)) for name in self._names]
        return Insert(max(statuses), self._holdings.left())

    def revise(self, variant: VariantId, rank: Rank) -> tuple[VariantId, ...]:
        """See `Strategy`."""
        for member in self._members.values():
            self._holdings.release(member.revise(variant, rank))
        self._best = self._best and revised(self._best, variant, rank)
        return self._holdings.left()

    @property
    def best(self) -> Elite | None:
        """See `Strategy`."""
        bests = [member.best for member in self._members.values()]
        return max((elite for elite in bests if elite is not None), key=lambda elite: elite.row, default=None)

    def _begin(self, name: str, told: Told) -> Insert:
        """The initial program is nobody's find: it settles every member."""
        self._bandit.cancelled(name)
        if told.elite is None:
            return REFUSED
        self._note(told.elite)
        first = Told(niche=0, elite=told.elite)
        statuses = [self._part(each, told.elite, lambda member: member.tell(first)) for each in self._names]
        return Insert(max(statuses), self._holdings.left())

    def _part(self, name: str, elite: Elite | None, change: Callable[[Strategy], Insert]) -> AddStatus:
        """Change one member, and count whom it holds."""
        member = self._members[name]
        before = elite is not None and elite.variant in member.held
        insert = change(member)
        if elite is not None and not before and (elite.variant in member.held or elite.variant in insert.evicted):
            self._holdings.hold(elite.variant)
        self._holdings.release(insert.evicted)
        return insert.status

    def _learn(self, name: str, told: Told) -> None:
        if told.cancelled:
            self._bandit.cancelled(name)
            return
        self._bandit.tell(name, told.reward, told.cost)
        self._spent[name] += told.cost
        self._idle += 1
        if self._idle >= self._patience:
            self._idle = 0
            self._resting = max(self._names, key=self._spent.__getitem__) if len(self._names) > 1 else None
            self._spent = dict.fromkeys(self._names, 0.0)

    def _note(self, elite: Elite) -> None:
        """A new best ends a plateau."""
        if self._best is None or elite.rank > self._best.rank:
            self._best, self._idle, self._resting = elite, 0, None
            self._spent = dict.fromkeys(self._names, 0.0)

    def _whose(self, niche: int) -> tuple[int, str]:
        inner, index = divmod(niche, len(self._names))
        return inner, self._names[index]

    @property
    def held(self) -> Collection[VariantId]:
        """See `Strategy`."""
        return self._holdings.held

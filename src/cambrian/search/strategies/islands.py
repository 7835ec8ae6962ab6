"""Islands: several populations that breed apart."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from cambrian.core.ids import VariantId
from cambrian.search.archives import Elite, Insert, Islands, Rank, draw_different
from cambrian.search.archives.archive import REFUSED
from cambrian.search.facts import AddStatus
from cambrian.search.strategy_config import MAPS, StrategyConfig

from .archived import archive_maker
from .strategy import Ask, Strategy, Told


class IslandsStrategy(Strategy):
    """Islands of any archive, drawn evenly, so that each really gets children.

    Every `migrate_every` evaluations the best of each moves to another one. An island whose own best has stood for
    `patience` of its children is given up and settled anew by the best of another one.
    """

    def __init__(self, config: StrategyConfig) -> None:
        kind = config.archive or "topk"
        self.dimensions = config.grid.dimensions if kind in MAPS else ()
        self._islands = Islands(archive_maker(kind, config), config.islands, migration=config.migration)
        self._migrate_every = config.migrate_every
        self._patience = config.patience
        self._idle = [0] * config.islands
        self._told = 0
        self._guests = 0

    def ask(self, count: int, rng: Random) -> Ask:
        """See `Strategy`."""
        niche = rng.randrange(len(self._islands))
        parents = draw_different(self._islands[niche], count, rng)
        return Ask(parents=tuple(elite.variant for elite in parents), niche=niche)

    def tell(self, told: Told) -> Insert:
        """See `Strategy`."""
        if told.cancelled:
            return REFUSED
        if self._islands.best is None:  # the initial program settles every island
            return self._islands.settle(told.elite) if told.elite else REFUSED
        self._told += 1
        insert = self._place(told.niche, told.elite)
        evicted = [*insert.evicted]
        if self._idle[told.niche] >= self._patience:
            self._idle[told.niche] = 0
            evicted += self._islands.restart(told.niche, f"restart:{self._told}:{self._seed}")
        if self._told % self._migrate_every == 0:
            evicted += self._islands.migrate(f"migrate:{self._told}:{self._seed}")
        return Insert(insert.status, tuple(evicted))

    def hear(self, elite: Elite) -> Insert:
        """See `Strategy`: the best of all lands on one island after the other; the islands stay apart."""
        best = self._islands.best
        if best is None:
            return self._islands.settle(elite)
        if elite.rank <= best.rank:
            return REFUSED
        self._guests += 1
        return self._islands.add(self._guests % len(self._islands), elite)

    def _place(self, niche: int, elite: Elite | None) -> Insert:
        """Put a child onto its island, and count how long that island's best has stood."""
        best = self._islands[niche].best
        progress = elite is not None and (best is None or elite.rank > best.rank)
        self._idle[niche] = 0 if progress else self._idle[niche] + 1
        return self._islands.add(niche, elite) if elite else Insert(AddStatus.NOT_ADDED)

    def revise(self, variant: VariantId, rank: Rank) -> tuple[VariantId, ...]:
        """See `Strategy`."""
        return self._islands.revise(variant, rank)

    @property
    def best(self) -> Elite | None:
        """See `Strategy`."""
        return self._islands.best

    @property
    def _seed(self) -> str:
        """Differs from run to run, and is known from the tells."""
        best = self._islands.best
        return best.variant if best else ""

    @property
    def held(self) -> Collection[VariantId]:
        """See `Strategy`."""
        return self._islands.held

"""The variants of a run that no other beats in all objectives, from its facts. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from cambrian.core.evaluation import Evaluation, Objective
from cambrian.core.event import Event
from cambrian.core.ids import RunId, VariantId
from cambrian.journal.views import Reader
from cambrian.search.archives.front import Planar, Spatial
from cambrian.search.facts import EVALUATED, MINIMISED, REVISITED, Evaluated, Minimised, Revisited

from .results import Score

__all__ = ["FRONT_MOST", "ParetoFront", "front_of"]

FRONT_MOST = 50
"""Variants of a front that are told."""


class ParetoFront(NamedTuple):
    """Variants by the first objective, the best first, at most `FRONT_MOST`; and how many there are."""

    shown: tuple[Score, ...]
    size: int


async def front_of(reader: Reader, run: RunId, objectives: Sequence[Objective]) -> ParetoFront:
    """The front over everything that was scored; nothing for a task with one objective.

    Of variants with the same scores the first counts. Memory grows with the scored variants, for such tasks only.

    Raises:
        MsgspecError: an event cannot be read.
    """
    if len(objectives) < 2:
        return ParetoFront((), 0)
    scored: dict[VariantId, dict[str, float]] = {}
    async for event in reader.read(run, types={EVALUATED, REVISITED, MINIMISED}):
        for result in _results(event):
            if result.ok and all(item.name in result.objectives for item in objectives):
                scored[result.variant] = result.objectives
    front = _front(scored, objectives)
    return ParetoFront(tuple(Score(variant=item, objectives=scored[item]) for item in _spread(front)), len(front))


def _results(event: Event) -> Iterator[Evaluation]:
    if event.type == EVALUATED:
        yield msgspec.json.decode(event.data, type=Evaluated).evaluation
    elif event.type == REVISITED:
        yield msgspec.json.decode(event.data, type=Revisited).evaluation
    elif (smaller := msgspec.json.decode(event.data, type=Minimised).evaluation) is not None:
        yield smaller


def _front(scored: dict[VariantId, dict[str, float]], objectives: Sequence[Objective]) -> list[VariantId]:
    gains = {name: tuple(item.gain(values[item.name]) for item in objectives) for name, values in scored.items()}
    front = Planar() if len(objectives) == 2 else Spatial()
    found: list[VariantId] = []
    # from the best of the first objective down, nobody beats one who came before; sorting keeps the first of equals
    for name in sorted(gains, key=lambda each: gains[each], reverse=True):
        if not front.covers(gains[name]):
            front.add(name, gains[name])
            found.append(name)
    return found


def _spread(front: Sequence[VariantId]) -> list[VariantId]:
    """At most `FRONT_MOST`, evenly along the front, both ends included."""
    if len(front) <= FRONT_MOST:
        return list(front)
    return [front[round(place * (len(front) - 1) / (FRONT_MOST - 1))] for place in range(FRONT_MOST)]

"""Searches that stop when their launch is spent and go on in the next one: members in, members out.

A member is a locally optimal point. What moves from launch to launch is JSON, see `main.run`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .meter import OutOfTimeError
from .model import Model, Vector
from .polish import Point, Polisher, measured
from .starts import PERTURBATIONS, Perturbation, insert

_SAME = 1e-8  # relative difference of values below which two members count as one
_PATIENCE, _LEAST_PATIENCE = 5, 40  # hops for each group of variables, and at least, before a chain is given up
_STATE_NUMBERS = 8000  # numbers in a state: 8,000 of 20 characters are 160 KB, below the 256 KiB a report may take


@dataclass
class Population:
    """Members in the order in which they were made.

    Args:
        members: they.
        champion: the best of those that were given up.
        idle: hops since the last one that was kept.
    """

    members: list[Point]
    champion: Point | None = None
    idle: int = 0

    @property
    def best(self) -> Point:
        """The best member, or the champion."""
        best = self.champion or self.members[0]
        for member in self.members:
            best = member if member.better(best) else best
        return best

    @property
    def worst(self) -> int:
        """Index of the worst member."""
        worst = 0
        for index, member in enumerate(self.members):
            worst = index if self.members[worst].better(member) else worst
        return worst

    def holds(self, point: Point) -> bool:
        """Whether a member has this value already."""
        room = _SAME * max(1.0, abs(point.value))
        return any(abs(member.value - point.value) < room for member in self.members)

    def restart(self, fresh: Point) -> None:
        """Go on from another point alone; the best of what is given up is remembered."""
        if self.members:
            self.champion = self.best
        self.members[:], self.idle = [fresh], 0


Search = Callable[[Model, Population, np.random.Generator, int], None]


def multistart(model: Model, population: Population, rng: np.random.Generator, _size: int) -> None:
    """Polish random starts; keep the best."""
    polish = Polisher(model)
    while not model.meter.done:
        point = polish(model.start(rng))
        if not population.members:
            population.members.append(point)
        elif point.better(population.members[0]):
            population.members[0] = point


def basin_hopping(model: Model, population: Population, rng: np.random.Generator, size: int) -> None:
    """Population basin hopping (Grosso, Jamali, Locatelli and Schoen 2010): perturb a member, polish, keep the better.

    A hop replaces its own parent. Where it found what another member holds already, its parent starts again at random.
    """
    polish = Polisher(model)
    members = population.members
    while not model.meter.done:
        if len(members) < size:
            members.append(polish(model.start(rng)))
            continue
        index = int(rng.integers(size))
        perturb = PERTURBATIONS[int(rng.integers(len(PERTURBATIONS)))]
        point = _hop(model, polish, members[index], perturb, rng)
        if point is not None:
            members[index] = polish(model.start(rng)) if population.holds(point) else point


def insertion(model: Model, population: Population, rng: np.random.Generator, _size: int) -> None:
    """One chain of hops that insert (`starts.insert`); after many without anything better it starts again at random."""
    polish = Polisher(model)
    members = population.members
    patience = max(_LEAST_PATIENCE, _PATIENCE * len(model.groups))
    while not model.meter.done:
        if not members or population.idle >= patience:
            population.restart(polish(model.start(rng)))
            continue
        point = _hop(model, polish, members[0], insert, rng)
        if point is not None:
            members[0], population.idle = point, 0
        else:
            population.idle += 1


def _hop(
    model: Model, polish: Polisher, member: Point, perturb: Perturbation, rng: np.random.Generator
) -> Point | None:
    """A better local optimum beside a member; ``None`` if this hop finds none."""
    bar = member.value if member.feasible else np.inf
    point = polish(perturb(model, member.x, rng), bar=bar)
    return point if point.better(member, by=1e-10 * max(1.0, abs(point.value))) else None


def differential_evolution(model: Model, population: Population, rng: np.random.Generator, size: int) -> None:
    """Differential evolution, current-to-best/1/bin with dithered factor (Storn and Price 1997; Deb's rules)."""
    members = population.members
    while len(members) < size and not model.meter.done:
        members.append(measured(model, model.start(rng)))
    while len(members) == size and not model.meter.done:
        for index in range(size):
            x = _trial(model, members, population.best.x, index, rng)
            trial = measured(model, x)
            if not members[index].better(trial):
                members[index] = trial
    if members:
        members[population.worst] = Polisher(model)(population.best.x, radius=0.01)


def _trial(model: Model, members: list[Point], best: Vector, index: int, rng: np.random.Generator) -> Vector:
    x = members[index].x
    first, second = (members[int(k)].x for k in rng.choice(len(members), 2, replace=False))
    factor = rng.uniform(0.4, 0.9)
    crossed = rng.random(model.size) < 0.9
    crossed[int(rng.integers(model.size))] = True
    moved = np.where(crossed, x + factor * (best - x) + factor * (first - second), x)
    outside = (moved < model.lower) | (moved > model.upper)
    return np.where(outside, rng.uniform(model.lower, model.upper), moved)


SEARCHES: dict[str, Search] = {
    "multistart": multistart,
    "basin_hopping": basin_hopping,
    "insertion": insertion,
    "differential_evolution": differential_evolution,
}
_SIZES = {"multistart": 1, "insertion": 1, "basin_hopping": 8, "differential_evolution": 40}


def size_of(search: str, model: Model) -> int:
    """Members that a search keeps; fewer where its state would not fit a report."""
    return max(1, min(_SIZES[search], _STATE_NUMBERS // model.size))


def advance(search: str, model: Model, population: Population, seed: tuple[int, ...]) -> None:
    """Search until the meter says that the launch is spent; the brake ends it early but never empties it."""
    rng = np.random.default_rng(seed)
    try:
        SEARCHES[search](model, population, rng, size_of(search, model))
    except OutOfTimeError:
        if not population.members:
            population.members.append(measured(model, model.start(rng)))

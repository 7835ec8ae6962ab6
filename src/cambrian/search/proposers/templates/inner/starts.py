"""Random starts, and perturbations of a good point. They know of variables, ranges and groups; not of any problem."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .model import Model, Vector, violation

Perturbation = Callable[[Model, Vector, np.random.Generator], Vector]
_PLACES = 12  # tried for each group that is moved to where it fits best


def shake(model: Model, x: Vector, rng: np.random.Generator) -> Vector:
    """Gaussian noise on every variable, of a scale drawn anew."""
    scale = 0.25 * 0.5 ** float(rng.integers(1, 6))
    return model.clip(x + scale * model.span * rng.standard_normal(model.size))


def relocate(model: Model, x: Vector, rng: np.random.Generator) -> Vector:
    """One to three groups put anywhere."""
    fresh, moved = model.start(rng), x.copy()
    for index in rng.choice(len(model.groups), min(len(model.groups), int(rng.integers(1, 4))), replace=False):
        moved[model.groups[index]] = fresh[model.groups[index]]
    return moved


def swap(model: Model, x: Vector, rng: np.random.Generator) -> Vector:
    """Two groups of equal size change places; then, half the time, one is shaken."""
    moved = x.copy()
    first = model.groups[int(rng.integers(len(model.groups)))]
    alike = [group for group in model.groups if group is not first and len(group) == len(first)]
    if alike:
        second = alike[int(rng.integers(len(alike)))]
        moved[first], moved[second] = x[second], x[first]
    if not alike or rng.random() < 0.5:
        moved[first] += 0.2 * model.span[first] * rng.standard_normal(len(first))
    return model.clip(moved)


def region(model: Model, x: Vector, rng: np.random.Generator) -> Vector:
    """Noise on the groups that lie nearest to a random one; far ones stay as they are."""
    centre = model.groups[int(rng.integers(len(model.groups)))]
    alike = [group for group in model.groups if len(group) == len(centre)]
    scaled = (x - model.lower) / np.maximum(model.span, 1e-300)
    distance = [float(np.linalg.norm(scaled[group] - scaled[centre])) for group in alike]
    moved = x.copy()
    for index in np.argsort(distance)[: max(2, int(len(alike) * rng.uniform(0.1, 0.35)))]:
        group = alike[int(index)]
        moved[group] += rng.uniform(0.05, 0.3) * model.span[group] * rng.standard_normal(len(group))
    return model.clip(moved)


def insert(model: Model, x: Vector, rng: np.random.Generator) -> Vector:
    """One or two groups moved to where they fit best of some random places: the least violation, then the value."""
    moved = x.copy()
    for index in rng.choice(len(model.groups), min(len(model.groups), int(rng.integers(1, 3))), replace=False):
        group = model.groups[int(index)]
        best: tuple[float, float] | None = None
        place = moved[group]
        for _ in range(_PLACES):
            trial = moved.copy()
            trial[group] = model.start(rng)[group]
            found = (violation(model.gaps(trial)), model.value(trial))
            if best is None or found < best:
                best, place = found, trial[group]
        moved[group] = place
    return moved


PERTURBATIONS: tuple[Perturbation, ...] = (shake, relocate, swap, region)

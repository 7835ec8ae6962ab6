"""Where a variant lies along the named dimensions of a map. A function of its text and its evaluation; no I/O."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cambrian.core.errors import TaskError
from cambrian.core.evaluation import Evaluation
from cambrian.core.variant import Variant
from cambrian.source.features import FEATURES, features


def describe(dimensions: Sequence[str], variant: Variant, evaluation: Evaluation) -> tuple[float, ...]:
    """The variant's coordinates: what its scorer reported by these names, else the features of its source.

    Returns:
        One finite number for each dimension; empty if there are no dimensions or one of them is not known.
    """
    known = {**evaluation.measures, **evaluation.objectives}
    if any(name in FEATURES and name not in known for name in dimensions):
        found = features(variant.files, variant.language)
        known = {name: float(getattr(found, name)) for name in FEATURES} | known
    point = tuple(known.get(name, math.nan) for name in dimensions)
    return point if all(map(math.isfinite, point)) else ()


def need_dimensions(dimensions: Sequence[str], evaluation: Evaluation) -> None:
    """Check that the dimensions are known of the initial program.

    Raises:
        TaskError: a name that neither the scorer reports nor is a feature of the source.
    """
    known = (*evaluation.objectives, *evaluation.measures, *FEATURES)
    for name in dimensions:
        if name not in known:
            raise TaskError(
                f"strategy.grid.dimensions names {name!r}, which the scorer does not report of the initial program",
                fix=f"choose from {', '.join(dict.fromkeys(known))}, or let the scorer report it",
            )

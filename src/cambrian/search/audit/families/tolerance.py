"""How much score a tolerance buys: along rays from the honest answer, what is accepted, and what by a strict twin.

The twin is the evaluator's own text with its tolerances cut down to what rounding needs. Along each ray both are asked
how good an answer may become. What the evaluator grants beyond its twin is granted for a violation, so it is wrong by
the evaluator's own words, whatever the task is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from cambrian.search.audit.bench import Bench, Recipe, Site, Verdict
from cambrian.search.audit.findings import Finding, Notes
from cambrian.search.audit.tolerances import Tolerance

NAME = "tolerances"

LOOSE = "a loose tolerance"
PAYS = 2e-7
"""A gain, relative to the honest score, that is worth a search's while; smaller ones are told as risks."""
_FIX = (
    "compare without a tolerance, in exact arithmetic (fractions.Fraction of the floats); or score the answer after "
    "moving it back into what is allowed"
)
_STEPS, _STEPS_COSTLY = 26, 12
_RAYS, _RAYS_COSTLY = 60, 20
_BEST_RAYS, _BEST_RAYS_COSTLY = 4, 2


class Ray(msgspec.Struct, frozen=True, kw_only=True):
    """A way to go: numbers below a site are scaled or shifted by more and more.

    Args:
        path: the site.
        act: ``"scale"`` or ``"add"``.
        sign: up or down.
    """

    path: tuple[int | str | None, ...]
    act: str
    sign: int

    def at(self, distance: float) -> Recipe:
        """The answer so far along."""
        arg = 1 + self.sign * distance if self.act == "scale" else self.sign * distance
        return Recipe(path=self.path, act=self.act, arg=arg)


async def probe(
    bench: Bench, twins: Sequence[Bench], tolerances: Sequence[Tolerance], notes: Notes
) -> None:  # fmt: skip
    """See the module.

    Args:
        bench: the evaluator as it is.
        twins: benches of strict twins, the strictest first.
        tolerances: what the twins lack.
        notes: takes findings.

    Raises:
        OutOfTime: see `Bench.attempt`.
    """
    largest = max(tolerances, key=lambda item: item.value)
    for twin in twins:
        await twin.take_honest(1)
        if twin.honest.kind == "scored" and twin.same(bench.honest):
            await _compare(bench, twin, largest, notes)
            return


async def _compare(bench: Bench, twin: Bench, largest: Tolerance, notes: Notes) -> None:
    best: tuple[float, Ray, float] | None = None
    for ray in await _promising(bench, largest.value):
        reach, gain = await _farthest(bench, ray, largest.value)
        _, strict = await _farthest(twin, ray, largest.value)
        bought = gain - strict
        if best is None or bought > best[0]:
            best = bought, ray, reach
    if best is None or best[0] <= 0:
        return
    bought, ray, reach = best
    size = max(abs(bench.honest.gains[0]), 1e-12)
    recipe = ray.at(reach)
    if bench.noisy or bought / size <= 1e-12 or not await bench.sure(recipe, 1):
        return
    bought -= await _without(bench, twin, recipe, largest.value)
    if bought / size <= 1e-12:
        return
    notes.add(_finding(bench, ray, reach, await bench.attempt(recipe), bought, largest))


async def _without(bench: Bench, twin: Bench, recipe: Recipe, tolerance: float) -> float:
    """What the same answer gains after it has been moved back into what the twin accepts, by scaling it; else 0.

    Where two bounds enclose what is accepted, as around a sum that must be 1, their middle needs no tolerance. An
    evaluator that scores answers after moving them back itself gives as much there, and then nothing was bought.
    """
    edges = [await _edge(bench, recipe, tolerance, sign) for sign in (1, -1)]
    if None in edges:
        return 0.0
    middle = msgspec.structs.replace(recipe, also=1 + sum(edge or 0.0 for edge in edges) / 2)
    return max(0.0, _gain(twin, await twin.attempt(middle)))


async def _edge(bench: Bench, recipe: Recipe, tolerance: float, sign: int) -> float | None:
    """How far the answer can be scaled until it is no longer accepted, if that is not far."""
    low, high = 0.0, 16 * tolerance
    for step in range(16 if bench.costly else 48):
        middle = high if not step else (low + high) / 2
        verdict = await bench.attempt(msgspec.structs.replace(recipe, also=1 + sign * middle))
        if verdict.kind != "scored":
            high = middle
        elif not step:
            return None
        else:
            low = middle
    return sign * low


def _finding(bench: Bench, ray: Ray, reach: float, verdict: Verdict, bought: float, largest: Tolerance) -> Finding:
    size = max(abs(bench.honest.gains[0]), 1e-12)
    how = f"{'scaled by 1' if ray.act == 'scale' else 'shifted by '}{'+' if ray.sign > 0 else '-'}{reach:.3g}"
    return Finding(
        grade="hole" if bought / size > PAYS else "risk", name=LOOSE, line=largest.line, fix=_FIX,
        tried=f"{Site(path=ray.path, kind='')} {how}, where a tolerance of {largest.value:g} is allowed",
        result=f"the tolerance buys {bought:.3g} of {bench.first}: without it such an answer is not accepted",
        honest=bench.honest.numbers[bench.first], cheat=verdict.numbers.get(bench.first),
    )  # fmt: skip


async def _promising(bench: Bench, tolerance: float) -> list[Ray]:
    """The rays along which a small step within the tolerance pays most."""
    rays = [
        Ray(path=site.path, act=act, sign=sign)
        for site in bench.sites if site.holds or site.numeric
        for act in ("scale", "add") for sign in (1, -1)
    ]  # fmt: skip
    rays.sort(key=lambda ray: len(ray.path) - 4 * (None in ray.path))
    found: list[tuple[float, Ray]] = []
    best = _BEST_RAYS_COSTLY if bench.costly else _BEST_RAYS
    for ray in rays[: _RAYS_COSTLY if bench.costly else _RAYS]:
        gains = [_gain(bench, await bench.attempt(ray.at(tolerance * share))) for share in (0.4, 0.05)]
        if max(gains) > 0:
            found.append((max(gains), ray))
    return [ray for _, ray in sorted(found, key=lambda item: -item[0])[:best]]


def _gain(bench: Bench, verdict: Verdict) -> float:
    return verdict.gains[0] - bench.honest.gains[0] if verdict.kind == "scored" else -math.inf


async def _farthest(bench: Bench, ray: Ray, tolerance: float) -> tuple[float, float]:
    """How far along a ray answers are accepted and become better, and what the last one gains.

    First by doubling from well below the tolerance, then by bisection between the last that paid and the first that
    did not.
    """
    reach, gain = 0.0, 0.0
    step = tolerance / 64
    while step < max(1.0, 1e6 * tolerance):
        now = _gain(bench, await bench.attempt(ray.at(step)))
        if now <= gain:
            break
        reach, gain, step = step, now, 2 * step
    low, high = reach, step
    for _ in range(_STEPS_COSTLY if bench.costly else _STEPS):
        middle = (low + high) / 2
        now = _gain(bench, await bench.attempt(ray.at(middle)))
        if now > gain:
            low, gain = middle, now
        else:
            high = middle
    return low, gain

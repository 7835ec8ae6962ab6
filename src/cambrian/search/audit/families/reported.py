"""Numbers that the answer states of itself, and scores without a bound.

A score that follows a number in the answer wherever it goes is no measurement. Decision variables do count, so a number
is taken for a statement only if it is called one, or equals the honest score; or if the score rises without end.
"""

from __future__ import annotations

from itertools import pairwise

from cambrian.search.audit.bench import Bench, Recipe, Site, Verdict
from cambrian.search.audit.findings import Notes
from cambrian.search.audit.hints import Hints

from .meaningless import hole

NAME = "numbers that the answer states of itself"

REPORTED, UNBOUNDED = "a score that the answer reports", "a score without a bound"
DIVISOR = "a divisor of the candidate's"
_FIX = {
    REPORTED: "compute the score anew from the solution itself, and ignore what the answer says of it",
    DIVISOR: "divide by constants of the task; bound what goes into a divisor from both sides",
    UNBOUNDED: "bound what goes into the score: check the range of each number, and compute anew what can be computed",
}
_STATED = (
    "score", "fitness", "objective", "value", "total", "sum", "cost", "makespan", "loss", "error", "energy", "profit",
    "bound", "best", "quality", "metric", "accuracy", "result", "reported", "claimed", "reward", "gain", "penalty",
    "runtime", "elapsed", "duration", "latency", "throughput", "confidence", "baseline", "reference", "expected",
    "target", "truth", "denominator", "normali", "importance",
)  # fmt: skip
"""Parts of names that announce a result. Not among them: time, length, weight, size, which solutions consist of."""
_FAR = (1e6, 1e9, 1e12)


async def probe(bench: Bench, notes: Notes, hints: Hints) -> None:
    """See the module.

    Raises:
        OutOfTime: see `Bench.attempt`.
    """
    for site in bench.sites:
        if (site.numeric or site.holds) and _is_stated(bench, site):
            await _believed(bench, site, notes)
    for site in bench.sites:
        if (site.numeric or site.holds) and await _rises(bench, site, notes):
            return
    for site in bench.sites:
        if site.holds and (await _divided(bench, site, notes, hints) or await _against(bench, site, notes)):
            return


def _is_stated(bench: Bench, site: Site) -> bool:
    """It is called a result, or it stands beside a solution and equals the honest score."""
    name = next((step for step in reversed(site.path) if isinstance(step, str)), "")
    if any(word in name.lower() for word in _STATED) and len(site.path) <= 3:
        return True
    if site.value is None:
        return False
    beside = any(other.holds and other.path[:-1] == site.path[:-1] and other.path for other in bench.sites)
    scores = bench.honest.numbers.values()
    equal = any(abs(abs(site.value) - abs(score)) <= 1e-9 * abs(score) for score in scores)
    return beside and equal and len(site.path) == 1


async def _believed(bench: Bench, site: Site, notes: Notes) -> None:
    """Other statements beside the same solution score better, by far more than a tolerance gives."""
    value = site.value or 0.0
    acts = [("fill", far) for far in (1e9, -1e9, 0.0, 1e-9, 1e6, -1e6, 1.0)]
    acts += [("fill" if value else "scale", (value or 1) * share) for share in (0.1, 0.5, 0.9, 1.1, 2.0, 10.0)]
    for act, arg in acts:
        recipe = Recipe(path=site.path, act=act, arg=arg)
        verdict = await bench.attempt(recipe)
        if bench.order(verdict) > 0 and _much(bench, verdict) and await bench.sure(recipe, 1):
            notes.add(hole(bench, REPORTED, recipe, verdict, _FIX[REPORTED]))
            return


def _much(bench: Bench, verdict: Verdict) -> bool:
    honest = bench.honest.gains[0]
    return verdict.gains[0] - honest > 0.01 * abs(honest)


async def _rises(bench: Bench, site: Site, notes: Notes) -> bool:
    """Whether the score grows with the numbers there, without end."""
    for sign in (1, -1):
        verdicts = [await bench.attempt(Recipe(path=site.path, act="fill", arg=sign * far)) for far in _FAR]
        if _without_end(bench, verdicts):
            recipe = Recipe(path=site.path, act="fill", arg=sign * _FAR[1])
            if await bench.sure(recipe, 1):
                notes.add(hole(bench, UNBOUNDED, recipe, await bench.attempt(recipe), _FIX[UNBOUNDED]))
                return True
    return False


async def _divided(bench: Bench, site: Site, notes: Notes, hints: Hints) -> bool:
    """Whether numbers beyond all measure pay, where the score is divided by something of theirs."""
    recipe = Recipe(path=site.path, act="scale", arg=1e9)
    if not hints.divisor or bench.order(await bench.attempt(recipe)) <= 0:
        return False
    verdict = await bench.attempt(recipe)
    if not _much(bench, verdict) or not await bench.sure(recipe, 1):
        return False
    notes.add(hole(bench, DIVISOR, recipe, verdict, _FIX[DIVISOR], line=hints.divisor))
    return True


async def _against(bench: Bench, site: Site, notes: Notes) -> bool:
    """Whether one number may rise without end if another one falls: negative amounts that nobody has forbidden."""
    if site.kind not in ("list", "array") or site.size < 2:
        return False
    places = range(min(site.size, 5))
    for up, down, share in ((a, b, c) for a in places for b in places for c in (1, 3) if a != b):
        recipes = [Recipe(path=site.path, act="seesaw", arg=f"{up} {down} {share} {far:.0f}") for far in _FAR]
        if bench.order(await bench.attempt(recipes[0])) <= 0:
            continue
        if _without_end(bench, [await bench.attempt(recipe) for recipe in recipes]) and await bench.sure(recipes[0], 1):
            notes.add(hole(bench, UNBOUNDED, recipes[0], await bench.attempt(recipes[0]), _FIX[UNBOUNDED]))
            return True
    return False


def _without_end(bench: Bench, verdicts: list[Verdict]) -> bool:
    if any(bench.order(verdict) <= 0 for verdict in verdicts):
        return False
    honest = bench.honest.gains[0]
    gains = [verdict.gains[0] - honest for verdict in verdicts]
    return gains[0] > 1e3 * max(abs(honest), 1e-3) and all(b > 30 * a for a, b in pairwise(gains))

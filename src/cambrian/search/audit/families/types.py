"""The same numbers as arrays of another type or shape: whole numbers of eight bits wrap around, odd shapes broadcast.

Two answers of equal numbers must be worth the same. Each array is judged against an array of doubles with the very same
numbers, so whatever it gains, it gains by its type.
"""

from __future__ import annotations

from cambrian.search.audit.bench import Bench, Recipe, Site
from cambrian.search.audit.findings import Notes
from cambrian.search.preload import imported

from .meaningless import hole

NAME = "arrays of other types and shapes"

WRAPS, BROADCAST = "an array whose type pays", "an array whose shape pays"
_FIX = {
    WRAPS: "ask for the type before computing: if array.dtype != np.float64: raise ValueError(...); or convert with "
    "np.asarray(answer, dtype=float)",
    BROADCAST: "ask for the exact shape before computing: if array.shape != (N, 2): raise ValueError(...)",
}
_TYPES = tuple(
    f"{name}{factor}"
    for name, factors in (
        ("int8", ("", " x 2", " x 10", " x 100")),
        ("uint8", ("", " x 2", " x 10", " x 100")),
        ("int16", ("", " x 1000")),
        ("uint64", ("",)),
        ("float16", ("",)),
    )
    for factor in factors
)


async def probe(bench: Bench, notes: Notes) -> None:
    """See the module.

    Raises:
        OutOfTime: see `Bench.attempt`.
    """
    texts = (bench.task.evaluator_text, *bench.task.program.values())
    if not any("numpy" in imported(text) for text in texts):
        return
    for site in bench.sites:
        if site.kind in ("array", "list", "tuple") and site.size and len(site.path) < 2:
            await _types(bench, site, notes)
            await _shapes(bench, site, notes)


async def _types(bench: Bench, site: Site, notes: Notes) -> None:
    for dtype in _TYPES:
        recipe = Recipe(path=site.path, act="dtype", arg=dtype)
        verdict = await bench.attempt(recipe)
        twin = await bench.attempt(Recipe(path=site.path, act="doubles", arg=dtype))
        pays = bench.order(verdict) > 0 and (twin.kind != "scored" or bench.order(verdict, twin) > 0)
        if pays and twin.kind in ("scored", "rejected") and await bench.sure(recipe, 1):
            notes.add(hole(bench, WRAPS, recipe, verdict, _FIX[WRAPS]))


async def _shapes(bench: Bench, site: Site, notes: Notes) -> None:
    for shape in ("column", "row", "deeper"):
        recipe = Recipe(path=site.path, act="shape", arg=shape)
        verdict = await bench.attempt(recipe)
        if bench.order(verdict) > 0 and await bench.sure(recipe, 1):
            notes.add(hole(bench, BROADCAST, recipe, verdict, _FIX[BROADCAST]))

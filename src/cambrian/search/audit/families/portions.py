"""Parts left out, repeated, or appended: does the evaluator see to it that the answer is whole?

Fewer parts may be an honest improvement, as long as something is asked of them. It is a hole where leaving out always
pays, down to a single part, from either end; where repeating pays in proportion; where junk at the end pays; and where
one name in place of all pays in an answer that names each thing once.
"""

from __future__ import annotations

from cambrian.search.audit.bench import Bench, Recipe, Site
from cambrian.search.audit.findings import Finding, Notes
from cambrian.search.audit.hints import Hints

from .meaningless import hole

NAME = "parts left out, repeated or appended"

LEFT_OUT, REPEATED, JUNK, SAME = "parts left out", "parts repeated", "junk that counts", "one part in place of all"
_FIX = {
    LEFT_OUT: "ask for every part: compare the answer's length, or the set of what it names, with what the task has; "
    "zip(..., strict=True)",
    REPEATED: "refuse parts that stand there twice: if len(set(map(key, parts))) != len(parts): raise ValueError(...); "
    "and bound the length",
    JUNK: "check every part that counts, to the last",
    SAME: "compare what the answer names with what the task has: if sorted(names) != list(range(N)): raise ValueError",
}


async def probe(bench: Bench, notes: Notes, hints: Hints) -> None:
    """See the module.

    Raises:
        OutOfTime: see `Bench.attempt`.
    """
    sites = [site for site in bench.sites if site.holds and site.size > 1 and len(site.path) < 3]
    for site in sites:
        await _left_out(bench, site, notes, hints)
        if site.ids:
            await _one(bench, Recipe(path=site.path, act="same"), SAME, notes)
        if site.kind == "list":
            await _one(bench, Recipe(path=site.path, act="append", arg="None"), JUNK, notes)
            await _one(bench, Recipe(path=site.path, act="append", arg="'x'"), JUNK, notes)
            await _indexed(bench, site, notes, hints)
        if site.kind == "dict":
            await _one(bench, Recipe(path=site.path, act="more keys"), JUNK, notes)
        else:
            await _repeated(bench, site, notes)


async def _indexed(bench: Bench, site: Site, notes: Notes, hints: Hints) -> None:
    """Where items are indices: the same one several times, or once more under the name that it has from the end."""
    if not hints.indexing or not any(other.kind == "whole" and other.path[:-1] == site.path for other in bench.sites):
        return
    for times in sorted({2, 3, site.size, site.size + 1, 2 * site.size}):
        for which in range(min(site.size, 8)):
            await _one(bench, Recipe(path=site.path, act="copies", arg=f"{which} {times}"), REPEATED, notes)
    for size in hints.sizes:
        await _one(bench, Recipe(path=site.path, act="alias", arg=size), REPEATED, notes)


async def _one(bench: Bench, recipe: Recipe, name: str, notes: Notes) -> None:
    verdict = await bench.attempt(recipe)
    if bench.order(verdict) > 0 and await bench.sure(recipe, 1):
        notes.add(hole(bench, name, recipe, verdict, _FIX[name]))


async def _left_out(bench: Bench, site: Site, notes: Notes, hints: Hints) -> None:
    lengths = sorted({1, site.size // 4, site.size // 2, 3 * site.size // 4, site.size - 1} - {0}, reverse=True)
    paid = [await _kept(bench, site, [sign * length for length in lengths]) for sign in (1, -1)]
    recipe = Recipe(path=site.path, act="keep", arg=1)
    if all(paid) and (site.ids or len(lengths) > 2) and await bench.sure(recipe, 1):
        notes.add(hole(bench, LEFT_OUT, recipe, await bench.attempt(recipe), _FIX[LEFT_OUT]))
        return
    shorter = [Recipe(path=site.path, act="keep", arg=sign * length) for length in lengths for sign in (1, -1)]
    shorter += [Recipe(path=site.path, act="copies", arg=f"{which} 1") for which in range(min(site.size, 12))]
    line = hints.pairing or hints.averaging
    for recipe in shorter:
        verdict = await bench.attempt(recipe)
        if bench.order(verdict) > 0 and await bench.sure(recipe, 1):
            found = hole(bench, LEFT_OUT, recipe, verdict, _FIX[LEFT_OUT], line=line)
            notes.add(found if line else _doubtful(found))
            return


def _doubtful(found: Finding) -> Finding:
    """It may be an honest improvement."""
    return Finding(
        grade="risk", name=found.name, tried=found.tried, honest=found.honest, cheat=found.cheat, fix=found.fix,
        result=f"{found.result}; it may be a better answer, if answers of any length are meant to be allowed",
    )  # fmt: skip


async def _kept(bench: Bench, site: Site, lengths: list[int]) -> bool:
    """Whether each shorter answer is better than the one before it."""
    before = bench.honest
    for length in lengths:
        verdict = await bench.attempt(Recipe(path=site.path, act="keep", arg=length))
        if bench.order(verdict, before) <= 0:
            return False
        before = verdict
    return True


async def _repeated(bench: Bench, site: Site, notes: Notes) -> None:
    """Twice the parts for twice the score, thrice for thrice."""
    honest = bench.honest.gains[0]
    for times in (2, 3):
        verdict = await bench.attempt(Recipe(path=site.path, act="repeat", arg=times))
        if bench.order(verdict) <= 0 or abs(verdict.gains[0] - times * honest) > 1e-6 * abs(honest):
            return
    recipe = Recipe(path=site.path, act="repeat", arg=3)
    if honest > 0 and await bench.sure(recipe, 1):
        notes.add(hole(bench, REPEATED, recipe, await bench.attempt(recipe), _FIX[REPEATED]))

"""Answers that mean nothing: empty, of the wrong type, not a number, infinite; in whole, in part, and where it counts.

What is worth as much as the honest answer though its numbers were taken away is a hole, if the place matters at all:
other numbers there are refused, or score otherwise. An evaluator that never looks at a field may find anything there.
"""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.search.audit.bench import Bench, Recipe, Site, Verdict
from cambrian.search.audit.findings import Finding, Notes

NAME = "answers that mean nothing"

EMPTY, NAN, INFINITE, TYPE = "an empty answer", "not a number", "infinity", "a wrong type"
_FIXES = {
    EMPTY: "ask for the exact number of parts before anything is computed: "
    "if len(answer) != N: raise ValueError(...); refuse arrays of size 0",
    NAN: "refuse what is not finite: if not math.isfinite(x): raise ValueError(...); and write comparisons so that "
    "NaN fails them: if not x <= bound: raise",
    INFINITE: "refuse what is not finite: if not math.isfinite(x): raise ValueError(...)",
    TYPE: "check types, and let what cannot be read fail the whole answer: if type(x) is not float: raise "
    "ValueError(...); no except that passes or goes on to the next case",
}
_WORDS = {
    "put": "replaced by {}", "empty": "emptied", "fill": "with every number {}", "shape": "as an array: {}",
    "keep": "cut down to {} of its parts", "same": "with its first part in place of all",
    "repeat": "repeated {} times", "append": "with {} appended", "dtype": "as an array of {}",
    "seesaw": "with numbers moved against each other ({}: which up, which down, share, by how much)",
    "copies": "made of copies of one of its items ({}: which, how many)",
    "alias": "with each index once more, less {}", "more keys": "with three keys more",
    "scale": "with every number multiplied by {}", "add": "with {} added to every number",
}  # fmt: skip
_NONSENSE = (
    *(Recipe(act="put", arg=arg) for arg in ("None", "'x'", "[]")),
    *(Recipe(act="fill", arg=arg) for arg in (1e6, -3.0, 0.0)),
    Recipe(act="same"),
)


async def probe(bench: Bench, notes: Notes) -> None:
    """See the module.

    Raises:
        OutOfTime: see `Bench.attempt`.
    """
    if await _ignored(bench, notes):
        return
    for name, site, recipe in sorted(_probes(bench), key=lambda item: len(item[1].path)):
        order = bench.order(await bench.attempt(recipe))
        if order < 0 or (order == 0 and not await _shows(bench, site, recipe)):
            continue
        if await bench.sure(recipe, order):
            notes.add(hole(bench, name, recipe, await bench.attempt(recipe), _FIXES[name]))


async def _ignored(bench: Bench, notes: Notes) -> bool:
    """Whether nothing at all changes the score: then there is nothing that a tie could show."""
    if not all([bench.same(await bench.attempt(recipe)) for recipe in _NONSENSE]):
        return False
    notes.add(Finding(
        grade="risk", name="an answer that does not count",
        tried="None, a text, an empty list, the same answer with all numbers 0, -3 or 1e6",
        result="all of them score like the task's own program", honest=_value(bench),
        fix="let the score depend on the answer; or begin with a program whose answer is worth more than nonsense, so "
        "that the two can be told apart",
    ))  # fmt: skip
    return True


def _probes(bench: Bench) -> Iterator[tuple[str, Site, Recipe]]:
    for site in bench.sites:
        for name, act, arg in _acts(site):
            yield name, site, Recipe(path=site.path, act=act, arg=arg)
    if bench.answers > 1:
        root = bench.sites[0]
        for which in sorted({0, bench.answers // 2, bench.answers - 1}):
            for arg in ("None", "'x'", "nan"):
                yield NAN if arg == "nan" else TYPE, root, Recipe(act="put", arg=arg, which=which)


def _acts(site: Site) -> list[tuple[str, str, str | None]]:
    """What is wrong by construction there: of another kind than the honest value, or without content."""
    found: list[tuple[str, str, str | None]] = []
    if site.holds:
        found += [(EMPTY, "empty", None), (EMPTY, "put", "None"), (EMPTY, "put", "[[]]")] if site.size else []
        found += [(NAN, "fill", "nan"), (INFINITE, "fill", "inf"), (INFINITE, "fill", "-inf")]
        found += [(TYPE, "put", "'x'"), (TYPE, "put", "nan"), (TYPE, "put", "{}" if site.kind != "dict" else "[]")]
    if site.kind == "array":
        found += [(EMPTY, "shape", "no rows"), (EMPTY, "shape", "no columns")]
    if site.numeric:
        found += [(NAN, "put", "nan"), (INFINITE, "put", "inf"), (INFINITE, "put", "-inf")]
        found += [(TYPE, "put", arg) for arg in ("None", "'x'", "[]")] + [(NAN, "put", "'nan'")]
        found += [(INFINITE, "put", arg) for arg in ("'inf'", "huge")]
    if site.kind in ("text", "flag"):
        found += [(TYPE, "put", arg) for arg in ("None", "[]", "nan")]
    if site.kind == "text":
        found += [(EMPTY, "empty", None)]
    return found


async def _shows(bench: Bench, site: Site, recipe: Recipe) -> bool:
    """Whether being as good shows anything: a huge whole number may be right, and a field may not count."""
    if recipe.arg == "huge" or not await _can_fall(bench):
        return False
    return not site.path or await matters(bench, site)


async def _can_fall(bench: Bench) -> bool:
    """Whether an answer can be worth less than the honest one, and still be scored.

    A program that scores the least there is, such as 0 of 10 right, is no better than nonsense, and that is no fault of
    the evaluator's.
    """
    for recipe in (*(Recipe(act="scale", arg=arg) for arg in (0.5, 1.37, 2)), *_NONSENSE):
        verdict = await bench.attempt(recipe)
        if verdict.kind == "scored" and bench.order(verdict) < 0:
            return True
    return any(verdict.kind == "scored" and bench.order(verdict) < 0 for verdict in bench.verdicts)


async def matters(bench: Bench, site: Site) -> bool:
    """Whether what stands there changes the score: other values of its kind are refused, or score otherwise."""
    for recipe in _others(site):
        verdict = await bench.attempt(recipe)
        if verdict.kind != "failed" and not bench.same(verdict):
            return True
    return False


def _others(site: Site) -> list[Recipe]:
    if site.kind == "text":
        return [Recipe(path=site.path, act="texts", arg=arg) for arg in ("x", "0")]
    if site.kind == "flag":
        return [Recipe(path=site.path, act="put", arg="True")]
    factor = 2 if site.kind == "whole" else 1.37
    acts: list[tuple[str, float]] = [("scale", factor), ("fill", 1e6), ("fill", -1e6), ("fill", 0.0), ("add", 1)]
    found = [Recipe(path=site.path, act=act, arg=arg) for act, arg in acts]
    return found if not site.holds else [*found, Recipe(path=site.path, act="texts", arg="x")]


def hole(bench: Bench, name: str, tried: Recipe | str, verdict: Verdict, fix: str, *, line: int = 0) -> Finding:
    """A finding about a probe that paid."""
    cheat, honest = verdict.numbers[bench.first], _value(bench)
    how = "as much as" if cheat == honest else "instead of"
    return Finding(
        grade="hole", name=name, tried=tried if isinstance(tried, str) else words(bench, tried), fix=fix, line=line,
        honest=honest, cheat=cheat,
        result=f"it got {bench.first} {cheat:.10g}, {how} {honest:.10g} for the task's own program",
    )  # fmt: skip


def _value(bench: Bench) -> float:
    return bench.honest.numbers[bench.first]


def words(bench: Bench, recipe: Recipe) -> str:
    """A recipe, for people."""
    site = Site(path=recipe.path, kind="")
    place = str(site) if recipe.which < 0 or bench.answers == 1 else f"answer {recipe.which} of {bench.answers}"
    return f"{place} {_WORDS[recipe.act].format(recipe.arg)}"

"""Text in the answer that is executed by the scorer. The marker that shows it is computed, so no echo has it."""

from __future__ import annotations

from cambrian.search.audit.bench import Bench, Recipe
from cambrian.search.audit.findings import Finding, Notes
from cambrian.search.audit.hints import Hints

NAME = "text that is executed"

_MARK = "cambrian-audit-42042"
_CODE = "(_ for _ in ()).throw(ValueError('cambrian-audit-' + str(6 * 7 * 1001)))"


async def probe(bench: Bench, notes: Notes, hints: Hints) -> None:
    """See the module.

    Raises:
        OutOfTime: see `Bench.attempt`.
    """
    paths = [site.path for site in bench.sites if site.kind == "text"]
    if not paths and not hints.executing:
        return
    recipes = [Recipe(path=path, act="texts", arg=_CODE) for path in dict.fromkeys([*paths, ()])]
    for recipe in recipes:
        verdict = await bench.attempt(recipe)
        if _MARK in verdict.why:
            notes.add(Finding(
                grade="hole", name=NAME, tried="a text that is a Python expression, in place of the answer's texts",
                result=f"the scorer executed it: it raised {_MARK!r}, which only its execution computes",
                fix="parse with json.loads or ast.literal_eval; never eval, exec or unpickle what an answer brings",
                line=hints.executing,
            ))  # fmt: skip
            return

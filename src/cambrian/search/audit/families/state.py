"""Whether the same answer always scores the same: asked again, after other answers, and in a fresh scorer."""

from __future__ import annotations

from cambrian.search.audit.bench import HONEST, Bench, Recipe, Verdict
from cambrian.search.audit.findings import Finding, Notes
from cambrian.search.audit.hints import Hints

NAME = "memory between evaluations"

LEAK, LUCK = "memory between evaluations", "luck"
_AGAIN = 4


async def probe(bench: Bench, notes: Notes, hints: Hints) -> None:
    """See the module.

    Raises:
        OutOfTime: see `Bench.attempt`.
    """
    if bench.noisy:
        notes.add(Finding(
            grade="risk", name=LUCK, tried="the same answer, each time in a fresh scorer", line=hints.random,
            result="the scores differ; a search takes repeated runs of it, and each costs",
            fix="make a generator of a fixed seed inside the function: rng = random.Random(0)",
        ))  # fmt: skip
        return
    first, second = await _series(bench), await _series(bench)
    odd = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if not bench.same(a) and _alike(bench, a, b)]
    if not odd:
        return
    verdict = first[odd[0]]
    drifts = bool(hints.random) or "Random(" in bench.task.evaluator_text or "default_rng" in bench.task.evaluator_text
    notes.add(Finding(
        grade="risk" if drifts else "hole", name=LEAK, line=hints.state,
        tried=f"the honest answer {odd[0] + 1} times in one scorer, others in between",
        result=f"its score changes, in every fresh scorer in the same way ({_told(bench, verdict)} the "
        f"{odd[0] + 1}. time)",
        honest=bench.honest.numbers[bench.first], cheat=verdict.numbers.get(bench.first),
        fix="keep nothing in the module or in default arguments: make it inside the function; seed generators there",
    ))  # fmt: skip


async def _series(bench: Bench) -> list[Verdict]:
    """The honest answer several times, spoilt ones in between, beginning afresh."""
    await bench.renew()
    found: list[Verdict] = []
    between = [Recipe(act="scale", arg=1.37), Recipe(act="put", arg="[]"), Recipe(act="keep", arg=1)]
    for index in range(_AGAIN):
        bench.deadline.check()
        found.append(await bench.judge(HONEST))
        await bench.judge(between[index % len(between)])
        bench.probes += 2
    return found


def _alike(bench: Bench, a: Verdict, b: Verdict) -> bool:
    return a.kind == b.kind and (a.kind != "scored" or bench.order(a, b) == 0)


def _told(bench: Bench, verdict: Verdict) -> str:
    return f"{verdict.numbers[bench.first]:.10g}" if verdict.numbers else verdict.kind

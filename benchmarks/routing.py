"""What routing gains over the best fixed runtime of each language, on a mixed workload that was written blind.

    python benchmarks/routing.py --half B --check

The scripts are those of `workload/`, frozen before the router was looked at; half B is held out from tuning. Each runs
by `Sandbox.run`, one at a time, on warm workers, journal and tools included. *auto* routes with a model that is fresh
in each pass and learns on the way, so it meets every script for the first time; *auto, seen* keeps its sandbox from
pass to pass. The fixed ones are each runtime by name. In every pass the scripts come in another order, and for each
script the contestants take turns in another order, with a pause in which workers make themselves ready, as between
two scripts of an assistant.

A total is the sum over scripts of the median over passes of the wall time of `Sandbox.run`. The best fixed runtime of a
language is the one with the least total among those that run all its scripts right. *Oracle* is the sum of each
script's quickest runtime; regret is what auto takes more. An answer that is not the expected one counts as wrong; a
runtime that says that it cannot has a gap. Scripts that take longer than ``--limit`` on a runtime count as gaps there.
"""

from __future__ import annotations

import inspect
import math
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, cast, get_type_hints

import anyio

from cambrian.app.execution.results import Execution
from cambrian.app.execution.running import Sandbox
from cambrian.core.errors import UsageError
from cambrian.core.limits import Limits
from cambrian.core.script import LANGUAGES
from cambrian.tools.functions import ToolFunction
from report import Figure, finish, options
from workload.expect import HERE, Entry, load, same
from workload.tools import TOOLS

Tool = Callable[..., Coroutine[Any, Any, object]]
AUTO, SEEN = "auto", "auto, seen"
BOUND = 1.3
HEAVY = "heavy"


@dataclass(frozen=True)
class Took:
    """How one run went.

    Args:
        ms: wall milliseconds of the whole call.
        cpu_ms: CPU milliseconds of the code.
        runtime: where it ended.
        escalated: whether it began elsewhere.
        status: ``"right"``, ``"wrong"``, or ``"gap"``.
        detail: what it said instead.
    """

    ms: float
    cpu_ms: float
    runtime: str
    escalated: bool
    status: str
    detail: str


@dataclass
class Results:
    """All runs: (script, contestant) → one of each pass."""

    runs: dict[tuple[str, str], list[Took]] = field(default_factory=dict[tuple[str, str], list[Took]])

    def add(self, entry: Entry, contestant: str, took: Took) -> None:
        """Keep it."""
        self.runs.setdefault((entry["file"], contestant), []).append(took)

    def of(self, entry: Entry, contestant: str) -> list[Took]:
        """A script's runs."""
        found = self.runs.get((entry["file"], contestant), [])
        return found[1:] if contestant == SEEN and len(found) > 1 else found

    def right(self, entry: Entry, contestant: str) -> bool:
        """Whether all were right."""
        found = self.of(entry, contestant)
        return bool(found) and all(took.status == "right" for took in found)

    def ms(self, entry: Entry, contestant: str) -> float:
        """Median of a script's wall times."""
        return statistics.median(took.ms for took in self.of(entry, contestant))

    def total(self, entries: Iterable[Entry], contestant: str) -> float:
        """Milliseconds of the scripts together."""
        return sum(self.ms(entry, contestant) for entry in entries)

    def cpu(self, entries: Iterable[Entry], contestant: str) -> float:
        """CPU milliseconds of their code together."""
        return sum(statistics.median(took.cpu_ms for took in self.of(entry, contestant)) for entry in entries)


def judged(entry: Entry, result: Execution, ms: float) -> Took:
    """A result, held against what was expected."""
    if result.ok:
        status = "right" if same(result.value, entry["expected"]) else "wrong"
        detail = "" if status == "right" else f"{result.value if not result.shown else result.shown!r}"
    else:
        message = result.error.message if result.error else ""
        status, detail = "gap" if result.status != "error" else "wrong", f"{result.status}: {message}"
    return Took(ms, result.cpu_ms, result.runtime, bool(result.left), status, detail)


def blocking(tool: Tool) -> ToolFunction:
    """A tool of the workload as a plain function, for scripts that do not await it."""

    def called(*args: object, **kwargs: object) -> object:
        try:
            tool(*args, **kwargs).send(None)
        except StopIteration as ended:
            return cast("object", ended.value)
        raise SystemExit(f"{tool!r} waits, and a tool of the workload must not")

    told = {"__signature__": inspect.signature(tool, eval_str=True), "__annotations__": get_type_hints(tool)}
    for name, value in {**told, "__doc__": tool.__doc__, "__name__": tool.__name__}.items():
        setattr(called, name, value)
    return called


BLOCKING = tuple(map(blocking, TOOLS))


def tools_of(entry: Entry, code: str) -> Sequence[ToolFunction]:
    """The tools that a script was written for: Python awaits those that are asynchronous, and only those."""
    if not entry["tools"]:
        return ()
    return TOOLS if entry["language"] != "python" or "await" in code or "asyncio" in code else BLOCKING


async def run(sandbox: Sandbox, entry: Entry, runtime: str) -> Took:
    """One script, once. A runtime asked for by name that does not speak its language has a gap."""
    code = (HERE / entry["file"]).read_text(encoding="utf-8")
    tools = tools_of(entry, code)
    begun = time.perf_counter()
    try:
        result = await sandbox.run(code, language=entry["language"], tools=tools, runtime=runtime, seed=7)
    except UsageError as error:
        if runtime == "auto":
            raise
        return Took(0.0, 0.0, runtime, False, "gap", str(error))
    return judged(entry, result, 1000 * (time.perf_counter() - begun))


def fixed(sandbox: Sandbox, language: str) -> list[str]:
    """The runtimes that are here and speak a language, or have its types taken away."""
    spoken = (language, "javascript") if language == "typescript" else (language,)
    return [name for word in LANGUAGES if word in spoken for name in sandbox.catalogue.here(word)]


async def opened(stack: AsyncExitStack, folder: str, limit: float) -> Sandbox:
    """A sandbox of its own, all its workers warm and its model fresh."""
    workspace = tempfile.mkdtemp(dir=folder)
    limits = Limits(wall=limit, cpu=limit, memory=256 * 2**20, output=2**20)
    sandbox = await stack.enter_async_context(Sandbox(workspace=workspace, workers=1, limits=limits, speculate=False))
    for language in LANGUAGES:
        for name in dict.fromkeys(fixed(sandbox, language)):
            await sandbox.run("1 + 1", language=language, runtime=name)
    sandbox.dispatcher.forget()
    return sandbox


@dataclass(frozen=True)
class Plan:
    """How to measure.

    Args:
        entries: the scripts.
        passes: how often each contestant gets each script.
        limit: seconds after which a script is stopped.
        pause: seconds between two runs.
        seed: of the order.
    """

    entries: Sequence[Entry]
    passes: int
    limit: float
    pause: float
    seed: int


async def measure(plan: Plan, folder: str) -> Results:
    """All runs."""
    results, chance = Results(), random.Random(plan.seed)
    async with AsyncExitStack() as kept:
        seen, named = [await opened(kept, folder, plan.limit) for _ in range(2)]
        for _ in range(plan.passes):
            async with AsyncExitStack() as stack:
                boxes = {AUTO: await opened(stack, folder, plan.limit), SEEN: seen}
                for entry in chance.sample(plan.entries, len(plan.entries)):
                    await turns(entry, boxes, named, results, chance, plan.pause)
    return results


async def turns(
    entry: Entry, boxes: Mapping[str, Sandbox], named: Sandbox, results: Results, chance: random.Random, pause: float
) -> None:  # fmt: skip
    """One script by all contestants; a runtime that could not once is not asked again."""
    contestants = [*boxes, *dict.fromkeys(fixed(named, entry["language"]))]
    for contestant in chance.sample(contestants, len(contestants)):
        if contestant not in boxes and results.of(entry, contestant) and not results.right(entry, contestant):
            continue
        await anyio.sleep(pause)
        runtime = "auto" if contestant in boxes else contestant
        results.add(entry, contestant, await run(boxes.get(contestant, named), entry, runtime))


def complete(results: Results, entries: Sequence[Entry]) -> list[str]:
    """The runtimes that run all of these scripts right."""
    names = dict.fromkeys(contestant for _, contestant in results.runs if contestant not in (AUTO, SEEN))
    return [name for name in names if all(results.right(entry, name) for entry in entries)]


def best_fixed(results: Results, entries: Sequence[Entry]) -> dict[str, str]:
    """Language → the quickest runtime that runs all its scripts."""
    best: dict[str, str] = {}
    for language in LANGUAGES:
        scripts = [entry for entry in entries if entry["language"] == language]
        able = complete(results, scripts) if scripts else []
        if able:
            best[language] = min(able, key=lambda name: results.total(scripts, name))
    return best


def oracle(results: Results, entry: Entry) -> float:
    """Milliseconds of a script on its quickest runtime."""
    names = {contestant for file, contestant in results.runs if file == entry["file"]} - {AUTO, SEEN}
    return min((results.ms(entry, name) for name in names if results.right(entry, name)), default=math.inf)


def gains(results: Results, entries: Sequence[Entry], best: Mapping[str, str], what: str) -> list[Figure]:
    """Totals and their ratios, over some of the scripts."""
    some = [entry for entry in entries if entry["language"] in best]
    if not some:
        return []
    before = sum(results.ms(entry, best[entry["language"]]) for entry in some)
    after, seen = results.total(some, AUTO), results.total(some, SEEN)
    logs = [math.log(results.ms(entry, best[entry["language"]]) / results.ms(entry, AUTO)) for entry in some]
    bound = BOUND if what == "all" else None
    return [
        Figure(f"{what}: scripts", len(some), "scripts"),
        Figure(f"{what}: best fixed", before, "ms"),
        Figure(f"{what}: auto", after, "ms"),
        Figure(f"{what}: fixed ÷ auto", before / after, "ratio", bound, at_least=True),
        Figure(f"{what}: fixed ÷ auto, seen", before / seen, "ratio"),
        Figure(f"{what}: fixed ÷ auto, geometric mean", math.exp(statistics.mean(logs)), "ratio"),
    ]


def figures(results: Results, entries: Sequence[Entry]) -> list[Figure]:
    """All of them."""
    best = best_fixed(results, entries)
    lines = gains(results, entries, best, "all")
    lines += gains(results, [entry for entry in entries if entry["kind"] != HEAVY], best, "without the heavy ones")
    for language in LANGUAGES:
        lines += gains(results, [entry for entry in entries if entry["language"] == language], best, language)
    runs = [took for entry in entries for took in results.of(entry, AUTO) + results.of(entry, SEEN)]
    lines.append(Figure("wrong answers of auto", sum(took.status != "right" for took in runs), "runs", 0))
    lines.append(Figure("languages without a runtime that runs all", len(LANGUAGES) - len(best), "languages"))
    first = [took for entry in entries for took in results.of(entry, AUTO)]
    lines.append(Figure("escalations of auto", 100 * statistics.mean(took.escalated for took in first), "%"))
    known = [entry for entry in entries if math.isfinite(oracle(results, entry))]
    least = sum(oracle(results, entry) for entry in known)
    for name in (AUTO, SEEN):
        lines.append(Figure(f"regret of {name}", 100 * (results.total(known, name) / least - 1), "%"))
    lines.append(Figure("CPU of the code: auto", results.cpu(entries, AUTO), "ms"))
    here = [entry for entry in entries if entry["language"] in best]
    cpu = sum(results.cpu([entry], best[entry["language"]]) for entry in here)
    return [*lines, Figure("CPU of the code: best fixed", cpu, "ms")]


def tale(results: Results, entries: Sequence[Entry], most: int = 12) -> list[str]:
    """What went where, what could not, and where routing lost most."""
    told: list[str] = []
    best = best_fixed(results, entries)
    for language in LANGUAGES:
        scripts = [entry for entry in entries if entry["language"] == language]
        where = Counter(took.runtime for entry in scripts for took in results.of(entry, AUTO))
        count = sum(where.values()) or 1
        shares = ", ".join(f"{name} {100 * times / count:.0f} %" for name, times in where.most_common())
        told.append(f"{language}: best fixed {best.get(language, 'none')}; auto: {shares}")
        able = complete(results, scripts) if scripts else []
        told += [f"  {name}: all scripts, {results.total(scripts, name):.0f} ms" for name in able]
    lost = sorted(entries, key=lambda entry: oracle(results, entry) - results.ms(entry, AUTO))
    for entry in lost[:most]:
        on = Counter(took.runtime for took in results.of(entry, AUTO)).most_common(1)[0][0]
        least = oracle(results, entry)
        told.append(f"  lost: {entry['file']}: {results.ms(entry, AUTO):.1f} ms on {on}, could be {least:.1f} ms")
    faults = dict.fromkeys(
        f"  {took.status}: {file} by {name} on {took.runtime}: {took.detail[:160]}"
        for (file, name), runs in sorted(results.runs.items())
        for took in runs
        if took.status == "wrong" or (took.status == "gap" and name in (AUTO, SEEN))
    )
    return [*told, *faults]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = options(__doc__)
    parser.add_argument("--half", choices=["A", "B", "all"], default="B", help="B is held out from tuning")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--limit", type=float, default=10.0, help="seconds after which a script is stopped")
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between two runs")
    parser.add_argument("--every", type=int, default=1, help="take only each so many-th script")
    parser.add_argument("--seed", type=int, default=1, help="of the order")
    chosen = parser.parse_args(arguments)
    entries = load("" if chosen.half == "all" else chosen.half)[:: chosen.every]
    plan = Plan(entries, chosen.passes, chosen.limit, chosen.pause, chosen.seed)
    with tempfile.TemporaryDirectory(prefix="cambrian-routing-") as folder:
        results = anyio.run(measure, plan, folder)
    if not chosen.json:
        print("\n".join(tale(results, entries)))
    return finish(figures(results, entries), as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

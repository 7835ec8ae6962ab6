"""Six problems with published values, no model, strict scorers: each strategy, and the portfolio, at equal budget.

    python benchmarks/problems.py --results problems.jsonl            # all; goes on where it was stopped
    python benchmarks/problems.py --problem heilbronn11 --strategies islands portfolio --seeds 3 --budget 60

The task folders are ``benchmarks/problems`` and two of ``examples``. A run is a process of its own with one job; it
ends when its programs and scorers have used the budget of CPU seconds (as measured outside their jails), or when it
reaches the published value. One run at a time for each core: on a busy machine a run takes longer but gets the same
CPU, unless it hits the wall limit, `packing.PATIENCE` times the budget; then it has had less.

A strategy's gap is (median − initial) ÷ (published − initial), at most 1 by the early end; the portfolio's is held
against the largest gap of a single strategy.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypedDict, cast

import anyio

from cambrian.app.taskfile import load_task
from cambrian.search.strategy_config import NAMES
from packing import PATIENCE, Reached, whole
from report import Figure, finish, options

HERE = Path(__file__).parent
SINGLES = tuple(name for name in NAMES if name != "portfolio")


class Problem(NamedTuple):
    """A problem: where it is, what was published for it, CPU seconds of a run and how many seeds.

    `published` is a gain, larger is better: a value that is to be small stands here with its sign turned.
    """

    folder: Path
    published: float
    cpu_s: float
    seeds: int


PROBLEMS: dict[str, Problem] = {
    "circle26": Problem(HERE.parent / "examples" / "circle_packing", 2.6359830773881194, 30.0, 2),
    "rect21": Problem(HERE / "problems" / "rect21", 2.365832229500823, 30.0, 2),
    "heilbronn11": Problem(HERE / "problems" / "heilbronn11", 0.036529889880030156, 60.0, 2),
    "signal_filter": Problem(HERE / "problems" / "signal_filter", 0.760, 30.0, 2),
    "function_minimization": Problem(HERE.parent / "examples" / "function_minimization", 1.5186854322511936, 3.0, 3),
    "k_module": Problem(HERE / "problems" / "k_module", 4.0, 3.0, 5),
}
"""ThetaEvolve (the largest that is a packing at tolerance 0), LoongFlow, AlphaEvolve, EvoX (composed), the value at
OpenEvolve's published point, all modules."""
ENOUGH, SHARE = 4, 0.95
"""Published values that must be reached, and the portfolio's share of the best single strategy's gap."""


class Run(TypedDict):
    """A run: a line of the results."""

    problem: str
    strategy: str
    seed: int
    cpu_s: float
    reached: Reached


Key = tuple[str, str, int, float]


def key_of(run: Run) -> Key:
    """What makes two runs the same."""
    return run["problem"], run["strategy"], run["seed"], run["cpu_s"]


def work(answer: Path, key: Key) -> None:
    """One run, in a process of its own."""
    problem, strategy, seed, cpu_s = key
    spec = PROBLEMS[problem]
    with tempfile.TemporaryDirectory(prefix="cambrian-problem-") as name:
        folder = Path(name)
        shutil.copytree(spec.folder, folder / "task")
        task = load_task(folder / "task", [f"strategy.name={strategy}"])
        answer.write_text(json.dumps(anyio.run(whole, task, seed, cpu_s, (spec.published,), folder)))


def measure(key: Key) -> Run:
    """Start one run and read what it reached."""
    problem, strategy, seed, cpu_s = key
    with tempfile.TemporaryDirectory(prefix="cambrian-problems-") as folder:
        answer = Path(folder) / "answer.json"
        subprocess.run(
            [sys.executable, __file__, "--work", str(answer), json.dumps(key)],
            check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=PATIENCE * cpu_s + 120,
        )  # fmt: skip
        reached = cast("Reached", json.loads(answer.read_text()))
    return Run(problem=problem, strategy=strategy, seed=seed, cpu_s=cpu_s, reached=reached)


def known(results: Path | None) -> dict[Key, Run]:
    """Runs that were done before; a line that a stop cut short is passed over."""
    if results is None or not results.exists():
        return {}
    runs: dict[Key, Run] = {}
    for line in results.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            run = cast("Run", json.loads(line))
            runs[key_of(run)] = run
    return runs


def measured(keys: Sequence[Key], results: Path | None, jobs: int) -> list[Run]:
    """All runs, those of earlier calls read and not repeated."""
    done = known(results)
    left = [key for key in keys if key not in done]
    with ThreadPoolExecutor(jobs) as pool:
        for run in pool.map(measure, left):
            done[key_of(run)] = run
            found = run["reached"]
            print(f"{' '.join(map(str, key_of(run)))}: {found['best']!r} {found['cpu_s'][0]:.1f} s", file=sys.stderr)
            if results is not None:
                with results.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps(run) + "\n")
    return [done[key] for key in keys]


def gap(problem: str, runs: Iterable[Run]) -> float:
    """How far the median run came from the initial program to the published value."""
    found = [run["reached"] for run in runs]
    initial, published = found[0]["initial"], PROBLEMS[problem].published
    middle = statistics.median(item["best"] for item in found)
    return min(1.0, (middle - initial) / (published - initial))


def figures_of(problem: str, runs: Sequence[Run], strategies: Sequence[str]) -> list[Figure]:
    """Of one problem: each strategy's median, best and time, then the comparison."""
    figures: list[Figure] = []
    gaps: dict[str, float] = {}
    for strategy in strategies:
        own = [run for run in runs if run["strategy"] == strategy]
        gaps[strategy] = gap(problem, own)
        bests = [run["reached"]["best"] for run in own]
        times = [run["reached"]["cpu_s"][0] for run in own]
        figures.append(Figure(f"{problem} {strategy}: median", statistics.median(bests), ""))
        figures.append(Figure(f"{problem} {strategy}: best", max(bests), ""))
        figures.append(Figure(f"{problem} {strategy}: reached by", sum(map(math.isfinite, times)), f"of {len(own)}"))
        if math.isfinite(middle := statistics.median(times)):
            figures.append(Figure(f"{problem} {strategy}: median CPU to it", middle, "s"))
    singles = [value for name, value in gaps.items() if name != "portfolio"]
    if "portfolio" in gaps and singles and max(singles) > 0:
        ratio = gaps["portfolio"] / max(singles)
        figures.append(Figure(f"{problem}: portfolio ÷ best single", ratio, "", SHARE, at_least=True))
    return figures


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--problem", choices=PROBLEMS, nargs="+", default=list(PROBLEMS))
    parser.add_argument("--strategies", choices=NAMES, nargs="+", default=[*SINGLES, "portfolio"])
    parser.add_argument("--seeds", type=int, help="by default what the problem says: 2 to 5")
    parser.add_argument("--budget", type=float, help="CPU seconds of a run; by default what the problem says: 3 to 60")
    parser.add_argument("--results", type=Path, help="file that runs are added to and taken from, a line of JSON each")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="runs at a time")
    parser.add_argument("--work", nargs=2, metavar=("ANSWER", "KEY"), help="used by itself")
    chosen = parser.parse_args()
    if chosen.work:
        problem, strategy, seed, cpu_s = json.loads(chosen.work[1])
        work(Path(chosen.work[0]), (problem, strategy, seed, cpu_s))
        return 0
    keys: list[Key] = [
        (name, strategy, seed, chosen.budget or PROBLEMS[name].cpu_s)
        for seed in range(chosen.seeds or max(spec.seeds for spec in PROBLEMS.values()))
        for name in chosen.problem
        for strategy in chosen.strategies
        if seed < (chosen.seeds or PROBLEMS[name].seeds)
    ]
    runs = measured(keys, chosen.results, chosen.jobs)
    figures: list[Figure] = []
    for name in chosen.problem:
        figures += figures_of(name, [run for run in runs if run["problem"] == name], chosen.strategies)
    reached = {run["problem"] for run in runs if math.isfinite(run["reached"]["cpu_s"][0])}
    needed = ENOUGH if len(chosen.problem) == len(PROBLEMS) else None
    figures.append(Figure("published values reached", len(reached), f"of {len(chosen.problem)}", needed, at_least=True))
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

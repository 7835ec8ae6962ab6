"""How long a search takes to known values of packing problems: no model, uniform random starts, scored exactly.

    python benchmarks/packing.py --seeds 10 --cpu 300                 # 26 circles, the whole engine, every proposer
    python benchmarks/packing.py --problem rect21 --seeds 3 --direct  # one template alone, no engine or journal

Problems: n25, n26, n27 (the example with another count), rect21, heilbronn11 (``benchmarks/problems``). One job per
seed. CPU counts the programs' and the scorers' seconds, as measured outside their jails; the tree's is everything,
start-up and engine included. A seed ends when it reaches the last target or has used its CPU seconds.
"""

from __future__ import annotations

import json
import math
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from time import monotonic
from typing import TypedDict, cast

import anyio
import msgspec

from cambrian.app.taskfile import load_task
from cambrian.core.budget import Budget
from cambrian.core.evaluation import Evaluation
from cambrian.core.ids import RunId
from cambrian.core.variant import Variant
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.sqlite import SqliteStore
from cambrian.search.engine import Search
from cambrian.search.evaluation import Evaluator
from cambrian.search.facts import EVALUATED, Evaluated
from cambrian.search.proposer import Scored
from cambrian.search.proposers.templates import Template
from cambrian.search.task import Task
from report import Figure, cost, finish, options

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "circle_packing"
TARGETS: dict[str, tuple[float, ...]] = {
    "n26": (2.6342, 2.63598308),
    "n25": (2.58,),
    "n27": (2.68,),
    "rect21": (2.365832,),
    "heilbronn11": (0.0365,),
}
"""n26, rect21: the best values published, rounded down. heilbronn11: 0.03652989 is. n25, n27: round numbers."""

PATIENCE = 20.0
"""Wall seconds allowed for each CPU second: the machine may be busy."""

_ROW = """# The example's rings hold 26 circles; any other number begins as small ones in a row.
def pack():
    return [[(i + 0.5) / {count}, 0.5, 0.4 / {count}] for i in range({count})]
"""


class Reached(TypedDict):
    """What one seed gave: per target the CPU and wall seconds, or infinity. Values are gains: more is better."""

    initial: float
    best: float
    measures: dict[str, float]
    evaluations: int
    cpu_s: list[float]
    wall_s: list[float]


class Progress:
    """Takes evaluations in, notes when targets are reached."""

    def __init__(self, task: Task, targets: Sequence[float]) -> None:
        self._objective = task.objectives[0]
        self._targets = targets
        self.spent_s = 0.0
        self.seq = 0
        self.reached = Reached(
            initial=-math.inf, best=-math.inf, measures={}, evaluations=0,
            cpu_s=[math.inf] * len(targets), wall_s=[math.inf] * len(targets),
        )  # fmt: skip

    @property
    def done(self) -> bool:
        """Whether the last target is reached."""
        return self.reached["best"] >= self._targets[-1]

    def add(self, evaluation: Evaluation, wall_s: float) -> None:
        """One evaluation that ended `wall_s` after the start."""
        reached = self.reached
        self.spent_s += evaluation.usage.cpu_s + evaluation.usage.scorer_cpu_s
        reached["evaluations"] += 1
        found = evaluation.objectives.get(self._objective.name)
        value = -math.inf if found is None else self._objective.gain(found)
        if reached["evaluations"] == 1:
            reached["initial"] = value
        for index, target in enumerate(self._targets):
            if reached["best"] < target <= value:
                reached["cpu_s"][index], reached["wall_s"][index] = self.spent_s, wall_s
        if value > reached["best"]:
            reached["best"], reached["measures"] = value, dict(evaluation.measures)


def make_task(problem: str, folder: Path, settings: Sequence[str]) -> Task:
    """The task of a problem, in a folder of its own."""
    count = problem.removeprefix("n")
    shutil.copytree(EXAMPLE if count.isdigit() else HERE / "problems" / problem, folder)
    if count.isdigit() and count != "26":
        for name in ("evaluate.py", "problem.py"):
            text = (EXAMPLE / name).read_text(encoding="utf-8").replace("N = 26", f"N = {count}")
            (folder / name).write_text(text, encoding="utf-8")
        (folder / "program.py").write_text(_ROW.format(count=count), encoding="utf-8")
    return load_task(folder, settings)


async def whole(task: Task, seed: int, cpu_s: float, targets: Sequence[float], folder: Path) -> Reached:
    """The engine with its journal, one job, ended when programs and scorers have used their CPU seconds."""
    target = task.objectives[0].gain(targets[-1])  # its own inverse
    task = msgspec.structs.replace(task, budget=Budget(wall=PATIENCE * cpu_s), target=target)
    store, clock, progress = await SqliteStore.open(folder / "journal.db"), SystemClock(), Progress(task, targets)
    run = await Run.create(store, kind="search", data={}, clock=clock, holder=this_process(), run=RunId("r-1"))
    search = Search(run=run, task=task, seed=seed, jobs=1, clock=clock)
    async with run, anyio.create_task_group() as group:
        group.start_soon(_watch, run, search, progress, cpu_s)
        await search.run()
        group.cancel_scope.cancel()
    await _read(run, progress)
    await store.aclose()
    return progress.reached


async def _watch(run: Run, search: Search, progress: Progress, cpu_s: float) -> None:
    while progress.spent_s < cpu_s:
        await anyio.sleep(0.5)
        await _read(run, progress)
    search.cancel()


async def _read(run: Run, progress: Progress) -> None:
    async for event in run.replay(after=progress.seq, types={EVALUATED}):
        fact = msgspec.json.decode(event.data, type=Evaluated)
        progress.seq = event.seq
        progress.add(fact.evaluation, fact.elapsed_s)


async def direct(task: Task, seed: int, cpu_s: float, targets: Sequence[float], folder: Path) -> Reached:
    """Population basin hopping alone: propose, run in a jail, tell."""
    del folder
    template, progress, began = Template(task.setting(seed), "basin_hopping"), Progress(task, targets), monotonic()
    evaluator = await Evaluator.start(task)
    try:
        while progress.spent_s < cpu_s and not progress.done:
            candidate = await template.propose([], Random(seed))
            variant = Variant(files=candidate.files, entry=task.entry, origin=candidate.origin)
            outcome = await evaluator.evaluate(variant)
            await template.tell(Scored(variant=variant, evaluation=outcome.evaluation, report=outcome.report))
            progress.add(outcome.evaluation, monotonic() - began)
    finally:
        await evaluator.aclose()
    return progress.reached


def work(answer: Path, spec: dict[str, str]) -> None:
    """One seed, in a process of its own whose whole tree is measured."""
    with tempfile.TemporaryDirectory(prefix="cambrian-packing-") as name:
        folder, how = Path(name), direct if spec["direct"] else whole
        task = make_task(spec["problem"], folder / "task", spec["settings"].split())
        targets = TARGETS[spec["problem"]]
        answer.write_text(json.dumps(anyio.run(how, task, int(spec["seed"]), float(spec["cpu"]), targets, folder)))


def measure(spec: dict[str, str]) -> tuple[Reached, float]:
    """One seed: what it reached, and the CPU seconds of everything."""
    with tempfile.TemporaryDirectory(prefix="cambrian-packing-") as folder:
        answer = Path(folder) / "answer.json"
        tree = cost([sys.executable, __file__, "--work", str(answer), json.dumps(spec)])
        return cast("Reached", json.loads(answer.read_text())), tree.cpu_s


def figures_of(problem: str, found: Sequence[tuple[Reached, float]]) -> list[Figure]:
    """Per seed and over seeds."""
    figures: list[Figure] = []
    for seed, (reached, tree_s) in enumerate(found):
        figures.append(Figure(f"{problem} seed {seed}: best", reached["best"], ""))
        figures.append(Figure(f"{problem} seed {seed}: CPU of the tree", tree_s, "s"))
        for target, cpu_s, wall_s in zip(TARGETS[problem], reached["cpu_s"], reached["wall_s"], strict=True):
            if math.isfinite(cpu_s):
                figures.append(Figure(f"{problem} seed {seed}: CPU to {target}", cpu_s, "s"))
                figures.append(Figure(f"{problem} seed {seed}: wall to {target}", wall_s, "s"))
    for index, target in enumerate(TARGETS[problem]):
        times = [reached["cpu_s"][index] for reached, _ in found]
        share = sum(map(math.isfinite, times)) / len(times)
        bound = {2.6342: 1.0, 2.63598308: 0.5}.get(target)
        figures.append(Figure(f"{problem}: share of seeds that reach {target}", share, "", bound, at_least=True))
        if math.isfinite(middle := statistics.median(times)):
            figures.append(Figure(f"{problem}: median CPU to {target}", middle, "s"))
    return figures


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--problem", choices=TARGETS, default="n26")
    parser.add_argument("--n", type=int, choices=(25, 26, 27), help="short for --problem nN")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--cpu", type=float, default=300.0, help="CPU seconds of each seed")
    parser.add_argument("--direct", action="store_true", help="population basin hopping alone, without the engine")
    parser.add_argument("--set", action="append", default=[], help="KEY=VALUE for the task, as the command line has it")
    parser.add_argument("--work", nargs=2, metavar=("ANSWER", "SPEC"), help="used by itself")
    chosen = parser.parse_args()
    if chosen.work:
        work(Path(chosen.work[0]), json.loads(chosen.work[1]))
        return 0
    problem = f"n{chosen.n}" if chosen.n else chosen.problem
    spec = {"problem": problem, "cpu": str(chosen.cpu), "settings": " ".join(chosen.set)}
    spec["direct"] = "yes" if chosen.direct else ""
    found: list[tuple[Reached, float]] = []
    for seed in range(chosen.first, chosen.first + chosen.seeds):
        found.append(measure({**spec, "seed": str(seed)}))
        print(f"seed {seed}: {found[-1]}", file=sys.stderr, flush=True)
    return finish(figures_of(problem, found), as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

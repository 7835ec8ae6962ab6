"""What an evaluation of a trivial candidate costs, over every process involved, and how many there are per second.

    python benchmarks/throughput.py --check

*slot*: one evaluator, one candidate after the other: jail, candidate, scorer, all at level 3.
*search*: a whole search with a SQLite journal and a proposer that only writes down a number; with as many jobs as
`cambrian evolve` takes by itself, and with one job per core.

CPU is user + system of the child process that does the work and of everything that it starts. Costs are differences
between a long and a short run, so that start-up cancels out. Throughput is held against cores ÷ cost. As a control, one
busy loop per core takes turns with the runs: what they get is what a machine shared with others really gives.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random

import anyio

from cambrian.app.machine import usual_jobs
from cambrian.core.budget import Budget
from cambrian.core.evaluation import Objective
from cambrian.core.ids import RunId
from cambrian.core.variant import Origin, Variant
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.sqlite import SqliteStore
from cambrian.search.engine import Search
from cambrian.search.evaluation import Evaluator
from cambrian.search.proposer import Candidate, Proposer, Scored
from cambrian.search.task import Task
from report import Cost, Figure, cost, finish, options

SCORER = "def score(answer):\n    return float(answer)\n"
ORIGIN = Origin(proposer="number")


class Number(Proposer):
    """Proposes a program that returns a random number."""

    name = "number"

    async def propose(self, parents: Sequence[Scored], rng: Random) -> Candidate:
        """See `Proposer`."""
        del parents
        return Candidate(files=program(rng.random()), origin=ORIGIN)


def program(value: float) -> dict[str, str]:
    """The trivial candidate."""
    return {"program.py": f"def answer():\n    return {value!r}\n"}


def task(folder: Path, evaluations: int) -> Task:
    """A task whose score is the number returned."""
    (folder / "evaluate.py").write_text(SCORER, encoding="utf-8")
    return Task(
        name="trivial", folder=str(folder), program=program(0.5), entry="program.py:answer", evaluator_text=SCORER,
        objectives=(Objective(name="number"),), budget=Budget(evaluations=evaluations),
    )  # fmt: skip


async def slot(folder: Path, evaluations: int) -> None:
    """One slot, one candidate after the other."""
    evaluator = await Evaluator.start(task(folder, evaluations))
    try:
        for index in range(evaluations):
            variant = Variant(files=program(index / evaluations), entry="program.py:answer", origin=ORIGIN)
            outcome = await evaluator.evaluate(variant)
            if not outcome.evaluation.ok or outcome.evaluation.level != "L3":
                raise SystemExit(f"expected an evaluation at L3, got {outcome.evaluation!r}")
    finally:
        await evaluator.aclose()


async def search(folder: Path, evaluations: int, more: int = 0) -> None:
    """A whole search, as many jobs as `cambrian evolve` takes by itself and some more."""
    store, clock = await SqliteStore.open(folder / "journal.db"), SystemClock()
    run = await Run.create(store, kind="search", data={}, clock=clock, holder=this_process(), run=RunId("r-1"))
    work = task(folder, evaluations)
    jobs = usual_jobs(work) + more
    async with run:
        await Search(run=run, task=work, seed=1, jobs=jobs, clock=clock, proposers=[Number()]).run()
    await store.aclose()


WORK = {"slot": slot, "search": search, "cored": partial(search, more=-1)}


def work_cost(work: str, evaluations: int) -> Cost:
    """What a child process takes for so many evaluations, and everything that it starts."""
    with tempfile.TemporaryDirectory(prefix="cambrian-throughput-") as folder:
        return cost([sys.executable, __file__, "--work", work, folder, str(evaluations)])


def per_evaluation(work: str, short: int, long: int, repeat: int) -> Cost:
    """Median cost of one evaluation; a short and a long run alternate."""
    found: list[Cost] = []
    for _ in range(repeat):
        small, large = work_cost(work, short), work_cost(work, long)
        count = long - short
        found.append(Cost((large.cpu_s - small.cpu_s) / count, (large.wall_s - small.wall_s) / count))
    return Cost(statistics.median(item.cpu_s for item in found), statistics.median(item.wall_s for item in found))


SPIN = "import time; end = time.monotonic() + 1\nwhile time.monotonic() < end: pass"
SPINNERS = (
    "import subprocess, sys\nfor p in [subprocess.Popen([sys.executable, '-c', {!r}]) for _ in range({})]: p.wait()"
)


def cores_given(cores: int) -> float:
    """How many cores' worth of time one busy loop per core gets now."""
    taken = cost([sys.executable, "-c", SPINNERS.format(SPIN, cores)])
    return taken.cpu_s / taken.wall_s


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--evaluations", type=int, default=1000, help="of the long run; the short one has a tenth")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--work", nargs=3, metavar=("WORK", "FOLDER", "N"), help="used by itself")
    chosen = parser.parse_args()
    if chosen.work:
        work, folder, count = chosen.work
        anyio.run(WORK[work], Path(folder), int(count))
        return 0
    long, short = chosen.evaluations, max(1, chosen.evaluations // 10)
    cores = len(os.sched_getaffinity(0))
    before = cores_given(cores)
    alone, whole, cored = (per_evaluation(work, short, long, chosen.repeat) for work in WORK)
    given = (before + cores_given(cores)) / 2
    rate, possible = 1 / whole.wall_s, cores / whole.cpu_s
    figures = [
        Figure("slot: CPU per evaluation", 1000 * alone.cpu_s, "ms", 12.0),
        Figure("slot: evaluations per second, one after the other", 1 / alone.wall_s, "/s"),
        Figure("search: CPU per evaluation", 1000 * whole.cpu_s, "ms", 12.0),
        Figure("search: evaluations per second, jobs as usual", rate, "/s"),
        Figure("search: share of cores ÷ cost reached", rate / possible, "", 0.8, at_least=True),
        Figure("search: evaluations per second, one job fewer", 1 / cored.wall_s, "/s"),
        Figure("search, one job fewer: share of cores ÷ cost", cored.cpu_s / cored.wall_s / cores, ""),
        Figure(f"control: cores that {cores} busy loops got", given, ""),
        Figure("search: share of what the busy loops got", rate * whole.cpu_s / given, ""),
    ]
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

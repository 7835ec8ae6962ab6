"""What a durable step costs: an intent, then an outcome with a fact and a blob; 10,000 in one run.

python benchmarks/journal.py --check

Control, in the same run: rows of the same size by bare ``sqlite3``, two commits per step. CPU is of the whole process,
so the committer's thread is counted. At ``power`` durability a tenth of the steps.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.event import fact
from cambrian.core.ids import RunId
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.sqlite import SqliteStore
from cambrian.journal.store import Durability
from report import Figure, finish, options


class Steps(NamedTuple):
    """Milliseconds per step, and the last tenth's CPU over the first's."""

    cpu_ms: float
    wall_ms: float
    growth: float


class Meter:
    """CPU and wall time of each tenth of the steps."""

    def __init__(self, steps: int) -> None:
        self._chunk = max(1, steps // 10)
        self._cpu: list[float] = []
        self._wall: list[float] = []
        self._start = (time.process_time(), time.perf_counter())

    def step(self, number: int) -> None:
        """After step `number`, counted from 1."""
        if number % self._chunk == 0:
            now = (time.process_time(), time.perf_counter())
            self._cpu.append((now[0] - self._start[0]) / self._chunk)
            self._wall.append((now[1] - self._start[1]) / self._chunk)
            self._start = now

    def result(self) -> Steps:
        """Medians over the tenths."""
        return Steps(
            cpu_ms=statistics.median(self._cpu) * 1e3,
            wall_ms=statistics.median(self._wall) * 1e3,
            growth=self._cpu[-1] / self._cpu[0],
        )


async def kernel(path: Path, steps: int, durability: Durability) -> Steps:
    """Steps of a `Run`, one after the other."""
    async with await SqliteStore.open(path, durability=durability) as store:
        run = await Run.create(
            store, kind="benchmark", data={}, clock=SystemClock(), holder=this_process(), run=RunId("r-1")
        )
        async with run:
            meter = Meter(steps)
            for number in range(1, steps + 1):
                effect = EffectId(f"e{number}")
                await run.intend(Intent(effect=effect, kind="evaluate", key=effect, data={"variant": "0" * 16}))
                outcome = fact("search.evaluated", {"variant": "0" * 16, "objectives": {"score": number}})
                await run.conclude(effect, EffectState.APPLIED, outcome, blobs=[b"artifact %d" % number])
                meter.step(number)
            return meter.result()


def bare(path: Path, steps: int, durability: Durability) -> Steps:
    """The control: the same amount of rows, no checks, no event loop."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'FULL' if durability == 'power' else 'NORMAL'}")
    connection.execute("CREATE TABLE event (run INT, seq INT, data TEXT, PRIMARY KEY (run, seq)) WITHOUT ROWID")
    connection.execute("CREATE TABLE blob (digest TEXT PRIMARY KEY, body BLOB)")
    meter = Meter(steps)
    for number in range(1, steps + 1):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO event VALUES (1, ?, ?)", (number * 3, "x" * 120))
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO event VALUES (1, ?, ?)", (number * 3 + 1, "x" * 60))
        connection.execute("INSERT INTO event VALUES (1, ?, ?)", (number * 3 + 2, "x" * 80))
        connection.execute("INSERT INTO blob VALUES (?, ?)", (f"{number:064d}", b"artifact"))
        connection.execute("COMMIT")
        meter.step(number)
    connection.close()
    return meter.result()


def measure(steps: int, repeats: int) -> dict[str, Steps]:
    """For each row the repeat with the least CPU: a busy neighbour only adds."""
    rows: dict[str, Callable[[Path], Steps]] = {
        "kernel, process": lambda path: asyncio.run(kernel(path, steps, "process")),
        "bare sqlite3, process": lambda path: bare(path, steps, "process"),
        "kernel, power": lambda path: asyncio.run(kernel(path, steps // 10, "power")),
        "bare sqlite3, power": lambda path: bare(path, steps // 10, "power"),
    }
    results: dict[str, list[Steps]] = {name: [] for name in rows}
    for _ in range(repeats):
        for name, row in rows.items():  # interleaved, so that a busy neighbour hits all alike
            with tempfile.TemporaryDirectory(prefix="cambrian-benchmark-") as folder:
                results[name].append(row(Path(folder) / "journal.db"))
    return {name: min(found, key=lambda each: each.cpu_ms) for name, found in results.items()}


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    chosen = parser.parse_args()
    results = measure(chosen.steps, chosen.repeat)
    figures: list[Figure] = []
    for name, steps in results.items():
        bound = 0.2 if name == "kernel, process" else None
        figures.append(Figure(f"{name}: CPU per step", steps.cpu_ms, "ms", bound))
        figures.append(Figure(f"{name}: wall per step", steps.wall_ms, "ms"))
    ours, control = results["kernel, process"], results["bare sqlite3, process"]
    figures.append(Figure("kernel, process: last tenth ÷ first tenth, CPU", ours.growth, "", 1.2))
    figures.append(Figure("kernel ÷ bare sqlite3, process, CPU", ours.cpu_ms / control.cpu_ms, ""))
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

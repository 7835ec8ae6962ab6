"""What a durable step costs: intent and outcome with a fact and a blob, 10,000 times.

::

    python benchmarks/journal.py            # all, about a minute
    python benchmarks/journal.py --smoke    # 500 steps, no bounds

Control, in the same run: the same rows by bare ``sqlite3`` in one thread, two commits per step. CPU is of the whole
process, so the committer's thread is counted. Bounds: at most 0.2 ms CPU per step at ``process`` durability, and the
last 1,000 at most 1.2 times the first 1,000.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.event import fact
from cambrian.core.ids import RunId
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.sqlite import SqliteStore
from cambrian.journal.store import Durability

CPU_MS_BOUND = 0.2
GROWTH_BOUND = 1.2


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

    def report(self) -> dict[str, float]:
        """Milliseconds per step: medians over the tenths, and the last tenth's CPU over the first's."""
        return {
            "cpu_ms": round(statistics.median(self._cpu) * 1e3, 4),
            "wall_ms": round(statistics.median(self._wall) * 1e3, 4),
            "first_cpu_ms": round(self._cpu[0] * 1e3, 4),
            "last_cpu_ms": round(self._cpu[-1] * 1e3, 4),
            "growth": round(self._cpu[-1] / self._cpu[0], 2),
        }


async def kernel(path: Path, steps: int, durability: Durability) -> dict[str, float]:
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
            return meter.report()


def bare(path: Path, steps: int, durability: Durability) -> dict[str, float]:
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
    return meter.report()


def measure(steps: int, repeats: int) -> dict[str, object]:
    """The best of `repeats` for each row, by CPU."""
    rows: dict[str, Callable[[Path], dict[str, float]]] = {
        "kernel, process": lambda path: asyncio.run(kernel(path, steps, "process")),
        "bare sqlite3, process": lambda path: bare(path, steps, "process"),
        "kernel, power": lambda path: asyncio.run(kernel(path, max(10, steps // 10), "power")),
        "bare sqlite3, power": lambda path: bare(path, max(10, steps // 10), "power"),
    }
    results: dict[str, list[dict[str, float]]] = {name: [] for name in rows}
    for _ in range(repeats):
        for name, row in rows.items():  # interleaved, so that a busy neighbour hits all alike
            with tempfile.TemporaryDirectory(prefix="cambrian-benchmark-") as folder:
                results[name].append(row(Path(folder) / "journal.db"))
    return {name: min(found, key=lambda each: each["cpu_ms"]) for name, found in results.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--smoke", action="store_true", help="500 steps, once, no bounds")
    options = parser.parse_args()
    steps, repeats = (500, 1) if options.smoke else (options.steps, options.repeats)
    results = measure(steps, repeats)
    machine = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "cpus": os.cpu_count()}
    print(json.dumps({"steps": steps, "machine": machine, "per_step": results}, indent=2))
    ours = results["kernel, process"]
    assert isinstance(ours, dict)
    if not options.smoke and (ours["cpu_ms"] > CPU_MS_BOUND or ours["growth"] > GROWTH_BOUND):
        raise SystemExit(f"over the bound of {CPU_MS_BOUND} ms CPU per step or {GROWTH_BOUND} times growth: {ours}")


if __name__ == "__main__":
    main()

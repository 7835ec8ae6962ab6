"""Memory and CPU of the engine's process over a long run: the real command, all proposers, a SQLite journal.

    python benchmarks/engine_memory.py --check

The engine is watched from outside: its CPU clock and its resident size, beside the number of outcomes that a read-only
connection sees in its journal. Jails, scorers and optimiser workers are processes of their own and not counted here.
"""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import anyio

from cambrian.core.errors import RunNotFound
from cambrian.core.ids import RunId
from cambrian.journal.views import Reader, open_reader
from cambrian.search.facts import EVALUATED
from report import Figure, finish, options

TASK = {
    "task.toml": """
name = "long"
program = ["program.py"]
entry = "program.py:answer"
[objectives]
distance = "minimize"
[limits]
wall = "2s"
cpu = "1s"
""",
    "program.py": """
def answer():
    weights = [0.5, 1.5, -2.25, 3.0, 0.125, 7.5]
    total = 0.0
    for index, weight in enumerate(weights):
        if index % 2 == 0:
            total += weight * 1.75
        else:
            total -= weight / 3.5
    return total
""",
    "evaluate.py": """
def score(answer):
    if type(answer) is not float or not abs(answer) < 1e6:
        raise ValueError("expected a float")
    return abs(answer - 41.37)
""",
}
BLOCK = 25
"""Outcomes between two samples, at least."""
_PROCESS_SCHED = 2
POLL_S = 0.1


class Sample(NamedTuple):
    """Outcomes committed so far, CPU seconds and resident bytes of the engine."""

    evaluations: int
    cpu_s: float
    resident: int


def cpu_s(pid: int) -> float:
    """CPU clock of a process (`make_process_cpuclock` in linux/posix-timers_types.h)."""
    return time.clock_gettime((~pid << 3) | _PROCESS_SCHED)


def resident(pid: int) -> int:
    """Resident bytes (VmRSS of proc(5) status)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(f"process {pid} is gone")


async def watch(engine: subprocess.Popen[bytes], journal: Path) -> list[Sample]:
    """Sample until the engine ends."""
    samples: list[Sample] = []
    reader = await when_there(journal, engine)
    heads = await reader.heads()
    run, bookmark, count = heads[0].run, 0, 0
    while engine.poll() is None:
        new, bookmark = await outcomes(reader, run, bookmark)
        count += new
        try:
            if count - (samples[-1].evaluations if samples else 0) >= BLOCK:
                samples.append(Sample(count, cpu_s(engine.pid), resident(engine.pid)))
        except (OSError, ProcessLookupError):
            break  # it ended between the two looks
        await anyio.sleep(POLL_S)
    await reader.aclose()
    return samples


async def outcomes(reader: Reader, run: RunId, bookmark: int) -> tuple[int, int]:
    """New outcomes since the bookmark, and the next bookmark."""
    count = 0
    async for event in reader.read(run, after=bookmark, types={EVALUATED}):
        count, bookmark = count + 1, event.seq
    return count, bookmark


async def when_there(journal: Path, engine: subprocess.Popen[bytes]) -> Reader:
    """A reader, as soon as there is a run."""
    while engine.poll() is None:
        try:
            reader = await open_reader(journal)
            if await reader.heads():
                return reader
        except RunNotFound:
            await anyio.sleep(POLL_S)
    raise SystemExit(f"the engine ended with {engine.returncode} before there was a run")


def per_evaluation(samples: Sequence[Sample], low: int, high: int) -> float:
    """Median CPU seconds per evaluation over the blocks between two counts."""
    inside = [item for item in samples if low <= item.evaluations <= high]
    if len(inside) < 2:  # a fast search between two looks: the block that reaches just beyond
        before = [item for item in samples if item.evaluations < low][-1:]
        inside = [*before, *inside, *[item for item in samples if item.evaluations > high][:1]]
    steps = [(b.cpu_s - a.cpu_s) / (b.evaluations - a.evaluations) for a, b in itertools.pairwise(inside)]
    if not steps:
        seen = samples[-1].evaluations if samples else 0
        raise SystemExit(
            f"no two samples between {low} and {high} evaluations, the last one was at {seen}: take more evaluations, "
            "or, if the search found nothing new any more, another seed"
        )
    return statistics.median(steps)


def evolve(evaluations: int, jobs: int, seed: int, display: str, settings: Sequence[str]) -> list[Sample]:
    """Run the command and watch it."""
    with tempfile.TemporaryDirectory(prefix="cambrian-memory-") as name:
        folder = Path(name)
        for file, text in TASK.items():
            (folder / file).write_text(text, encoding="utf-8")
        command = [
            sys.executable, "-m", "cambrian", "evolve", name, "--budget", f"{evaluations}ev", "--jobs", str(jobs),
            "--seed", str(seed), "--display", display, "--workspace", str(folder / "workspace"),
            *(word for item in settings for word in ("--set", item)),
        ]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as engine:
            try:
                samples = anyio.run(watch, engine, folder / "workspace" / "journal.db")
            finally:
                engine.terminate()
        if engine.returncode:
            raise SystemExit(f"the engine ended with {engine.returncode}")
        return samples


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--evaluations", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--display", default="none", help="the display's own cost is in the engine's process")
    parser.add_argument("--set", action="append", default=[], help="KEY=VALUE, as the command line has it")
    chosen = parser.parse_args()
    samples = evolve(chosen.evaluations, chosen.jobs, chosen.seed, chosen.display, chosen.set)
    total, part = chosen.evaluations, chosen.evaluations // 10
    first, last = per_evaluation(samples, 0, part), per_evaluation(samples, total - part, total)
    end = samples[-1]
    figures = [
        Figure(f"engine: resident size after {end.evaluations} evaluations", end.resident / 1e6, "MB", 60),
        Figure("engine: largest resident size seen", max(item.resident for item in samples) / 1e6, "MB"),
        Figure(f"engine: CPU per evaluation, first {part}", 1000 * first, "ms"),
        Figure(f"engine: CPU per evaluation, last {part}", 1000 * last, "ms"),
        Figure("engine: last ÷ first", last / first, "", 1.2),
    ]  # fmt: skip
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

"""What one fresh `1 + 1` costs on the Python runtimes of scripts, beside Monty's own client in the same run.

    python benchmarks/python_runtimes.py --check

*raw*: a session of a warm Monty worker, by its own client in this process, without a jail. *raw, after a pause*: the
same, with a millisecond between two, as a process that also does something else meets it: the cores have fallen
asleep. *monty*: the same code by a warm worker in its jail. *cpython*: a caged process made for it, and buried.

Wall is from asking to the value; rounds take turns, p10 and median over all. CPU is user + system of a child process
that does the work and of everything that it starts, as the difference between a long and a short run.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

import anyio
from pydantic_monty import Monty

from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.sandbox.scripts import cpython, monty
from cambrian.sandbox.scripts.driven import Worker
from cambrian.sandbox.scripts.port import Begin
from report import Cost, Figure, cost, finish, options

LIMITS = Limits(memory=64 * 2**20)
ASK = Begin(
    code="1 + 1",
    language="python",
    inputs={},
    tools={},
    seed=1,
    now=1_700_000_000.0,
    memory=LIMITS.memory,
    wall=LIMITS.wall,
    output=LIMITS.output,
    name="script",
)
SHORT = 20
PAUSE_S = 0.001
BOUNDS = {"raw": None, "monty": 0.8, "cpython": 15.0}
Once = Callable[[], Awaitable[None]]


def raw(pool: Monty) -> None:
    """One session by Monty's own client."""
    limits = {"max_memory": LIMITS.memory, "max_feed_duration_secs": LIMITS.wall}
    with pool.checkout(limits=limits) as session:  # type: ignore[arg-type]
        session.feed_run("1 + 1")


async def once(worker: Worker) -> None:
    """One script by a worker that waits for it, or makes itself ready."""
    await worker.prepare(LIMITS)
    said = await worker.ask(ASK, wall=LIMITS.wall)
    if isinstance(said, Exit) or b'\\"value\\":2' not in said.text:
        raise SystemExit(f"1 + 1 came to {said!r}")
    worker.finish()


def started_raw() -> Monty:
    """A pool of one warm worker."""
    binary = monty.driver().readable[0]
    return Monty(binary_path=binary, min_processes=1, max_processes=1, request_timeout=60.0)


async def started(kind: str) -> Worker:
    """A worker of a runtime."""
    driver = {"monty": monty.driver, "cpython": cpython.driver}[kind]()
    return await Worker.start(driver, level=None)


async def work(kind: str, count: int) -> None:
    """What the child process of a measurement does."""
    if kind == "raw":
        with started_raw() as pool:
            for _ in range(count):
                raw(pool)
        return
    worker = await started(kind)
    for _ in range(count):
        await once(worker)
    await worker.aclose()


def each(kind: str, count: int) -> float:
    """CPU milliseconds of one script."""

    def run(scripts: int) -> Cost:
        return cost([sys.executable, __file__, "--work", kind, "--count", str(scripts)])

    short, long = run(SHORT), run(SHORT + count)
    return (long.cpu_s - short.cpu_s) / count * 1000


async def timed(run: Once, count: int, pause: float) -> list[float]:
    """Milliseconds of each of so many."""
    taken: list[float] = []
    for _ in range(count):
        begun = time.perf_counter()
        await run()
        taken.append((time.perf_counter() - begun) * 1000)
        if pause:
            await anyio.sleep(pause)
    return taken


async def walls(rounds: int, count: int) -> dict[str, list[float]]:
    """Milliseconds by kind, the kinds taking turns."""
    workers = {kind: await started(kind) for kind in ("monty", "cpython")}
    with started_raw() as pool:

        async def bare() -> None:
            raw(pool)

        kinds: dict[str, tuple[Once, int, float]] = {
            "raw": (bare, count, 0.0),
            "raw, after a pause": (bare, count, PAUSE_S),
            "monty": (lambda: once(workers["monty"]), count, 0.0),
            "cpython": (lambda: once(workers["cpython"]), max(2, count // 10), 0.0),
        }
        taken: dict[str, list[float]] = {kind: [] for kind in kinds}
        for run, _, _ in kinds.values():
            await run()
        for _ in range(rounds):
            for kind, (run, several, pause) in kinds.items():
                taken[kind] += await timed(run, several, pause)
    for worker in workers.values():
        await worker.aclose()
    return taken


def measure(rounds: int, count: int) -> list[Figure]:
    """All figures."""
    taken = anyio.run(walls, rounds, count)
    p10 = {kind: statistics.quantiles(values, n=10)[0] for kind, values in taken.items()}
    median = {kind: statistics.median(values) for kind, values in taken.items()}
    counts = {"raw": 5 * count, "monty": 5 * count, "cpython": max(2, count // 2)}
    cpu = {kind: statistics.median(each(kind, several) for _ in range(rounds)) for kind, several in counts.items()}
    figures = [Figure(f"{kind}: wall, p10", value, "ms") for kind, value in p10.items()]
    figures += [Figure(f"{kind}: wall, median", value, "ms") for kind, value in median.items()]
    figures += [Figure(f"{kind}: CPU of all processes", cpu[kind], "ms", bound) for kind, bound in BOUNDS.items()]
    figures.append(Figure("monty / raw: wall, p10", p10["monty"] / p10["raw"], "ratio", 8.0))
    paused = p10["monty"] / p10["raw, after a pause"]
    return [*figures, Figure("monty / raw, after a pause: wall, p10", paused, "ratio", 4.0)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=200, help="scripts of a round")
    parser.add_argument("--work", help="measure nothing, only do the work of this kind")
    chosen = parser.parse_args(arguments)
    if chosen.work:
        anyio.run(work, chosen.work, chosen.count)
        return 0
    return finish(measure(chosen.rounds, chosen.count), as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

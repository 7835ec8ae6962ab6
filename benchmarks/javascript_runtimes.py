"""What one fresh `1 + 1` costs on the JavaScript runtimes of scripts, beside bare QuickJS in a process.

    python benchmarks/javascript_runtimes.py --check

*raw*: QuickJS by its own Python binding in a child process without a jail, a new engine runtime for each script, code
in by a pipe and the value out by another. *quickjs*: a warm worker in its jail, scripts one after the other. *quickjs,
after a pause*: the same with two milliseconds between two, in which the worker makes the next engine runtime; this is
what a script meets that does not come at once after another. *deno*, *node*, *bun*, where they are: an engine process
made for the script; *warm* is what is left to wait for if that was done before the script came.

Wall is from asking to the value; rounds take turns, p10 and median over all. CPU is user + system of a child process
that does the work and of everything that it starts, as the difference between a long and a short run.
"""

from __future__ import annotations

import importlib
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import IO, Protocol, cast

import anyio

from cambrian.core.errors import CapabilityMissing
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.sandbox.scripts.driven import Driver, Worker
from cambrian.sandbox.scripts.port import Begin
from report import Cost, Figure, cost, finish, options

LIMITS = Limits(memory=64 * 2**20)
ASK = Begin(
    code="1 + 1",
    language="javascript",
    inputs={},
    tools={},
    seed=1,
    now=1_700_000_000.0,
    memory=LIMITS.memory,
    wall=LIMITS.wall,
    output=LIMITS.output,
    name="script",
)
RAW = """
import sys, _quickjs
for line in sys.stdin:
    context = _quickjs.Context()
    context.set_memory_limit(64 * 2**20)
    context.set_time_limit(30)
    print(context.eval(line), flush=True)
"""
PAUSE_S = 0.002
SHORT = 5
BOUNDS = {"raw": None, "quickjs": 2.0, "deno": 200.0, "node": 200.0, "bun": 150.0}
ENGINES = ("deno", "node", "bun")


class _Module(Protocol):
    def driver(self) -> Driver: ...


class Raw:
    """Bare QuickJS in a child process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", RAW], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )

    def once(self) -> None:
        """One script."""
        cast("IO[bytes]", self._process.stdin).write(b"1 + 1\n")
        if cast("IO[bytes]", self._process.stdout).readline() != b"2\n":
            raise SystemExit("1 + 1 was not 2")

    def close(self) -> None:
        """End the process."""
        for stream in (self._process.stdin, self._process.stdout):
            cast("IO[bytes]", stream).close()
        self._process.wait()


async def started(name: str) -> Worker:
    """A worker of a runtime, ready for its first script."""
    driver = cast("_Module", importlib.import_module(f"cambrian.sandbox.scripts.{name}")).driver()
    worker = await Worker.start(driver, level=None)
    await worker.prepare(LIMITS)
    return worker


async def ask(worker: Worker) -> None:
    """One script by a worker that waits for it."""
    said = await worker.ask(ASK, wall=LIMITS.wall)
    if isinstance(said, Exit) or b'\\"value\\":2' not in said.text:
        raise SystemExit(f"1 + 1 came to {said!r}")
    worker.finish()


async def quickjs(count: int, pause: float) -> list[float]:
    """Milliseconds of each of so many, on a worker that serves them all."""
    worker = await started("quickjs")
    taken: list[float] = []
    for _ in range(count):
        await worker.prepare(LIMITS)
        await anyio.sleep(pause)
        begun = time.perf_counter()
        await ask(worker)
        taken.append((time.perf_counter() - begun) * 1000)
    await worker.aclose()
    return taken


async def engine(name: str, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of starting an engine process, and of a script on one that has started."""
    cold: list[float] = []
    warm: list[float] = []
    worker = await started(name)
    for _ in range(count):
        begun = time.perf_counter()
        await worker.prepare(LIMITS)
        ready = time.perf_counter()
        await ask(worker)
        cold.append((ready - begun) * 1000)
        warm.append((time.perf_counter() - ready) * 1000)
    await worker.aclose()
    return cold[1:], warm[1:]  # the first was started before the clock


def raw(count: int) -> list[float]:
    """Milliseconds of each of so many."""
    process = Raw()
    process.once()
    taken: list[float] = []
    for _ in range(count):
        begun = time.perf_counter()
        process.once()
        taken.append((time.perf_counter() - begun) * 1000)
    process.close()
    return taken


async def work(kind: str, count: int) -> None:
    """What the child process of a measurement does."""
    if kind == "raw":
        raw(count)
    elif kind == "quickjs":
        await quickjs(count, 0.0)
    else:
        await engine(kind, count)


def each(kind: str, count: int) -> float:
    """CPU milliseconds of one script."""

    def run(scripts: int) -> Cost:
        return cost([sys.executable, __file__, "--work", kind, "--count", str(scripts)])

    short, long = run(SHORT), run(SHORT + count)
    return (long.cpu_s - short.cpu_s) / count * 1000


def here() -> list[str]:
    """The engines of their own processes that are installed."""
    found: list[str] = []
    for name in ENGINES:
        try:
            cast("_Module", importlib.import_module(f"cambrian.sandbox.scripts.{name}")).driver()
        except CapabilityMissing:
            continue
        found.append(name)
    return found


async def walls(engines: list[str], rounds: int, count: int) -> dict[str, list[float]]:
    """Milliseconds by kind, the kinds taking turns."""
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        taken.setdefault("raw", []).extend(raw(count))
        taken.setdefault("quickjs", []).extend(await quickjs(count, 0.0))
        taken.setdefault("quickjs, after a pause", []).extend(await quickjs(count, PAUSE_S))
        for name in engines:
            cold, warm = await engine(name, max(4, count // 40))
            taken.setdefault(f"{name}, start", []).extend(cold)
            taken.setdefault(f"{name}, warm", []).extend(warm)
    return taken


def measure(rounds: int, count: int) -> list[Figure]:
    """All figures."""
    engines = here()
    taken = anyio.run(walls, engines, rounds, count)
    p10 = {kind: statistics.quantiles(values, n=10)[0] for kind, values in taken.items()}
    figures = [Figure(f"{kind}: wall, p10", value, "ms") for kind, value in p10.items()]
    figures += [Figure(f"{kind}: wall, median", statistics.median(values), "ms") for kind, values in taken.items()]
    counts = {"raw": 5 * count, "quickjs": 5 * count, **dict.fromkeys(engines, max(4, count // 20))}
    cpu = {kind: statistics.median(each(kind, several) for _ in range(rounds)) for kind, several in counts.items()}
    figures += [Figure(f"{kind}: CPU of all processes", value, "ms", BOUNDS[kind]) for kind, value in cpu.items()]
    figures.append(Figure("quickjs / raw: CPU", cpu["quickjs"] / cpu["raw"], "ratio", 12.0))
    paused = p10["quickjs, after a pause"] / p10["raw"]
    return [*figures, Figure("quickjs, after a pause / raw: wall, p10", paused, "ratio", 6.0)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=200, help="scripts of a round")
    parser.add_argument("--work", help="measure nothing, only do the work of this kind")
    chosen = parser.parse_args(arguments)
    if chosen.work:
        anyio.run(work, chosen.work, chosen.count)
        return 0
    return finish(measure(chosen.rounds, chosen.count), as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

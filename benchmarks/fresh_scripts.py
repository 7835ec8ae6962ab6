"""A fresh sandbox for `1 + 1` through the public API, journalled, beside bare Monty and bare QuickJS workers.

    python benchmarks/fresh_scripts.py --check

*raw*: the engine's own client or binding, a warm worker process without a jail and without a journal, a new session or
engine runtime for each script. *run*: `Sandbox.run` on a warm pool: routed, run in its jail, written to the journal.
Rounds take turns; wall from asking to the value, p10 and median; ratios are of medians. *per second* is with as many
clients at a time as keep the cores busy; *one call*: the script calls a tool, whose intent is durable before it starts
and whose outcome before the script hears of it. CPU is that of this process and all its workers.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import anyio
from pydantic_monty import Monty

from cambrian.app.execution.running import Sandbox
from cambrian.core.limits import Limits
from cambrian.core.script import Language
from cambrian.tools.registry import Toolbox
from javascript_runtimes import Raw
from python_runtimes import raw as raw_monty
from report import Figure, finish, options

LIMITS = Limits(memory=64 * 2**20)
LANGUAGES: tuple[tuple[Language, str], ...] = (("python", "monty"), ("javascript", "quickjs"))


def note(text: str) -> str:
    """Take a note."""
    return text


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    await work()
    return 1000 * (time.perf_counter() - begun)


def cpu() -> float:
    """CPU seconds of this process and of all below it, as far as they live."""
    ticks = 0.0
    todo = [os.getpid()]
    while todo:
        pid = todo.pop()
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            todo += [int(word) for word in task.read_text(encoding="ascii").split()]
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


Figures = tuple[float, float]


async def rate(sandbox: Sandbox, box: Toolbox, code: str, language: Language, scripts: int, clients: int) -> Figures:
    """Scripts per second with several clients, and CPU milliseconds of each."""

    async def client(count: int) -> None:
        for _ in range(count):
            result = await sandbox.run(code, language=language, tools=box)
            if result.value not in (2, "x"):
                raise SystemExit(f"{code!r} gave {result!r}")

    await client(20)
    before, begun = cpu(), time.perf_counter()
    async with anyio.create_task_group() as group:
        for _ in range(clients):
            group.start_soon(client, scripts // clients)
    seconds = time.perf_counter() - begun
    return scripts / seconds, 1000 * (cpu() - before) / scripts


async def measure(rounds: int, scripts: int, clients: int, folder: str) -> list[Figure]:
    """All figures."""
    box = Toolbox([note])
    times: dict[str, list[float]] = {name: [] for name in ("monty raw", "monty run", "quickjs raw", "quickjs run")}
    figures: list[Figure] = []
    with Monty() as pool, closing(Raw()) as quickjs:
        async with Sandbox(workspace=folder, limits=LIMITS, speculate=False) as sandbox:

            async def run(language: Language) -> None:
                await sandbox.run("1 + 1", language=language)

            async def bare_monty() -> None:
                raw_monty(pool)

            async def bare_quickjs() -> None:
                quickjs.once()

            work = (bare_monty, lambda: run("python"), bare_quickjs, lambda: run("javascript"))
            for _ in range(20 + rounds):
                for name, each in zip(times, work, strict=True):
                    times[name].append(await timed(each))
            for name, taken in times.items():
                del taken[:20]
                figures.append(Figure(f"{name}: p10", sorted(taken)[len(taken) // 10], "ms"))
                figures.append(Figure(f"{name}: median", statistics.median(taken), "ms"))
            for name in ("monty", "quickjs"):
                ratio = statistics.median(times[f"{name} run"]) / statistics.median(times[f"{name} raw"])
                figures.append(Figure(f"{name}: run ÷ raw", ratio, "ratio", 2.0))
            for language, engine in LANGUAGES:
                call = "note('x')" if language == "python" else "await note('x')"
                for what, code, bound in (("no call", "1 + 1", 2000.0), ("one call", call, 1000.0)):
                    per_s, ms = await rate(sandbox, box, code, language, scripts, clients)
                    figures.append(Figure(f"{engine}, {what}: per second", per_s, "/s", bound, at_least=True))
                    figures.append(Figure(f"{engine}, {what}: CPU of each", ms, "ms"))
    return figures


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--scripts", type=int, default=2000)
    parser.add_argument("--clients", type=int, default=6)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cambrian-fresh-") as folder:
        figures = anyio.run(measure, chosen.rounds, chosen.scripts, chosen.clients, folder)
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

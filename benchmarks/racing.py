"""How long losers of a race live on after the winner, and how much work learnt odds save.

    python benchmarks/racing.py --check

*losers*: three jails race; one program answers, two spin for ever. After the winner's answer, every process of the
losers' programs is looked for every millisecond; the figure is the time until none is left, the worst of all races.
As a control, the programs must have been there before.

*odds*: four alternatives of which one works, the same order every time, with and without what earlier races taught. The
work is the number of alternatives started.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio

from cambrian.compute.alternatives import Alternative, Branch, Odds, race
from cambrian.core.codec import encode
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program
from cambrian.sandbox import CPythonJail
from report import Figure, finish, options

QUICK, LOOP = "def f():\n    return 1\n", "def f():\n    while True:\n        pass\n"


def family(root: int) -> list[int]:
    """A process and all that descend from it (proc_pid_task_children(5))."""
    found = [root]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
    return found


async def one_race(jails: list[CPythonJail]) -> tuple[float, int]:
    """Seconds until the losers' programs are gone, and how many processes there were."""
    idle = {pid for jail in jails for pid in family(jail.zygote_pid)}
    programs: list[int] = []
    answered: list[float] = []

    def jailed(jail: CPythonJail, text: str) -> Callable[[Branch], Awaitable[int]]:
        async def run(branch: Branch) -> int:
            session = await jail.launch(Program(files={"p.py": text}, entry="p.py:f"), Limits(wall=30.0))
            if isinstance(session, Exit):
                raise SystemExit(f"{branch.name} did not start: {session!r}")
            try:
                programs.extend(pid for pid in family(jail.zygote_pid) if pid not in idle)
                while text is QUICK and len(programs) < len(jails):
                    await anyio.sleep(0.002)
                await session.call(encode(()))
                answered.append(time.monotonic())
                return 1
            finally:
                await session.close()

        return run

    async def watch(until: list[float]) -> None:
        while not answered or any(Path(f"/proc/{pid}").exists() for pid in programs):
            await anyio.sleep(0.001)
        until.append(time.monotonic())

    gone: list[float] = []
    async with anyio.create_task_group() as group:
        group.start_soon(watch, gone)
        texts = [LOOP] * (len(jails) - 1) + [QUICK]
        await race(
            [Alternative(str(i), jailed(jail, text)) for i, (jail, text) in enumerate(zip(jails, texts, strict=True))]
        )
    return gone[0] - answered[0], len(programs)


async def losers(races: int) -> list[float]:
    """Seconds of each race."""
    jails = [await CPythonJail.start() for _ in range(3)]
    found: list[float] = []
    try:
        for _ in range(races):
            seconds, count = await one_race(jails)
            if count < len(jails):
                raise SystemExit(f"only {count} programs ran; nothing was raced")
            found.append(seconds)
    finally:
        for jail in jails:
            await jail.aclose()
    return found


async def work(races: int, odds: Odds | None) -> int:
    """Alternatives started in so many races, of four of which the last one works."""
    started = 0

    def alternative(works: bool) -> Callable[[Branch], Awaitable[bool]]:
        async def run(branch: Branch) -> bool:
            nonlocal started
            del branch
            started += 1
            return works

        return run

    alternatives = [Alternative(str(i), alternative(i == 3)) for i in range(4)]
    for _ in range(races):
        await race(alternatives, valid=bool, odds=odds, head_start_s=5.0)
    return started


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--races", type=int, default=100)
    chosen = parser.parse_args()
    seconds = anyio.run(losers, chosen.races)
    naive, learnt = anyio.run(work, chosen.races, None), anyio.run(work, chosen.races, Odds())
    figures = [
        Figure("losers' last process after the winner, worst", 1000 * max(seconds), "ms", 100.0),
        Figure("losers' last process after the winner, median", 1000 * statistics.median(seconds), "ms"),
        Figure("alternatives started per race, odds not learnt", naive / chosen.races, ""),
        Figure("alternatives started per race, odds learnt", learnt / chosen.races, "", 2.0),
    ]
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

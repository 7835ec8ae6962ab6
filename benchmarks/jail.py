"""What one program in a jail costs, beside `bwrap … python -I -S -c pass` in the same run.

    python benchmarks/jail.py --check

*one*: launch, one call, close, of a trivial program. *pair*: the same for a candidate, then for a scorer in a second
jail, each in a fresh process. *two at once*: pairs in two slots side by side, as evaluations per second.

CPU is user + system of a child process that does the work and of everything that it starts. Costs are differences
between a long and a short run, so that start-up cancels out. Jail and bwrap take turns; medians over the rounds.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

import anyio

from cambrian.core.codec import encode
from cambrian.core.limits import Level, Limits
from cambrian.core.ports import Exit, Program
from cambrian.sandbox import CPythonJail
from report import Cost, Figure, cost, finish, options

CANDIDATE = Program(files={"program.py": "def answer(x):\n    return x + 1\n"}, entry="program.py:answer")
ARGUMENTS = encode((1,))
SHORT = 10
BWRAP = ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"]


async def evaluate(jail: CPythonJail) -> None:
    """Launch, call, close."""
    session = await jail.launch(CANDIDATE, Limits())
    if isinstance(session, Exit):
        raise SystemExit(f"a trivial program ended with {session!r}")
    await session.call(ARGUMENTS)
    await session.close()


async def slot(level: Level, jails: int, count: int) -> None:
    """So many evaluations, each in every one of the slot's jails, one after the other."""
    slot = [await CPythonJail.start(level=level) for _ in range(jails)]
    for _ in range(count):
        for jail in slot:
            await evaluate(jail)
    for jail in slot:
        await jail.aclose()


def control(count: int) -> None:
    """So many interpreters in bubblewrap."""
    for _ in range(count):
        subprocess.run([*BWRAP, sys.executable, "-I", "-S", "-c", "pass"], check=True)


def work(kind: str, count: int) -> None:
    """What the child process of a measurement does."""
    if kind == "bwrap":
        control(count)
    else:
        level, jails = kind.split("x")
        anyio.run(slot, Level[level], int(jails), count)


def each(kind: str, count: int) -> Cost:
    """CPU and wall seconds of one evaluation."""

    def run(evaluations: int) -> Cost:
        return cost([sys.executable, __file__, "--work", kind, "--count", str(evaluations)])

    short, long = run(SHORT), run(SHORT + count)
    return Cost((long.cpu_s - short.cpu_s) / count, (long.wall_s - short.wall_s) / count)


async def side_by_side(slots: int, count: int) -> float:
    """Pairs per second in several slots of one engine, start-up left out."""
    rows = [[await CPythonJail.start(level=Level.L3) for _ in range(2)] for _ in range(slots)]

    async def drive(row: list[CPythonJail]) -> None:
        for _ in range(count):
            for jail in row:
                await evaluate(jail)

    begun = time.perf_counter()
    async with anyio.create_task_group() as group:
        for row in rows:
            group.start_soon(drive, row)
    seconds = time.perf_counter() - begun
    for jail in (jail for row in rows for jail in row):
        await jail.aclose()
    return slots * count / seconds


def measure(rounds: int, count: int) -> list[Figure]:
    """All figures."""
    kinds = ["L3x1", "L3x2", "L2x1", "L0x1", *(["bwrap"] if _has_bwrap() else [])]
    taken: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(rounds):
        for kind in kinds:
            taken[kind].append(each(kind, count).cpu_s * 1000)
    ms = {kind: statistics.median(values) for kind, values in taken.items()}
    cores = len(os.sched_getaffinity(0))
    rate = anyio.run(side_by_side, 2, count)
    figures = [
        Figure("one at level 3: CPU", ms["L3x1"], "ms", 5.0),
        Figure("one at level 2: CPU", ms["L2x1"], "ms"),
        Figure("one at level 0: CPU", ms["L0x1"], "ms"),
        Figure("pair at level 3 (candidate + scorer): CPU", ms["L3x2"], "ms", 12.0),
        Figure("two pairs at once: evaluations", rate, "per s"),
        Figure("two pairs at once: share of cores / CPU", rate * ms["L3x2"] / 1000 / cores, ""),
    ]
    if "bwrap" in ms:
        figures.append(Figure("bwrap python -I -S -c pass: CPU", ms["bwrap"], "ms"))
        figures.append(Figure("one at level 3 / bwrap", ms["L3x1"] / ms["bwrap"], "ratio", 0.6))
        figures.append(Figure("pair at level 3 / bwrap", ms["L3x2"] / ms["bwrap"], "ratio"))
    return figures


def _has_bwrap() -> bool:
    if shutil.which("bwrap") is None:
        return False
    return subprocess.run([*BWRAP, "true"], capture_output=True, check=False).returncode == 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=100, help="evaluations of a round")
    parser.add_argument("--work", help="measure nothing, only do the work of this kind")
    chosen = parser.parse_args(arguments)
    if chosen.work:
        work(chosen.work, chosen.count)
        return 0
    return finish(measure(chosen.rounds, chosen.count), as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

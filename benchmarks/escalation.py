"""What it costs to begin on a runtime that cannot, and end on one that can, three journalled calls on the way.

    python benchmarks/escalation.py --check

The script makes three calls and then wants what Monty lacks, in a way that no look at its text tells. *escalated*: it
begins on Monty and ends on CPython, its calls answered from the record there. *target*: the same script begins on
CPython. CPU is that of this process and all below it, ended ones included; *more* is the difference of the medians.
The calls are counted: none may happen twice.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time

import anyio

from cambrian.app.execution.running import Sandbox
from cambrian.tools.registry import Toolbox
from fresh_scripts import cpu
from report import Figure, finish, options

CODE = """
total = charge(1) + charge(2) + charge(3)
total.bit_count()
"""


async def measure(rounds: int, folder: str) -> list[Figure]:
    """All figures."""
    made: list[int] = []

    def charge(n: int) -> int:
        """Charge."""
        made.append(n)
        return n

    box = Toolbox([charge])
    spent: dict[str, list[float]] = {"escalated": [], "target": []}
    walls: dict[str, list[float]] = {"escalated": [], "target": []}
    async with Sandbox(workspace=folder, workers=1, speculate=False) as sandbox:
        for turn in range(rounds + 2):
            for kind, runtime in (("escalated", "auto"), ("target", "cpython")):
                sandbox.dispatcher.forget()
                made.clear()
                await anyio.sleep(0.05)  # the next worker is made ready meanwhile, as between scripts of a client
                before, begun = cpu(), time.perf_counter()
                result = await sandbox.run(CODE, tools=box, runtime=runtime)
                wall, used = time.perf_counter() - begun, cpu() - before
                if (result.value, result.runtime, made) != (2, "cpython", [1, 2, 3]):
                    raise SystemExit(f"{kind}: {result!r}, calls {made!r}")
                if (kind == "escalated") != bool(result.left):
                    raise SystemExit(f"{kind}: left {result.left!r}")
                if turn >= 2:
                    spent[kind].append(1000 * used)
                    walls[kind].append(1000 * wall)
    medians = {kind: statistics.median(each) for kind, each in spent.items()}
    tick = 1000 / os.sysconf("SC_CLK_TCK")
    means = {kind: statistics.fmean(each) for kind, each in spent.items()}
    return [
        Figure("escalated: CPU, mean", means["escalated"], "ms"),
        Figure("target runtime from the start: CPU, mean", means["target"], "ms"),
        Figure(
            f"more CPU by the escalation (clock tick {tick:g} ms)", means["escalated"] - means["target"], "ms", 25.0
        ),
        Figure("more CPU, medians", medians["escalated"] - medians["target"], "ms"),
        Figure("escalated: wall, median", statistics.median(walls["escalated"]), "ms"),
        Figure("target: wall, median", statistics.median(walls["target"]), "ms"),
    ]


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cambrian-escalation-") as folder:
        figures = anyio.run(measure, chosen.rounds, folder)
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

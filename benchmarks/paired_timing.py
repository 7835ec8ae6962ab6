"""A program against itself: do two runs of it agree as well as their noise says?

    python benchmarks/paired_timing.py --check

Each round times one program against itself in pairs, in random order. Were the noise the pairs' own, the rounds' means
would spread by as much as their standard errors say: a ratio of about 1. Two processes that live through a round keep
their luck (a core with a busy neighbour, a layout of memory), so their means spread by far more, and a test that takes
pairs for independent is wrong. Fresh processes of one jail for each run draw that luck anew.
"""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Awaitable, Callable, Sequence
from random import Random

import anyio

from cambrian.core.codec import encode
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply, Session
from cambrian.sandbox import CPythonJail
from cambrian.verify.fresh import FreshRuns
from cambrian.verify.superiority import log_ratio
from cambrian.verify.timing import Arm
from report import Figure, finish, options

PROGRAM = Program(
    files={"m.py": "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n"},
    entry="m.py:f",
)
WORK = encode((20_000,))
LIMITS = Limits(wall=300.0, cpu=300.0)

Take = Callable[[Arm, int], Awaitable[float | None]]


async def gains(take: Take, pairs: int, rng: Random) -> list[float]:
    """Logarithms of control over candidate, who are the same."""
    found: list[float] = []
    for pair in range(pairs):
        order: tuple[Arm, Arm] = ("control", "candidate") if rng.random() < 0.5 else ("candidate", "control")
        times = {arm: await take(arm, pair) for arm in order}
        control, candidate = times["control"], times["candidate"]
        if control is None or candidate is None:
            raise SystemExit("the program failed")
        found.append(log_ratio(control, candidate))
    return found


async def side_by_side(pairs: int, rng: Random) -> list[float]:
    """Two processes in two jails, both alive through the round."""
    jails: dict[Arm, CPythonJail] = {"control": await CPythonJail.start(), "candidate": await CPythonJail.start()}
    sessions: dict[Arm, Session] = {}
    for arm, jail in jails.items():
        session = await jail.launch(PROGRAM, LIMITS)
        if isinstance(session, Exit):
            raise SystemExit(f"the program ended: {session}")
        sessions[arm] = session

    async def take(arm: Arm, _pair: int) -> float | None:
        while isinstance(reply := await sessions[arm].call(WORK), Reply):
            if reply.cpu_s:  # a clock read from outside may lag by a whole short call
                return reply.cpu_s
        return None

    try:
        return await gains(take, pairs, rng)
    finally:
        for arm, jail in jails.items():
            await sessions[arm].close()
            await jail.aclose()


async def fresh(pairs: int, rng: Random) -> list[float]:
    """A new process of one jail for each run."""
    jail = await CPythonJail.start()
    try:
        programs: dict[Arm, Program] = {"control": PROGRAM, "candidate": PROGRAM}
        return await gains(FreshRuns(jail, programs, lambda _pair: WORK, LIMITS), pairs, rng)
    finally:
        await jail.aclose()


def excess(rounds: Sequence[Sequence[float]]) -> float:
    """Spread of the rounds' means over what their noise explains."""
    errors = [statistics.variance(values) / len(values) for values in rounds]
    return math.sqrt(statistics.variance([statistics.fmean(values) for values in rounds]) / statistics.fmean(errors))


async def measure(rounds: int, pairs: int) -> list[Figure]:
    figures: list[Figure] = []
    for name, way, bound in (("side by side", side_by_side, None), ("fresh", fresh, 2.0)):
        found = [await way(pairs, Random(index)) for index in range(rounds)]
        worst = max(abs(math.expm1(statistics.fmean(values))) for values in found)
        figures += [
            Figure(f"{name}: noise of a pair", 100 * math.expm1(statistics.fmean(map(statistics.stdev, found))), "%"),
            Figure(f"{name}: largest difference of a round", 100 * worst, "%"),
            Figure(f"{name}: spread of rounds over what noise explains", excess(found), "×", bound),
        ]
    return figures


def main() -> int:
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="of each way (default: %(default)s)")
    parser.add_argument("--pairs", type=int, default=150, help="in a round (default: %(default)s)")
    chosen = parser.parse_args()
    return finish(anyio.run(measure, chosen.rounds, chosen.pairs), as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

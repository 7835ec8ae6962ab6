"""The seed's example of time travel: a loop that calls a tool; back to iteration 47, look, change a variable, go on.

    python benchmarks/time_travel.py --check

*jump*: the snapshot of call 47 is taken from the journal, its seal checked, and loaded. *inspect*: the script's
variables are read there. *change and resume*: a fork of the run goes on from there with another value of a variable, up
to its next call, and that call is answered. The bound is on all three together, on Monty with a warm worker. *to the
end* is told besides: what the remaining iterations take is the script's own matter. Recording is told as what a run
with a snapshot at each call takes over one without, and as bytes.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time

import anyio

from cambrian.app.execution.running import Sandbox
from cambrian.app.execution.travel import Traveller
from cambrian.tools.registry import Toolbox
from report import Figure, finish, options

LOOP = "total = 0\nfor i in range(60):\n    total += double(i)\ntotal"
AT = 47


async def measure(rounds: int, folder: str) -> list[Figure]:
    """All figures."""
    answered: list[float] = []

    def double(x: int) -> int:
        """Twice x."""
        answered.append(time.perf_counter())
        return 2 * x

    box = Toolbox([double])
    jumps: list[float] = []
    resumes: list[float] = []
    ends: list[float] = []
    sizes: list[int] = []
    recorded: dict[bool, list[float]] = {True: [], False: []}
    async with Sandbox(workspace=folder, workers=2, speculate=False) as sandbox:
        traveller = Traveller(sandbox, sandbox.sealer)
        for turn in range(rounds + 2):
            run = ""
            for checkpoints in (False, True):
                begun = time.perf_counter()
                result = await sandbox.run(LOOP, tools=box, runtime="monty", checkpoints=checkpoints)
                recorded[checkpoints].append(1000 * (time.perf_counter() - begun))
                run = result.run
            history = await traveller.history(run)
            begun = time.perf_counter()
            seen = await traveller.inspect(history, AT)
            looked = time.perf_counter()
            if (seen["i"], seen["total"]) != (AT, 2 * sum(range(AT))):
                raise SystemExit(f"at call {AT} the script has {seen!r}")
            answered.clear()
            forked = await traveller.fork(history, AT, box, edits={"total": 1_000_000})
            ended = time.perf_counter()
            if forked.value != 1_000_000 + 2 * sum(range(AT + 1, 60)):
                raise SystemExit(f"the fork gave {forked.value!r}")
            if turn >= 2:
                jumps.append(1000 * (looked - begun))
                resumes.append(1000 * (answered[0] - looked))
                ends.append(1000 * (ended - looked))
                sizes += [each.size for each in history.checkpoints]
    whole = [a + b for a, b in zip(jumps, resumes, strict=True)]
    more = statistics.median(recorded[True]) - statistics.median(recorded[False])
    return [
        Figure("jump and inspect: median", statistics.median(jumps), "ms"),
        Figure("change and resume, to the next call's tool: median", statistics.median(resumes), "ms"),
        Figure("jump, inspect, change, resume: median", statistics.median(whole), "ms", 20.0),
        Figure("change and resume, to the end (12 calls): median", statistics.median(ends), "ms"),
        Figure("recording: time per snapshot", more / 60, "ms"),
        Figure("recording: bytes per snapshot, median", statistics.median(sizes), "B"),
    ]


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cambrian-travel-") as folder:
        figures = anyio.run(measure, chosen.rounds, folder)
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

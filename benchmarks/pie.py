"""Whole programs that read standard input: PIE's slow Python programs, made faster by the speed rules.

    python benchmarks/pie.py --data ../shared/data --jobs 2 --check
    python benchmarks/pie.py --sample 20 --verbose
    python benchmarks/pie.py --only p03078

PIE (Madaan et al., "Learning performance-improving code edits", github.com/madaan/pie-perf) has pairs of a slow program
and a person's faster one. Of the pairs whose published times say more than 2 x, those do not take part where the slow
program imports numpy or scipy and the fast one does not: that gain is an import's.

The set has no tests. Inputs are made up from the slow program's text alone; the fast one is never run. A program
qualifies if 50 of them end with exit status 0, with 10 different outputs, and notice 80 % of seeded mistakes. Then the
rules rewrite it; that must do the same on the inputs, and afterwards on twice as many fresh ones. Times are CPU seconds
of fresh processes on a large made-up input, in pairs, without the interpreter's start-up; with it is told, too.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import cast

import anyio
import msgspec

from cambrian.core.errors import SandboxError
from cambrian.improvement.programs import ProgramLaps, improve_program
from cambrian.sandbox import CPythonJail
from cambrian.verify.laps import compare
from cambrian.verify.stdin import Inputs, Lane, differing, stdin_source, weak_on
from parts import hand_in, part_of, spread
from report import Figure, cost, finish, options

HERE = Path(__file__).parent
FILE = "pie_dev.jsonl"
HUMAN, FAST, SHARE = 2.0, 1.5, 15.0
LEAST_INPUTS, LEAST_OUTPUTS, LEAST_KILLED = 50, 10, 0.8
WANTED, MUTANTS = 60, 15
RUFF = "PERF,FURB,C4,SIM,PIE,UP,B,RET"
HEAVY = re.compile(r"^\s*(?:from|import)\s+(?:numpy|scipy|numba|pandas|networkx)\b", re.MULTILINE)


class Row(msgspec.Struct):
    """A pair of the set; times in ms, as published."""

    problem_id: str
    input: str
    target: str
    cpu_time_v0: float
    cpu_time_v1: float


class Result(msgspec.Struct):
    """What came of a program."""

    problem_id: str
    number: int
    why_not: str = ""
    inputs: int = 0
    outputs: int = 0
    killed: float = 0.0
    verdict: str = ""
    reason: str = ""
    rules: list[str] = []
    speed: float = 1.0
    before_s: float = 0.0
    after_s: float = 0.0
    wrong: bool = False
    ruff: float = 1.0
    ruff_wrong: bool = False
    seconds: float = 0.0

    @property
    def qualifies(self) -> bool:
        """Whether it counts."""
        return not self.why_not


def read(folder: Path, only: Sequence[str], sample: int, seed: int) -> tuple[list[tuple[int, Row]], int]:
    """The pairs that take part, with their number in the file, and how many are import artefacts.

    Raises:
        SystemExit: the data are not there.
    """
    path = folder / FILE
    if not path.is_file():
        raise SystemExit(f"{str(path)!r} is not there; name the folder that has {FILE} with --data FOLDER")
    rows = [cast("dict[str, object]", json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    known: dict[str, tuple[int, Row]] = {}
    for number, each in enumerate(rows):
        row = msgspec.convert(each, Row, strict=False)
        if row.cpu_time_v0 > HUMAN * row.cpu_time_v1 and (not only or row.problem_id in only):
            known.setdefault(row.input, (number, row))
    pairs = list(known.values())
    kept = [pair for pair in pairs if not (HEAVY.search(pair[1].input) and not HEAVY.search(pair[1].target))]
    chosen = sorted(Random(seed).sample(kept, sample), key=lambda pair: pair[0]) if 0 < sample < len(kept) else kept
    return chosen, len(pairs) - len(kept)


class Bench:
    """A jail that compares and one that times."""

    def __init__(self, lanes: CPythonJail, jail: CPythonJail, folder: Path, arguments: argparse.Namespace) -> None:
        self._lanes, self._jail, self._folder = lanes, jail, folder
        self._budget, self._seed = cast("float", arguments.budget), cast("int", arguments.seed)
        self._ruff = shutil.which("ruff", path=f"{Path(sys.executable).parent}:/usr/bin") or ""

    async def take(self, number: int, row: Row) -> Result:
        """One program."""
        begun = time.monotonic()
        result = Result(problem_id=row.problem_id, number=number)
        with anyio.move_on_after(self._budget) as scope:
            try:
                async with Lane(self._lanes) as lane:
                    await self._judge(lane, row.input, result)
            except SandboxError as error:
                result.why_not = f"the lane failed: {error}"[:160]
        if scope.cancelled_caught and not result.verdict:
            result.why_not = result.why_not or "no time left"
        result.seconds = time.monotonic() - begun
        return result

    async def _judge(self, lane: Lane, text: str, result: Result) -> None:
        result.why_not = "no time left"
        inputs = await stdin_source(lane, text, n=WANTED, seed=self._seed)
        result.inputs, result.outputs = len(inputs.texts), inputs.outputs
        if result.inputs < LEAST_INPUTS:
            often = max(inputs.errors, key=lambda each: inputs.errors[each], default="no different inputs")
            result.why_not = f"fewer than {LEAST_INPUTS} inputs: {often}"[:160]
            return
        if result.outputs < LEAST_OUTPUTS:
            result.why_not = f"fewer than {LEAST_OUTPUTS} outputs"
            return
        strength = await weak_on(lane, text, inputs, most=MUTANTS, seed=self._seed)
        result.killed = strength.killed
        if result.killed < LEAST_KILLED:
            result.why_not = f"fewer than {LEAST_KILLED:.0%} of mistakes noticed"
            return
        result.why_not = ""
        found = await improve_program(lane, self._jail, text, inputs, seed=self._seed)
        result.rules, result.reason, result.wrong = list(found.rules), found.reason, bool(found.wrong)
        result.before_s, result.after_s, result.verdict = found.before_s, found.after_s, found.verdict
        if found.verdict == "improved" and found.speed is not None:
            result.speed = found.speed.estimate or 1.0
        await self._beside(lane, text, inputs, result)

    async def _beside(self, lane: Lane, text: str, inputs: Inputs, result: Result) -> None:
        """What ruff's fixes bring, on the same input."""
        fixed = fixed_by_ruff(self._ruff, text, self._folder)
        if fixed in ("", text) or not inputs.large:
            return
        if await differing(lane, fixed, inputs) is not None:
            result.ruff_wrong = True
            return
        laps = ProgramLaps(self._jail, {"control": text, "candidate": fixed}, inputs.large[-1][0])
        shown = await compare(laps, pairs=5, rng=Random(1), least=1.0)
        result.ruff = shown.estimate if shown.shown and shown.estimate else 1.0


def fixed_by_ruff(ruff: str, text: str, folder: Path) -> str:
    """A text with all fixes of the performance families; "" if there is no ruff."""
    if not ruff:
        return ""
    path = folder / "fixed.py"
    path.write_text(text, encoding="utf-8")
    words = ["check", "--isolated", "--no-cache", "--select", RUFF, "--fix", "--unsafe-fixes", "--preview", "--quiet"]
    subprocess.run([ruff, *words, str(path)], check=False, capture_output=True, timeout=60)
    return path.read_text(encoding="utf-8")


async def work(arguments: argparse.Namespace) -> None:
    """A share of the programs, a line of JSON each."""
    rows, _ = read(arguments.data, arguments.only, arguments.sample, arguments.seed)
    with tempfile.TemporaryDirectory(prefix="cambrian-pie-") as folder:
        lanes = await CPythonJail.start(preload=("heapq", "collections", "itertools", "bisect", "math", "re"))
        jail = await CPythonJail.start()
        try:
            bench = Bench(lanes, jail, Path(folder), arguments)
            for number, row in part_of(rows, arguments.part):
                result = await bench.take(number, row)
                hand_in(result)
                if arguments.verbose:
                    print(line_of(result), file=sys.stderr, flush=True)
        finally:
            await lanes.aclose()
            await jail.aclose()


def line_of(result: Result) -> str:
    """A program's line for people."""
    head = f"{result.problem_id} #{result.number:<4} {result.seconds:6.0f} s"
    if not result.qualifies:
        return f"{head} does not qualify: {result.why_not} ({result.inputs} inputs, {result.outputs} outputs)"
    wrong = " WRONG" if result.wrong else ""
    return f"{head} {result.speed:6.2f} x {result.verdict}{wrong} {', '.join(result.rules)} {result.reason}"


def start_up() -> float:
    """Median CPU seconds of an interpreter that does nothing."""
    return statistics.median(cost([sys.executable, "-I", "-c", "pass"]).cpu_s for _ in range(5))


def figures(results: Sequence[Result], artefacts: int, cpu_s: float) -> list[Figure]:
    """What is reported."""
    good = [result for result in results if result.qualifies]
    whole = max(1, len(good))
    begun = start_up()
    timed = [result for result in good if result.before_s]
    with_start = [(r.before_s + begun) / (r.after_s + begun) if r.verdict == "improved" else 1.0 for r in timed]
    fast = sum(result.speed >= FAST for result in good)
    return [
        Figure("import artefacts, left out", artefacts, ""),
        Figure(f"programs a person made > {HUMAN:g} x faster", len(results), ""),
        Figure("qualifying", len(good), ""),
        Figure(f"improved by {FAST} x, start-up excluded", 100 * fast / whole, "%", SHARE, at_least=True),
        Figure(f"improved by {FAST} x, start-up included", 100 * sum(r >= FAST for r in with_start) / whole, "%"),
        Figure("improved by 1.1 x, start-up excluded", 100 * sum(r.speed >= 1.1 for r in good) / whole, "%"),
        Figure("geometric mean, unimproved 1", statistics.geometric_mean([r.speed for r in good] or [1.0]), "x"),
        Figure("changed outputs on fresh inputs", sum(result.wrong for result in good), "", 0.0),
        Figure("CPU per program", cpu_s / max(1, len(results)), "s"),
        Figure(f"ruff's fixes: improved by {FAST} x", 100 * sum(r.ruff >= FAST for r in good) / whole, "%"),
        Figure("ruff's fixes: changed outputs", sum(result.ruff_wrong for result in good), ""),
    ]


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data", help="folder of the data")
    parser.add_argument("--only", nargs="*", default=[], help="ids of problems")
    parser.add_argument("--sample", type=int, default=0, help="so many programs; by default all")
    parser.add_argument("--jobs", type=int, default=2, help="programs at a time")
    parser.add_argument("--budget", type=float, default=240.0, help="seconds for a program, by the wall clock")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--verbose", action="store_true", help="a line for each program")
    parser.add_argument("--out", type=Path, default=None, help="file of results, a line of JSON each")
    parser.add_argument("--part", default="", help="PART/PARTS, for --jobs")
    arguments = parser.parse_args()
    if arguments.part:
        anyio.run(work, arguments)
        return 0
    rows, artefacts = read(arguments.data, arguments.only, arguments.sample, arguments.seed)
    results, spent = spread(max(1, arguments.jobs), Result, len(rows))
    if arguments.out:
        arguments.out.write_text("".join(msgspec.json.encode(result).decode() + "\n" for result in results))
    if not arguments.json:
        for why, count in Counter(result.why_not.partition(":")[0] for result in results).most_common():
            print(f"{count:>4} {why or 'qualify'}")
    return finish(figures(results, artefacts, spent.cpu_s), as_json=arguments.json, check=arguments.check)


if __name__ == "__main__":
    sys.exit(main())

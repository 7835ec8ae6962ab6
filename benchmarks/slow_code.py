"""`improve` on 130 small slow programs, Python and JavaScript, written by somebody who had not seen the rules.

    python benchmarks/slow_code.py --jobs 2
    python benchmarks/slow_code.py --language javascript --check

A program counts as faster if a speed-up of 1.2 or more on the corpus' large arguments is shown. Programs of kinds that
issue 5 names are reported apart from those that nobody promised, and from look-alikes that must keep their answers.
Each rewrite is then run by the corpus' own caller, outside of the product: every test and the large arguments must give
what the program itself gives; one that does not is wrong, and there must be none.
"""

from __future__ import annotations

import math
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import anyio
import msgspec
from benchmarks.corpora.functions import CallFailedError, calls, stress_arguments
from benchmarks.corpora.reading import SlowFunction, slow_functions

from cambrian.app.improving import find_speed
from cambrian.core.errors import UsageError
from cambrian.improvement.improving import Improvement, Improver
from cambrian.improvement.inputs import inputs_of
from cambrian.improvement.proposing import ByRules
from cambrian.improvement.scripts import ScriptImprover
from cambrian.improvement.swapping import Swaps
from cambrian.improvement.targets import target_of
from cambrian.sandbox import CPythonJail
from cambrian.verify.arena import Arena
from cambrian.verify.cascade import Terms
from cambrian.verify.cases import Case
from cambrian.verify.policy import Policy
from parts import hand_in, part_of, spread
from report import Figure, finish, options

FAST = 1.2
NAMES = {"python": "program.py", "javascript": "program.js", "typescript": "program.ts"}


class Row(msgspec.Struct):
    """What came of a program."""

    id: str
    language: str
    kind: str
    group: str
    """``promised``, ``other`` or ``keep``."""
    verdict: str
    speedup: float = 1.0
    shown: bool = False
    changed: bool = False
    applicable: bool = False
    wrong: str = ""
    rules: tuple[str, ...] = ()
    reason: str = ""
    seconds: float = 0.0


class Bench:
    """Improvers for both languages."""

    def __init__(self, python: Improver, scripts: ScriptImprover, budget: float) -> None:
        self._python, self._scripts, self._budget = python, scripts, budget

    async def take(self, function: SlowFunction) -> Row:
        """Improve a program and run what came of it."""
        begun = time.monotonic()
        about = function.about
        group = "keep" if function.expect == "keep" else "promised" if about.promised else "other"
        row = Row(function.id, function.language, about.kind, group, "unusable")
        try:
            found = await self._improve(function)
        except UsageError as error:
            row.reason = str(error)
        else:
            row.verdict, row.reason = found.verdict, found.reason
            row.rules = tuple(dict.fromkeys(change.rule for change in found.changes))
            speedup = found.proof.speedup if found.proof is not None else None
            if found.verdict == "improved" and speedup is not None and speedup.estimate is not None:
                row.shown, row.speedup = speedup.estimate >= FAST, speedup.estimate
                row.changed, row.applicable = True, found.applicable
                row.wrong = await anyio.to_thread.run_sync(wrong, function, found.after)
        row.seconds = time.monotonic() - begun
        return row

    async def _improve(self, function: SlowFunction) -> Improvement:
        stress = [] if function.about.stress is None else [stress_arguments(function.about.stress)]
        tests = [test.args for test in function.about.tests]
        with tempfile.TemporaryDirectory(prefix="cambrian-slow-") as folder:
            path = Path(folder) / NAMES[function.language]
            path.write_text(function.text, encoding="utf-8")
            if function.language != "python":
                return await self._scripts.improve(path, function.text, function.about.entry, [*tests, *stress])
            target = target_of(path, function.about.entry)
            inputs = inputs_of(target, given=cases(stress, "stress"), recorded=cases(tests, "test"))
            return await self._python.improve(target, inputs, seconds=self._budget)


def cases(arguments: Iterable[Sequence[object]], origin: str) -> tuple[Case, ...]:
    return tuple(Case(arguments=tuple(each), origin=origin) for each in arguments)


def wrong(function: SlowFunction, text: str) -> str:
    """The first call on which a rewrite differs from its program; "" if there is none."""
    about = function.about
    arguments = [test.args for test in about.tests]
    arguments += [] if about.stress is None else [stress_arguments(about.stress)]
    try:
        before, after = calls(function, arguments), calls(function, arguments, text=text)
    except (CallFailedError, subprocess.TimeoutExpired) as error:
        return str(error)
    for (one, _), (other, _) in zip(before, after, strict=True):
        if one != other:
            return f"{str(one.args)[:60]}: {str(other)[:60]}, not {str(one)[:60]}"
    return ""


async def measure(functions: Iterable[SlowFunction], budget: float, seed: int) -> list[Row]:
    """Improve them, one after the other."""
    rows: list[Row] = []
    scripts = ScriptImprover(seed=seed)
    async with await Arena.start(Policy(exceptions="type"), wall=2.0) as arena:
        jail = await CPythonJail.start()
        try:
            python = Improver(
                arena, jail, [ByRules(find_speed())], Terms(seed=seed), swaps=Swaps(arena, jail, seed=seed)
            )
            bench = Bench(python, scripts, budget)
            for function in functions:
                rows.append(await bench.take(function))
                print(msgspec.json.encode(rows[-1]).decode(), file=sys.stderr, flush=True)
        finally:
            await scripts.aclose()
            await jail.aclose()
    return rows


def figures(rows: Sequence[Row]) -> list[Figure]:
    """The table."""
    kept = [row for row in rows if row.group == "keep"]
    found = [
        Figure("programs", len(rows), ""),
        Figure("rewrites that answer otherwise, all programs", sum(bool(row.wrong) for row in rows), "", 0),
        Figure("look-alikes", len(kept), ""),
        Figure("  rewritten", sum(row.changed for row in kept), ""),
        Figure("  that answer otherwise", sum(bool(row.wrong) for row in kept), "", 0),
        Figure("CPU and waiting of a program, mean", sum(row.seconds for row in rows) / max(len(rows), 1), "s"),
    ]
    for language in sorted({row.language for row in rows}):
        for group in ("promised", "other"):
            own = [row for row in rows if (row.language, row.group) == (language, group)]
            found += shares(f"{language}, {group}", own) if own else []
    return found


def shares(name: str, rows: Sequence[Row]) -> list[Figure]:
    logs = [math.log(row.speedup if row.shown else 1.0) for row in rows]
    return [
        Figure(f"{name}: programs", len(rows), ""),
        Figure(f"  faster by {FAST} x, shown", 100 * sum(row.shown for row in rows) / len(rows), "%"),
        Figure("  of these applied unasked", 100 * sum(row.shown and row.applicable for row in rows) / len(rows), "%"),
        Figure("  geometric mean, unimproved 1", math.exp(sum(logs) / len(rows)), "x"),
    ]


def read(language: str, only: Sequence[str]) -> list[SlowFunction]:
    """The programs whose packages are there."""
    wanted = language.split(",") if language else list(NAMES)
    every = [each for each in slow_functions() if each.language in wanted and not each.about.needs]
    return [each for each in every if not only or any(word in each.id for word in only)]


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--language", default="", help="python, javascript; several with commas")
    parser.add_argument("--only", nargs="*", default=[], help="words of ids")
    parser.add_argument("--sample", type=int, default=0, help="so many programs; by default all")
    parser.add_argument("--seed", type=int, default=0, help="of the sample, the cases and the pairs")
    parser.add_argument("--budget", type=float, default=30.0, help="seconds for a program's candidates")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--part", default="", help="PART/PARTS, for --jobs")
    asked = parser.parse_args()
    functions = read(asked.language, asked.only)
    if 0 < asked.sample < len(functions):
        functions = random.Random(asked.seed).sample(functions, asked.sample)
    if asked.part:
        for row in anyio.run(measure, part_of(functions, asked.part), asked.budget, asked.seed):
            hand_in(row)
        return 0
    if asked.jobs > 1:
        rows, _ = spread(asked.jobs, Row, len(functions))
    else:
        rows = anyio.run(measure, functions, asked.budget, asked.seed)
    return finish(figures(rows), as_json=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())

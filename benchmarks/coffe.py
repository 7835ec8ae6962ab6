"""`cambrian improve` on the functions of COFFE: how many get faster, by how much, and whether all answers stay right.

    python benchmarks/coffe.py --data ../shared/data --jobs 2 --check
    python benchmarks/coffe.py --only HumanEval/55 --verbose

COFFE (Peng et al., "COFFE: A code efficiency benchmark for code generation") has functions with tests and with stress
inputs that make time count. Of each function, the program is the set's own solution. It must pass the tests before and
after, with equal outputs. `improve` gets tests and stress inputs as calls, times on the stress inputs, and has the
speed rules and the library of algorithms, as it has by default. A function counts as faster only if that is *shown*:
95 %, in fresh pairs. Afterwards the rewritten function meets the tests, the stress inputs, and calls drawn anew: one
wrong result is a miss.

Beside it, in the same run and on the same inputs: what ruff's fixes bring.

The data are not part of the project: ``coffe_dev.jsonl`` in the folder named by ``--data``.
"""

from __future__ import annotations

import argparse
import ast
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple, cast

import anyio
import msgspec

from cambrian.app.improving import find_speed
from cambrian.core.codec import decode
from cambrian.core.errors import CodecError, UsageError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply
from cambrian.improvement.improving import Improvement, Improver
from cambrian.improvement.inputs import Inputs, inputs_of
from cambrian.improvement.proposing import ByRules
from cambrian.improvement.swapping import Swaps
from cambrian.improvement.targets import Target, target_of
from cambrian.sandbox import CPythonJail
from cambrian.source.names import undefined
from cambrian.verify.arena import Arena
from cambrian.verify.cascade import Terms
from cambrian.verify.cases import Case
from cambrian.verify.laps import compare
from cambrian.verify.policy import Policy
from cambrian.verify.reference import refer
from cambrian.verify.timed import choose
from parts import hand_in, part_of, spread
from report import Figure, finish, options

HERE = Path(__file__).parent
FAST = 1.2
POLICY = Policy(exceptions="type")
RUFF = "PERF,FURB,C4,SIM,PIE,UP,B,RET"
FRESH_CASES = 150
MAKING = Limits(wall=20.0, cpu=20.0, memory=2 * 2**30, output=24 * 2**20)
CALLING = Limits(wall=60.0, cpu=15.0, memory=2 * 2**30, output=32 * 2**20)


class Test(msgspec.Struct):
    """Arguments, and the answer in a list."""

    input: list[object]
    output: list[object]


class Stress(msgspec.Struct):
    """A Python expression of the list of arguments."""

    input: str


class Row(msgspec.Struct):
    """A function of the set."""

    task_id: str
    entry_point: str
    prompt: str
    solution: str
    tests: list[Test]
    stress: list[Stress]

    @property
    def text(self) -> str:
        """The program, with the imports of the standard library that it takes for granted."""
        body = f"{self.prompt.rstrip()}\n{self.solution}" if "def " in self.prompt else self.solution
        text = body.rstrip() + "\n"
        missing = {name.name for name in undefined({"program.py": text})} & {"math", "re", "collections", "itertools"}
        return "".join(f"import {name}\n" for name in sorted(missing)) + text


class Result(msgspec.Struct):
    """What came of a function."""

    task_id: str
    verdict: str
    speedup: float = 1.0
    lower: float = 1.0
    shown: bool = False
    rules: list[str] = []
    cases: int = 0
    wrong: list[str] = []
    weak: bool = False
    reason: str = ""
    ruff: float = 1.0
    ruff_wrong: bool = False
    seconds: float = 0.0
    original_ms: float = 0.0
    diff: str = ""


def read(folder: Path, only: Sequence[str]) -> list[Row]:
    """The functions.

    Raises:
        SystemExit: the data are not there.
    """
    path = folder / "coffe_dev.jsonl" if folder.is_dir() else folder
    if not path.is_file():
        raise SystemExit(f"{path} is not there; give the folder of coffe_dev.jsonl with --data")
    rows = [msgspec.json.decode(line, type=Row) for line in path.read_bytes().splitlines() if line.strip()]
    return [row for row in rows if not only or row.task_id in only]


def plain(value: object) -> object:
    """As JSON would have it: tuples are lists, keys are texts."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in cast("list[object]", value)]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in cast("set[object]", value)), key=repr)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in cast("dict[object, object]", value).items()}
    found: object = value
    return found


def equal(got: object, wanted: object) -> bool:
    """COFFE's comparison: equal, floats to nine digits."""
    if isinstance(got, float) and isinstance(wanted, float | int) and not isinstance(wanted, bool):
        return got == wanted or math.isclose(got, wanted, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(got, list) and isinstance(wanted, list):
        one, other = cast("list[object]", got), cast("list[object]", wanted)
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(got, dict) and isinstance(wanted, dict):
        held, asked = cast("dict[str, object]", got), cast("dict[str, object]", wanted)
        return held.keys() == asked.keys() and all(equal(item, asked[key]) for key, item in held.items())
    return isinstance(got, bool) is isinstance(wanted, bool) and bool(got == wanted)


class Answer(NamedTuple):
    """What a call gave: a value, or how it failed."""

    value: object
    failure: str = ""


async def answers(jail: CPythonJail, program: Program, cases: Sequence[Case]) -> list[Answer]:
    """What a program gives for each case, each in a process of its own."""
    from cambrian.verify.behaviour import around
    from cambrian.verify.policy import ANSWERS

    found: list[Answer] = []
    for case in cases:
        session = await jail.launch(around(program, ANSWERS, cases=True), CALLING)
        if isinstance(session, Exit):
            found.append(Answer(None, f"{session.status.value} {session.detail}"))
            continue
        reply = await session.call(case.payload)
        await session.close()
        found.append(_answer(reply))
    return found


def _answer(reply: Reply | Exit) -> Answer:
    if isinstance(reply, Exit):
        return Answer(None, f"{reply.status.value} {reply.detail}")
    if reply.raised:
        return Answer(None, "the call could not be carried")
    told = cast("dict[str, object]", decode(cast("bytes", decode(reply.payload)), shapes=True))
    if "answer" not in told:
        error = cast("dict[str, object]", told.get("error") or {"type": "uncarried"})
        return Answer(None, str(error["type"]))
    return Answer(plain(told["answer"]))


async def made(jail: CPythonJail, row: Row) -> tuple[Case, ...]:
    """The stress inputs: their expressions, evaluated in a jail."""
    cases: list[Case] = []
    for stress in row.stress:
        text = f"import random, math, string, itertools, collections\ndef make():\n    return tuple({stress.input})\n"
        try:
            ast.parse(text)
        except SyntaxError:
            continue
        session = await jail.launch(Program(files={"make.py": text}, entry="make.py:make"), MAKING)
        if isinstance(session, Exit):
            continue
        reply = await session.call(b'{"t":[]}')
        await session.close()
        if isinstance(reply, Reply) and not reply.raised:
            try:
                cases.append(Case.read(reply.payload, origin="stress"))
            except CodecError:
                continue
    return tuple(cases)


def tests_of(row: Row) -> tuple[Case, ...]:
    """The tests' arguments."""
    return tuple(Case(arguments=tuple(test.input), origin="test") for test in row.tests)


async def failing(jail: CPythonJail, program: Program, row: Row) -> list[str]:
    """Tests that a program does not pass."""
    got = await answers(jail, program, tests_of(row))
    return [
        f"test {number}: {answer.failure or answer.value!r}"[:200]
        for number, (answer, test) in enumerate(zip(got, row.tests, strict=True))
        if answer.failure or not equal(answer.value, plain(test.output[0]))
    ]


class Bench:
    """Jails and an improver for a share of the functions."""

    def __init__(self, arena: Arena, jail: CPythonJail, folder: Path, arguments: argparse.Namespace) -> None:
        self._arena, self._jail, self._folder = arena, jail, folder
        self._budget = cast("float", arguments.budget)
        self._ruff = shutil.which("ruff", path=f"{Path(sys.executable).parent}:{'/usr/bin'}") or ""
        verbose = cast("bool", arguments.verbose)
        self.improver = Improver(
            arena, jail, [ByRules(find_speed())], Terms(cases=arguments.cases, seed=arguments.seed),
            told=(lambda words: print(words, file=sys.stderr)) if verbose else None,
            swaps=None if arguments.rules_alone else Swaps(arena, jail, seed=arguments.seed),
        )  # fmt: skip

    async def take(self, row: Row) -> Result:
        """One function."""
        begun = time.monotonic()
        path = self._folder / "program.py"
        path.write_text(row.text, encoding="utf-8")
        try:
            target = target_of(path, row.entry_point)
        except UsageError as error:
            return Result(task_id=row.task_id, verdict="unusable", reason=str(error))
        wrong = await failing(self._jail, target.program(), row)
        stress = await made(self._jail, row)
        if wrong or not stress:
            why = wrong[0] if wrong else "no stress input could be made"
            return Result(task_id=row.task_id, verdict="unusable", reason=why)
        inputs = inputs_of(target, given=stress, recorded=tests_of(row))
        found = await self.improver.improve(target, inputs, seconds=self._budget)
        result = _result(row, found)
        if found.verdict == "improved":
            result.wrong = await self._wrong(row, target, found, stress, inputs)
        await self._beside(row, target, stress, result)
        result.seconds = time.monotonic() - begun
        return result

    async def _wrong(
        self, row: Row, target: Target, found: Improvement, stress: tuple[Case, ...], inputs: Inputs
    ) -> list[str]:
        """Results of the rewritten function that are not the original's: tests, stress inputs, calls drawn anew."""
        after = target.program(found.after)
        wrong = await failing(self._jail, after, row)
        again = (*stress, *await made(self._jail, row))
        pairs = zip(
            await answers(self._jail, target.program(), again), await answers(self._jail, after, again), strict=True
        )
        wrong += [
            f"stress input {number}: {other.failure or 'another answer'}"
            for number, (one, other) in enumerate(pairs)
            if not one.failure and (other.failure or repr(one.value) != repr(other.value))
        ]
        fresh = await refer(target.program(), inputs.source, self._arena, n=FRESH_CASES, seed=977, seconds=10.0)
        differing, _ = await fresh.judge(after, self._arena, shrink=50)
        return [*wrong, *([str(differing.counterexample)] if differing.counterexample else [])]

    async def _beside(self, row: Row, target: Target, stress: tuple[Case, ...], result: Result) -> None:
        """What ruff's fixes bring to the same function on the same inputs."""
        text = fixed_by_ruff(self._ruff, target.text, self._folder)
        if text in ("", target.text):
            return
        candidate = target.program(text)
        if await failing(self._jail, candidate, row):
            result.ruff_wrong = True
            return
        timed = await choose(self._jail, target.program(), stress)
        if timed is not None:
            laps = timed.laps(self._jail, target.program(), candidate)
            shown = await compare(laps, pairs=7, rng=Random(1), least=1.0)
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


def _result(row: Row, found: Improvement) -> Result:
    proof = found.proof
    speedup = proof.speedup if proof else None
    same = proof.same if proof else None
    good = found.verdict == "improved" and speedup is not None and speedup.estimate is not None
    return Result(
        task_id=row.task_id, verdict=found.verdict, reason=found.reason or "; ".join(found.refused),
        speedup=speedup.estimate if good and speedup and speedup.estimate else 1.0,
        lower=speedup.lower if good and speedup and speedup.lower else 1.0, shown=good,
        rules=[change.rule for change in found.changes], cases=same.n if same else 0,
        weak=bool(proof and proof.weak), diff=found.diff,
    )  # fmt: skip


async def work(arguments: argparse.Namespace) -> None:
    """A share of the functions, a line of JSON each."""
    rows = read(arguments.data, arguments.only)
    sys.set_int_max_str_digits(0)  # some answers have tens of thousands
    with tempfile.TemporaryDirectory(prefix="cambrian-coffe-") as folder:
        async with await Arena.start(POLICY, wall=2.0) as arena:
            jail = await CPythonJail.start()
            try:
                bench = Bench(arena, jail, Path(folder), arguments)
                for row in part_of(rows, arguments.part):
                    hand_in(await bench.take(row))
            finally:
                await jail.aclose()


def figures(results: Sequence[Result], cpu_s: float) -> list[Figure]:
    """What is reported. A function that could not be used counts as not improved."""
    fast = sum(result.shown and result.speedup >= FAST for result in results)
    logs = [math.log(result.speedup if result.shown else 1.0) for result in results]
    ruff = [math.log(result.ruff) for result in results]
    improved = [result for result in results if result.shown]
    whole = len(results)
    return [
        Figure("functions", whole, ""),
        Figure("of these unusable: tests fail before, no input", sum(r.verdict == "unusable" for r in results), ""),
        Figure(f"faster by {FAST} x, shown", 100 * fast / whole, "%", 25.0, at_least=True),
        Figure("geometric mean over all, unimproved 1", math.exp(sum(logs) / whole), "x", 1.3, at_least=True),
        Figure("functions with a wrong result after", sum(bool(result.wrong) for result in results), "", 0.0),
        Figure("improved with fewer than 500 cases", sum(result.cases < 500 for result in improved), ""),
        Figure("improved on a weak oracle", sum(result.weak for result in improved), ""),
        Figure("CPU per function", cpu_s / whole, "s"),
        Figure(f"ruff's fixes: faster by {FAST} x", 100 * sum(r.ruff >= FAST for r in results) / whole, "%"),
        Figure("ruff's fixes: geometric mean", math.exp(sum(ruff) / whole), "x"),
        Figure("ruff's fixes: functions that fail a test after", sum(result.ruff_wrong for result in results), ""),
    ]


def main() -> int:
    parser = options(__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data", help="folder of the data")
    parser.add_argument("--only", nargs="*", default=[], help="ids of functions")
    parser.add_argument("--jobs", type=int, default=2, help="functions at a time")
    parser.add_argument("--budget", type=float, default=60.0, help="seconds for a function's candidates")
    parser.add_argument("--cases", type=int, default=500, help="cases of each differential test")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rules-alone", action="store_true", help="without the library of algorithms")
    parser.add_argument("--verbose", action="store_true", help="tell what is done, and each function's result")
    parser.add_argument("--out", type=Path, default=None, help="file of results, a line of JSON each")
    parser.add_argument("--part", default="", help="PART/PARTS, for --jobs")
    arguments = parser.parse_args()
    if arguments.part:
        anyio.run(work, arguments)
        return 0
    rows = read(arguments.data, arguments.only)
    results, spent = spread(max(1, arguments.jobs), Result, len(rows))
    if arguments.out:
        arguments.out.write_text("".join(msgspec.json.encode(result).decode() + "\n" for result in results))
    if not shutil.which("refurb", path=str(Path(sys.executable).parent)):
        print("refurb is not installed; it reports and fixes nothing in any case", file=sys.stderr)
    if not arguments.json:
        tell(results, verbose=arguments.verbose)
    return finish(figures(results, spent.cpu_s), as_json=arguments.json, check=arguments.check)


def tell(results: Sequence[Result], *, verbose: bool) -> None:
    """A line for each function with a proposal."""
    for result in sorted(results, key=lambda each: -each.speedup):
        if result.shown or (verbose and result.verdict != "nothing"):
            print(f"{result.task_id:<16} {result.speedup:8.2f} × [{result.lower:.2f}] {', '.join(result.rules)}")
        if result.wrong:
            print(f"{result.task_id:<16} WRONG: {result.wrong[0]}")
        if verbose and result.reason:
            print(f"{result.task_id:<16} {result.verdict}: {result.reason[:200]}")


if __name__ == "__main__":
    sys.exit(main())

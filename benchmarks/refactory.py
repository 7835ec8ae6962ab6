"""Repair of students' programs: Refactory's wrong programs, with and without correct programs as peers.

    python benchmarks/refactory.py --sample 60          # a sample of the wrong programs, without peers
    python benchmarks/refactory.py --peers              # all of them, with the correct programs as peers
    python benchmarks/refactory.py --peers --only question_3 --json

The data are read from a folder (``--data``, by default ``../shared/data``), never from this repository: Hu et al.,
"Re-factoring based program repair applied to programming assignments" (ASE 2019), github.com/githubhuyang/refactory.

A program is repaired if it failed a test before and passes all of them afterwards in a fresh jailed process. Programs
that pass all tests unrepaired are counted apart. Tests are few, so that is *plausible*, not *right*: a plausible repair
is also compared with the question's reference on inputs made from those of the tests, as far as nearly all correct
programs agree with the reference on them. A repair that keeps less than a third of the program is told as a rewrite and
does not count as repaired. CPU seconds are those of this process and of all jails, per program.
"""

from __future__ import annotations

import ast
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import anyio
import msgspec

from cambrian.core.errors import SandboxError
from cambrian.improvement.healing.checking import answers
from cambrian.improvement.healing.lane import Check, Checks, FastLane
from cambrian.improvement.healing.peers import Peers
from cambrian.improvement.healing.repairing import Repair, repaired
from cambrian.improvement.healing.searching import Settings
from cambrian.sandbox import CPythonJail
from parts import hand_in, part_of, spread
from report import Figure, finish, options

FILE = "refactory_dev.jsonl"
WITHOUT, WITH, CPU_S = 0.40, 0.75, 10.0
"""Bounds: share repaired without and with peers; CPU seconds for one program."""
KEPT = 1 / 3
"""Share of its nodes that a repaired program must have kept."""
AGREEING = 0.95
"""Share of the correct programs that must agree with the reference on a generated input."""
PRELUDE = (
    "tuple_of_possible_birthdays = (('May', '15'), ('May', '16'), ('May', '19'), ('June', '17'), ('June', '18'), "
    "('July', '14'), ('July', '16'), ('August', '14'), ('August', '15'), ('August', '17'))\n"
)
"""Checks of question 2 name this global, which the data leave out: the dates of Cheryl's birthday puzzle (Singapore and
Asian Schools Math Olympiad, 2015). All correct programs pass with it."""


class Question(msgspec.Struct):
    """A question: its tests, its reference, correct and wrong programs by name."""

    name: str
    tests: Checks
    reference: str = ""
    correct: list[str] = []
    wrong: dict[str, str] = {}


class Row(msgspec.Struct):
    """What came of one program; `agrees` is unknown (`None`) where it was not compared."""

    question: str
    name: str
    by: str
    edits: tuple[str, ...] = ()
    nodes: int = 0
    kept: float = 1.0
    relative: float = 0.0
    others: int = 0
    cpu_s: float = 0.0
    tried: int = 0
    agrees: bool | None = None

    @property
    def repaired(self) -> bool:
        """Whether it counts."""
        return self.by in ("edits", "peers") and self.kept >= KEPT


def read(folder: Path) -> dict[str, Question]:
    """The questions."""
    path = folder / FILE
    if not path.is_file():
        raise SystemExit(f"{str(path)!r} is not there; name the folder that has {FILE} with --data FOLDER")
    found: dict[str, Question] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = cast("dict[str, object]", json.loads(line))
        name = str(row["question"])
        if row["kind"] == "question":
            given = cast("list[dict[str, str]]", row["tests"])
            pairs = [Check(each["input"].strip(), each["output"].strip()) for each in given]
            prelude = PRELUDE if any("tuple_of_possible_birthdays" in each.expression for each in pairs) else ""
            found[name] = Question(name, Checks(tests=tuple(pairs), prelude=prelude))
        elif row["kind"] == "reference":
            found[name].reference = str(row["code"])
        elif row["kind"] == "correct":
            found[name].correct = [*found[name].correct, str(row["code"])]
        else:
            found[name].wrong = {**found[name].wrong, str(row["name"]): str(row["code"])}
    return found


def varied(tests: Checks, most: int, seed: int) -> list[str]:
    """Calls with other arguments: parts of those in the tests changed, left out, repeated, in another order."""
    rng = random.Random(seed)
    names: dict[str, object] = {}
    exec(tests.prelude, names)
    calls: list[tuple[str, list[object]]] = []
    for test in tests.tests:
        node = ast.parse(test.expression, mode="eval").body
        assert isinstance(node, ast.Call)
        calls.append((ast.unparse(node.func), [_literal(arg, names) for arg in node.args]))
    atoms = sorted({repr(atom) for _, arguments in calls for atom in _atoms(arguments)})
    found: dict[str, None] = {}
    for _ in range(20 * most):
        function, arguments = rng.choice(calls)
        new = [_changed(each, rng, [ast.literal_eval(atom) for atom in atoms]) for each in arguments]
        found.setdefault(f"{function}({', '.join(map(repr, new))})")
        if len(found) >= most:
            break
    return list(found)


def _literal(node: ast.expr, names: dict[str, object]) -> object:
    return names[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)


def _atoms(value: object) -> Iterable[object]:
    if isinstance(value, list | tuple):
        for each in cast("list[object]", value):
            yield from _atoms(each)
    else:
        yield value


def _changed(value: object, rng: random.Random, atoms: Sequence[object]) -> object:
    if rng.random() < 0.25:
        return value
    if isinstance(value, list | tuple):
        items = list(cast("list[object]", value))
        choice = rng.randrange(5)
        if choice == 0 and items:
            items.pop(rng.randrange(len(items)))
        elif choice == 1 and items:
            items.insert(rng.randrange(len(items)), rng.choice(items))
        elif choice == 2:
            rng.shuffle(items)
        elif choice == 3 and items:
            at = rng.randrange(len(items))
            items[at] = _changed(items[at], rng, atoms)
        else:
            items = items[: rng.randint(0, len(items))]
        return items if isinstance(value, list) else tuple(items)
    same = [atom for atom in atoms if type(atom) is type(value)]
    if isinstance(value, int) and not isinstance(value, bool) and rng.random() < 0.6:
        return value + rng.randint(-3, 3)
    return rng.choice(same) if same else value


async def fresh_inputs(jail: CPythonJail, question: Question, most: int) -> Checks | None:
    """Generated inputs with the reference's answers, as far as nearly all correct programs agree with it."""
    tests = tuple(Check(call, "None") for call in varied(question.tests, 2 * most, 7))
    told = await answers(jail, question.reference, msgspec.structs.replace(question.tests, tests=tests))
    known = tuple(
        Check(test.expression, text.partition(" ")[2]) for test, text in zip(tests, told, strict=True) if text
    )
    if not known:
        return None
    every = msgspec.structs.replace(question.tests, tests=known, limit=0.2)
    async with FastLane(jail, every) as lane:
        trials = await lane.try_all(question.correct)
    least = AGREEING * len(question.correct)
    kept = [test for index, test in enumerate(known) if sum(trial.passed >> index & 1 for trial in trials) >= least]
    return msgspec.structs.replace(every, tests=tuple(kept[:most])) if kept else None


async def measure(
    questions: dict[str, Question], chosen: Sequence[tuple[str, str]], *, peers: bool, cpu: float, inputs: int
) -> list[Row]:
    """Repair the chosen programs, one after the other."""
    rows: list[Row] = []
    jail = await CPythonJail.start()
    try:
        borrowed = {name: Peers(each.correct) for name, each in questions.items()} if peers else {}
        fresh: dict[str, Checks | None] = {}
        for name, program in chosen:
            question = questions[name]
            if name not in fresh:
                fresh[name] = await fresh_inputs(jail, question, inputs) if inputs else None
            settings = Settings(cpu=cpu)
            found = await repaired(jail, question.wrong[program], question.tests, settings, peers=borrowed.get(name))
            rows.append(_row(name, program, found, await _agrees(jail, found, fresh[name])))
            print(msgspec.json.encode(rows[-1]).decode(), file=sys.stderr, flush=True)
    finally:
        await jail.aclose()
    return rows


async def _agrees(jail: CPythonJail, found: Repair, fresh: Checks | None) -> bool | None:
    if fresh is None or found.by not in ("edits", "peers"):
        return None
    async with FastLane(jail, fresh) as lane:
        try:
            [trial] = await lane.try_all([found.text])
        except SandboxError:
            return None
    return trial.passed == fresh.all


def _row(question: str, name: str, found: Repair, agrees: bool | None) -> Row:
    return Row(
        question, name, found.by, found.edits, found.size.nodes, found.size.kept, found.size.relative,
        len(found.others), found.cpu_s, found.tried, agrees,
    )  # fmt: skip


def figures(rows: Sequence[Row], *, peers: bool) -> list[Figure]:
    """The table."""
    failing = [row for row in rows if row.by != "nothing"]
    fixed = [row for row in failing if row.repaired]
    compared = [row for row in fixed if row.agrees is not None]
    bound = WITH if peers else WITHOUT
    word = "with" if peers else "without"
    share = len(fixed) / max(1, len(failing))
    rewritten = sum(_rewritten(row) for row in failing) / max(1, len(failing))
    agreeing = _share([bool(row.agrees) for row in compared])
    open_ = _share([row.others > 0 for row in fixed])
    found = [
        Figure(f"programs that fail a test, {word} peers", len(failing), ""),
        Figure("  pass all tests unrepaired, not counted", len(rows) - len(failing), ""),
        Figure(f"  repaired {word} peers, of those that fail", share, "share", bound, at_least=True),
        Figure("  rewritten: less than a third kept, not counted", rewritten, "share"),
        Figure("  repaired, agrees with the reference on new inputs", agreeing, "of repaired"),
        Figure("  repaired, other repairs pass as well", open_, "of repaired"),
        Figure("  CPU of one program, median", statistics.median(row.cpu_s for row in rows), "s"),
        Figure("  CPU of one program, most", max(row.cpu_s for row in rows), "s", CPU_S),
        Figure("  candidates of one program, median", statistics.median(row.tried for row in rows), ""),
    ]
    sizes = {"nodes changed": [row.nodes for row in fixed], "relative size": [row.relative for row in fixed]}
    for name, values in sizes.items():
        if values:
            found.append(Figure(f"  {name}, median", statistics.median(values), ""))
            found.append(Figure(f"  {name}, 90 %", _ninth(values), ""))
    for question, count in sorted(Counter(row.question for row in failing).items()):
        own = [row for row in fixed if row.question == question]
        found.append(Figure(f"  {question}, of {count}", len(own) / count, "share"))
    return found


def _rewritten(row: Row) -> bool:
    return row.by in ("edits", "peers") and not row.repaired


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def _ninth(values: Sequence[float]) -> float:
    return sorted(values)[int(0.9 * (len(values) - 1))]


def choose(questions: dict[str, Question], only: str, sample: int, seed: int) -> list[tuple[str, str]]:
    """Question and name of the programs to repair; a sample has of each question its share."""
    every = [(name, program) for name, each in questions.items() for program in each.wrong if not only or name == only]
    if not every:
        raise SystemExit(f"no question {only!r}; there are {', '.join(questions)}")
    return sorted(random.Random(seed).sample(every, sample)) if 0 < sample < len(every) else every


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help=f"the folder that has {FILE}")
    parser.add_argument("--peers", action="store_true", help="with the correct programs of the same question as peers")
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    parser.add_argument("--only", default="", help="one question")
    parser.add_argument("--sample", type=int, default=0, help="so many programs; by default all")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--cpu", type=float, default=6.5, help="CPU seconds of the search for one program")
    parser.add_argument("--inputs", type=int, default=200, help="generated inputs per question; 0: none")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--rows", type=Path, help="also write what came of each program there, as JSON")
    parser.add_argument("--part", default="", help="PART/PARTS, for --jobs")
    asked = parser.parse_args()
    questions = read(asked.data)
    chosen = choose(questions, asked.only, asked.sample, asked.seed)
    if asked.part:
        chosen = [*part_of(chosen, asked.part)]
    begun = time.monotonic()
    if asked.jobs > 1 and not asked.part:
        rows, _ = spread(asked.jobs, Row, len(chosen))
    else:
        work = lambda: measure(questions, chosen, peers=asked.peers, cpu=asked.cpu, inputs=asked.inputs)  # noqa: E731
        rows = anyio.run(work)
    if asked.part:
        for row in rows:
            hand_in(row)
        return 0
    if asked.rows:
        asked.rows.write_bytes(msgspec.json.encode(rows))
    table = [*figures(rows, peers=asked.peers), Figure("wall", time.monotonic() - begun, "s")]
    return finish(table, as_json=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())

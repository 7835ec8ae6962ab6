"""What a candidate costs before it runs: a proposal of each kind and every check, on small and on large programs.

    python benchmarks/large_programs.py --check

*small*: the programs of `examples/`, bred without being run. *large*: made-up programs of 10,000 lines, in one file and
in three. Scores are drawn, since what a candidate is worth does not matter here; one in seven becomes a parent. The
first candidate pays for reading the program; the others should pay for what they change. CPU time of this process.
"""

from __future__ import annotations

import statistics
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import anyio

from cambrian.core.errors import ProposalError
from cambrian.core.evaluation import Evaluation, Objective, Status
from cambrian.core.limits import Limits
from cambrian.core.variant import Origin, Variant
from cambrian.search.filters import Filters
from cambrian.search.proposer import Proposer, Scored, Setting
from cambrian.search.proposers.crossover import Crossover
from cambrian.search.proposers.edits import OperatorEdits
from cambrian.search.proposers.tuning import LiteralTuning
from report import Figure, finish, options

EXAMPLES = Path(__file__).parents[1] / "examples"
PARENTS = 64
SMALL_MS, FIRST_MS, NEXT_MS = 1.0, 1000.0, 50.0


class Gauss:
    """Stands for the optimiser's worker, whose time is not this process's."""

    async def ask(self, key: str, dimension: int, seed: int) -> list[float]:
        """A point near the origin."""
        del key
        rng = Random(seed)
        return [rng.gauss(0, 1) for _ in range(dimension)]

    async def tell(self, key: str, point: Sequence[float], gain: float | None) -> None:
        """Nothing to learn."""

    async def aclose(self) -> None:
        """Nothing to end."""


KINDS: dict[str, Callable[[Setting], Proposer]] = {
    "edit": OperatorEdits,
    "crossover": Crossover,
    "tune": lambda setting: LiteralTuning(setting, Gauss()),
}


def functions(rng: Random) -> Iterator[str]:
    """Text of a large module: functions, now and then a class, some constants, a text with lines at the margin."""
    number = 0
    while True:
        number += 1
        low, high, step = rng.randint(1, 9), rng.randint(10, 999), round(rng.uniform(0.1, 9.9), 3)
        yield (
            f"LIMIT_{number} = {high}\n\n\n"
            f"def rate_{number}(values, weight={step}):\n"
            f'    """The rate of values, number {number}.\n\nWeighted.\n    """\n'
            f"    total, seen = {step}, []\n"
            f"    for index, value in enumerate(values):\n"
            f"        if value > {low} and index % {low + 1} != 0:\n"
            f"            total += value * weight  # weighted\n"
            f"            seen.append(min(value, LIMIT_{number}))\n"
            f"        elif value < -LIMIT_{number}:\n"
            f"            total -= abs(value) / {high}\n"
            f"    return total / max(1, len(seen)), [item ** 2 for item in seen]\n\n\n"
        )
        if number % 10 == 0:
            yield (
                f"class Table{number}:\n"
                f"    size = {high}\n\n"
                f"    def __init__(self, rows):\n"
                f"        self.rows = [row for row in rows if len(row) > {low}]\n\n"
                f"    def mean(self, column={low}):\n"
                f"        picked = [row[column] for row in self.rows]\n"
                f"        return sum(picked) / (len(picked) or 1) + rate_{number}(picked)[0]\n\n\n"
            )


def large(lines: int, files: int, seed: int) -> dict[str, str]:
    """A program of so many lines in so many files."""
    rng, program = Random(seed), dict[str, str]()
    for number in range(files):
        parts, count = [f'"""Part {number}."""\nimport math\n\n\n'], 4
        for part in functions(rng):
            parts.append(part)
            count += part.count("\n")
            if count >= lines // files:
                break
        program[f"part_{number}.py"] = "".join(parts)
    return program


def small() -> Iterator[tuple[str, dict[str, str]]]:
    """The example programs."""
    for folder in sorted(EXAMPLES.iterdir()):
        if (folder / "task.toml").exists():
            named = tomllib.loads((folder / "task.toml").read_text(encoding="utf-8")).get("program", "program.py")
            names: list[str] = [named] if isinstance(named, str) else named
            yield folder.name, {name: (folder / name).read_text(encoding="utf-8") for name in names}


async def breed(files: Mapping[str, str], kind: str, count: int) -> list[float]:
    """CPU milliseconds of each of so many candidates: proposed, and held against all that is known."""
    initial = Variant(files=dict(files), entry=f"{min(files)}:answer", origin=Origin(proposer="initial"))
    objective = Objective(name="score", direction="maximize")
    proposer = KINDS[kind](Setting(initial=initial, objectives=(objective,), mode="artifact", limits=Limits()))
    edits = OperatorEdits(Setting(initial=initial, objectives=(objective,), mode="artifact", limits=Limits()))
    filters, rng, room = Filters(initial, frozenset()), Random(kind), 2 * sum(map(len, files.values())) + 300
    parents, spent = [scored(initial, rng)], list[float]()
    for number in range(count):
        if proposer.parents == 2 and len(parents) == 1:  # somebody must be there to cross with
            other = await edits.propose(parents, Random(number))
            parents.append(scored(Variant(files=other.files, entry=initial.entry, origin=other.origin), rng))
        chosen = rng.sample(parents, min(proposer.parents, len(parents)))
        began = time.process_time()
        try:
            candidate = await proposer.propose(chosen, Random(number))
            canonical = filters.canonical(candidate.files)
            reason = filters.reject(candidate.files, canonical)
        except ProposalError:
            candidate, canonical, reason = None, None, "nothing"
        spent.append(1000 * (time.process_time() - began))
        if candidate is None or canonical is None or reason is not None:
            continue
        filters.remember(canonical)
        if sum(map(len, candidate.files.values())) <= room and (len(parents) < 8 or rng.random() < 1 / 7):
            child = scored(Variant(files=candidate.files, entry=initial.entry, origin=candidate.origin), rng)
            parents = [*parents[-PARENTS + 1 :], child]
    await proposer.aclose()
    return spent


def scored(variant: Variant, rng: Random) -> Scored:
    """A variant with a score drawn by lot."""
    evaluation = Evaluation(variant=variant.id, status=Status.OK, objectives={"score": rng.random()})
    return Scored(variant=variant, evaluation=evaluation)


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--candidates", type=int, default=400, help="of each kind for each small program")
    parser.add_argument("--large-candidates", type=int, default=40, help="of each kind for each large program")
    parser.add_argument("--lines", type=int, default=10_000)
    chosen = parser.parse_args()
    figures: list[Figure] = []
    programs = dict(small())
    for kind in KINDS:
        medians = [statistics.median(anyio.run(breed, files, kind, chosen.candidates)) for files in programs.values()]
        figures.append(Figure(f"{kind}: examples, median of the slowest program", max(medians), "ms", SMALL_MS))
    for number, kind in enumerate(KINDS):
        for files in (1, 3):
            program = large(chosen.lines, files, seed=10 * number + files)  # one that nobody has read yet
            first, *rest = anyio.run(breed, program, kind, chosen.large_candidates)
            name = f"{kind}: {chosen.lines} lines in {files} file{'s'[: files - 1]}"
            if kind != "crossover":  # its first parents were read in making the second
                figures.append(Figure(f"{name}, first", first, "ms", FIRST_MS))
            figures.append(Figure(f"{name}, median of the others", statistics.median(rest), "ms", NEXT_MS))
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

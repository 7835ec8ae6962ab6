"""Programs of thousands of lines: edits and exchanges stay local, know the whole file's names, and stay right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

import pytest

from cambrian.core.errors import ProposalError
from cambrian.core.variant import Variant
from cambrian.search.proposer import Candidate, Proposer, Scored
from cambrian.search.proposers.crossover import Crossover
from cambrian.search.proposers.edits import OperatorEdits
from cambrian.search.proposers.edits.window import WINDOW, Program
from cambrian.source import blocks, names, normalise, syntax

from .programs import scored, setting, variant

FUNCTION = '''def f{n}(values, weight={n}.5):
    """Number {n}.

At the margin.
    """
    total = BASE_{n} + helper(weight)
    for index, value in enumerate(values):
        if value > {n} and index % 2:
            total += value * weight
    return total


BASE_{n} = {n}
'''

REPLACING = {"boundary", "comparison", "arithmetic", "constant", "off_by_one", "variable", "wrap", "swap_operands"}


def program(count: int, *, marked: int | None = None) -> str:
    """A file of so many functions, each with a constant behind it; one may be the only one that may change."""
    parts = ["import math\n\n\ndef helper(x):\n    return math.sqrt(abs(x))\n\n\n"]
    for number in range(count):
        text = FUNCTION.replace("{n}", str(number))
        parts.append(f"# EVOLVE-BLOCK-START\n{text}# EVOLVE-BLOCK-END\n" if number == marked else text)
    return "".join(parts)


async def candidates(proposer: Proposer, parents: Sequence[Scored], count: int) -> list[Candidate]:
    """What a proposer makes of parents."""
    made: list[Candidate] = []
    for seed in range(count):
        try:
            made.append(await proposer.propose(parents, Random(seed)))
        except ProposalError:
            continue
    assert len(made) >= 0.8 * count
    return made


def right(parent: Variant, files: Mapping[str, str]) -> None:
    """A candidate compiles, is new and leaves the frozen lines alone."""
    assert syntax.check(files, "python") is None
    assert normalise.canonical(files, "python") != normalise.canonical(parent.files, "python")
    assert blocks.frozen_difference(parent.files, files) is None


@pytest.mark.parametrize("marked", [None, 150])
async def test_edits_of_a_large_file_are_right_and_local(marked: int | None) -> None:
    text = program(300, marked=marked)
    assert len(text) > 4 * WINDOW
    parent = variant(text)
    touched, lines = set[str](), set(text.split("\n"))
    for candidate in await candidates(OperatorEdits(setting(parent)), [scored(parent)], 60):
        right(parent, candidate.files)
        after = candidate.files["p.py"]
        new, old = set(after.split("\n")) - lines, lines - set(after.split("\n"))
        assert len(new) + len(old) < 60
        touched |= new | old
        line = int(candidate.origin.why.split(" line ")[-1].split(";")[0].split()[0])
        assert 1 <= line <= text.count("\n") + 10
    assert len(touched) > 40  # not one place only


async def test_the_line_that_is_told_is_that_of_the_file() -> None:
    text = program(300)
    parent = variant(text)
    checked = 0
    for candidate in await candidates(OperatorEdits(setting(parent)), [scored(parent)], 60):
        why = candidate.origin.why
        if why.partition(":")[0] in REPLACING and ";" not in why:
            line = int(why.rpartition(" line ")[2])
            assert text.split("\n")[line - 1] != candidate.files["p.py"].split("\n")[line - 1]
            checked += 1
    assert checked > 5


async def test_names_of_the_rest_of_the_file_can_be_used() -> None:
    chosen = Program({"p.py": program(300)}, blocks.editable({"p.py": program(300)}))
    window = chosen.window(Random(1))
    context = window.context()
    assert context is not None
    assert len(window.text) < WINDOW
    assert window.whole() == program(300)
    scope = next(function for function, _ in context.functions)
    assert {"BASE_0", "BASE_299"} <= set(context.visible(scope))
    assert {"helper", "math", "f0", "f299"} <= context.known
    assert context.fresh("helper") == "helper_2"  # taken in the file, if not in the window


async def test_crossover_of_large_files_exchanges_what_differs() -> None:
    one = program(300)
    other = one.replace(
        "total += value * weight\n    return total\n\n\nBASE_7 ", "total -= value\n    return 7\n\n\nBASE_7 "
    )
    parents = [scored(variant(one)), scored(variant(other))]
    made = await candidates(Crossover(setting(parents[0].variant)), parents, 20)
    base = parents[0].variant
    assert {candidate.origin.why.split()[0] for candidate in made} <= {
        "f7()",
        "for",
        "return",
        "augassign",
        "if",
        "assign",
    }
    for candidate in made:
        assert syntax.check(candidate.files, "python") is None
        assert names.undefined(candidate.files) == ()
        changed = set(candidate.files["p.py"].split("\n")) ^ set(one.split("\n"))
        assert len(changed) < 20
        assert candidate.files != base.files


async def test_two_runs_make_the_same_candidates() -> None:
    async def run() -> list[str]:
        parent = variant(program(200))
        proposer = OperatorEdits(setting(parent))
        first = [item.files["p.py"] for item in await candidates(proposer, [scored(parent)], 8)]
        crossover = Crossover(setting(parent))
        pair = [scored(variant(first[0])), scored(variant(first[1]))]
        return first + [item.files["p.py"] for item in await candidates(crossover, pair, 3)]

    assert await run() == await run()

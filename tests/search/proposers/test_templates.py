"""Optimiser templates through their port: what they emit, how state and failures move, when they refuse."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from random import Random
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import ProposalError
from cambrian.core.evaluation import Evaluation, Objective, Status
from cambrian.core.limits import Limits
from cambrian.core.variant import Origin, Variant
from cambrian.search.evaluation import Evaluator, Outcome
from cambrian.search.proposer import Candidate, Mode, Scored, Setting
from cambrian.search.proposers.templates import SEARCHES, Template, templates
from cambrian.search.proposers.templates.emission import emit
from cambrian.search.task import Task

EXAMPLES = Path(__file__).parents[3] / "examples"
PROGRAM = "def solve():\n    return [0.0]\n"
PROBLEM = """
direction = "maximize"
def bounds():
    return [(0.0, 1.0)] * 2
def objective(x):
    return x[0] + 2 * x[1]
def constraints(x):
    return [1 - x[0] ** 2 - x[1] ** 2]
def artifact(x):
    return [float(v) for v in x]
"""


def setting(
    program: str = PROGRAM, *, problem: str | None = PROBLEM, mode: Mode = "artifact", limits: Limits | None = None
) -> Setting:
    initial = Variant(files={"program.py": program}, entry="program.py:solve", origin=Origin(proposer="initial"))
    return Setting(
        initial=initial, objectives=(Objective(name="score"),), mode=mode, problem=problem, limits=limits or Limits()
    )


def scored(candidate: Candidate, status: Status = Status.OK, report: bytes = b"") -> Scored:
    variant = Variant(files=candidate.files, entry="program.py:solve", origin=candidate.origin)
    objectives = {"score": 1.0} if status is Status.OK else {}
    evaluation = Evaluation(variant=variant.id, status=status, objectives=objectives, feedback="what it said")
    return Scored(variant=variant, evaluation=evaluation, report=report)


def constant(candidate: Candidate, name: str) -> object:
    """A literal that the emitted program assigns."""
    for node in ast.parse(candidate.files["program.py"]).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise LookupError(name)


def nominal(candidate: Candidate) -> float:
    return cast("dict[str, float]", constant(candidate, "SETTINGS"))["nominal_s"]


async def test_the_report_moves_into_the_next_program_byte_for_byte() -> None:
    template = Template(setting())
    first = await template.propose([], Random(0))
    assert constant(first, "STATE") == b""
    hostile = b'{"state": "\'\'\') ; raise SystemExit # \\x00 \xff"}' * 40
    await template.tell(scored(first, report=hostile))
    second = await template.propose([], Random(0))
    assert constant(second, "STATE") == hostile
    assert second.origin.cost > first.origin.cost


@given(state=st.binary(max_size=500))
def test_any_report_is_only_ever_a_literal(state: bytes) -> None:
    files = emit(setting().initial, PROBLEM, name="template.x", settings={}, state=state)
    candidate = Candidate(files=files, origin=Origin(proposer="template.x"))
    assert constant(candidate, "STATE") == state
    assert len(ast.parse(files["program.py"]).body) == 7


async def test_equal_histories_give_equal_programs_and_seeds_differ() -> None:
    one, other = Template(setting()), Template(setting())
    for _ in range(3):
        candidate = await one.propose([], Random(1))
        assert await other.propose([], Random(2)) == candidate
        for template in (one, other):
            await template.tell(scored(candidate, report=b"{}"))
    ahead, behind = await one.propose([], Random(0)), await one.propose([], Random(0))
    assert ahead.origin.detail["lane"] != behind.origin.detail["lane"]
    assert ahead.files["program.py"] != behind.files["program.py"]


async def test_told_alone_it_goes_on_as_if_it_had_proposed() -> None:
    lived, resumed = Template(setting()), Template(setting())
    for number in range(4):
        candidate = await lived.propose([], Random(0))
        outcome = scored(candidate, report=b'{"launch": %d}' % number)
        await lived.tell(outcome)
        await resumed.tell(outcome)
    assert await lived.propose([], Random(0)) == await resumed.propose([], Random(0))


async def test_a_timeout_halves_the_work_and_many_refuse() -> None:
    template = Template(setting())
    before = await template.propose([], Random(0))
    await template.tell(scored(before, Status.TIMEOUT))
    after = await template.propose([], Random(0))
    assert nominal(after) == nominal(before) / 2
    for _ in range(5):
        await template.tell(scored(after, Status.TIMEOUT))
    with pytest.raises(ProposalError, match="time limit"):
        await template.propose([], Random(0))


async def test_errors_in_a_row_refuse_and_say_why() -> None:
    template = Template(setting())
    candidate = await template.propose([], Random(0))
    for status in (Status.ERROR, Status.OK, Status.ERROR):
        await template.tell(scored(candidate, status))
    candidate = await template.propose([], Random(0))
    await template.tell(scored(candidate, Status.ERROR))
    with pytest.raises(ProposalError, match="2 times in a row, last with: what it said"):
        await template.propose([], Random(0))


async def test_a_rejected_answer_widens_the_margin() -> None:
    template = Template(setting())
    candidate = await template.propose([], Random(0))
    await template.tell(scored(candidate, Status.INVALID))
    again = await template.propose([], Random(0))
    margins = [cast("dict[str, float]", constant(item, "SETTINGS"))["margin"] for item in (candidate, again)]
    assert margins == [1.0, 1000.0]


async def test_work_stays_far_below_the_limits() -> None:
    template = Template(setting(limits=Limits(wall=5.0, cpu=2.0)))
    for _ in range(6):
        candidate = await template.propose([], Random(0))
        assert nominal(candidate) <= 0.4
        await template.tell(scored(candidate, report=b"{}"))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (setting(problem=None), "needs a problem.py"),
        (setting(mode="callable"), "mode is 'callable'"),
        (setting("def solve(:\n# EVOLVE-BLOCK-START\n# EVOLVE-BLOCK-END\n"), "cannot be parsed"),
        (setting("# EVOLVE-BLOCK-START\n# EVOLVE-BLOCK-END\ndef solve():\n    return 1\n"), "outside"),
        (setting("# EVOLVE-BLOCK-START\nx = 1\n# EVOLVE-BLOCK-END\n"), "no function 'solve'"),
        (setting("# EVOLVE-BLOCK-START\ndef solve():\n    return 1\n"), "never closed"),
    ],
)
async def test_refusals_name_their_reason(wrong: Setting, why: str) -> None:
    for template in templates(wrong):
        with pytest.raises(ProposalError, match=why):
            await template.propose([], Random(0))


async def test_only_the_block_of_the_entry_changes() -> None:
    before, after = "import math\nX = '\f'\n# EVOLVE-BLOCK-START\n", "# EVOLVE-BLOCK-END\nprint(solve())\n"
    template = Template(setting(f"{before}def solve():\n    return 1\n{after}"))
    text = (await template.propose([], Random(0))).files["program.py"]
    assert text.startswith(before)
    assert text.endswith(after)
    assert "def solve(*_inputs)" in text


async def test_a_taken_file_name_is_refused() -> None:
    made = setting()
    files = {**made.initial.files, "problem.py": "other = 1\n"}
    with pytest.raises(ProposalError, match=r"'problem\.py'"):
        emit(Variant(files=files, entry="program.py:solve", origin=Origin(proposer="x")), PROBLEM,
             name="x", settings={}, state=b"")  # fmt: skip


def test_an_unknown_search_is_refused() -> None:
    with pytest.raises(ValueError, match="'sorcery'"):
        Template(setting(), "sorcery")


def example(name: str, entry: str, objective: Objective) -> Task:
    folder = EXAMPLES / name
    return Task(
        name=name, folder=str(folder), program={"program.py": (folder / "program.py").read_text()},
        entry=f"program.py:{entry}", evaluator_text=(folder / "evaluate.py").read_text(),
        problem=(folder / "problem.py").read_text(), objectives=(objective,), limits=Limits(memory=2**30),
    )  # fmt: skip


async def launches(task: Task, search: str, count: int) -> list[Outcome]:
    """The template's launches in a real jail, scored by the task's scorer."""
    template = Template(task.setting(0), search)
    evaluator = await Evaluator.start(task)
    outcomes: list[Outcome] = []
    try:
        for _ in range(count):
            candidate = await template.propose([], Random(0))
            variant = Variant(files=candidate.files, entry=task.entry, origin=candidate.origin)
            outcome = await evaluator.evaluate(variant)
            await template.tell(Scored(variant=variant, evaluation=outcome.evaluation, report=outcome.report))
            outcomes.append(outcome)
    finally:
        await evaluator.aclose()
    return outcomes


@pytest.mark.parametrize("search", SEARCHES)
async def test_launched_in_a_jail_each_search_is_valid_and_never_gets_worse(search: str) -> None:
    outcomes = await launches(example("circle_packing", "pack", Objective(name="sum_of_radii")), search, 2)
    scores = [outcome.evaluation.objectives["sum_of_radii"] for outcome in outcomes]
    assert scores[0] > 2.5  # the program given has 1.97
    assert scores[1] >= scores[0] - 1e-9
    assert json.loads(outcomes[1].report)["state"]["members"]
    assert outcomes[1].evaluation.usage.inner_calls > 10


async def test_a_program_with_inputs_and_a_block_is_served_too() -> None:
    task = example("function_minimization", "minimise", Objective(name="value", direction="minimize"))
    [outcome] = await launches(task, "multistart", 1)
    assert outcome.evaluation.objectives["value"] == pytest.approx(-1.51868584, abs=1e-7)

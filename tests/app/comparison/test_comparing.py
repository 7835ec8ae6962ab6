"""Runs side by side, told from journals written by hand."""

from __future__ import annotations

from pathlib import Path

import anyio
import msgspec
import pytest
from tests.app.tale import Said, task_of, tell

from cambrian.app.cli import run
from cambrian.app.comparison.comparing import Group, compare
from cambrian.app.comparison.groups import groups_of
from cambrian.app.comparison.telling import told
from cambrian.app.results_study import Compared
from cambrian.app.workspace import Workspace
from cambrian.core.errors import RunNotFound, UsageError
from cambrian.core.ids import RunId
from cambrian.search.task import StrategyConfig


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w")


async def play(workspace: Workspace, name: str, *values: float | None, seed: int = 1, cpu_s: float = 1.0) -> RunId:
    return await tell(workspace, [Said(value=value, cpu_s=cpu_s) for value in values], name=name, seed=seed)


async def compared(workspace: Workspace, *groups: Group, target: float | None = None, pairs: bool = False) -> Compared:
    async with workspace.reading() as runs:
        return await compare(runs, groups, target=target, pairs=pairs)


async def test_two_runs_at_equal_effort(workspace: Workspace) -> None:
    a = await play(workspace, "r-a", 1.0, 2.0, 3.0, 9.0)
    b = await play(workspace, "r-b", 1.0, 5.0, 5.0, cpu_s=4.0)
    it = await compared(workspace, Group("a", (a,)), Group("b", (b,)), target=3.0)
    left, right = (side.runs[0] for side in it.sides)
    assert (it.equal_evaluations, it.equal_cpu_s) == (3, 4.0)
    assert (left.best, left.at_evaluations, left.at_cpu) == (9.0, 3.0, 9.0)
    assert (right.best, right.at_evaluations, right.at_cpu) == (5.0, 5.0, 1.0)
    assert (left.mean_best, right.mean_best) == (1.5, 3.0)
    assert (left.target_evaluations, right.target_evaluations, right.target_cpu_s) == (3.0, 2.0, 8.0)
    assert it.tests == ()
    assert "says nothing about chance" in it.notes[0]
    assert "better" not in told(it)


async def test_recalled_evaluations_leave_equal_cpu_out(workspace: Workspace) -> None:
    a = await play(workspace, "r-a", 1.0, 2.0)
    said = [Said(value=1.0, cpu_s=1.0), Said(value=3.0, cpu_s=0.0, cached=True)]
    b = await tell(workspace, said, name="r-b", task=task_of())
    it = await compared(workspace, Group("a", (a,)), Group("b", (b,)))
    assert it.equal_cpu_s is None
    assert [side.runs[0].cached for side in it.sides] == [0, 1]
    assert {name for side in it.sides for name in side.metrics if "cpu" in name} == {"cpu_s"}
    assert it.sides[0].runs[0].at_cpu is None
    words = told(it)
    assert "1 evaluations were recalled from earlier searches and cost no CPU (0 of a, 1 of b)" in words
    assert "best at equal CPU" not in words
    assert "best at equal evaluations" in words


async def test_other_objectives_of_the_best_are_told(workspace: Workspace) -> None:
    task = task_of(further=["second"])
    a = await tell(workspace, [Said(value=3.0, further={"second": 1.0})], name="r-a", task=task)
    b = await tell(workspace, [Said(value=3.0, further={"second": 7.0})], name="r-b", task=task)
    it = await compared(workspace, Group("a", (a,)), Group("b", (b,)))
    [row] = [line.split() for line in told(it).splitlines() if line.startswith("second of that best")]
    assert row[-2:] == ["1", "7"]


async def test_a_difference_of_many_runs_is_shown_and_of_few_is_not(workspace: Workspace) -> None:
    names = [await play(workspace, f"r-{n}", 0.0, n + (100.0 if n >= 5 else 0.0), seed=n % 5) for n in range(10)]
    few = await compared(workspace, Group("low", tuple(names[:3])), Group("high", tuple(names[5:8])))
    assert {test.better for test in few.tests} == {""}
    assert "so few runs cannot show one" in few.tests[0].sentence
    many = await compared(workspace, Group("low", tuple(names[:5])), Group("high", tuple(names[5:])))
    first = many.tests[0]
    assert (first.metric, first.better, first.n, first.m) == ("at_evaluations", "high", 5, 5)
    assert first.estimate == pytest.approx(-105)
    assert first.p == pytest.approx(2 / 252)
    assert "high is better than low by 105" in told(many)
    paired = await compared(workspace, Group("low", tuple(names[:5])), Group("high", tuple(names[5:])), pairs=True)
    assert paired.tests[0].method.startswith("Wilcoxon")
    assert paired.tests[0].better == "", "five pairs cannot give p below 0.0625"
    with pytest.raises(UsageError, match="cannot be paired"):
        await compared(workspace, Group("low", tuple(names[:4])), Group("high", tuple(names[5:])), pairs=True)


async def test_less_may_be_better(workspace: Workspace) -> None:
    task = task_of(minimize=True)
    names = [
        await tell(workspace, [Said(value=9.0), Said(value=float(n))], name=f"r-{n}", task=task) for n in range(1, 9)
    ]
    it = await compared(workspace, Group("low", tuple(names[:4])), Group("high", tuple(names[4:])))
    assert it.tests[0].better == "low"
    assert it.target == 8.0, "the weakest run's best"


async def test_what_never_reached_the_target_counts(workspace: Workspace) -> None:
    fast = [await play(workspace, f"r-f{n}", 0.0, 5.0) for n in range(5)]
    slow = [await play(workspace, f"r-s{n}", 0.0, 1.0) for n in range(5)]
    it = await compared(workspace, Group("fast", tuple(fast)), Group("slow", tuple(slow)), target=4.0)
    [test] = [test for test in it.tests if test.metric == "target_evaluations"]
    assert test.better == "fast"
    assert test.estimate is None
    assert "never" in told(it)
    assert "0 of 5" in told(it)
    assert b"Infinity" not in msgspec.json.encode(it)


async def test_settings_that_differ_are_told(workspace: Workspace) -> None:
    other = msgspec.structs.replace(task_of(), strategy=StrategyConfig(name="topk"), evaluator_text="other")
    a = await tell(workspace, [Said(value=1.0)], name="r-a", seed=1)
    b = await tell(workspace, [Said(value=1.0)], name="r-b", seed=2, task=other)
    it = await compared(workspace, Group("a", (a,)), Group("b", (b,)))
    differing = {item.key: item.values for item in it.settings}
    assert differing["strategy.name"][1] == "topk"
    assert differing["seed"] == ("1", "2")
    assert "evaluator_text" in differing
    assert "entry" not in differing
    assert any("different scorers" in note for note in it.notes)


async def test_the_name_of_a_cell_is_no_setting(workspace: Workspace) -> None:
    a = await tell(workspace, [Said(value=1.0)], name="r-a", task=task_of(name="small [x=1 seed=1]"))
    b = await tell(workspace, [Said(value=1.0)], name="r-b", task=task_of(name="small [x=2 seed=1]"))
    it = await compared(workspace, Group("a", (a,)), Group("b", (b,)))
    assert "name" not in {item.key for item in it.settings}


async def test_runs_that_rank_otherwise_cannot_be_compared(workspace: Workspace) -> None:
    a = await tell(workspace, [Said(value=1.0)], name="r-a")
    b = await tell(workspace, [Said(value=1.0)], name="r-b", task=task_of(minimize=True))
    with pytest.raises(UsageError, match="different objectives"):
        await compared(workspace, Group("a", (a,)), Group("b", (b,)))


async def test_sides_are_named_by_runs(workspace: Workspace) -> None:
    for name in ("r-aa", "r-ab", "r-b"):
        await play(workspace, name, 1.0)
    async with workspace.reading() as runs:
        assert await groups_of(runs, ["r-aa,r-ab", "b"]) == [
            Group("r-aa, r-ab", (RunId("r-aa"), RunId("r-ab"))), Group("r-b", (RunId("r-b"),)),
        ]  # fmt: skip
        for wrong, error, words in (
            (["r-b", "b"], UsageError, "named twice"),
            (["r-zz"], RunNotFound, "no run 'r-zz'"),
            (["r-b:strategy=topk"], UsageError, "not a sweep"),
        ):
            with pytest.raises(error, match=words):
                await groups_of(runs, wrong)


def test_the_command(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("r-a", "r-b"):
        anyio.run(lambda name=name: play(workspace, name, 1.0, 2.0))
    place = ["--workspace", str(workspace.path)]
    assert run(["runs", "compare", "r-a", "r-b", *place]) == 0
    assert "best at equal evaluations" in capsys.readouterr().out
    assert run(["runs", "compare", "r-a", "r-b", "--json", *place]) == 0
    assert len(msgspec.json.decode(capsys.readouterr().out, type=Compared).sides) == 2
    assert run(["runs", "compare", *place]) == 2
    assert "which runs?" in capsys.readouterr().err

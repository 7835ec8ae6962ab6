"""Runs explained: what is said is what was measured; what nobody tried is not claimed."""

from __future__ import annotations

from pathlib import Path

import anyio
import msgspec
import pytest
from tests.app.tale import Said, tell

from cambrian.app.cli import run
from cambrian.app.explanation.attribution import DROPPED, Dropped, explain
from cambrian.app.explanation.telling import told
from cambrian.app.results_study import EditCount, Explained, Reintroduced
from cambrian.app.workspace import Workspace
from cambrian.core.event import fact
from cambrian.core.ids import VariantId
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.testing.clock import ManualClock

START = "def solve():\n    a = 1\n    b = 2\n    return a + b\n"
STORY = [
    Said(value=1.0, text=START),
    Said(value=2.0, parents=(0,), text=START.replace("a = 1", "a = 5"), why="a larger a", proposer="tune"),
    Said(value=1.5, parents=(1,), text=START.replace("a = 1", "a = 5").replace("    b = 2\n", ""), why="without b"),
    Said(value=None, parents=(2,), feedback="NameError: name 'b' is not defined"),
    Said(value=4.0, parents=(2,), text=START.replace("a = 1", "a = 5").replace("a + b", "a * b"), samples=(3.5, 4.5)),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w")


async def explained(workspace: Workspace) -> Explained:
    async with workspace.reading() as runs:
        return await explain(runs, "last")


async def test_the_descent_is_told_with_gains_kinds_and_makers(workspace: Workspace) -> None:
    await tell(workspace, STORY)
    it = await explained(workspace)
    assert [(step.evaluation, step.gain, step.proposer, step.kind) for step in it.steps] == [
        (0, None, "initial", "nothing"), (1, 1.0, "tune", "numbers"), (2, -0.5, "edit", "removed"),
        (4, 2.5, "edit", "rewritten"),
    ]  # fmt: skip
    assert [step.measured for step in it.steps] == [1, 1, 1, 2]
    assert it.edits == (
        EditCount(proposer="edit", kind="rewritten", tried=1, helped=1, gain=2.5),
        EditCount(proposer="tune", kind="numbers", tried=1, helped=1, gain=1.0),
        EditCount(proposer="edit", kind="removed", tried=1, helped=0, gain=0.0),
    )
    assert it.reintroduced == Reintroduced(steps=3, added=3, returned=1), "the line with b came back in the last step"
    assert [(item.words, item.count) for item in it.failures] == [("NameError: name 'b' is not defined", 1)]


async def test_each_place_is_traced_to_its_steps(workspace: Workspace) -> None:
    await tell(workspace, STORY)
    it = await explained(workspace)
    assert [(hunk.line, hunk.added, hunk.steps, hunk.gains, hunk.loss) for hunk in it.hunks] == [
        (2, ("    a = 5",), (1,), (1.0,), None), (4, ("    return a * b",), (4,), (2.5,), None),
    ]  # fmt: skip


async def test_nothing_is_claimed_that_nobody_tried(workspace: Workspace) -> None:
    await tell(workspace, STORY)
    words = told(await explained(workspace))
    assert "which of them matter is not known" in words
    assert "1 step(s) on the way scored worse" in words
    assert "3 of 4 values rest on one run each" in words
    assert "part of the gain may be luck" in words
    for claim in ("because", "improved", "proves", "thanks to", "by chance"):
        assert claim not in words


async def test_edits_that_were_tried_without_are_told_by_what_they_are_worth(workspace: Workspace) -> None:
    name = await tell(workspace, STORY)
    winner = (await explained(workspace)).steps[-1].variant
    rows = [
        Dropped(variant=winner, path="program.py", line=4, loss=2.0, samples=3),
        Dropped(variant=winner, path="program.py", line=2, loss=0.0),
        Dropped(variant=VariantId("another"), path="program.py", line=2, loss=9.0),
    ]
    async with workspace.writing() as store:
        held = await Run.resume(store, name, clock=ManualClock(), holder=this_process())
        await held.append(*(fact(DROPPED, row) for row in rows))
        await held.aclose()
    it = await explained(workspace)
    assert [(hunk.line, hunk.loss, hunk.samples) for hunk in it.hunks] == [(4, 2.0, 3), (2, 0.0, 1)]
    words = told(it)
    assert "without it -2 in 3 run(s): it matters" in words
    assert "it does not matter" in words
    assert "is not known" not in words


async def test_a_winner_that_is_the_first_program(workspace: Workspace) -> None:
    await tell(workspace, [Said(value=2.0), Said(value=1.0, parents=(0,))])
    it = await explained(workspace)
    assert (len(it.steps), it.hunks) == (1, ())
    assert "Nothing that scores better than the task's own program was found." in told(it)


async def test_a_run_without_scores(workspace: Workspace) -> None:
    await tell(workspace, [Said(value=None, feedback="no")])
    it = await explained(workspace)
    assert (it.steps, it.hunks, it.edits) == ((), (), ())
    assert "has no score" in told(it)


async def test_hostile_words_cannot_steer_a_terminal(workspace: Workspace) -> None:
    evil = "\x1b[2J\u202eevil"
    await tell(
        workspace,
        [Said(value=1.0), Said(value=2.0, parents=(0,), text=evil, why=evil), Said(value=None, feedback=evil)],
    )
    words = told(await explained(workspace))
    assert "\x1b" not in words
    assert "\u202e" not in words
    assert "evil" in words


def test_the_command(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    anyio.run(tell, workspace, STORY)
    place = ["--workspace", str(workspace.path)]
    assert run(["runs", "explain", *place]) == 0
    assert "How it came about: 3 step(s), 2 of them better" in capsys.readouterr().out
    assert run(["runs", "explain", "last", "--json", *place]) == 0
    assert len(msgspec.json.decode(capsys.readouterr().out, type=Explained).steps) == 4

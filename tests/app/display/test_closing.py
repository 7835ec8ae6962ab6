"""The closing words."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.stage import Actor, played, small_task
from tests.app.tale import Said, tell

from cambrian.app.display.abridged import abridge
from cambrian.app.display.closing import closing
from cambrian.app.results import Outcome, Reason, Repeats
from cambrian.app.workspace import Workspace
from cambrian.core.evaluation import Status
from cambrian.search.view import REASONS_MOST


@pytest.fixture
async def outcome(tmp_path: Path) -> Outcome:
    workspace = Workspace(tmp_path / "w")
    await played(workspace, why="an \x1b[2Jedit")
    async with workspace.reading() as runs:
        return await runs.outcome("last")


async def test_everything_is_told(outcome: Outcome) -> None:
    text = closing(outcome, workspace="")
    for words in (
        "small: finished, the evaluations of the budget are used up. 4 evaluations in 4s",
        "score (maximize): 1 → 3  +200 %",
        "-    return 0", "+    return 2", "1 file(s), +1 −1 lines",
        "Found by  1 new best(s): edit 1\n", "last by edit: an \\x1b[2Jedit", "edit: 3 evaluated, 1 new best",
        "scorer in a jail of its own", "scored again by a fresh scorer", "jail level L3",
        "1 evaluation(s) gave no score and count as none:\n    1 error: wall\n", "Seed 7",
        "r-0, kept in .cambrian", "cambrian runs apply r-0\n", "cambrian runs resume r-0 --budget",
    ):  # fmt: skip
        assert words in text, words
    assert "\x1b" not in text


async def test_prose_follows_the_terminal_and_commands_stay_whole(outcome: Outcome) -> None:
    text = closing(outcome, workspace="w", width=60)
    prose, _, commands = text.partition("\nRun")
    assert max(map(len, prose.splitlines())) <= 60
    assert "cambrian runs resume r-0 --workspace w --budget" in commands
    assert text.split() == closing(outcome, workspace="w").split(), "nothing is lost"


async def test_what_was_recalled_is_told(outcome: Outcome) -> None:
    assert "recalled" not in closing(outcome, workspace="")
    recalled = closing(msgspec.structs.replace(outcome, cached=3), workspace="")
    assert "3 of the evaluations were recalled from earlier searches and cost no CPU" in recalled


async def test_commands_name_the_workspace_when_it_is_another(outcome: Outcome) -> None:
    assert "cambrian runs apply r-0 --workspace /w" in closing(outcome, workspace="/w")


async def test_callable_mode_claims_only_what_holds_there(outcome: Outcome) -> None:
    text = closing(msgspec.structs.replace(outcome, mode="callable"), workspace="")
    assert "Time was taken outside the jail" in text
    assert "measured again on other inputs" in text
    assert "computed the score" not in text


async def test_a_weaker_jail_is_told_with_its_reasons(outcome: Outcome) -> None:
    text = closing(msgspec.structs.replace(outcome, level_reasons=("no user namespaces",)), workspace="")
    assert "Not a stronger one: no user namespaces." in text


async def test_nothing_found_claims_nothing(outcome: Outcome) -> None:
    same = closing(msgspec.structs.replace(outcome, best=outcome.initial), workspace="")
    assert "nothing better than the task's own program was found" in same
    assert "runs apply" not in same
    assert "Change" not in same
    assert "scored again" not in same
    none = closing(msgspec.structs.replace(outcome, best=None, initial=None), workspace="")
    assert "nothing was scored" in none
    assert "can be trusted" not in none


async def test_a_long_diff_is_cut_and_new_files_are_named(outcome: Outcome) -> None:
    assert outcome.best is not None
    best = msgspec.structs.replace(outcome.best, files={"program.py": "x = 1\n" * 100, "new.py": "y = 2\n" * 100})
    text = closing(msgspec.structs.replace(outcome, best=best), workspace="")
    assert "new: new.py" in text
    assert "more lines; all of it: cambrian runs diff r-0" in text
    assert "y = 2" not in text


async def test_colour_only_when_asked(outcome: Outcome) -> None:
    assert "\x1b[1msmall\x1b[0m" in closing(outcome, workspace="", color=True)
    assert "\x1b" not in closing(outcome, workspace="")


@pytest.mark.parametrize(
    ("budget", "larger"),
    [("10ev", "8ev"), ("10s", "8s"), ("1m15s,10ev", "8s,8ev"), ("1usd", "0.01usd"), ("unlimited", "2min")],
)
async def test_going_on_is_proposed_with_a_larger_budget_of_the_same_kind(
    budget: str, larger: str, outcome: Outcome
) -> None:
    text = closing(msgspec.structs.replace(outcome, budget=budget), workspace="")
    assert f"runs resume r-0 --budget {larger}\n" in text


async def test_long_lines_are_cut_and_what_was_cancelled_is_told(outcome: Outcome) -> None:
    assert outcome.best is not None
    best = msgspec.structs.replace(outcome.best, files={"program.py": "x = " + "y + " * 500 + "y\n"})
    text = closing(msgspec.structs.replace(outcome, best=best, cancelled=2), workspace="")
    assert max(map(len, text.splitlines())) < 180
    assert "y …" in text or "+…" in text or "y…" in text
    assert "2 more were cancelled in flight" in text


async def test_long_literals_are_told_by_their_beginning(outcome: Outcome) -> None:
    assert outcome.best is not None
    program = (
        "x = b'"
        + "\\x00" * 5000
        + "'\ny = ["
        + ", ".join(map(str, range(500)))
        + "]\nz = f('"
        + "a b " * 30
        + "', 1)\n"
    )
    best = msgspec.structs.replace(outcome.best, files={"program.py": program})
    text = closing(msgspec.structs.replace(outcome, best=best), workspace="")
    assert "+x = b'\\x00\\x00\\x00\\x00\\x00\\x00…'(20,000 characters)" in text
    assert "+y = [0, 1, 2, …(497 more)]" in text
    assert "…'(120 characters), 1)" in text


@pytest.mark.parametrize("line", ["x = 'short'", "y = [1, 2, 3]", "z = b'\\x00'", "it's fine, isn't it", ""])
def test_short_lines_stay_as_they_are(line: str) -> None:
    assert abridge(line) == line


@given(st.text(max_size=400))
def test_any_line_is_abridged_in_time_and_not_made_longer_by_much(line: str) -> None:
    assert len(abridge(line)) <= len(line) + 10


def test_an_evil_line_costs_no_time() -> None:
    for evil in (
        "'" * 100_000,
        "1," * 100_000,
        "\\" * 100_000,
        "b'" + "\\" * 99_999,
        "1, " * 11 * 9000 + "x",
        "1" * 100_000,
    ):
        began = time.process_time()
        abridge(evil)
        assert time.process_time() - began < 1.0, evil[:10]


async def test_the_commonest_reason_of_each_status_is_told(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    async with workspace.writing() as store:
        actor = await Actor.begin(store)
        await actor.evaluate(1.0)
        for text in ("circle 3 is out", "circle 17 is out", "no list"):
            await actor.evaluate(None, status=Status.INVALID, said=f"Traceback\n  {text}\n")
        await actor.evaluate(None, status=Status.TIMEOUT)
        for number in range(200):
            await actor.evaluate(None, status=Status.ERROR, said=f"{chr(0x4E00 + number)} went wrong")
        await actor.stop()
        await actor.run.aclose()
    async with workspace.reading() as runs:
        told = await runs.outcome("last")
        view = await runs.summary(told.run)
    assert told.reasons["invalid"] == Reason(text="circle # is out", count=2)
    assert told.reasons["timeout"] == Reason(text="wall", count=1)
    assert len(view.reasons["error"]) == REASONS_MOST, "memory has a bound"
    text = closing(told, workspace="")
    assert "    3 invalid:\n      2 × circle # is out\n      1 × no list\n" in text
    assert "    1 timeout: wall\n" in text
    assert "    200 error:\n" in text
    assert "      197 × for other reasons\n" in text


async def test_a_noisy_score_is_told_with_its_spread_and_what_came_of_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    repeated = Said(value=2.0, parents=(0,), samples=(1.0, 2.0, 3.0))
    await tell(workspace, [Said(value=1.0, samples=(1.0, 1.0)), repeated, Said(value=0.5, parents=(0,))])
    async with workspace.reading() as runs:
        told = await runs.outcome("last")
    assert told.noise == Repeats(spread=(2.0 / 3) ** 0.5, programs=2, runs=5)
    words = " ".join(closing(told, workspace="").split())
    assert "NOISY: the score of one program varies from run to run, by 0.816 (standard deviation); 2 programs" in words
    assert "5 runs in all" in words
    assert "not confirmed on fresh data yet" in words
    assert "part of the gain may be luck" in words
    await tell(workspace, [Said(value=1.0, samples=(1.0, 1.0)), Said(value=2.0, parents=(0,))], name="r-exact")
    async with workspace.reading() as runs:
        assert (await runs.outcome("r-exact")).noise is None


@pytest.mark.parametrize(
    ("scorer", "same"),
    [
        ("def score(a): return a", False),
        ("def inputs(): return [1]\n", True),
        ("def f(): pass\ninputs = f\n", True),
        ("# def inputs\n", False),
    ],
)
async def test_the_same_inputs_are_told(scorer: str, same: bool, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    await played(workspace, task=msgspec.structs.replace(small_task(), evaluator_text=scorer))
    async with workspace.reading() as runs:
        told = await runs.outcome("last")
    assert ("The inputs are the same for every variant" in closing(told, workspace="")) is same

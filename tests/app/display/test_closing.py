"""The closing words."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.app.stage import played

from cambrian.app.display.closing import closing
from cambrian.app.results import Outcome
from cambrian.app.workspace import Workspace


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
        "1 evaluation(s) gave no score and count as none: 1 error.", "Seed 7",
        "r-0, kept in .cambrian", "cambrian runs apply r-0\n", "cambrian runs resume r-0 --budget",
    ):  # fmt: skip
        assert words in text, words
    assert "\x1b" not in text


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
    assert "\x1b[32m3\x1b[0m" in closing(outcome, workspace="", color=True)


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
    best = msgspec.structs.replace(outcome.best, files={"program.py": "x = '" + "y" * 500 + "'\n"})
    text = closing(msgspec.structs.replace(outcome, best=best, cancelled=2), workspace="")
    assert max(map(len, text.splitlines())) < 180
    assert "y…" in text
    assert "2 more were cancelled in flight" in text

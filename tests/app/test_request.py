"""Arguments that cannot be meant are told before anything is made, with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec
import pytest

import cambrian
from cambrian.app.request import check_request, checked
from cambrian.core.budget import Budget

AnyCall = Callable[..., object]


def solve() -> list[float]:
    return [1.0, 2.0]


def score(artifact: list[float]) -> float:
    return -abs(sum(artifact) - 10)


WRONG: list[tuple[dict[str, object], str]] = [
    ({"budget": 60}, 'budget is 60; a number alone has no unit; write for example budget="60s"'),
    ({"budget": b"60s"}, "budget is b'60s'; write for example"),
    ({"seed": "a"}, "seed is 'a'; a whole number"),
    ({"seed": True}, "seed is True; a whole number"),
    ({"seed": -1}, "seed is -1; a whole number from 0"),
    ({"seed": 2**63}, "seed is 9223372036854775808; a whole number from 0"),
    ({"jobs": "2"}, "jobs is '2'; a whole number from 1 to 1024 is wanted; write for example jobs=2"),
    ({"jobs": 1.0}, "jobs is 1.0; a whole number"),
    ({"target": "x"}, "target is 'x'; a finite number"),
    ({"target": float("nan")}, "target is nan; a finite number"),
    ({"workspace": 3}, "workspace is 3; a folder is wanted"),
    ({"workspace": ""}, "workspace is ''; a folder is wanted"),
    ({"display": "fancy"}, "display is 'fancy'; one of 'rich', 'plain', 'json', 'none' is wanted"),
    ({"settings": "limits.wall=5s"}, r"settings is 'limits.wall=5s'; a list of texts is wanted; write settings=\["),
    ({"settings": [3]}, r"settings is \[3\]; a list of texts is wanted"),
    ({"settings": 3}, "settings is 3; a list of texts is wanted"),
]


def _named(item: object) -> str:
    """The same in every process: no addresses."""
    return re.sub(r" at 0x[0-9a-f]+", "", str(item))[:40]


@pytest.mark.parametrize(("wrong", "told"), WRONG, ids=_named)
def test_a_wrong_argument_makes_nothing(
    wrong: dict[str, object], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    task = cambrian.define_task(solve, score, budget="2ev")
    with pytest.raises(cambrian.UsageError, match=told):
        cast("AnyCall", cambrian.evolve)(task, **wrong)
    if "seed" not in wrong:
        with pytest.raises(cambrian.UsageError, match=told):
            cast("AnyCall", cambrian.resume)("last", **wrong)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("task", [solve, 3, "", b"task"], ids=_named)
def test_what_is_no_task_is_refused(task: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fix = "define_task" if callable(task) else "a task's folder"
    with pytest.raises(cambrian.UsageError, match=fix):
        cast("AnyCall", cambrian.evolve)(task)
    assert list(tmp_path.iterdir()) == []


def test_a_run_is_named_by_a_text() -> None:
    with pytest.raises(cambrian.UsageError, match="run is 3"):
        cast("AnyCall", cambrian.resume)(3)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"budget": 60}, "budget is 60"),
        ({"mode": "fast"}, "mode is 'fast'; one of 'artifact', 'callable'"),
        ({"objectives": {"score": "max"}}, "{'score': 'max'}; .*\"maximize\""),
        ({"objectives": {}}, "objectives is {}"),
        ({"objectives": ["score"]}, "names with their directions"),
        ({"target": "x"}, "target is 'x'"),
        ({"limits": {"wall": 5}}, "limits is {'wall': 5}; a Limits is wanted"),
        ({"strategy": "topk"}, "strategy is 'topk'; a StrategyConfig is wanted"),
        ({"level": "L2"}, "level is 'L2'; a Level is wanted"),
        ({"name": 3}, "name is 3; a text is wanted"),
        ({"entry": 3}, "entry is 3; a text is wanted"),
        ({"program": 3}, "program is 3; a function"),
        ({"scorer": [score]}, "scorer is .*; a function"),
    ],
    ids=_named,
)
def test_a_definition_is_checked(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(cambrian.UsageError, match=told):
        cast("AnyCall", cambrian.define_task)(**{"program": solve, "scorer": score, **wrong})


def test_what_is_meant_is_let_through() -> None:
    check_request(
        task=Path("x"), run="last", budget="60s", target=2, seed=0, jobs=1, settings=("a=b",), workspace=Path("."),
        display="none",
    )  # fmt: skip
    check_request(budget=Budget(wall=1.0), seed=None, jobs=None, settings=[])


def test_a_task_with_an_impossible_member_is_refused_before_a_run_is_made(tmp_path: Path) -> None:
    task = msgspec.structs.replace(cambrian.define_task(solve, score), description=cast("str", 3))
    with pytest.raises(cambrian.UsageError, match="Expected `str`, got `int`"):
        cambrian.evolve(task, workspace=tmp_path / "w")
    assert not (tmp_path / "w").exists()
    assert checked(Budget(wall=1.0)) == Budget(wall=1.0)

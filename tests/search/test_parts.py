"""Registry, preloads, filters, stoppers: the small parts, each knob shown to change something."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cambrian.core.budget import Budget
from cambrian.core.errors import UsageError
from cambrian.search.filters import Filters
from cambrian.search.population import Population
from cambrian.search.preload import imported, preloads
from cambrian.search.registry import MAKERS, make_proposers
from cambrian.search.stoppers import Stoppers
from cambrian.search.task import StrategyConfig
from cambrian.testing.clock import ManualClock

from .tasks import number_task

PROBLEM = "def bounds():\n    return [(0.0, 1.0)]\n\ndef objective(x):\n    return x[0]\n"


def test_templates_take_part_where_there_is_a_problem(tmp_path: Path) -> None:
    task = number_task(tmp_path)
    without = {proposer.name for proposer in make_proposers(task.setting(1), ())}
    with_problem = msgspec.structs.replace(task, problem=PROBLEM)
    assert {proposer.name for proposer in make_proposers(with_problem.setting(1), ())} == set(MAKERS) - {"choose"}
    assert not any(name.startswith("template.") for name in without)
    assert "edit" in without


def test_choices_take_part_where_the_program_has_some(tmp_path: Path) -> None:
    setting = number_task(tmp_path).setting(1)
    text = "KINDS = ('a', 'b')\nkind = 'a'\n"
    chosen = msgspec.structs.replace(setting, initial=msgspec.structs.replace(setting.initial, files={"p.py": text}))
    assert "choose" in {proposer.name for proposer in make_proposers(chosen, ())}


def test_a_family_and_a_name_choose(tmp_path: Path) -> None:
    setting = msgspec.structs.replace(number_task(tmp_path), problem=PROBLEM).setting(1)
    family = {proposer.name for proposer in make_proposers(setting, ("template.",))}
    assert family == {name for name in MAKERS if name.startswith("template.")}
    assert [proposer.name for proposer in make_proposers(setting, ("edit",))] == ["edit"]


def test_a_name_that_there_is_not_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'edits'; choose from edit"):
        make_proposers(number_task(tmp_path).setting(1), ("edits",))
    with pytest.raises(UsageError, match="need a problem"):
        make_proposers(number_task(tmp_path).setting(1), ("template.",))


def test_what_a_program_imports_is_found_and_its_own_modules_are_not(tmp_path: Path) -> None:
    program = (
        "import json.decoder\nfrom heapq import heappop\nimport p\nimport no_such_package\n\ndef f():\n    import csv\n"
    )
    task = number_task(tmp_path, program=program, evaluator="import fractions\n\ndef score(x):\n    return x\n")
    found = preloads(task)
    assert found.program == ("json.decoder", "heapq", "csv")
    assert found.scorer == ("fractions",)
    assert "scipy.optimize" in preloads(msgspec.structs.replace(task, problem=PROBLEM)).program
    assert imported("def broken(") == ()


def test_a_candidate_may_bring_modules_but_not_the_scorers_name(tmp_path: Path) -> None:
    task = number_task(tmp_path)
    filters = Filters(task.initial, frozenset({"evaluate.py"}))
    text = "from extra import value\n\ndef f():\n    return value\n"

    def reason(name: str) -> str | None:
        files = {"p.py": text, name: "value = 2\n"}
        return filters.reject(files, filters.canonical(files))

    assert reason("extra.py") is None
    assert reason("evaluate.py") == "frozen"


async def _stoppers(task_folder: Path, budget: Budget) -> tuple[Stoppers, Population, ManualClock]:
    task = number_task(task_folder, budget=budget)
    clock = ManualClock()
    stoppers = Stoppers(task, clock)
    stoppers.begin(elapsed=10.0, money=1.0)
    return stoppers, Population(task, seed=1, proposers=[]), clock


@pytest.mark.anyio
async def test_budgets_count_what_earlier_processes_used(tmp_path: Path) -> None:
    stoppers, population, clock = await _stoppers(tmp_path, Budget(wall=15.0, evaluations=3, money=1.5))
    assert stoppers.check(population, in_flight=2) is None
    assert stoppers.check(population, in_flight=3) == "evaluations"
    assert stoppers.remaining() == 5.0
    clock.advance(5.5)
    assert stoppers.check(population, in_flight=0) == "wall"
    stoppers.money = 1.5
    assert stoppers.check(population, in_flight=0) == "money"
    stoppers.interrupted = True
    assert stoppers.check(population, in_flight=0) == "interrupted"


@pytest.mark.parametrize("knob", ["islands", "capacity", "migrate_every", "plateau"])
def test_knobs_are_checked(knob: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=knob):
        msgspec.convert({knob: 0}, StrategyConfig)

"""The floor is a fixed table of presets; nothing else has a say in it."""

from __future__ import annotations

import inspect
from itertools import pairwise

import pytest

from cambrian.core.errors import UsageError
from cambrian.core.limits import Level
from cambrian.sandbox.scripts.router import policy
from cambrian.sandbox.scripts.router.policy import PRESETS, Preset, floor

NAMES = ("monty", "quickjs", "deno", "cpython", "node", "bun", "somebody's")
ONE = {"quickjs", "cpython", "somebody's"}
"""Of one process."""
ALLOWED: dict[Preset, dict[Level, set[str]]] = {
    "dev": {Level.L0: set(), Level.L1: {"monty", "quickjs", "deno"}, Level.L2: ONE, Level.L3: set(NAMES)},
    "standard": {Level.L0: set(), Level.L1: set(), Level.L2: {"quickjs"}, Level.L3: set(NAMES)},
    "strict": {Level.L0: set(), Level.L1: set(), Level.L2: set(), Level.L3: {"monty", "quickjs", "deno"}},
}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("level", list(Level))
def test_who_may_run(preset: Preset, level: Level) -> None:
    found = {name for name in NAMES if not floor(preset).refusal(name, level)}
    assert found == ALLOWED[preset][level]


def test_stricter_presets_allow_less() -> None:
    for looser, stricter in pairwise(PRESETS):
        for level in Level:
            assert ALLOWED[stricter][level] <= ALLOWED[looser][level]


def test_a_refusal_says_what_is_wanted() -> None:
    assert "level 3" in floor("standard").refusal("cpython", Level.L2)
    assert "wall" in floor("strict").refusal("node", Level.L3)
    assert "jail level 2 allows one; no preset allows it at level 2" in floor("dev").refusal("monty", Level.L2)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("level", list(Level))
def test_a_refusal_names_the_preset_that_allows_it_and_that_one_does(preset: Preset, level: Level) -> None:
    for name in NAMES:
        refusal = floor(preset).refusal(name, level)
        allowing = [each for each in PRESETS if name in ALLOWED[each][level]]
        if refusal:
            assert (f"--preset {allowing[-1]} allows it" if allowing else "no preset allows it") in refusal
            assert ("`cambrian doctor` says what level 3 wants" in refusal) == (level < Level.L3)


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(UsageError, match="'loose'"):
        floor("loose")


def test_the_table_knows_nothing_of_scripts_or_of_what_was_learnt() -> None:
    assert set(inspect.signature(floor).parameters) == {"preset"}
    source = inspect.getsource(policy)
    assert "import ScriptFeatures" not in source
    assert "import CostModel" not in source

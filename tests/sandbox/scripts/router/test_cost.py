"""Costs begin at what was measured and follow what is observed, the same way each time."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.sandbox.scripts.router.cost import MAX_CELLS, PRIORS, CostModel, Observation, bucket_of
from cambrian.source.features_script import script_features

LIGHT = script_features("1 + 1", "python")
HEAVY = script_features("for i in range(3000):\n for j in range(3000):\n  x = i * j", "python")
OPEN = script_features("while f(x): x = g(x)", "python")


def told(runtime: str, features: object, ms: float, gap: str = "") -> Observation:
    assert isinstance(features, type(LIGHT))
    return Observation(runtime=runtime, bucket=bucket_of(features), work=features.work, ms=ms, gap=gap)


def best(model: CostModel, features: object, *names: str) -> str:
    assert isinstance(features, type(LIGHT))
    return min(names, key=lambda name: model.expected_ms(name, features))


def test_before_anything_is_seen_starts_count_for_light_scripts_and_pace_for_heavy_ones() -> None:
    model = CostModel()
    assert best(model, LIGHT, "monty", "cpython") == "monty"
    assert best(model, HEAVY, "monty", "cpython") == "cpython"
    assert best(model, LIGHT, "quickjs", "deno", "node") == "quickjs"
    assert best(model, HEAVY, "quickjs", "deno", "node") == "deno"


def test_an_open_loop_that_was_long_is_expected_to_be_long_everywhere() -> None:
    model = CostModel()
    assert best(model, OPEN, "monty", "cpython") == "monty"
    model.tell(told("monty", OPEN, 400.0))
    assert best(model, OPEN, "monty", "cpython") == "cpython"
    assert (
        model.expected_ms("cpython", OPEN) > 2 * PRIORS["cpython"].start_ms
    )  # it never ran there, yet its work is known
    assert best(model, LIGHT, "monty", "cpython") == "monty"  # others are not blamed


def test_what_was_seen_on_a_runtime_is_believed_soon() -> None:
    model = CostModel()
    for _ in range(10):
        model.tell(told("monty", HEAVY, 3000.0))
        model.tell(told("cpython", HEAVY, 1000.0))
    assert model.expected_ms("monty", HEAVY) == pytest.approx(3000.0, rel=0.15)
    assert model.expected_ms("cpython", HEAVY) == pytest.approx(1000.0, rel=0.15)


def test_a_start_that_is_slower_here_is_learnt_for_all_scripts() -> None:
    model = CostModel()
    for _ in range(30):
        model.tell(told("cpython", LIGHT, 90.0))
    other = script_features("import json\njson.dumps([1])", "python")
    assert model.expected_ms("cpython", other) == pytest.approx(90.0, rel=0.25)
    assert CostModel(starts={"cpython": 90.0}).expected_ms("cpython", other) == pytest.approx(90.0, rel=0.05)


def test_one_outlier_does_not_turn_the_table() -> None:
    model = CostModel(told("monty", LIGHT, 0.4) for _ in range(50))
    model.tell(told("monty", LIGHT, 900.0))
    assert best(model, LIGHT, "monty", "cpython") == "monty"


def test_gaps_are_counted_by_feature() -> None:
    model = CostModel()
    before = model.gap_probability("monty", ["import:x"])
    assert model.gap_probability("monty", []) < 0.05 < before < model.gap_probability("monty", ["import:x", "import:y"])
    for _ in range(5):
        model.tell(told("monty", LIGHT, 1.0, gap="import:x"))
    assert model.gap_probability("monty", ["import:x"]) > 0.8
    assert model.gap_probability("cpython", ["import:x"]) == before
    for _ in range(50):
        seen = told("monty", LIGHT, 1.0)
        model.tell(msgspec.structs.replace(seen, met=("import:y",)))
    assert model.gap_probability("monty", ["import:y"]) < 0.05


def test_a_gap_says_nothing_about_time() -> None:
    model = CostModel()
    before = model.expected_ms("monty", HEAVY)
    model.tell(told("monty", HEAVY, 0.1, gap="syntax:del"))
    assert model.expected_ms("monty", HEAVY) == before


def test_senseless_times_are_refused() -> None:
    for ms in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(UsageError, match=r"observation\.ms"):
            told("monty", LIGHT, ms)


OBSERVATIONS = st.builds(
    Observation, runtime=st.sampled_from(["monty", "cpython", "new"]), bucket=st.sampled_from(["a", "b"]),
    work=st.floats(0, 1e15), ms=st.floats(1e-6, 1e9), gap=st.sampled_from(["", "import:x"]),
)  # fmt: skip


@given(st.lists(OBSERVATIONS, max_size=20))
def test_the_same_observations_give_the_same_model(seen: list[Observation]) -> None:
    kept = msgspec.json.decode(msgspec.json.encode(seen), type=list[Observation])
    first, again = CostModel(seen), CostModel(kept)
    for runtime in ("monty", "cpython", "new"):
        assert 0.0 < first.expected_ms(runtime, HEAVY) == again.expected_ms(runtime, HEAVY) < 1e18
        assert 0.0 <= first.gap_probability(runtime, ["import:x"]) <= 1.0


def test_memory_is_bounded() -> None:
    model = CostModel(
        Observation(runtime="monty", bucket=str(index), work=1.0, ms=1.0) for index in range(2 * MAX_CELLS)
    )
    assert len(model._cells) <= MAX_CELLS  # pyright: ignore[reportPrivateUsage]

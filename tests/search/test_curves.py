"""The best so far against what was spent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.tale import Said, Tale, task_of

from cambrian.core.errors import UsageError
from cambrian.core.evaluation import Status
from cambrian.core.event import Event, fact
from cambrian.core.ids import RunId
from cambrian.search.curves import REVISITED, Curve, Rise
from cambrian.search.facts import OPENED, Opened


def curve(*values: float | None, minimize: bool = False, status: Status = Status.ERROR) -> Curve:
    tale = Tale(task_of(minimize=minimize))
    facts = [fact(OPENED, Opened(task=tale.task, seed=1, jobs=1))]
    for value in values:
        facts += tale.add(Said(value=value, status=status))[0]
    made = Curve()
    for seq, item in enumerate(facts, 1):
        made.apply(Event(run=RunId("r"), seq=seq, time=0.0, type=item.type, data=item.data))
    return made


def test_the_best_is_known_at_any_effort() -> None:
    it = curve(1.0, None, 3.0, 2.0, 5.0)
    assert it.rises == [Rise(1, 0.25, 1.0, 1.0), Rise(3, 0.75, 3.0, 3.0), Rise(5, 1.25, 5.0, 5.0)]
    assert [it.at("evaluations", n) for n in (0, 1, 2, 3, 4, 5, 9)] == [None, 1, 1, 3, 3, 5, 5]
    assert it.at("cpu_s", 0.8) == 3.0
    assert (it.evaluations, it.cpu_s, it.wall_s, it.best) == (5, 1.25, 5.0, 5.0)


def test_area_target_and_direction() -> None:
    it = curve(1.0, None, 3.0, 2.0, 5.0)
    assert it.mean("evaluations", 5) == (1 * 2 + 3 * 2) / 4
    assert it.mean("evaluations", 1) == 1.0
    assert it.mean("evaluations", 0) is None
    assert it.reach("evaluations", 2.5) == 3
    assert it.reach("cpu_s", 3.0) == 0.75
    assert it.reach("evaluations", 6.0) is None
    down = curve(5.0, 2.0, 4.0, minimize=True)
    assert (down.best, down.reach("evaluations", 3.0)) == (2.0, 2)


def test_cancelled_ones_count_nowhere() -> None:
    assert curve(1.0, None, status=Status.CANCELLED).evaluations == 1


def test_a_lucky_best_that_fell_back_is_the_best_no_more() -> None:
    tale = Tale(task_of())
    facts = [fact(OPENED, Opened(task=tale.task, seed=1, jobs=1))]
    for value in (1.0, 9.0):
        facts += tale.add(Said(value=value))[0]
    first, lucky = ({"variant": variant.id, "status": "ok"} for variant in tale.variants)
    again = {**lucky, "objectives": {"score": 3.0}}
    facts.append(fact(REVISITED, {"evaluation": again, "cpu_s": 2.0, "elapsed_s": 3.0}))
    leader = {"index": 0, "evaluation": {**first, "objectives": {"score": 1.0}}}
    fallen = {**lucky, "objectives": {"score": 0.5}}
    facts.append(fact(REVISITED, {"evaluation": fallen, "cpu_s": 2.0, "leader": leader, "elapsed_s": 4.0}))
    it = Curve()
    for seq, item in enumerate(facts, 1):
        it.apply(Event(run=RunId("r"), seq=seq, time=0.0, type=item.type, data=item.data))
    assert [rise.value for rise in it.rises] == [1.0, 9.0, 3.0, 1.0]
    assert (it.best, it.cpu_s) == (1.0, 4.5)


def test_without_a_beginning_there_is_no_objective() -> None:
    with pytest.raises(UsageError, match="has not begun"):
        _ = Curve().objective


@given(st.lists(st.one_of(st.none(), st.floats(-9, 9)), max_size=20))
def test_it_agrees_with_the_running_maximum(values: list[float | None]) -> None:
    it = curve(*values)
    for upto in range(len(values) + 1):
        seen = [value for value in values[:upto] if value is not None]
        assert it.at("evaluations", upto) == (max(seen) if seen else None)

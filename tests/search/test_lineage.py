"""The lineage's columns: what is folded from facts, and that it does not grow with what candidates say."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app.tale import Said, Tale, task_of

from cambrian.core.evaluation import Status
from cambrian.core.event import Event, Fact, fact
from cambrian.core.evidence import Evidence
from cambrian.core.ids import RunId
from cambrian.search.facts import OPENED, STOPPED, Filtered, Opened, Stopped
from cambrian.search.lineage import PENDING, Lineage, Reason


def folded(evaluations: Sequence[Said], *, more: Sequence[Fact] = ()) -> Lineage:
    tale = Tale(task_of())
    facts = [fact(OPENED, Opened(task=tale.task, seed=1, jobs=1, level="L3"))]
    for said in evaluations:
        facts += tale.add(said)[0]
    return fold([*facts, *more])


def fold(facts: Sequence[Fact]) -> Lineage:
    lineage = Lineage()
    for seq, item in enumerate(facts, 1):
        lineage.apply(Event(run=RunId("r-0"), seq=seq, time=float(seq), type=item.type, data=item.data))
    return lineage


FAMILY = [
    Said(value=1.0),
    Said(value=2.0, parents=(0,)),
    Said(value=None, parents=(1,), feedback="Traceback\nValueError: 17 is not 4"),
    Said(value=1.5, parents=(1,), proposer="tune"),
    Said(value=3.0, parents=(3, 1), cpu_s=1.0, niche=2),
]


def test_a_family_is_known() -> None:
    lineage = folded(FAMILY)
    assert lineage.bests == [0, 1, 4]
    assert lineage.winner == 4
    assert lineage.line(4) == [0, 1, 3, 4]
    assert lineage.ancestors([2]) == {0, 1, 2}
    row = lineage.row(4)
    assert (row.parents, row.proposer, row.status, row.value, row.niche) == ((3, 1), "edit", "ok", 3.0, 2)
    assert (row.cpu_s, row.cpu_total, row.elapsed_s, row.best) == (1.0, 2.0, 5.0, True)
    assert math.isnan(lineage.row(2).value)


def test_what_is_in_flight_has_no_outcome() -> None:
    tale = Tale(task_of())
    lineage = fold([fact(OPENED, Opened(task=tale.task, seed=1, jobs=1)), tale.add(FAMILY[0])[0][0]])
    assert lineage.row(0).status == PENDING
    assert lineage.winner is None
    assert lineage.bests == []


def test_the_same_failure_with_other_numbers_is_one_reason() -> None:
    lineage = folded(
        [Said(value=1.0), *(Said(value=None, feedback=f"x\nValueError: {n} of {n + 0.5}") for n in range(9))]
    )
    assert lineage.reasons == {Reason("error", "ValueError: # of #"): 9}
    assert lineage.examples[Reason("error", "ValueError: # of #")] == 1


def test_candidates_cannot_fill_the_memory_with_reasons() -> None:
    wordy = [Said(value=None, feedback=f"{'abcdefghij'[n % 10]}{'x' * (n // 10)} {'y' * 10_000}") for n in range(1200)]
    lineage = folded([Said(value=1.0), *wordy])
    assert sum(lineage.reasons.values()) == 1200
    assert len(lineage.reasons) <= 501
    assert max(len(reason.words) for reason in lineage.reasons) <= 200


def test_cancelled_ones_are_no_failures() -> None:
    lineage = folded([Said(value=1.0), Said(value=None, status=Status.CANCELLED)])
    assert not lineage.reasons
    assert lineage.row(1).status == "cancelled"


def test_samples_features_filters_and_marks_are_kept() -> None:
    kept = Said(
        value=2.0, features=(0.5, 7.0), samples=(1.9, 2.1),
        filtered=(Filtered(proposer="edit", reason="duplicate", count=3),),
    )  # fmt: skip
    lineage = folded([Said(value=1.0), kept], more=[fact(STOPPED, Stopped(reason="target", elapsed_s=9.0))])
    assert lineage.features == {1: (0.5, 7.0)}
    assert lineage.samples == {1: (1.9, 2.1)}
    assert lineage.filtered == {("edit", "duplicate"): 3}
    assert [(mark.kind, mark.evaluations, mark.detail) for mark in lineage.marks] == [
        ("opened", 0, "L3"), ("stopped", 2, "target"),
    ]  # fmt: skip


def test_an_elite_that_fell_back_leads_no_more() -> None:
    tale = Tale(task_of())
    facts = [fact(OPENED, Opened(task=tale.task, seed=1, jobs=1))]
    for said in (Said(value=1.0), Said(value=2.0, parents=(0,))):
        facts += tale.add(said)[0]
    score = {"objectives": {"score": 0.5}, "samples": [0.4, 0.6]}
    again = {"variant": tale.variants[1].id, "status": "ok", **score}
    revisited = {"evaluation": again, "cpu_s": 3.0, "leader": {"index": 0}, "elapsed_s": 5.0}
    lineage = fold([*facts, fact("search.revisited", revisited)])
    assert lineage.winner == 0
    assert (lineage.row(1).value, lineage.samples) == (0.5, {1: (0.4, 0.6)})


def test_a_confirmation_is_read() -> None:
    evidence = Evidence(kind="not_shown", claim="the winner is better than the initial program")
    lineage = folded(FAMILY, more=[fact("search.confirmed", {"variant": "v", "evidence": evidence, "winner": [1.0]})])
    assert [item.evidence for item in lineage.confirmed] == [evidence]


def test_what_is_no_fact_of_a_search_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        fold([fact("search.evaluated", {"index": "no number"})])


@given(st.lists(st.integers(0, 30), max_size=30))
def test_lines_and_ancestors_agree(choices: list[int]) -> None:
    evaluations = [Said(value=0.0), *(Said(value=float(n), parents=(c % (n + 1),)) for n, c in enumerate(choices))]
    lineage = folded(evaluations)
    for index in range(len(lineage)):
        line = lineage.line(index)
        assert line[0] == 0
        assert line[-1] == index
        assert set(line) == lineage.ancestors([index]), "with one parent each, the line is all of the ancestors"
        assert all(lineage.row(child).parents == (parent,) for parent, child in itertools.pairwise(line))

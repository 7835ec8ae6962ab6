"""Schedulers: the budget is kept, samples are fair, the best stays in, replays and resumes agree."""

from __future__ import annotations

import math
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.verify.racing import Race, Scheduler, SuccessiveHalving


def run(scheduler: Scheduler, means: list[float], rng: Random, spread: float = 1.0) -> list[tuple[int, float]]:
    told: list[tuple[int, float]] = []
    while not scheduler.done:
        candidate = scheduler.ask()
        assert candidate is not None, "nothing is in flight, so there must be something to ask"
        told.append((candidate, rng.gauss(means[candidate], spread)))
        scheduler.tell(*told[-1])
    assert scheduler.ask() is None
    return told


@given(st.integers(1, 40), st.integers(0, 500), st.integers(2, 5), st.integers(0, 100))
def test_halving_keeps_its_budget_and_ends_with_one(count: int, extra: int, eta: int, seed: int) -> None:
    budget = count * 6 + extra
    halving = SuccessiveHalving.of(count, budget=budget, eta=eta, seed=seed)
    told = run(halving, [float(i) for i in range(count)], Random(seed), spread=0.0)
    assert len(told) <= budget
    assert halving.leader == count - 1
    assert not halving.evidence().shown


def test_halving_gives_the_later_rounds_more() -> None:
    halving = SuccessiveHalving.of(8, budget=240)
    told = run(halving, [0, 0, 0, 0, 0, 0, 1, 5], Random(1))
    counts = [sum(candidate == index for candidate, _ in told) for index in range(8)]
    # 240 / 3 rounds = 80 samples a round: 10, 20 and 40 for each that is left.
    assert sorted(counts) == [10, 10, 10, 10, 30, 30, 70, 70]
    assert halving.leader == 7


def test_halving_without_enough_for_a_round_says_what_is_needed() -> None:
    with pytest.raises(UsageError, match="need 24 samples"):
        SuccessiveHalving.of(8, budget=20)


def test_a_race_drops_the_worse_and_shows_the_best() -> None:
    race = Race.of(5, limit=2000)
    told = run(race, [0, 0.1, 0.2, 0.3, 1.5], Random(2))
    assert race.running == (4,)
    assert race.evidence().shown
    assert len(told) < 5 * 2000 / 4


def test_a_race_of_equals_seldom_names_a_best() -> None:
    rng = Random(8)
    races = [Race.of(4, limit=120) for _ in range(40)]
    for race in races:
        run(race, [0.0] * 4, rng)
    assert sum(race.evidence().shown for race in races) <= 8  # 99.9 % bound of a chance of .05 in 40


def test_the_best_is_seldom_dropped() -> None:
    rng, lost = Random(3), 0
    for _ in range(60):
        race = Race.of(4, limit=150)
        run(race, [0.0, 0.1, 0.2, 0.25], rng)
        lost += 3 not in race.running
    assert lost <= 10  # 99.9 % bound of a chance of .05 in 60


def test_every_round_samples_each_once_in_an_order_of_its_own() -> None:
    race = Race.of(6, limit=40)
    asked = [race.ask() for _ in range(60)]
    rounds = [tuple(asked[start : start + 6]) for start in range(0, 60, 6)]
    assert all(sorted(filter(None, order)) == [1, 2, 3, 4, 5] for order in rounds)
    assert len(set(rounds)) > 5
    assert [Race.of(6, limit=40, seed=seed).ask() for seed in range(20)] != [asked[0]] * 20


def test_samples_in_flight_are_not_asked_twice_and_can_be_cancelled() -> None:
    halving = SuccessiveHalving.of(3, budget=12)  # two rounds: two samples each at first
    asked = [halving.ask() for _ in range(7)]
    assert asked[6] is None
    assert sorted(item for item in asked if item is not None) == [0, 0, 1, 1, 2, 2]
    assert not halving.done
    halving.cancelled(1)
    assert halving.ask() == 1
    assert halving.ask() is None


@pytest.mark.parametrize("make", [lambda: Race.of(3, limit=30), lambda: SuccessiveHalving.of(3, budget=60)])
def test_a_candidate_that_fails_is_out(make: object) -> None:
    assert callable(make)
    scheduler = make()
    assert isinstance(scheduler, Race | SuccessiveHalving)
    scheduler.tell(2, 100.0)
    scheduler.tell(2, None)
    run(scheduler, [1.0, 0.0, 9.0], Random(1), spread=0.1)
    assert scheduler.leader == 0
    assert 2 not in scheduler.running


def test_when_all_fail_it_is_over_without_a_leader() -> None:
    for scheduler in (Race.of(2, limit=30), SuccessiveHalving.of(2, budget=60)):
        scheduler.tell(0, None)
        scheduler.tell(1, None)
        assert scheduler.done
        assert scheduler.leader is None
        assert not scheduler.evidence().shown


def test_a_race_won_by_failures_alone_shows_nothing() -> None:
    race = Race.of(2, limit=30)
    race.tell(1, None)
    race.tell(0, 1.0)
    assert race.done
    assert race.leader == 0
    assert not race.evidence().shown


@given(st.integers(1, 6), st.integers(0, 200), st.integers(0, 10**6))
def test_resumed_and_replayed_races_agree(count: int, cut: int, seed: int) -> None:
    rng = Random(seed)
    race = Race.of(count, limit=30, seed=seed)
    told = run(race, [rng.random() for _ in range(count)], rng, spread=0.2)
    replay = Race.of(count, limit=30, seed=seed)
    for candidate, value in told[:cut]:
        replay.tell(candidate, value)  # as a journal would: no ask before it
    replay = msgspec.json.decode(msgspec.json.encode(replay), type=Race)
    for candidate, value in told[cut:]:
        assert replay.ask() == candidate
        replay.tell(candidate, value)
    assert replay == race


def test_late_samples_of_the_dropped_change_nothing_else() -> None:
    race = Race.of(2, limit=2000)
    run(race, [0.0, 3.0], Random(1))
    race.tell(0, 50.0)
    assert race.running == (1,)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="candidates"):
        Race.of(0)
    with pytest.raises(UsageError, match="limit"):
        Race.of(2, limit=5)
    with pytest.raises(UsageError, match="eta"):
        SuccessiveHalving.of(2, budget=10, eta=1)
    with pytest.raises(UsageError, match="candidate 7"):
        Race.of(2).tell(7, 1.0)
    with pytest.raises(UsageError, match="nan"):
        Race.of(2).tell(0, math.nan)

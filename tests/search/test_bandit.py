"""The bandit: it finds what pays per cost, forgets, and is deterministic."""

from __future__ import annotations

from collections import Counter
from random import Random

from cambrian.search.bandit import Bandit


def play(pays: dict[str, float], costs: dict[str, float], rounds: int = 600, seed: int = 1) -> Counter[str]:
    bandit, rng, chosen = Bandit(list(pays)), Random(seed), Counter[str]()
    for _ in range(rounds):
        name = bandit.choose(rng)
        assert name is not None
        bandit.started(name)
        bandit.tell(name, float(rng.random() < pays[name]), costs[name])
        chosen[name] += 1
    return chosen


def test_every_arm_gets_its_turn_before_any_gets_a_second() -> None:
    bandit, rng = Bandit(["a", "b", "c"]), Random(0)
    first: list[str] = []
    for _ in range(3):
        name = bandit.choose(rng)
        assert name is not None
        bandit.started(name)
        first.append(name)
    assert first == ["a", "b", "c"]


def test_what_pays_more_is_chosen_more() -> None:
    chosen = play({"good": 0.4, "bad": 0.02}, {"good": 1, "bad": 1})
    assert chosen["good"] > 5 * chosen["bad"] > 0


def test_cost_counts() -> None:
    equal = {"cheap": 0.2, "dear": 0.2}
    assert play(equal, {"cheap": 1, "dear": 20})["cheap"] > play(equal, {"cheap": 1, "dear": 1})["cheap"]


def test_it_forgets_what_paid_once() -> None:
    bandit, rng = Bandit(["early", "late"]), Random(2)
    for name, reward in (("early", 1.0), ("late", 0.0)):
        for _ in range(50):
            bandit.started(name)
            bandit.tell(name, reward, 1.0)
    for _ in range(150):
        bandit.started("early")
        bandit.tell("early", 0.0, 1.0)
        bandit.started("late")
        bandit.tell("late", 0.5, 1.0)
    chosen = Counter(bandit.choose(rng) for _ in range(200))
    assert chosen["late"] > chosen["early"]


def test_what_is_turned_down_counts_as_nothing_gained() -> None:
    bandit, rng = Bandit(["repeats", "new"]), Random(3)
    for name in ("repeats", "new"):
        bandit.started(name)
        bandit.tell(name, 0.5, 1.0)
    bandit.tell_filtered("repeats", 3000)
    assert Counter(bandit.choose(rng) for _ in range(300))["new"] > 200


def test_excluded_arms_are_not_chosen() -> None:
    bandit = Bandit(["a", "b"])
    assert bandit.choose(Random(0), exclude=frozenset({"a"})) == "b"
    assert bandit.choose(Random(0), exclude=frozenset({"a", "b"})) is None


def test_same_seed_same_choices() -> None:
    pays, costs = {"a": 0.3, "b": 0.2}, {"a": 2.0, "b": 1.0}
    assert play(pays, costs, seed=5) == play(pays, costs, seed=5)


def test_dear_candidates_that_pay_are_not_starved_by_cheap_ones_that_do_not() -> None:
    pays, costs = {"cheap": 0.0, "idle": 0.0, "dear": 0.2}, {"cheap": 1.0, "idle": 1.0, "dear": 400.0}
    bandit, rng, spent = Bandit(list(pays)), Random(4), Counter[str]()
    while spent.total() < 30_000:
        name = bandit.choose(rng)
        assert name is not None
        bandit.started(name)
        bandit.tell(name, float(rng.random() < pays[name]), costs[name])
        spent[name] += int(costs[name])
    assert spent["dear"] > 0.4 * spent.total()

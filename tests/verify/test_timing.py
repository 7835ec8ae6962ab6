"""Paired timing, with times from a model instead of a clock: decisions, order effects, load, noise."""

from __future__ import annotations

import math
from random import Random

import pytest

from cambrian.core.errors import UsageError
from cambrian.verify.timing import Arm, PairedTiming, TimingPlan, time_arms


class Machine:
    """A model of a machine: common load in a pair, noise of its own in each run, the second run of a pair warm."""

    def __init__(self, seed: int, *, speed_up: float = 1.0, load: float = 1.0, noise: float = 0.2, warm: float = 1.0):
        self.rng = Random(seed)
        self.speed_up, self.load, self.noise, self.warm = speed_up, load, noise, warm
        self.calls: list[tuple[Arm, int]] = []
        self._factor = 1.0

    async def measure(self, arm: Arm, pair: int) -> float:
        first = not self.calls or self.calls[-1][1] != pair
        if first:
            self._factor = math.exp(self.rng.gauss(0, self.load))
        self.calls.append((arm, pair))
        own = math.exp(self.rng.gauss(0, self.noise))
        return 1e-3 * self._factor * own * (1 if first else self.warm) / (self.speed_up if arm == "candidate" else 1)


async def test_a_faster_candidate_is_shown_soon_under_heavy_load() -> None:
    machine = Machine(1, speed_up=1.2)
    found = await time_arms(machine.measure, rng=Random(1))
    assert found.shown
    assert found.lower is not None
    assert 1 < found.lower < 1.2
    assert found.n < 300
    assert "random order" in found.method


async def test_equal_arms_are_not_shown_and_end_in_time() -> None:
    machine = Machine(2)
    found = await time_arms(machine.measure, rng=Random(2), plan=TimingPlan(pairs=150))
    assert not found.shown
    assert found.n <= 150


async def test_a_slower_candidate_ends_early() -> None:
    found = await time_arms(Machine(3, speed_up=0.7).measure, rng=Random(3))
    assert not found.shown
    assert found.upper is not None
    assert found.upper < 1
    assert found.n < 200


async def test_a_warm_second_run_promotes_nobody() -> None:
    """5 % by being second: with a fixed order it would promote every time."""
    wrong = 0
    for seed in range(40):
        plan = TimingPlan(pairs=200, self_share=0)
        wrong += (await time_arms(Machine(seed, noise=0.02, warm=0.95).measure, rng=Random(seed), plan=plan)).shown
    assert wrong <= 8  # 99.9 % bound of a chance of .05 in 40


async def test_the_order_is_drawn_and_both_arms_of_a_pair_share_its_number() -> None:
    machine = Machine(4)
    timing = PairedTiming(machine.measure, TimingPlan(self_share=0), Random(4))
    for _ in range(100):
        await timing.step()
    pairs = list(zip(machine.calls[::2], machine.calls[1::2], strict=True))
    assert all(one[1] == other[1] and one[0] != other[0] for one, other in pairs)
    assert 25 < sum(one[0] == "control" for one, _ in pairs) < 75


async def test_noise_and_order_are_told_from_the_control_against_itself() -> None:
    machine = Machine(5, noise=0.1, warm=0.8, speed_up=3.0)
    timing = PairedTiming(machine.measure, TimingPlan(self_share=0.5), Random(5))
    for _ in range(600):
        await timing.step()
    assert timing.control.n > 200
    assert timing.order_effect == pytest.approx(1 / 0.8, rel=0.05)
    assert timing.noise == pytest.approx(math.expm1(0.1 * math.sqrt(2)), rel=0.15)
    assert "noise 1" in timing.evidence().detail


async def test_the_control_against_itself_is_no_evidence() -> None:
    machine = Machine(6, speed_up=1.5)
    timing = PairedTiming(machine.measure, TimingPlan(self_share=0.5), Random(6))
    found = await timing.run()
    assert found.n == timing.test.sequence.n == sum(arm == "candidate" for arm, _ in machine.calls)


async def test_without_pairs_of_its_own_the_noise_is_said_to_be_unknown() -> None:
    timing = PairedTiming(Machine(7).measure, TimingPlan(self_share=0), Random(7))
    await timing.step()
    assert timing.noise is None
    assert "noise not measured" in timing.evidence().detail


async def test_the_least_effect_counts() -> None:
    strict = TimingPlan(min_effect=0.3, pairs=400)
    found = await time_arms(Machine(8, speed_up=1.1, noise=0.1).measure, rng=Random(8), plan=strict)
    assert not found.shown
    assert "than 1.3 ×" in found.claim


async def test_an_arm_that_fails_ends_the_timing_without_a_claim() -> None:
    machine = Machine(9)

    async def measure(arm: Arm, pair: int) -> float | None:
        return None if arm == "candidate" and pair == 25 else await machine.measure(arm, pair)

    timing = PairedTiming(measure, TimingPlan(self_share=0), Random(9))
    found = await timing.run()
    assert timing.failed == "candidate"
    assert found.n == 25
    assert not found.shown
    assert "the candidate failed" in found.detail


async def test_a_time_of_zero_is_refused() -> None:
    async def instant(arm: Arm, pair: int) -> float:
        return 0.0

    with pytest.raises(UsageError, match="repeat what is too short"):
        await time_arms(instant, rng=Random(1))


@pytest.mark.parametrize("plan", [{"pairs": 5}, {"self_share": 1.0}, {"alpha": 0.0}])
def test_a_plan_that_decides_nothing_is_refused(plan: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=next(iter(plan))):
        TimingPlan(**plan)  # type: ignore[arg-type]

"""A circuit opens after failures in a row, lets one try after it cooled, and closes on success."""

from __future__ import annotations

import pytest

from cambrian.core.errors import UsageError
from cambrian.sandbox.scripts.router.breaker import Breaker
from cambrian.testing.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def test_it_opens_after_failures_in_a_row(clock: ManualClock) -> None:
    breaker = Breaker(clock, failures=2, cooling=10.0)
    breaker.failed("a")
    breaker.succeeded("a")
    breaker.failed("a")
    assert breaker.wait("a") == 0.0
    breaker.failed("a")
    assert breaker.wait("a") == pytest.approx(10.0)
    assert breaker.wait("b") == 0.0


def test_one_may_try_after_it_cooled(clock: ManualClock) -> None:
    breaker = Breaker(clock, failures=1, cooling=10.0)
    breaker.failed("a")
    clock.advance(10.0)
    assert breaker.wait("a") == 0.0
    breaker.trying("a")
    assert breaker.wait("a") == pytest.approx(10.0)  # nobody else, until it is told how that went
    breaker.succeeded("a")
    assert breaker.wait("a") == 0.0


def test_a_failed_trial_opens_it_again(clock: ManualClock) -> None:
    breaker = Breaker(clock, failures=3, cooling=10.0)
    for _ in range(3):
        breaker.failed("a")
    clock.advance(11.0)
    breaker.trying("a")
    clock.advance(4.0)
    breaker.failed("a")
    assert breaker.wait("a") == pytest.approx(10.0)


def test_a_trial_that_never_reports_blocks_nobody_for_ever(clock: ManualClock) -> None:
    breaker = Breaker(clock, failures=1, cooling=10.0)
    breaker.failed("a")
    clock.advance(10.0)
    breaker.trying("a")
    clock.advance(10.0)
    assert breaker.wait("a") == 0.0


@pytest.mark.parametrize("knobs", [{"failures": 0}, {"cooling": 0.0}, {"cooling": float("inf")}])
def test_senseless_settings_are_refused(clock: ManualClock, knobs: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="breaker"):
        Breaker(clock, **knobs)  # pyright: ignore[reportArgumentType]

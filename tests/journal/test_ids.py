from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.journal.ids import new_run_id

TIMES = st.floats(0, 32**10 / 1000 - 1, allow_nan=False)


@given(TIMES, TIMES, st.integers())
def test_ids_sort_by_time(one: float, two: float, seed: int) -> None:
    random = Random(seed)
    first, second = new_run_id(min(one, two), random), new_run_id(max(one, two), random)
    assert re.fullmatch("r-[0-9a-hjkmnp-tv-z]{18}", first)
    if int(min(one, two) * 1000) != int(max(one, two) * 1000):
        assert first < second


def test_ids_of_one_moment_differ() -> None:
    random = Random(0)
    assert len({new_run_id(1.7e9, random) for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize("now", [-1.0, 1e15])
def test_a_time_that_does_not_fit_is_refused(now: float) -> None:
    with pytest.raises(UsageError, match="now"):
        new_run_id(now, Random(0))

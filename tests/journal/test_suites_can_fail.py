"""The suites of the test kit must fail a store that is broken. Their passing is shown where the real stores are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from cambrian.journal.memory import MemoryStore
from cambrian.journal.store import Store
from cambrian.testing.durability_suite import DurabilitySuite
from cambrian.testing.store_suite import StoreSuite

from . import broken_stores as broken


class _Quick(StoreSuite):
    chunk = 100


FAILURES = (AssertionError, pytest.fail.Exception, ValueError, LookupError)
"""How a test fails: by an assertion, by an error that did not come, or by one that did."""


@pytest.mark.parametrize(
    ("store", "test"),
    [
        (broken.LastWriterWins, StoreSuite.test_another_expected_number_is_a_conflict),
        (broken.LastWriterWins, StoreSuite.test_one_of_many_with_the_same_expectation_wins),
        (broken.NotFencing, StoreSuite.test_a_zombie_cannot_write),
        (broken.SameEpoch, StoreSuite.test_the_epoch_grows_with_every_acquisition),
        (broken.SameEpoch, StoreSuite.test_a_zombie_cannot_write),
        (broken.EmptyInsteadOfAbsent, StoreSuite.test_what_is_not_there_is_never_empty),
        (broken.BlobsBeforeChecks, StoreSuite.test_another_expected_number_is_a_conflict),
        (broken.GreedyCollector, StoreSuite.test_gc_keeps_what_is_referenced),
        (broken.LateCopy, StoreSuite.test_values_are_copied),
        (broken.RewritesHistory, StoreSuite.test_every_append_costs_the_same),
    ],
)
async def test_a_broken_store_fails(
    store: type[MemoryStore], test: Callable[[StoreSuite, Store], Awaitable[None]]
) -> None:
    with pytest.raises(FAILURES):
        await test(_Quick(), store())


class _Early(DurabilitySuite):
    opener = "tests.journal.broken_stores:SaysDoneTooEarly.open"


class _Afresh(DurabilitySuite):
    opener = "tests.journal.broken_stores:StartsAfresh.open"


class _Forgetful(DurabilitySuite):
    opener = "tests.journal.broken_stores:Forgetful.open"


async def test_a_store_that_says_done_too_early_fails(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        await _Early().test_death_at_a_crash_point_loses_nothing(
            tmp_path / "kept" / "journal", "sqlite.append.before_write", "exit", 1
        )


async def test_a_store_that_starts_afresh_fails(tmp_path: Path) -> None:
    with pytest.raises((AssertionError, ValueError)):
        await _Afresh().test_a_mangled_file_is_never_read_as_less(tmp_path / "kept" / "journal", "emptied")


async def test_a_store_that_keeps_nothing_fails(tmp_path: Path) -> None:
    with pytest.raises((AssertionError, ValueError)):
        await _Forgetful().test_everything_is_there_when_opened_again(tmp_path / "kept" / "journal")

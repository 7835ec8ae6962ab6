from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cambrian.journal.crashpoints import SQLITE_LABELS
from cambrian.journal.sqlite import SqliteStore
from cambrian.journal.store import Store
from cambrian.testing.durability_suite import DurabilitySuite
from cambrian.testing.store_suite import StoreSuite


class TestSqliteStore(StoreSuite):
    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[Store]:
        async with await SqliteStore.open(tmp_path / "journal.db") as store:
            yield store


class TestSqliteStoreKeepsItsContent(DurabilitySuite):
    opener = "cambrian.journal.sqlite:SqliteStore.open"
    labels = SQLITE_LABELS

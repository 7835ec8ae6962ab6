from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cambrian.journal.crashpoints import FILE_LABELS
from cambrian.journal.file import FileStore
from cambrian.journal.store import Store
from cambrian.testing.durability_suite import DurabilitySuite
from cambrian.testing.store_suite import StoreSuite


class TestFileStore(StoreSuite):
    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[Store]:
        async with await FileStore.open(tmp_path / "journal") as store:
            yield store


class TestFileStoreKeepsItsContent(DurabilitySuite):
    opener = "cambrian.journal.file:FileStore.open"
    labels = FILE_LABELS

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from cambrian.journal.memory import MemoryStore
from cambrian.journal.store import Store
from cambrian.testing.store_suite import StoreSuite


class TestMemoryStore(StoreSuite):
    @pytest.fixture
    async def store(self) -> AsyncIterator[Store]:
        async with MemoryStore() as store:
            yield store

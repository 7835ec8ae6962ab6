from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from cambrian.core.event import fact
from cambrian.core.ids import RunId
from cambrian.journal.file import FileStore
from cambrian.journal.opening import open_store
from cambrian.journal.sqlite import SqliteStore
from cambrian.journal.store import Store


async def test_a_folder_is_files_and_anything_else_sqlite(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    async with await open_store(tmp_path / "folder") as files, await open_store(tmp_path / "a" / "b.db") as sqlite:
        assert isinstance(files, FileStore)
        assert isinstance(sqlite, SqliteStore)


@pytest.mark.parametrize("kind", [SqliteStore, FileStore])
async def test_many_create_the_same_store_at_once(tmp_path: Path, kind: type[SqliteStore | FileStore]) -> None:
    """Each opens it as if it were the first; all find themselves in one store."""
    path = tmp_path / "deep" / "journal"
    stores: list[Store] = []

    async def create(number: int) -> None:
        store = await kind.open(path)
        stores.append(store)
        await store.append(RunId(f"r-{number}"), [fact("a.b", {})], expected=0, epoch=0, time=0.0)

    async with anyio.create_task_group() as group:
        for number in range(8):
            group.start_soon(create, number)
    for store in stores:
        assert len(await store.heads()) == 8
    for store in stores:
        await store.aclose()
    assert not list(path.parent.rglob("*.new-*"))

"""Opening a store by its path. Imports the backend only when one is opened."""

from __future__ import annotations

from pathlib import Path

import anyio

from .store import Durability, Store


async def open_store(path: str | Path, *, durability: Durability = "process") -> Store:
    """Open the journal of a workspace, creating it if there is none.

    Args:
        path: an existing folder is a store in plain files, anything else one SQLite file.
        durability: what an acknowledged write survives; see `journal.store.Durability`.

    Raises:
        StoreDamaged: what is there is no whole journal.
        JournalError: no access, or a schema newer than this version knows.
    """
    if await anyio.Path(path).is_dir():
        from .file import FileStore

        return await FileStore.open(path, durability=durability)
    from .sqlite import SqliteStore

    return await SqliteStore.open(path, durability=durability)

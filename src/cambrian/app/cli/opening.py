"""Opens the workspace for commands that read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import anyio

from cambrian.app.settings import read_settings
from cambrian.app.workspace import Runs, open_workspace

T = TypeVar("T")


def with_runs(workspace: Path | None, work: Callable[[Runs], Awaitable[T]]) -> T:
    """Open the workspace for reading and do something with its runs."""
    place = open_workspace(workspace, read_settings())

    async def go() -> T:
        async with place.reading() as runs:
            return await work(runs)

    return anyio.run(go)

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from cambrian.core.errors import JournalError, RunNotFound, StoreDamaged
from cambrian.core.event import fact
from cambrian.core.ids import RunId, digest
from cambrian.journal.file import FileStore
from cambrian.journal.sqlite import SqliteStore
from cambrian.journal.store import Store
from cambrian.journal.views import follow, open_reader

RUN = RunId("r-1")


@pytest.fixture(params=["sqlite", "file"])
async def writer(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Store, Path]:
    path = tmp_path / "journal"
    store = await (SqliteStore if request.param == "sqlite" else FileStore).open(path)
    await store.append(RUN, [fact("a.b", {"n": 1})], expected=0, epoch=0, time=0.0, blobs=[b"body"])
    return store, path


async def test_a_reader_sees_what_is_written(writer: tuple[Store, Path]) -> None:
    store, path = writer
    reader = await open_reader(path)
    for expected in range(1, 5):
        await store.append(RUN, [fact("a.b", {})], expected=expected, epoch=0, time=0.0)
        assert [event.seq async for event in reader.read(RUN)] == [*range(1, expected + 2)]
    assert await reader.blob(digest(b"body")) == b"body"
    assert await reader.heads() == await store.heads()
    assert await reader.check() == []
    await reader.aclose()
    await store.aclose()


async def test_a_reader_leaves_no_trace(writer: tuple[Store, Path]) -> None:
    store, path = writer
    await store.aclose()
    before = {file: file.stat().st_mtime_ns for file in path.parent.rglob("*")}
    reader = await open_reader(path)
    assert len([event async for event in reader.read(RUN)]) == 1
    await reader.check()
    await reader.aclose()
    assert {file: file.stat().st_mtime_ns for file in path.parent.rglob("*")} == before


async def test_a_reader_notices_a_writer_that_comes_later(writer: tuple[Store, Path]) -> None:
    store, path = writer
    await store.aclose()
    reader = await open_reader(path)
    assert len([event async for event in reader.read(RUN)]) == 1
    async with await type(store).open(path) as later:  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
        await later.append(RUN, [fact("a.b", {})], expected=1, epoch=0, time=0.0)  # pyright: ignore[reportUnknownMemberType]
        assert len([event async for event in reader.read(RUN)]) == 2
    assert len([event async for event in reader.read(RUN)]) == 2
    await reader.aclose()


async def test_following_has_no_gap_and_no_duplicate(writer: tuple[Store, Path]) -> None:
    store, path = writer
    reader = await open_reader(path)
    found: list[int] = []

    async def write() -> None:
        for number in range(1, 300):
            await store.append(RUN, [fact("a.b", {})], expected=number, epoch=0, time=0.0)

    async with anyio.create_task_group() as group:
        group.start_soon(write)
        for bookmark_every in (7, 40, 300):
            async for event in follow(reader, RUN, after=found[-1] if found else 0, poll=0.001):
                found.append(event.seq)
                if event.seq >= bookmark_every:
                    break
    assert found == [*range(1, 301)]
    await reader.aclose()
    await store.aclose()


async def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunNotFound, match="nothing has run"):
        await open_reader(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreDamaged):
        await open_reader(tmp_path)
    (tmp_path / "text").write_text("no journal")
    with pytest.raises(StoreDamaged):
        await open_reader(tmp_path / "text")
    with pytest.raises(JournalError, match="cannot read"):
        await open_reader(tmp_path / ("x" * 300))


def test_nothing_heavy_is_imported() -> None:
    rooms = "cambrian.journal.kernel, cambrian.journal.opening, cambrian.journal.views"
    code = f"import {rooms}, sys; print('sqlite3' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"

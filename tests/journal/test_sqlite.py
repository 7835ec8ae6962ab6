from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from cambrian.core.errors import JournalError, StoreDamaged
from cambrian.core.event import fact
from cambrian.core.ids import RunId, digest
from cambrian.journal import sqlite_schema
from cambrian.journal.crashpoints import SQLITE_LABELS
from cambrian.journal.sqlite import SqliteStore
from cambrian.journal.sqlite_schema import MIGRATIONS, open_writer
from cambrian.journal.store import Durability, Store
from cambrian.journal.views import open_reader
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


RUN = RunId("r-1")


async def one_run(path: Path) -> None:
    async with await SqliteStore.open(path) as store:
        await store.append(RUN, [fact("a.b", {"n": n}) for n in range(50)], expected=0, epoch=0, time=0.0)


def execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.execute(statement)
        connection.commit()
    finally:
        connection.close()


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await one_run(path)
    execute(path, f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    with pytest.raises(JournalError, match="upgrade cambrian"):
        await SqliteStore.open(path)


@pytest.mark.parametrize("content", [b"", b"no database" * 100, b"SQLite format 3\0"])
async def test_another_file_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"journal\.db"):
        await SqliteStore.open(path)
    assert path.read_bytes() == content


async def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    execute(path, "CREATE TABLE mine (x)")
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="another program"):
        await SqliteStore.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM event WHERE seq=20",
        "DELETE FROM event WHERE seq=50",
        "DELETE FROM event",
        "UPDATE event SET seq=99 WHERE seq=50",
        "UPDATE event SET type='x.y' WHERE seq=7",
        "UPDATE event SET data='{}' WHERE seq=7",
        "DROP TABLE event",
    ],
)
async def test_missing_and_changed_rows_are_damage(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "journal.db"
    await one_run(path)
    execute(path, damage)
    async with await SqliteStore.open(path) as store:
        with pytest.raises(StoreDamaged):
            _ = [event async for event in store.read(RUN)]
        assert await store.check() != []
        if "DELETE" in damage:
            with pytest.raises(StoreDamaged, match="cannot be forked"):
                await store.fork(RUN, RunId("r-2"), upto=50, facts=[], epoch=0, time=0.0)
            assert len(await store.heads()) == 1


async def test_stray_rows_are_found(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await one_run(path)
    for statement in ("INSERT INTO reference VALUES (77, 88, 1)", "INSERT INTO event VALUES (77,1,0,'','','{}',0)"):
        execute(path, statement)
    async with await SqliteStore.open(path) as store:
        assert len(await store.check()) == 3


@pytest.mark.parametrize(("durability", "level"), [("process", 1), ("power", 2)])
def test_durability_is_sqlites_synchronous(tmp_path: Path, durability: Durability, level: int) -> None:
    connection = open_writer(tmp_path / "journal.db", durability)
    assert connection.execute("PRAGMA synchronous").fetchone() == (level,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


async def test_a_locked_file_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await one_run(path)
    other = sqlite3.connect(path, isolation_level=None)
    async with await SqliteStore.open(path) as store, anyio.create_task_group() as group:

        async def append() -> None:
            await store.append(RUN, [fact("a.b", {})], expected=50, epoch=0, time=0.0)

        other.execute("BEGIN IMMEDIATE")
        group.start_soon(append)
        await anyio.sleep(0.3)
        assert (await store.heads(RUN))[0].seq == 50, "reading does not wait for writers"
        other.execute("ROLLBACK")
    other.close()


async def test_a_file_locked_for_ever_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cambrian.journal.sqlite_schema.BUSY_SECONDS", 0.2)
    path = tmp_path / "journal.db"
    await one_run(path)
    other = sqlite3.connect(path, isolation_level=None)
    async with await SqliteStore.open(path) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="another process kept it locked"):
            await store.append(RUN, [fact("a.b", {})], expected=50, epoch=0, time=0.0)
        other.execute("ROLLBACK")
        await store.append(RUN, [fact("a.b", {})], expected=50, epoch=0, time=0.0)
    other.close()


async def test_a_folder_that_may_not_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="cannot"):
        await SqliteStore.open(tmp_path / "file" / "journal.db")


async def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: the kernel refuses the write in the same places."""
    path = tmp_path / "journal.db"
    command = [sys.executable, "-m", "tests.journal.fill_disk", "cambrian.journal.sqlite:SqliteStore.open", str(path)]
    child = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert child.returncode == 0, child.stderr
    async with await SqliteStore.open(path) as store:
        assert await store.check() == []
        seq = int(child.stdout)
        assert [event.seq async for event in store.read(RUN)] == [*range(1, seq + 1)]


async def test_migrations_run_once_in_order_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.db"
    await one_run(path)
    ran: list[str] = []

    def second(connection: sqlite3.Connection) -> None:
        ran.append("second")
        connection.execute("CREATE TABLE later (x)")

    def third(connection: sqlite3.Connection) -> None:
        ran.append("third")
        connection.execute("INSERT INTO later VALUES (1)")

    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO nowhere VALUES (1)")

    monkeypatch.setattr(sqlite_schema, "MIGRATIONS", (*MIGRATIONS, second, broken))
    with pytest.raises(JournalError, match="schema 1, this version reads 3"):
        await open_reader(path)
    with pytest.raises(JournalError):
        await SqliteStore.open(path)
    monkeypatch.setattr(sqlite_schema, "MIGRATIONS", (*MIGRATIONS, second, third))
    for _ in range(2):
        async with await SqliteStore.open(path) as store:
            assert len([event async for event in store.read(RUN)]) == 50
    assert ran == ["second", "second", "third"]
    reader = await open_reader(path)
    assert len(await reader.heads()) == 1
    await reader.aclose()


async def test_a_changed_blob_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    async with await SqliteStore.open(path) as store:
        await store.append(RUN, [fact("a.b", {})], expected=0, epoch=0, time=0.0, blobs=[b"body"])
    execute(path, "UPDATE blob SET body=x'00'")
    async with await SqliteStore.open(path) as store:
        with pytest.raises(StoreDamaged, match="digest"):
            await store.blob(digest(b"body"))
        (damage,) = await store.check()
        assert damage.place == f"blob {digest(b'body')}"


async def test_the_log_stays_short_and_nobody_waits_for_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    async with await SqliteStore.open(path) as store:
        for number in range(400):
            facts = [fact("a.b", {"text": "x" * 50_000})]
            await store.append(RUN, facts, expected=number, epoch=0, time=0.0)
        assert path.with_name("journal.db-wal").stat().st_size < 12 * 2**20, "20 MB were written"
    assert not path.with_name("journal.db-wal").exists()


NEIGHBOUR = """
import asyncio, sys
from pathlib import Path
from cambrian.core.event import fact
from cambrian.core.ids import RunId
from cambrian.journal.sqlite import SqliteStore

async def main(path, name):
    async with await SqliteStore.open(Path(path)) as store:
        await store.append(RunId(name), [fact("a.b", {})], expected=0, epoch=0, time=1.0)
        await store.gc(now=1.0)
        for head in await store.heads():
            print(head.run, head.seq)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_process_that_comes_and_goes_takes_nothing_from_one_that_stays(tmp_path: Path) -> None:
    """It once thought that it was the last, and deleted the write-ahead log that the other one wrote to."""
    path, run = tmp_path / "journal.db", RunId("r-stays")

    def neighbour(name: str) -> str:
        command = [sys.executable, "-c", NEIGHBOUR, str(path), name]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    async with await SqliteStore.open(path) as store:
        seq = await store.append(run, [fact("a.b", {})], expected=0, epoch=0, time=1.0)
        for number in range(3):
            await store.heads()  # a reader of the same process looks at the file
            async with await SqliteStore.open(path) as second:  # and so does a second store of it, which closes it
                await second.heads()
            told = await anyio.to_thread.run_sync(neighbour, f"r-{number}")
            assert f"r-stays {seq}" in told, "the neighbour sees what was committed"
            assert path.with_name("journal.db-wal").exists(), "it is in use"
            seq = await store.append(run, [fact("a.b", {})] * 5, expected=seq, epoch=0, time=1.0)
            assert (await store.heads(run))[0].seq == seq
        assert f"r-stays {seq}" in await anyio.to_thread.run_sync(neighbour, "r-last")
        assert await store.check() == []

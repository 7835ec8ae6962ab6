from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import StoreDamaged
from cambrian.core.event import Fact, fact
from cambrian.core.ids import RunId
from cambrian.journal.crashpoints import FILE_LABELS
from cambrian.journal.file import FileStore
from cambrian.journal.file_format import file_name
from cambrian.journal.store import Durability, Store
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


RUN = RunId("r-1")


async def three_appends(path: Path) -> Path:
    async with await FileStore.open(path) as store:
        for number in range(3):
            await store.append(RUN, [fact("a.b", {"n": number})], expected=number, epoch=0, time=0.0)
    return path / "runs" / "r-1.jsonl"


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_no_id_leaves_the_folder_or_meets_another(one: str, two: str) -> None:
    name = file_name(RunId(one.encode(errors="replace").decode()))
    assert name.isascii()
    assert not set(name) & set("/.\0")
    assert len(name) <= 180
    other = file_name(RunId(two.encode(errors="replace").decode()))
    same = one.encode(errors="replace") == two.encode(errors="replace")
    assert (name.lower() == other.lower()) == same, "also on file systems that ignore case"


async def test_a_torn_tail_is_told_and_removed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Cut at every byte of the last record: what was there before stays, and the file takes appends again."""
    file = await three_appends(tmp_path / "j")
    whole = file.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for end in range(start + 1, len(whole), 7):
        file.write_bytes(whole[:end])
        caplog.clear()
        async with await FileStore.open(tmp_path / "j") as store:
            (damage,) = await store.check()
            assert "torn tail" in damage.what
            assert len([event async for event in store.read(RUN)]) == 2
            with caplog.at_level(logging.WARNING):
                await store.append(RUN, [fact("a.c", {})], expected=2, epoch=0, time=0.0)
            assert "torn tail" in caplog.text
            assert await store.check() == []
            assert [event.type async for event in store.read(RUN)] == ["a.b", "a.b", "a.c"]


async def test_every_flipped_bit_is_found(tmp_path: Path) -> None:
    """Anywhere in the file, the last line and its newline included."""
    file = await three_appends(tmp_path / "j")
    whole = file.read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 7)
        file.write_bytes(changed)
        async with await FileStore.open(tmp_path / "j") as store:
            assert await store.check() != [], f"byte {place}"
            if place < len(whole) - 1:
                with pytest.raises(StoreDamaged):
                    _ = [event async for event in store.read(RUN)]


async def test_zero_bytes_at_the_end_are_a_torn_tail(tmp_path: Path) -> None:
    file = await three_appends(tmp_path / "j")
    file.write_bytes(file.read_bytes() + bytes(5000))
    async with await FileStore.open(tmp_path / "j") as store:
        assert len([event async for event in store.read(RUN)]) == 3
        await store.append(RUN, [fact("a.c", {})], expected=3, epoch=0, time=0.0)
        assert await store.check() == []


async def test_newlines_in_data_stay_inside_their_line(tmp_path: Path) -> None:
    async with await FileStore.open(tmp_path / "j") as store:
        data = msgspec.Raw(b'{\n  "a":\r\n "x\\ny"}\n')
        await store.append(RUN, [Fact(type="a.b", data=data)], expected=0, epoch=0, time=0.0)
        (event,) = [event async for event in store.read(RUN)]
        assert msgspec.json.decode(event.data) == {"a": "x\ny"}
        assert await store.check() == []


async def test_a_folder_of_something_else_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear")
    with pytest.raises(StoreDamaged, match="another folder"):
        await FileStore.open(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter"]


async def test_missing_blobs_are_found(tmp_path: Path) -> None:
    async with await FileStore.open(tmp_path / "j") as store:
        await store.append(RUN, [fact("a.b", {})], expected=0, epoch=0, time=0.0, blobs=[b"body"])
        (blob,) = (tmp_path / "j" / "blobs").iterdir()
        blob.unlink()
        (damage,) = await store.check()
        assert (damage.run, "missing" in damage.what) == (RUN, True)


@pytest.mark.parametrize(("durability", "flushes"), [("process", 0), ("power", 3)])
async def test_power_durability_flushes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durability: Durability, flushes: int
) -> None:
    calls: list[int] = []
    real = os.fdatasync

    def count(descriptor: int) -> None:
        calls.append(descriptor)
        real(descriptor)

    async with await FileStore.open(tmp_path / "j", durability=durability) as store:
        await store.append(RUN, [fact("a.b", {})], expected=0, epoch=0, time=0.0)
        monkeypatch.setattr(os, "fdatasync", count)
        for number in range(1, 4):
            await store.append(RUN, [fact("a.b", {})], expected=number, epoch=0, time=0.0)
    assert len(calls) == flushes


async def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the disk: the kernel refuses the write in the same places."""
    path = tmp_path / "journal"
    command = [sys.executable, "-m", "tests.journal.fill_disk", "cambrian.journal.file:FileStore.open", str(path)]
    child = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert child.returncode == 0, child.stderr
    async with await FileStore.open(path) as store:
        assert await store.check() == []
        assert [event.seq async for event in store.read(RUN)] == [*range(1, int(child.stdout) + 1)]

"""Conformance of a journal store that keeps its content: death at every crash point, reopening, damage.

Knows the port, the crash points and the file system; no backend. Three lines for a store of your own::

    class TestMineKeepsItsContent(DurabilitySuite):
        opener = "mine.store:MyStore.open"
        labels = MY_LABELS
"""

# ruff: noqa: D102 - the names of the tests say what they hold a store to

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import anyio
import anyio.to_thread
import msgspec
import pytest

from cambrian.core.errors import Fenced, SequenceConflict, StoreDamaged
from cambrian.core.event import fact
from cambrian.core.ids import RunId, digest
from cambrian.journal.store import Lease, Store

from .crash import DOOMED, FORK, RESTORED, RUN, Crash, Death, acknowledged_end, crash_at, load_opener, work_facts

__all__ = ["DurabilitySuite"]

NOW = 1_700_000_000.0
NEEDLE = b"NEEDLE-TO-FLIP"

MANGLES: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda _content: b"",
    "halved": lambda content: content[: len(content) // 2],
    "overwritten": lambda content: b"\xa5" * len(content),
    "zeroed": lambda content: b"\0" * len(content),
}


class DurabilitySuite:
    """What a store that survives its process must do. Subclass it and say how it is opened and where it may die."""

    opener: ClassVar[str]
    """``"package.module:Class.method"``: an async callable that takes a path and gives a `Store`."""
    labels: ClassVar[tuple[str, ...]]
    """Every crash point of the store; each must be passed by the child's work (`testing.crash`)."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "label" in metafunc.fixturenames:
            metafunc.parametrize("label", self.labels)

    @pytest.fixture
    def anyio_backend(self) -> str:
        """Stores are asyncio's."""
        return "asyncio"

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        """Where the store is kept."""
        return tmp_path / "kept" / "journal"

    async def open(self, path: Path) -> Store:
        """Open the store."""
        return await load_opener(self.opener)(path)

    # death

    @pytest.mark.parametrize(("death", "occurrence"), [("exit", 1), ("kill", 2)])
    async def test_death_at_a_crash_point_loses_nothing(
        self, path: Path, label: str, death: Death, occurrence: int
    ) -> None:
        def crash() -> Crash:
            return crash_at(self.opener, path, label, occurrence=occurrence, death=death)

        crashed = await anyio.to_thread.run_sync(crash)
        assert crashed.died or occurrence > 1, f"{label} was not passed; acknowledged: {crashed.acknowledged}"
        async with await self.open(path) as store:
            await self._holds(store, crashed.acknowledged)
            await self._goes_on(store)
            assert await store.check() == []

    async def _holds(self, store: Store, acknowledged: tuple[str, ...]) -> None:
        ends = {head.run: head.seq for head in await store.heads()}
        assert ends.get(RUN, 0) >= acknowledged_end(acknowledged, RUN)
        assert ends.get(FORK, 0) >= acknowledged_end(acknowledged, FORK)
        assert ends.get(RUN, 0) % 3 == 0, "half an append"
        assert ends.get(FORK, 9) == 9, "half a fork"
        assert ends.get(RESTORED, 9) == 9, "half a restored history"
        assert RESTORED in ends or acknowledged_end(acknowledged, RESTORED) == 0
        assert ends.get(DOOMED, 3) == 3, "half an append or half a deletion"
        if f"deleted {DOOMED} 0" in acknowledged:
            assert DOOMED not in ends
        if RUN in ends:
            await self._is_whole(store, ends[RUN])

    async def _is_whole(self, store: Store, end: int) -> None:
        events = [event async for event in store.read(RUN)]
        assert [event.seq for event in events] == [*range(1, end + 1)]
        written = [each for step in range(end // 3) for each in work_facts(step)]
        assert [bytes(event.data) for event in events] == [bytes(each.data) for each in written]
        for step in range(end // 3):
            body = b"blob of step %d" % step
            assert await store.blob(digest(body)) == body

    async def _goes_on(self, store: Store) -> None:
        """The next process takes the run over and writes on where it ends."""
        heads = await store.heads(RUN)
        dead = heads[0].lease if heads else None
        lease = await store.acquire(RUN, "heir", ttl=10.0, now=2000.0, over=dead)
        end = heads[0].seq if heads else 0
        assert await store.append(RUN, work_facts(0), expected=end, epoch=lease.epoch, time=2000.0) == end + 3

    # reopening

    async def test_everything_is_there_when_opened_again(self, path: Path) -> None:
        lease = await self._written(path)
        async with await self.open(path) as store:
            (head,) = await store.heads()
            assert (head.run, head.kind, head.seq, head.created, head.lease) == (RUN, "search", 2, NOW, lease)
            events = [event async for event in store.read(RUN)]
            assert msgspec.json.decode(events[1].data) == {"needle": NEEDLE.decode()}
            assert await store.blob(digest(b"body" * 1000)) == b"body" * 1000
            assert await store.check() == []
            with pytest.raises(SequenceConflict):
                await store.append(RUN, [fact("a.b", {})], expected=0, epoch=1, time=NOW)

    async def _written(self, path: Path) -> Lease:
        async with await self.open(path) as store:
            lease = await store.acquire(RUN, "me", ttl=10.0, now=NOW)
            facts = [fact("run.created", {"kind": "search"}), fact("test.needle", {"needle": NEEDLE.decode()})]
            await store.append(RUN, facts, expected=0, epoch=1, time=NOW, blobs=[b"body" * 1000])
            return lease

    async def test_two_openings_are_one_store(self, path: Path) -> None:
        async with await self.open(path) as one, await self.open(path) as two:
            for number in range(20):
                writer = two if number % 2 else one
                await writer.append(RUN, [fact("a.b", {})], expected=number, epoch=0, time=NOW, blobs=[b"shared"])
                assert [head.seq for head in await one.heads()] == [number + 1]
            assert len([event async for event in one.read(RUN)]) == 20
            old = await one.acquire(RUN, "one", ttl=10.0, now=NOW)
            new = await two.acquire(RUN, "two", ttl=10.0, now=NOW + 10)
            with pytest.raises(Fenced):
                await one.append(RUN, [fact("a.b", {})], expected=20, epoch=old.epoch, time=NOW)
            with pytest.raises(Fenced):
                await one.renew(old, ttl=10.0, now=NOW)
            await two.append(RUN, [fact("a.b", {})], expected=20, epoch=new.epoch, time=NOW)
            assert await one.check() == []

    async def test_two_openings_write_at_once(self, path: Path) -> None:
        async def write(store: Store, run: RunId) -> None:
            for number in range(60):
                await store.append(run, [fact("a.b", {"n": number})], expected=number, epoch=0, time=NOW)

        async with await self.open(path) as one, await self.open(path) as two:
            async with anyio.create_task_group() as group:
                for number in range(3):
                    group.start_soon(write, one, RunId(f"one-{number}"))
                    group.start_soon(write, two, RunId(f"two-{number}"))
            assert [head.seq for head in await two.heads()] == [60] * 6
            assert await one.check() == []

    # damage

    async def test_a_flipped_bit_is_found(self, path: Path) -> None:
        await self._written(path)
        (place,) = [file for file in _files(path) if NEEDLE in file.read_bytes()]
        place.write_bytes(place.read_bytes().replace(NEEDLE, b"NEEDLE-TO-FLIQ"))
        async with await self.open(path) as store:
            assert await store.check() != []
            with pytest.raises(StoreDamaged):
                _ = [event async for event in store.read(RUN)]

    @pytest.mark.parametrize("mangle", MANGLES)
    async def test_a_mangled_file_is_never_read_as_less(self, path: Path, mangle: str) -> None:
        await self._written(path)
        kept = path.parent.with_name("saved")
        shutil.copytree(path.parent, kept)
        names = [file.relative_to(path.parent) for file in _files(path) if file.stat().st_size]
        assert names
        for name in names:
            shutil.rmtree(path.parent)
            shutil.copytree(kept, path.parent)
            assert not await self._finds_damage(path), "the untouched copy must pass"
            file = path.parent / name
            file.write_bytes(MANGLES[mangle](file.read_bytes()))
            assert await self._finds_damage(path), f"{name} was {mangle}, and nobody noticed"

    async def _finds_damage(self, path: Path) -> bool:
        try:
            async with await self.open(path) as store:
                (head,) = await store.heads()
                _ = [event async for event in store.read(RUN)]
                await store.blob(digest(b"body" * 1000))
                await store.acquire(RUN, "me", ttl=10.0, now=head.created)
                return bool(await store.check())
        except StoreDamaged:
            return True


def _files(path: Path) -> Iterator[Path]:
    """The store's files, whether it is one or a folder."""
    return (file for file in path.parent.rglob("*") if file.is_file())

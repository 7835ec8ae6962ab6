"""Conformance of a journal store. Knows the port only, no backend.

A store of your own is tested in a few lines::

    class TestMine(StoreSuite):
        @pytest.fixture
        async def store(self, tmp_path: Path) -> AsyncIterator[Store]:
            async with await MyStore.open(tmp_path / "journal") as store:
                yield store

One that keeps its content also takes `DurabilitySuite`, which kills children, reopens and damages it.
"""

# ruff: noqa: D102 - the names of the tests say what they hold a store to

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import ClassVar, cast

import anyio
import msgspec
import pytest

from cambrian.core.errors import (
    CambrianError,
    Fenced,
    JournalError,
    LeaseHeld,
    RunNotFound,
    SequenceConflict,
    UsageError,
)
from cambrian.core.event import Fact, fact
from cambrian.core.ids import Digest, RunId, digest
from cambrian.journal.store import Appended, Store

from .store_facts import NOW, OTHER, RUN, everything, fill, head_of, note
from .store_leases import LeaseCases

__all__ = ["StoreSuite"]

STRANGE_IDS = ("../../up", "a/b", "a.b", "A", "a", "é", "%41", "con", " ", "-", "~", "x" * 200, "日" * 200, "%2e%2e")
STRANGE_TEXTS = ("", "\0", "a\0b", "é", "日本", "😀", "\u2028", "'\"\\", "\r\n", "\x7f", "</script>", "x" * 100_000)


class StoreSuite(LeaseCases):
    """What every store must do. Subclass it and give a fixture ``store``."""

    chunk: ClassVar[int] = 1000
    """A tenth of the appends whose cost is compared; fewer for stores that are slow and known to be."""

    @pytest.fixture
    def anyio_backend(self) -> str:
        """Stores are asyncio's."""
        return "asyncio"

    # events

    async def test_events_come_back_as_they_went_in(self, store: Store) -> None:
        facts = [fact("a.b", {"x": [1, 2.5, None, True]}), fact("c.d", {}, channel="monitor")]
        assert await store.append(RUN, facts, expected=0, epoch=0, time=NOW) == 2
        assert await store.append(RUN, [note(7)], expected=2, epoch=0, time=NOW + 1) == 3
        first, second, third = await everything(store, RUN)
        assert (first.run, first.seq, first.time, first.type, first.channel) == (RUN, 1, NOW, "a.b", "progress")
        assert msgspec.json.decode(first.data) == {"x": [1, 2.5, None, True]}
        assert (second.seq, second.type, second.channel, bytes(second.data)) == (2, "c.d", "monitor", b"{}")
        assert (third.seq, third.time) == (3, NOW + 1)

    async def test_data_keep_every_text(self, store: Store) -> None:
        facts = [fact("test.text", {text: text}) for text in STRANGE_TEXTS]
        await store.append(RUN, facts, expected=0, epoch=0, time=NOW)
        found = [msgspec.json.decode(event.data) for event in await everything(store, RUN)]
        assert found == [{text: text} for text in STRANGE_TEXTS]

    async def test_data_may_be_huge(self, store: Store) -> None:
        text = "0123456789" * 500_000
        await store.append(RUN, [fact("test.huge", {"text": text})] * 3, expected=0, epoch=0, time=NOW)
        assert [len(bytes(event.data)) for event in await everything(store, RUN)] == [len(text) + 11] * 3

    async def test_every_id_is_a_run_of_its_own(self, store: Store) -> None:
        for number, name in enumerate(STRANGE_IDS):
            await store.append(RunId(name), [note(number)], expected=0, epoch=0, time=NOW)
        for number, name in enumerate(STRANGE_IDS):
            (event,) = await everything(store, RunId(name))
            assert (event.run, msgspec.json.decode(event.data)) == (name, {"number": number})
        assert [head.run for head in await store.heads()] == sorted(STRANGE_IDS)

    @pytest.mark.parametrize("name", ["", "x" * 201, "a\0b", "a\nb", "\ud800"])
    async def test_an_unusable_id_is_refused(self, store: Store, name: str) -> None:
        with pytest.raises(UsageError, match="run id"):
            await fill(store, RunId(name), 1)
        with pytest.raises(UsageError, match="run id"):
            await store.acquire(RunId(name), "me", ttl=1.0, now=NOW)

    @pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"a":1}}', b'{"a":"\xff"}', b'{"a":nul}', b"\0"])
    async def test_data_that_are_no_object_are_refused(self, store: Store, data: bytes) -> None:
        bad = Fact(type="test.bad", data=msgspec.Raw(data))
        with pytest.raises(UsageError, match="no JSON object"):
            await store.append(RUN, [note(), bad], expected=0, epoch=0, time=NOW)
        assert await store.heads() == []

    async def test_nothing_is_no_append(self, store: Store) -> None:
        with pytest.raises(UsageError, match="nothing to append"):
            await store.append(RUN, [], expected=0, epoch=0, time=NOW)
        assert await store.heads() == []

    async def test_another_expected_number_is_a_conflict(self, store: Store) -> None:
        await fill(store, RUN, 3)
        for expected in (0, 2, 4, -1):
            with pytest.raises(SequenceConflict, match=r"ends at event 3"):
                await store.append(RUN, [note()], expected=expected, epoch=0, time=NOW, blobs=[b"lost"])
        with pytest.raises(SequenceConflict, match="no such run"):
            await store.append(OTHER, [note()], expected=1, epoch=0, time=NOW)
        assert len(await everything(store, RUN)) == 3
        assert len(await store.heads()) == 1
        with pytest.raises(LookupError):
            await store.blob(digest(b"lost"))

    async def test_read_takes_a_part(self, store: Store) -> None:
        facts = [fact("even" if number % 2 else "odd", {"n": number}) for number in range(1, 2001)]
        await store.append(RUN, facts, expected=0, epoch=0, time=NOW)

        async def seqs(**part: object) -> list[int]:
            return [event.seq async for event in store.read(RUN, **part)]  # pyright: ignore[reportArgumentType]

        assert await seqs() == list(range(1, 2001))
        assert await seqs(after=1990) == list(range(1991, 2001))
        assert await seqs(after=2000) == await seqs(after=9999) == await seqs(limit=0) == await seqs(types=[]) == []
        assert await seqs(limit=700) == list(range(1, 701))
        assert await seqs(after=3, types={"odd"}, limit=3) == [4, 6, 8]
        assert await seqs(types=("odd", "even", "none"), after=1998) == [1999, 2000]

    async def test_reading_and_appending_meet(self, store: Store) -> None:
        """A reader that is under way sees what is appended meanwhile, each event once."""
        await fill(store, RUN, 3)
        found: list[int] = []
        async for event in store.read(RUN):
            found.append(event.seq)
            if event.seq == 3:
                await store.append(RUN, [note(), note()], expected=3, epoch=0, time=NOW)
        found += [event.seq async for event in store.read(RUN, after=found[-1])]
        assert found == [1, 2, 3, 4, 5]

    async def test_what_is_not_there_is_never_empty(self, store: Store) -> None:
        with pytest.raises(RunNotFound, match="r-1"):
            await everything(store, RUN)
        with pytest.raises(LookupError, match="abc"):
            await store.blob(Digest("abc"))
        assert await store.heads(RUN) == await store.heads() == []

    async def test_values_are_copied(self, store: Store) -> None:
        facts, blob = [note(1)], bytearray(b"content")
        name = digest(bytes(blob))
        async with anyio.create_task_group() as group:

            async def append() -> None:
                await store.append(RUN, facts, expected=0, epoch=0, time=NOW, blobs=[cast("bytes", blob)])

            group.start_soon(append)
            await anyio.lowlevel.checkpoint()  # append has begun, and waits at most
            facts.append(note(2))
            blob[:] = b"changed"
        assert len(await everything(store, RUN)) == 1
        assert await store.blob(name) == b"content"

    async def test_heads_tell_the_runs(self, store: Store) -> None:
        opening = fact("run.created", {"kind": "search", "data": {"kind": "other"}})
        await store.append(RUN, [opening], expected=0, epoch=0, time=NOW)
        await fill(store, OTHER, 2)
        await store.append(RUN, [note()], expected=1, epoch=0, time=NOW + 5)
        first, second = await store.heads()
        assert (first.run, first.kind, first.seq, first.created, first.updated) == (RUN, "search", 2, NOW, NOW + 5)
        assert (second.run, second.kind, second.seq, second.epoch, second.lease) == (OTHER, "", 2, 0, None)
        assert await store.heads(OTHER) == [second]

    async def test_runs_are_written_side_by_side(self, store: Store) -> None:
        async def write(run: RunId) -> None:
            for number in range(25):
                await store.append(run, [note(number)], expected=number, epoch=0, time=NOW, blobs=[b"shared"])

        runs = [RunId(f"r-{number:02d}") for number in range(12)]
        async with anyio.create_task_group() as group:
            for run in runs:
                group.start_soon(write, run)
        for run in runs:
            assert [msgspec.json.decode(event.data)["number"] for event in await everything(store, run)] == [*range(25)]
        assert await store.check() == []

    async def test_one_of_many_with_the_same_expectation_wins(self, store: Store) -> None:
        await fill(store, RUN, 1)
        outcomes: list[str] = []

        async def write(number: int) -> None:
            try:
                await store.append(RUN, [note(number)], expected=1, epoch=0, time=NOW)
                outcomes.append("won")
            except SequenceConflict:
                outcomes.append("lost")

        async with anyio.create_task_group() as group:
            for number in range(10):
                group.start_soon(write, number)
        assert sorted(outcomes) == ["lost"] * 9 + ["won"]
        assert (await head_of(store)).seq == 2

    async def test_a_cancelled_append_is_whole_or_not_there(self, store: Store) -> None:
        await fill(store, RUN, 1)
        for _ in range(10):
            last = (await head_of(store)).seq
            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as group:
                    group.start_soon(self._append_two, store, last)
                    await anyio.lowlevel.checkpoint()
                    scope.cancel()
            await store.append(OTHER, [note()], expected=await _last(store, OTHER), epoch=0, time=NOW)
            assert (await head_of(store)).seq in (last, last + 2)
        assert [event.seq for event in await everything(store, RUN)] == [*range(1, (await head_of(store)).seq + 1)]

    async def _append_two(self, store: Store, last: int) -> None:
        await store.append(RUN, [note(), note()], expected=last, epoch=0, time=NOW)

    async def test_every_append_costs_the_same(self, store: Store) -> None:
        costs: list[float] = []
        for thousand in range(10):
            start = time.process_time()
            for number in range(self.chunk):
                await store.append(RUN, [note()], expected=thousand * self.chunk + number, epoch=0, time=NOW)
            costs.append(time.process_time() - start)
        assert min(costs[-3:]) < 3 * min(costs[:3]), costs  # a rewrite of the history costs ten times and more
        assert (await head_of(store)).seq == 10 * self.chunk

    # blobs

    async def test_blobs_come_back(self, store: Store) -> None:
        blobs = [b"", b"\0\xff" * 1000, "é\r\n".encode(), bytes(range(256)) * 20_000]
        await fill(store, RUN, 1, blobs=blobs)
        await fill(store, OTHER, 1, blobs=blobs)
        for blob in blobs:
            assert await store.blob(digest(blob)) == blob

    # restore

    async def test_a_restored_history_is_the_same(self, store: Store) -> None:
        history = [
            Appended(facts=[note(1), fact("test.said", {"x": "é"}, channel="monitor")], time=NOW, blobs=[b"early"]),
            Appended(facts=[note(3)], time=NOW + 1.5, blobs=[b"late", b"early"]),
        ]
        assert await store.restore(RUN, iter(history), epoch=0) == 3
        head = await head_of(store)
        assert (head.seq, head.created, head.updated, head.epoch, head.lease) == (3, NOW, NOW + 1.5, 0, None)
        events = await everything(store, RUN)
        assert [event.time for event in events] == [NOW, NOW, NOW + 1.5]
        facts = [Fact(type=event.type, data=event.data, channel=event.channel) for event in events]
        assert facts == [each for append in history for each in append.facts]
        await store.fork(RUN, OTHER, upto=2, facts=[], epoch=0, time=NOW)
        await store.gc(delete=[RUN], now=NOW)
        assert await store.blob(digest(b"early")) == b"early"
        with pytest.raises(LookupError):  # it came after the prefix that the fork has
            await store.blob(digest(b"late"))
        assert await store.check() == []

    async def test_a_history_that_cannot_be_restored_leaves_nothing(self, store: Store) -> None:
        def broken(error: Exception) -> Iterator[Appended]:
            yield Appended(facts=[note()], time=NOW, blobs=[b"lost"])
            raise error

        for error in (UsageError("refused"), OSError("gone")):
            with pytest.raises((UsageError, OSError, JournalError)):
                await store.restore(RUN, broken(error), epoch=0)
        with pytest.raises(UsageError):
            await store.restore(RUN, [], epoch=0)
        with pytest.raises(UsageError):
            await store.restore(RUN, [Appended(facts=[], time=NOW)], epoch=0)
        assert await store.heads() == []
        with pytest.raises(LookupError):
            await store.blob(digest(b"lost"))
        await fill(store, RUN, 1)
        with pytest.raises(SequenceConflict):
            await store.restore(RUN, [Appended(facts=[note(7)], time=NOW)], epoch=0)
        lease = await store.acquire(OTHER, "me", ttl=10.0, now=NOW)
        with pytest.raises(Fenced):
            await store.restore(OTHER, [Appended(facts=[note()], time=NOW)], epoch=0)
        assert await store.restore(OTHER, [Appended(facts=[note()], time=NOW)], epoch=lease.epoch) == 1
        assert await store.check() == []

    # fork

    async def test_a_fork_has_the_parents_history(self, store: Store) -> None:
        await fill(store, RUN, 3, blobs=[b"early"])
        await store.append(RUN, [note(3), note(4)], expected=3, epoch=0, time=NOW + 1, blobs=[b"late"])
        before = await everything(store, RUN)
        lease = await store.acquire(OTHER, "me", ttl=10.0, now=NOW)
        assert await store.fork(RUN, OTHER, upto=4, facts=[note(99)], epoch=lease.epoch, time=NOW + 2) == 5
        child = await everything(store, OTHER)
        assert child[:4] == [msgspec.structs.replace(event, run=OTHER) for event in before[:4]]
        assert (child[4].seq, child[4].time, msgspec.json.decode(child[4].data)) == (5, NOW + 2, {"number": 99})
        assert await everything(store, RUN) == before
        assert await store.append(OTHER, [note()], expected=5, epoch=lease.epoch, time=NOW) == 6
        assert await store.append(RUN, [note()], expected=5, epoch=0, time=NOW) == 6
        assert await store.check() == []

    async def test_a_fork_keeps_the_blobs_of_its_prefix(self, store: Store) -> None:
        await fill(store, RUN, 2, blobs=[b"early"])
        await store.append(RUN, [note()], expected=2, epoch=0, time=NOW, blobs=[b"late"])
        await store.fork(RUN, OTHER, upto=2, facts=[], epoch=0, time=NOW)
        await store.gc(delete=[RUN], now=NOW)
        assert await store.blob(digest(b"early")) == b"early"
        with pytest.raises(LookupError):
            await store.blob(digest(b"late"))
        assert len(await everything(store, OTHER)) == 2

    async def test_a_fork_that_cannot_be_leaves_nothing(self, store: Store) -> None:
        await fill(store, RUN, 3)
        for upto in (0, 4, -1):
            with pytest.raises(UsageError, match="1 to 3"):
                await store.fork(RUN, OTHER, upto=upto, facts=[], epoch=0, time=NOW)
        with pytest.raises(RunNotFound):
            await store.fork(RunId("r-9"), OTHER, upto=1, facts=[], epoch=0, time=NOW)
        with pytest.raises(SequenceConflict):
            await store.fork(RUN, RUN, upto=1, facts=[], epoch=0, time=NOW)
        lease = await store.acquire(OTHER, "me", ttl=10.0, now=NOW)
        with pytest.raises(Fenced):
            await store.fork(RUN, OTHER, upto=1, facts=[], epoch=lease.epoch - 1, time=NOW)
        assert [head.run for head in await store.heads()] == [RUN]

    # upkeep

    async def test_gc_keeps_what_is_referenced(self, store: Store) -> None:
        await fill(store, RUN, 1, blobs=[b"shared", b"mine" * 100_000])
        await fill(store, OTHER, 1, blobs=[b"shared", b"theirs"])
        assert await store.gc(delete=[RUN], now=NOW) >= 400_000
        with pytest.raises(RunNotFound):
            await everything(store, RUN)
        with pytest.raises(LookupError):
            await store.blob(digest(b"mine" * 100_000))
        assert await store.blob(digest(b"shared")) == b"shared"
        assert await store.blob(digest(b"theirs")) == b"theirs"
        assert len(await everything(store, OTHER)) == 1
        assert await store.check() == []
        await fill(store, RUN, 1)
        assert await store.gc(now=NOW) >= 0
        assert len(await everything(store, RUN)) == 1

    async def test_gc_refuses_as_a_whole(self, store: Store) -> None:
        await fill(store, RUN, 1)
        lease = await store.acquire(OTHER, "me", ttl=10.0, now=NOW)
        await fill(store, OTHER, 1, epoch=lease.epoch)
        with pytest.raises(LeaseHeld, match="me"):
            await store.gc(delete=[RUN, OTHER], now=NOW + 9)
        with pytest.raises(RunNotFound, match="r-9"):
            await store.gc(delete=[RUN, RunId("r-9")], now=NOW)
        assert len(await store.heads()) == 2
        await store.gc(delete=[RUN, OTHER], now=NOW + 10)
        assert await store.heads() == []

    async def test_a_closed_store_takes_nothing(self, store: Store) -> None:
        await fill(store, RUN, 1)
        await store.aclose()
        await store.aclose()
        with pytest.raises(JournalError, match="closed"):
            await store.append(RUN, [note()], expected=1, epoch=0, time=NOW)
        with pytest.raises(CambrianError, match="closed"):
            await store.acquire(RUN, "me", ttl=1.0, now=NOW)


async def _last(store: Store, run: RunId) -> int:
    heads = await store.heads(run)
    return heads[0].seq if heads else 0

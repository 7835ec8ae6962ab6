"""Whatever is asked of them, all backends answer alike."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cambrian.core.errors import CambrianError
from cambrian.core.event import Event, fact
from cambrian.core.ids import RunId, digest
from cambrian.journal.file import FileStore
from cambrian.journal.memory import MemoryStore
from cambrian.journal.sqlite import SqliteStore
from cambrian.journal.store import Store

RUNS = (RunId("r-1"), RunId("r-2"), RunId("r-3"))


class Ask(NamedTuple):
    """Something to ask of a store; what the numbers mean depends on `what`."""

    what: str
    run: RunId
    other: RunId
    off: int
    number: int


ASKS = st.lists(
    st.builds(
        Ask,
        st.sampled_from(["append", "append", "append", "acquire", "release", "renew", "fork", "gc", "delete"]),
        st.sampled_from(RUNS),
        st.sampled_from(RUNS),
        st.sampled_from([0, 0, 0, 0, -1, 1]),
        st.integers(0, 3),
    ),
    max_size=30,
)


async def answer(store: Store, ask: Ask, now: float) -> object:
    """What the store says: a value, or the kind of error."""
    try:
        return await perform(store, ask, now)
    except CambrianError as error:
        return type(error).__name__


async def perform(store: Store, ask: Ask, now: float) -> object:
    heads = await store.heads(ask.run)
    seq, epoch = (heads[0].seq, heads[0].epoch) if heads else (0, 0)
    facts = [fact("test.said", {"number": ask.number, "part": part}) for part in range(ask.number)]
    blobs = [b"blob %d" % ask.number]
    if ask.what == "append":
        at = {"expected": seq + ask.off, "epoch": epoch}
        return await store.append(ask.run, facts, time=now, blobs=blobs, **at)
    if ask.what == "acquire":
        return await store.acquire(ask.run, f"holder {ask.number}", ttl=5.0, now=now)
    if ask.what == "fork":
        return await store.fork(ask.run, ask.other, upto=seq + ask.off, facts=facts, epoch=0, time=now)
    if ask.what in {"gc", "delete"}:
        await store.gc(delete=[ask.run] if ask.what == "delete" else [], now=now)
        return None
    return await with_lease(store, ask, now)


async def with_lease(store: Store, ask: Ask, now: float) -> object:
    heads = await store.heads(ask.run)
    lease = heads[0].lease if heads else None
    if lease is None:
        return None
    lease = msgspec.structs.replace(lease, epoch=lease.epoch + ask.off)
    if ask.what == "renew":
        return await store.renew(lease, ttl=5.0, now=now)
    return await store.release(lease)


async def content(store: Store) -> tuple[object, list[Event], list[bool]]:
    """Everything that can be read."""
    heads = await store.heads()
    events = [event for head in heads for event in [each async for each in store.read(head.run)]]
    return heads, [plain(event) for event in events], [await has(store, number) for number in range(4)]


def plain(event: Event) -> Event:
    """With data that compare by content."""
    return msgspec.structs.replace(event, data=msgspec.Raw(bytes(event.data)))


async def has(store: Store, number: int) -> bool:
    try:
        return bool(await store.blob(digest(b"blob %d" % number)))
    except LookupError:
        return False


async def compare(stores: Sequence[Store], asks: Sequence[Ask]) -> None:
    for number, ask in enumerate(asks):
        first, *others = [await answer(store, ask, 1000.0 + 2 * number) for store in stores]
        assert all(other == first for other in others), (ask, first, others)
    first, *rest = [await content(store) for store in stores]
    for found in rest:
        assert found == first
    assert [await store.check() for store in stores] == [[]] * len(stores)


@given(ASKS)
@example([Ask("append", RUNS[0], RUNS[0], 0, 1), Ask("fork", RUNS[0], RUNS[1], 0, 0)])  # once: another time in the head
@settings(max_examples=15)
async def test_all_backends_answer_alike(asks: list[Ask]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sqlite = await SqliteStore.open(Path(folder) / "journal.db")
        power = await SqliteStore.open(Path(folder) / "power.db", durability="power")
        async with MemoryStore() as memory, sqlite, power, await FileStore.open(Path(folder) / "files") as files:
            await compare([memory, sqlite, power, files], asks)

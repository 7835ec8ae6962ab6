"""Facts, heads and commits as the suites of stores write and read them. Knows the port only."""

from __future__ import annotations

from collections.abc import Sequence

from cambrian.core.event import Event, Fact, fact
from cambrian.core.ids import RunId
from cambrian.journal.store import Commit, Committed, RunHead, Store

__all__ = ["NOW", "OTHER", "RUN", "committed", "everything", "fill", "head_of", "note"]

RUN = RunId("r-1")
OTHER = RunId("r-2")
NOW = 1_700_000_000.0


def note(number: int = 0) -> Fact:
    """A small fact."""
    return fact("test.noted", {"number": number})


async def everything(store: Store, run: RunId) -> list[Event]:
    """All events of a run."""
    return [event async for event in store.read(run)]


async def head_of(store: Store, run: RunId = RUN) -> RunHead:
    """The head of a run that exists."""
    heads = await store.heads(run)
    assert [head.run for head in heads] == [run]
    return heads[0]


async def fill(store: Store, run: RunId, count: int, *, epoch: int = 0, blobs: Sequence[bytes] = ()) -> int:
    """Create a run with so many events in one append."""
    facts = [note(number) for number in range(count)]
    return await store.append(run, facts, expected=0, epoch=epoch, time=NOW, blobs=blobs)


async def committed(store: Store, commit: Commit) -> Committed:
    """Commit at once where that can be done, as the kernel does."""
    return store.commit_at_once(commit) or await store.commit(commit)

"""`Feed`: an agent's events for those who watch: what was, then what comes, in one order, none twice, none missing.

The journal is the only source, so that catching up and going on are the same thing: read from where you are, wait for
news, read on. Chunks of answers are not in the journal; whoever is too slow for them is told how many he missed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection

import anyio
import msgspec

from cambrian.core.event import Channel, Event
from cambrian.core.ids import RunId
from cambrian.core.model import Chunk
from cambrian.journal.store import EventLog

__all__ = ["Feed", "Lagged"]

_MOST = 1000
"""Chunks that wait for one watcher."""


class Lagged(msgspec.Struct, frozen=True, kw_only=True):
    """So many chunks were not shown. What they said comes whole, with the answer."""

    missed: int


class Feed:
    """Shows one agent to any number of watchers of this process.

    Args:
        store: where its journal is.
        run: the agent's run.
        news: gives the event that is set when there is more to read.
    """

    def __init__(self, store: EventLog, run: RunId, news: Callable[[], anyio.Event]) -> None:
        self._store, self._run, self._news = store, run, news
        self._watchers: set[_Watcher] = set()

    def show(self, chunk: Chunk) -> None:
        """Show a chunk to whoever watches now."""
        for watcher in self._watchers:
            watcher.show(chunk)

    async def events(
        self, *, after: int = 0, channels: Collection[Channel] = ("progress", "control", "monitor")
    ) -> AsyncGenerator[Event]:
        """Events of some channels after a sequence number, for as long as they are asked for.

        Raises:
            RunNotFound, StoreDamaged: see `EventLog.read`.
        """
        while True:
            news = self._news()  # taken before reading: what comes meanwhile sets it
            async for event in self._store.read(self._run, after=after):
                after = event.seq
                if event.channel in channels:
                    yield event
            await news.wait()

    async def all(self, *, after: int = 0) -> AsyncGenerator[Event | Chunk | Lagged]:
        """Events of all channels, and between them the chunks of answers that are under way."""
        watcher = _Watcher()
        self._watchers.add(watcher)
        try:
            while True:
                news = self._news()
                for chunk in watcher.taken():
                    yield chunk
                async for event in self._store.read(self._run, after=after):
                    after = event.seq
                    yield event
                await watcher.wait(news)
        finally:
            self._watchers.discard(watcher)


class _Watcher:
    """Chunks that wait for one watcher."""

    def __init__(self) -> None:
        self._waiting: deque[Chunk] = deque()
        self._missed = 0
        self._stirred = anyio.Event()

    def show(self, chunk: Chunk) -> None:
        if len(self._waiting) == _MOST:
            self._missed += 1
        else:
            self._waiting.append(chunk)
        self._stirred.set()

    def taken(self) -> list[Chunk | Lagged]:
        """All that waits, and how many did not fit."""
        found: list[Chunk | Lagged] = [*self._waiting]
        if self._missed:
            found.append(Lagged(missed=self._missed))
        self._waiting.clear()
        self._missed, self._stirred = 0, anyio.Event()
        return found

    async def wait(self, news: anyio.Event) -> None:
        """Until there is a chunk, or news."""
        async with anyio.create_task_group() as group:
            stirred = self._stirred

            async def first(event: anyio.Event) -> None:
                await event.wait()
                group.cancel_scope.cancel()

            group.start_soon(first, stirred)
            group.start_soon(first, news)

"""Polls the journal and hands frames to a renderer. Whatever the screen costs, the search does not wait for it."""

from __future__ import annotations

from collections import deque
from typing import Protocol

import anyio
import msgspec

from cambrian.core.event import Event
from cambrian.core.ids import RunId
from cambrian.core.ports import Clock
from cambrian.journal.views import Reader
from cambrian.search.facts import EVALUATED, RESUMED, STOPPED, Evaluated
from cambrian.search.view import Summary

from .frame import Frame, number
from .terminal import one_line

POLL_S = 0.25
_WINDOW_S = 15.0


class Renderer(Protocol):
    """Draws frames. One at a time, in order."""

    def draw(self, frame: Frame) -> None:
        """Show a moment."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was found. Idempotent."""
        ...


class Watcher:
    """Follows one run.

    Args:
        reader: of the journal.
        run: the run.
        clock: for the rate and the time elapsed.
        past: a run that is taken up again, folded up to now; what is in it is no news.
    """

    def __init__(self, reader: Reader, run: RunId, clock: Clock, past: Summary | None = None) -> None:
        self.view = past or Summary(run=run, created=0.0)
        self._resumed = self._waiting = past is not None and past.opened is not None
        self._reader = reader
        self._clock = clock
        self._known_s, self._known_at = 0.0, clock.monotonic()
        self._done: deque[tuple[float, int]] = deque()
        self._last = ""

    async def look(self) -> Frame:
        """Take in what has happened since the last look."""
        shown = len(self.view.history)
        async for event in self._reader.read(self.view.run, after=self.view.seq):
            self._note(event)
            self.view.apply(event)
        return Frame(
            view=self.view, elapsed_s=self._elapsed(), rate=self._rate(), last=self._last,
            bests=tuple(self.view.history[shown:]), resumed=self._resumed, waiting=self._waiting,
        )  # fmt: skip

    async def watch(self, renderer: Renderer, *, poll: float = POLL_S) -> None:
        """Draw until cancelled. A screen that is gone ends the watching, not the search."""
        try:
            while True:
                renderer.draw(await self.look())
                await anyio.sleep(poll)
        except OSError:  # the terminal was closed; the journal has everything
            renderer.close()

    async def look_last(self, renderer: Renderer) -> None:
        """Draw once more, when the search has ended."""
        try:
            renderer.draw(await self.look())
        except OSError:
            renderer.close()

    def _note(self, event: Event) -> None:
        if event.type == EVALUATED:
            self._last = self._told(msgspec.json.decode(event.data, type=Evaluated))
        elif event.type == RESUMED:
            self._last, self._waiting = "taken up again", False
            self._known_at = self._clock.monotonic()
        elif event.type == STOPPED:
            self._last = "stopped"

    def _told(self, record: Evaluated) -> str:
        variant = self.view.in_flight.get(record.index)
        who = variant.origin.proposer if variant else "?"
        result = record.evaluation
        if not result.ok:
            detail = f" ({result.detail})" if result.detail else ""
            return one_line(f"#{record.index} {who}: {result.status.value}{detail}")
        value = next(iter(result.objectives.values()))
        why = f" – {variant.origin.why}" if variant and variant.origin.why else ""
        word = "new best " if record.best else "kept " if record.added else ""
        return one_line(f"#{record.index} {who}: {word}{number(value)}{why}")

    def _elapsed(self) -> float:
        now = self._clock.monotonic()
        if self.view.elapsed_s != self._known_s or self.view.opened is None:
            self._known_s, self._known_at = self.view.elapsed_s, now
        return self._known_s if self.view.stop else self._known_s + now - self._known_at

    def _rate(self) -> float:
        now = self._clock.monotonic()
        self._done.append((now, self.view.evaluations))
        while now - self._done[0][0] > _WINDOW_S:
            self._done.popleft()
        passed, done = now - self._done[0][0], self.view.evaluations - self._done[0][1]
        return done / passed if passed > 0 else 0.0

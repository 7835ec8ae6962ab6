"""App, execution: the run of an execution. Begun in the journal with its first effect; without one, at its end."""

from __future__ import annotations

from collections.abc import Sequence

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.event import Fact
from cambrian.core.ids import RunId
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.store import Store
from cambrian.sandbox.scripts.facts import Opened

__all__ = ["KIND", "ExecutionLog"]

KIND = "execution"


class ExecutionLog:
    """An `EffectLog` over a run that is made no sooner than something has to be durable.

    Args:
        store: gives the journal; asked when first needed.
        run: id of the run to be.
        opened: what was asked for.
        clock: for event times.
    """

    def __init__(self, store: Store, run: RunId, opened: Opened, clock: SystemClock) -> None:
        self._store, self._id, self._opened, self._clock = store, run, opened, clock
        self._run: Run | None = None

    @classmethod
    def over(cls, store: Store, run: Run, opened: Opened, clock: SystemClock) -> ExecutionLog:
        """The log of a run that was resumed."""
        self = cls(store, run.id, opened, clock)
        self._run = run
        return self

    def _begun(self) -> Run:
        """The run, which is written down together with what is recorded in it first."""
        if self._run is None:
            self._run = Run.planned(
                self._store, kind=KIND, data=self._opened, clock=self._clock, holder=this_process(), run=self._id
            )
            self._run.keep()
        return self._run

    async def intend(
        self,
        intent: Intent,
        *facts: Fact,
        blobs: Sequence[bytes] = (),
        state: EffectState = EffectState.EXECUTING,
    ) -> None:
        """See `core.ports.EffectLog`."""
        await self._begun().intend(intent, *facts, blobs=blobs, state=state)

    async def start(self, effect: EffectId, *facts: Fact) -> None:
        """See `core.ports.EffectLog`."""
        await self._begun().start(effect, *facts)

    async def conclude(self, effect: EffectId, state: EffectState, *facts: Fact, why: str = "") -> None:
        """See `core.ports.EffectLog`."""
        await self._begun().conclude(effect, state, *facts, why=why)

    async def append(self, *facts: Fact, blobs: Sequence[bytes] = ()) -> int:
        """See `core.ports.EffectLog`."""
        return await self._begun().append(*facts, blobs=blobs)

    async def finish(self, *facts: Fact, blobs: Sequence[bytes] = ()) -> int:
        """See `core.ports.EffectLog`; a run that had no effect is written down whole, here."""
        return await (self._record(facts, blobs) if self._run is None else self._run.finish(*facts, blobs=blobs))

    async def _record(self, facts: Sequence[Fact], blobs: Sequence[bytes]) -> int:
        await Run.record(
            self._store, kind=KIND, data=self._opened, facts=facts, clock=self._clock, holder=this_process(),
            run=self._id, blobs=blobs,
        )  # fmt: skip
        return 1 + len(facts)

    async def aclose(self) -> None:
        """Give the run back."""
        if self._run is not None:
            await self._run.aclose()

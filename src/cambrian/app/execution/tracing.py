"""App, execution: what ``cambrian runs trace`` asks for, made into journeys."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError

from .asking import read_inputs
from .comparing import Difference, compare
from .history import LineStep, Trace
from .profiling import Profile, profile
from .providing import NOTHING, Provision
from .results import Execution
from .running import Sandbox
from .travel import Traveller

__all__ = ["Journey"]


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """The words of ``cambrian runs trace``; see there."""

    run: str
    at: int | None = None
    edits: tuple[str, ...] = ()
    given: Provision = NOTHING
    workspace: Path | None = None
    other: str = ""
    allow: tuple[str, ...] = ()

    async def trace(self) -> Trace:
        """The moments of the run."""
        async with self._traveller() as traveller:
            return (await traveller.history(self.run)).trace()

    async def inspect(self) -> dict[str, object]:
        """The variables at the moment."""
        async with self._traveller() as traveller:
            return await traveller.inspect(await traveller.history(self.run), self._moment())

    async def steps(self) -> tuple[LineStep, ...]:
        """What each line changed from the moment on."""
        async with self._traveller() as traveller:
            return await traveller.steps(await traveller.history(self.run), self._moment())

    async def resume(self) -> Execution:
        """Go on from the moment; without one, take up a run whose process was killed."""
        async with self._sandbox() as sandbox, self.given.toolbox(sandbox.reach) as box:
            traveller = Traveller(sandbox, sandbox.sealer)
            history = await traveller.history(self.run)
            if self.at is None:
                return await traveller.take_up(history, box)
            return await traveller.fork(history, self._moment(), box, edits=read_inputs(self.edits))

    async def replay(self) -> Execution:
        """Run it again from the record."""
        async with self._traveller() as traveller:
            edits = {self._moment(): read_inputs(self.edits)} if self.edits else None
            return await traveller.replay(await traveller.history(self.run), edits=edits)

    async def diff(self) -> Difference:
        """Where it parts from another run."""
        async with self._traveller() as traveller:
            return compare(await traveller.history(self.run), await traveller.history(self.other))

    async def profile(self) -> Profile:
        """Where its time went."""
        async with self._traveller() as traveller:
            history = await traveller.history(self.run)
            return profile(history, await traveller.timed(history))

    def _moment(self) -> int:
        if self.at is None:
            raise UsageError("which moment? say for example --at call=47; `cambrian runs trace` lists the calls")
        return self.at

    @asynccontextmanager
    async def _traveller(self) -> AsyncGenerator[Traveller]:
        async with self._sandbox() as sandbox:
            yield Traveller(sandbox, sandbox.sealer)

    def _sandbox(self) -> Sandbox:
        return Sandbox(workers=1, workspace=self.workspace, allow=self.allow)

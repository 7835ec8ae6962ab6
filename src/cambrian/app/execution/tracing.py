"""App, execution: what ``cambrian runs trace`` asks for, made into journeys."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.tools.policy import ToolPolicy
from cambrian.tools.registry import Toolbox

from .asking import read_inputs, sources
from .comparing import Difference, compare
from .history import LineStep, Trace
from .profiling import Profile, profile
from .results import Execution
from .running import Sandbox
from .travel import Traveller

__all__ = ["Journey"]


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """The words of ``cambrian runs trace``; see there."""

    run: str
    at: int | None = None
    edits: tuple[str, ...] = ()
    tools: Path | None = None
    servers: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
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
        box = Toolbox(sources(self.tools, self.servers), policy=ToolPolicy(approved=self.approved))
        async with self._traveller() as traveller, box:
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
        async with Sandbox(workers=1, workspace=self.workspace, allow=self.allow) as sandbox:
            yield Traveller(sandbox, sandbox.sealer)

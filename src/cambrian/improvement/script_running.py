"""Calls of a function of a script, of several versions of it, on Node in the jail: what came of them, how long it took.

Waiting is counted by the clock of the run, which stands still while code computes, and computing by the machine's: so
that a request takes its ten milliseconds without anybody waiting for it. `fetch` is a stand-in that only answers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources

import anyio
import msgspec

from cambrian.core.errors import SandboxError
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Done, Script
from cambrian.sandbox.scripts import node
from cambrian.sandbox.scripts.port import Terms
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.source.repair.script.program import Ready, ready
from cambrian.source.tree import Problem

from .script_calls import Call
from .script_needed import ScriptTarget

__all__ = ["Called", "Outcome", "ScriptCalls"]

_LIMITS = Limits(wall=300.0, cpu=300.0, memory=1024 * 2**20, output=32 * 2**20)
_TERMS = Terms(seed=1, now=1_700_000_000.0)


class Outcome(msgspec.Struct, frozen=True):
    """What came of a call; of errors the type counts."""

    error: str
    value: str
    milliseconds: float
    after: str
    printed: str

    @property
    def seen(self) -> tuple[str, ...]:
        """What must be the same."""
        return (self.error.partition(":")[0], self.value, self.after, self.printed)


class Called(msgspec.Struct, frozen=True):
    """What came of calls.

    Args:
        told: of each call, in order, the outcome of each version.
        pairs: milliseconds of each version, all calls, pair by pair.
        error: why nothing came.
        apart: of each version but the first, whether some call tells it from the first.
    """

    told: list[list[Outcome]] = []
    pairs: list[tuple[float, float]] = []
    error: str = ""
    apart: list[bool] = []


class ScriptCalls:
    """Runs calls. One jail, kept.

    Raises:
        CapabilityMissing: Node is not installed.
    """

    def __init__(self) -> None:
        self._runtime = DrivenRuntime(node.driver(), workers=1)
        self._code = resources.files("cambrian.improvement").joinpath("inside/calls.js").read_text("utf-8")

    async def aclose(self) -> None:
        """End the jail. Idempotent."""
        await self._runtime.aclose()

    async def run(
        self, target: ScriptTarget, texts: Sequence[str], calls: Sequence[Call], *, pairs: int = 0, rounds: int = 1,
        apart: bool = False, most: float = 1e9, wall: float = 300.0,
    ) -> Called:  # fmt: skip
        """Call versions of a function.

        Args:
            target: whose name and whose other files.
            texts: of its file.
            calls: arguments.
            pairs: of laps that are timed; 0: each call once, and what came of it.
            rounds: of all calls in a lap.
            apart: only tell which versions differ from the first.
            most: milliseconds after which no further call is made, where `pairs` is 0.
            wall: seconds at most.

        Raises:
            SandboxError: the machinery failed.
        """
        made = [ready(text, target.path.name) for text in texts]
        wrong = next((each for each in made if isinstance(each, Problem)), None)
        if wrong is not None:
            return Called(error=str(wrong))
        asked = {
            "versions": [_version(each) for each in made if isinstance(each, Ready)], "entry": target.name,
            "calls": [json.dumps(call) for call in calls], "pairs": pairs, "rounds": rounds, "apart": apart,
            "most": most, "place": str(target.path), "pieces": msgspec.to_builtins(target.pieces),
        }  # fmt: skip
        script = Script(code=self._code, language="javascript", inputs={"asked": asked})
        limits = msgspec.structs.replace(_LIMITS, wall=wall)
        execution, said = await self._runtime.begin(script, [], limits, _TERMS)
        with anyio.CancelScope(shield=True):
            await execution.close()
        if isinstance(said, Exit):
            return Called(error=f"the calls ended the process: {said.status}")
        if not isinstance(said.turn, Done):
            raise SandboxError(f"the calls could not be made: {said.turn}")
        return msgspec.convert(said.turn.value, Called)


def _version(made: Ready) -> dict[str, object]:
    return {"code": made.code, "waits": made.waits, "typed": made.typed}

"""App, execution: results of scripts, kept so that the same script with the same inputs need not run again.

Kept is only what ran to its end without an effect: it made no call, or calls of read-only tools alone; and it did not
look at the clock or at chance, unless its seed was given. The key holds code, language, inputs, limits, preset and the
descriptions and versions of the tools, so that a changed tool is another key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256

import msgspec

from cambrian.app.evaluation_cache import EvaluationCache
from cambrian.core.ids import Digest
from cambrian.core.ports import Clock
from cambrian.core.tool import Tool
from cambrian.sandbox.scripts.facts import Opened
from cambrian.source.features_script import ScriptFeatures

from .results import Execution

__all__ = ["ResultCache", "key_of"]

_CLOCKS = frozenset(("import:time", "import:datetime", "import:calendar", "import:zoneinfo", "import:asyncio"))
_CHANCE = frozenset(
    ("import:random", "import:uuid", "import:secrets", "import:tempfile", "import:numpy", "global:crypto")
)
_WORDS_CLOCK = ("Date", "performance")
_WORDS_CHANCE = ("Math.random",)


class _Kept(msgspec.Struct, frozen=True):
    """A result, and when it was made, in seconds since the Unix epoch."""

    made: float
    result: Execution


def key_of(opened: Opened, features: ScriptFeatures, *, seeded: bool) -> Digest | None:
    """The key of a result; None if the script's text says that another run may come to another one.

    Args:
        opened: what is asked for.
        features: of the script.
        seeded: whether the seed was given.
    """
    script = opened.script
    needs, plain = set(features.needs), script.language == "python"
    if features.problem or needs & _CLOCKS or (not plain and any(word in script.code for word in _WORDS_CLOCK)):
        return None
    chance = bool(needs & _CHANCE) or (not plain and any(word in script.code for word in _WORDS_CHANCE))
    if chance and not seeded:
        return None
    if any(not tool.read_only for tool in opened.tools if tool.name in features.tools):
        return None
    seed = opened.terms.seed if chance else None
    said = ["result 1", script, opened.limits, opened.preset, opened.tools, seed]
    return Digest(sha256(msgspec.json.encode(said, order="sorted")).hexdigest())


class ResultCache:
    """Results by key, in a folder; equal scripts that run at the same time run once.

    Args:
        files: where results are kept.
        clock: how old a result is.
    """

    def __init__(self, files: EvaluationCache, clock: Clock) -> None:
        self._files, self._clock = files, clock
        self._flights: dict[Digest, asyncio.Future[Execution | None]] = {}

    async def get(
        self, key: Digest, tools: tuple[Tool, ...], *, age: float, run: Callable[[], Awaitable[Execution]]
    ) -> Execution:
        """The kept result, or that of a run that is under way, or else of a run of its own.

        Args:
            key: see `key_of`.
            tools: that the script may call.
            age: seconds that a kept result may be old.
            run: runs it.
        """
        kept = self._kept(key, age)
        if kept is not None:
            return kept
        flight = self._flights.get(key)
        if flight is not None:
            shared = await asyncio.shield(flight)
            if shared is not None:
                return msgspec.structs.replace(shared, cached=True)
        return await self._fly(key, tools, run)

    async def _fly(self, key: Digest, tools: tuple[Tool, ...], run: Callable[[], Awaitable[Execution]]) -> Execution:
        flight: asyncio.Future[Execution | None] = asyncio.get_running_loop().create_future()
        self._flights[key] = flight
        good: Execution | None = None
        try:
            result = await run()
            if result.ok and (result.calls == 0 or all(tool.read_only for tool in tools)):
                good = result
                self._files.put(key, msgspec.json.encode(_Kept(self._clock.wall(), result)))
            return result
        finally:
            if self._flights.get(key) is flight:
                del self._flights[key]
            flight.set_result(good)

    def _kept(self, key: Digest, age: float) -> Execution | None:
        data = self._files.get(key)
        if data is None:
            return None
        try:
            kept = msgspec.json.decode(data, type=_Kept)
        except msgspec.MsgspecError:  # of another version
            return None
        old = self._clock.wall() - kept.made
        return msgspec.structs.replace(kept.result, cached=True) if 0 <= old <= age else None

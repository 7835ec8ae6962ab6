"""App, execution: which runtime gets a script: what the router needs to know, gathered here and kept.

A runtime's table of capabilities is kept in the workspace's cache, by engine version. What scripts took is taken from
the journal when a sandbox opens, and learnt on while it is open. The floor is checked twice: for the route, and again
with the level that a runtime's jail turns out to have.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

import msgspec

from cambrian.core.errors import IsolationUnavailable
from cambrian.core.ports import Clock
from cambrian.core.script import Script
from cambrian.journal.store import Store
from cambrian.sandbox.scripts.facts import ENDED, LEFT, Ended, Left, Opened
from cambrian.sandbox.scripts.router.breaker import Breaker
from cambrian.sandbox.scripts.router.cost import CostModel, Observation, bucket_of
from cambrian.sandbox.scripts.router.policy import floor
from cambrian.sandbox.scripts.router.probe import kept, probed
from cambrian.sandbox.scripts.router.route import Offer, Route, route
from cambrian.sandbox.scripts.router.table import Capabilities
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.sandbox.scripts.session import Candidate
from cambrian.source.features_script import ScriptFeatures, script_features

from .catalogue import NAMES, Catalogue
from .record import KIND

__all__ = ["Dispatcher", "remembered"]

_QUICKLY_PROBED = ("monty", "quickjs", "cpython")
"""Probed when first started, in a fifth of a second; the others when somebody asks for it, as it takes seconds."""
_REMEMBERED = 200
"""Executions that are read from the journal."""


class Dispatcher:
    """Routes scripts, and learns from what they took.

    Args:
        catalogue: of runtimes.
        folder: where tables of capabilities are kept.
        clock: for the breaker and for probing.
    """

    def __init__(self, catalogue: Catalogue, folder: Path, clock: Clock) -> None:
        self._catalogue, self._folder, self._clock = catalogue, folder, clock
        self._tables: dict[str, Capabilities] = {}
        self._started: set[str] = set()
        self._used: set[str] = set()
        self._breaker = Breaker(clock)
        self.model = CostModel()

    def features(self, script: Script, tools: Collection[str]) -> ScriptFeatures:
        """What the router looks at."""
        return script_features(script.code, script.language, tools)

    def route(self, features: ScriptFeatures, runtime: str, preset: str) -> tuple[list[Candidate], Route]:
        """The runtimes that get a script, and why.

        Args:
            features: of the script.
            runtime: a runtime's name, or ``"auto"``.
            preset: whose floor holds: the one that the run was begun with.

        Raises:
            UsageError: nothing that is here may run it, or not the one that was named.
            CapabilityMissing: the one that was named is not installed.
            SandboxError: what may run it rests after failures.
        """
        forced = None if runtime == "auto" else runtime
        if forced is not None:
            self._catalogue.driver(forced)
        offers = [self._offer(name) for name in NAMES if not self._catalogue.missing(name)]
        found = route(features, offers, floor(preset), model=self.model, breaker=self._breaker, forced=forced)
        return [
            Candidate(name, _about(name, found.reasons), partial(self.start, name, preset), name not in self._used)
            for name in found.order
        ], found

    def _offer(self, name: str) -> Offer:
        runtime = self._catalogue.get(name)
        if name not in self._tables:
            own = "typescript" in runtime.languages
            empty = Capabilities(runtime=name, version=runtime.version, typescript=own)
            self._tables[name] = kept(runtime, self._folder) or empty
        return Offer(name=name, languages=runtime.languages, level=runtime.level, capabilities=self._tables[name])

    async def start(self, name: str, preset: str) -> DrivenRuntime:
        """A runtime with a worker that has started. The only way to one: here the floor is looked at.

        Raises:
            IsolationUnavailable: the preset does not allow it at the level that its jail has.
            UsageError, CapabilityMissing, SandboxError: there is none, it is not here, or it cannot be started.
        """
        runtime = self._catalogue.get(name)
        self._breaker.trying(name)
        if name not in self._started:
            await runtime.warm()
        refusal = floor(preset).refusal(name, runtime.level)
        if refusal:
            raise IsolationUnavailable(refusal)
        if name not in self._started:
            if name in _QUICKLY_PROBED:
                self._tables[name] = await probed(runtime, self._folder, clock=self._clock)
                self.model.starts(self._starts())
            self._started.add(name)
        return runtime

    async def capabilities(self, name: str, preset: str) -> Capabilities:
        """What a runtime can do; tried now, if that is not known.

        Raises:
            UsageError: there is no such runtime.
            CapabilityMissing: it is not installed.
            SandboxError: it cannot be started, or the floor does not allow it.
        """
        runtime = await self.start(name, preset)
        self._tables[name] = await probed(runtime, self._folder, clock=self._clock)
        return self._tables[name]

    def forget(self) -> None:
        """Forget what scripts took and came to lack; what probing has shown stays."""
        self.model = CostModel(starts=self._starts())
        self._tables = {}

    def _starts(self) -> dict[str, float]:
        return {name: table.start_ms for name, table in self._tables.items() if table.start_ms > 0}

    def learn(self, features: ScriptFeatures, left: Sequence[Left], ended: Ended) -> None:
        """Take in how a script fared."""
        self._used.update(each.runtime for each in (*left, ended))
        for each in left:
            if each.failure:
                self._breaker.failed(each.runtime)
            elif each.gap in features.needs and each.runtime in self._tables:
                self._tables[each.runtime] = self._tables[each.runtime].without(each.gap)
        for done in (*(each.runtime for each in left if not each.failure), ended.runtime):
            self._breaker.succeeded(done)
        for seen in _observations(bucket_of(features), features.work, left, ended):
            unknown = self._tables[seen.runtime].unknown(features.needs) if seen.runtime in self._tables else ()
            self.model.tell(seen if seen.gap else msgspec.structs.replace(seen, met=unknown))


def _observations(bucket: str, work: float, left: Sequence[Left], ended: Ended | None) -> list[Observation]:
    found = [
        Observation(runtime=each.runtime, bucket=bucket, work=work, ms=1e3 * each.took_s, gap=each.gap)
        for each in left
        if not each.failure and each.took_s > 0
    ]
    if ended is not None and ended.runtime and ended.took_s > 0:
        found.append(Observation(runtime=ended.runtime, bucket=bucket, work=work, ms=1e3 * ended.took_s))
    return found


def _about(name: str, reasons: Sequence[str]) -> tuple[str, ...]:
    return tuple(reason for reason in reasons if reason.startswith(f"{name}: "))


class _Created(msgspec.Struct):
    data: Opened


async def remembered(store: Store) -> list[Observation]:
    """What the last executions in a journal took, the oldest first."""
    heads = [head for head in await store.heads() if head.kind == KIND]
    latest = sorted(heads, key=lambda head: (head.created, head.run))[-_REMEMBERED:]
    found: list[Observation] = []
    for head in latest:
        opened, left, ended = None, list[Left](), None
        async for event in store.read(head.run, types=("run.created", LEFT, ENDED)):
            if event.type == LEFT:
                left.append(msgspec.json.decode(event.data, type=Left))
            elif event.type == ENDED:
                ended = msgspec.json.decode(event.data, type=Ended)
            else:
                opened = msgspec.json.decode(event.data, type=_Created).data
        if opened is not None and opened.bucket:
            found += _observations(opened.bucket, opened.work, left, ended)
    return found

"""App, execution: `Sandbox`, which keeps runtimes warm and a journal open, and `run`, which uses one for you."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Self, cast
from weakref import WeakKeyDictionary

import anyio
import msgspec

from cambrian.app.evaluation_cache import EvaluationCache
from cambrian.app.machine import usable_cores
from cambrian.app.settings import read_settings
from cambrian.app.signing import Signer
from cambrian.app.workspace import open_workspace
from cambrian.core.checks import check_choice
from cambrian.core.limits import Level, Limits
from cambrian.core.script import LANGUAGES, Language, Script
from cambrian.core.tool import ToolInvoker
from cambrian.journal.clock import SystemClock
from cambrian.journal.ids import new_run_id
from cambrian.journal.opening import open_store
from cambrian.journal.store import Store
from cambrian.sandbox.scripts.facts import Opened
from cambrian.sandbox.scripts.moments import Keeper
from cambrian.sandbox.scripts.port import Terms
from cambrian.sandbox.scripts.router.cost import bucket_of
from cambrian.sandbox.scripts.router.policy import floor
from cambrian.sandbox.scripts.session import ScriptSession
from cambrian.source.features_language import detect
from cambrian.source.features_script import ScriptFeatures
from cambrian.tools.entry import ToolServer
from cambrian.tools.functions import ToolFunction
from cambrian.tools.registry import Toolbox
from cambrian.tools.speculation import Speculator, SpeculatorSettings

from .allowing import Allow, Reach
from .caching import ResultCache, key_of
from .catalogue import Catalogue
from .given import check_given
from .record import ExecutionLog
from .results import Execution, execution
from .routing import Dispatcher, remembered
from .sealing import Sealer

__all__ = ["SCRIPT_LIMITS", "Sandbox", "ToolSource", "run"]

SCRIPT_LIMITS = Limits(wall=30.0, cpu=30.0, memory=256 * 2**20, output=2**20)
"""Of a script, unless somebody says otherwise."""

ToolSource = ToolFunction | ToolServer
_BOXES = 16
"""Sets of functions whose schemas are kept; whoever makes new functions for each run would fill the memory."""


class Sandbox:
    """Runs scripts; keeps their runtimes warm between one and the next. An async context manager.

    >>> async with cambrian.Sandbox() as sandbox:  # doctest: +SKIP
    ...     (await sandbox.run("sum(range(10))")).value
    45

    Args:
        preset: ``"dev"``, ``"standard"`` or ``"strict"``: the isolation that runtimes must have.
        limits: of each script, unless `run` is told others.
        workers: scripts at a time, of each runtime; by default one per core.
        level: of the jails; by default the best that this machine has.
        workspace: folder of the journal; by default ``.cambrian``.
        allow: what scripts may reach besides their tools: ``"net:api.example.com:443,read:./data"``; see `allowing`.
        speculate: whether read-only tools are called ahead of time, once it is known from earlier calls what follows
            what; or how far that may go.
    """

    def __init__(
        self,
        *,
        preset: str = "standard",
        limits: Limits | None = None,
        workers: int | None = None,
        level: Level | None = None,
        workspace: str | os.PathLike[str] | None = None,
        allow: Allow = (),
        speculate: bool | SpeculatorSettings = True,
    ) -> None:
        floor(preset)  # or a clear error, now
        self.preset = preset
        self.limits = limits or SCRIPT_LIMITS
        settings = read_settings()
        self.workspace = open_workspace(workspace, settings)
        self.reach = Reach(allow, (self.workspace.path, settings.signing_key.parent))
        self.catalogue = Catalogue(
            workers=workers or usable_cores(),
            level=level,
            limits=self.limits,
            readable=self.reach.folders,
            here=self.reach.here,
        )
        self.sealer = Sealer(Signer(settings.signing_key))
        self._clock = SystemClock()
        folder = self.workspace.cache / "runtimes"
        self.dispatcher = Dispatcher(self.catalogue, folder, self._clock)
        self._random = random.SystemRandom()
        self._store: Store | None = None
        self._opening = anyio.Lock()
        settings_of = speculate if isinstance(speculate, SpeculatorSettings) else SpeculatorSettings()
        self.speculator = Speculator(self._clock, settings_of) if speculate else None
        self.results = ResultCache(EvaluationCache(self.workspace.cache / "results"), self._clock)
        self._boxes: dict[tuple[ToolSource, ...], Toolbox] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End the workers, close the journal. Idempotent."""
        with anyio.CancelScope(shield=True):
            if self.speculator is not None:
                await self.speculator.aclose()
            await self.catalogue.aclose()
            while self._boxes:
                self._boxes.popitem()[1].end_threads()
            store, self._store = self._store, None
            if store is not None:
                await store.aclose()

    async def store(self) -> Store:
        """The journal, opened when first needed."""
        if self._store is not None:
            return self._store
        async with self._opening:
            if self._store is None:
                self.workspace.prepare()
                self._store = await open_store(self.workspace.journal)
                for seen in await remembered(self._store):
                    self.dispatcher.model.tell(seen)
            return self._store

    async def run(
        self,
        code: str,
        *,
        language: Language | None = None,
        tools: ToolInvoker | Iterable[ToolSource] = (),
        runtime: str = "auto",
        inputs: Mapping[str, object] | None = None,
        limits: Limits | None = None,
        seed: int | None = None,
        name: str = "script",
        checkpoints: bool = False,
        cache: float = 0.0,
        progress: Callable[[str], None] | None = None,
    ) -> Execution:
        """Run a script for the value of its last expression; see `cambrian.run`."""
        begun = time.perf_counter()
        check_given(code=code, inputs=inputs, limits=limits, tools=tools)
        script = Script(code=code, language=_language(language, code, name), inputs=dict(inputs or {}), name=name)
        async with self._toolbox(tools) as given:
            box = self.reach.over(given)
            opened = Opened(
                script=script,
                limits=limits or self.limits,
                terms=Terms(
                    seed=self._random.getrandbits(32) if seed is None else seed,
                    now=self._clock.wall(),
                    checkpoints=checkpoints,
                ),
                tools=box.tools(),
                preset=self.preset,
                allow=self.reach.allowance.words(),
            )
            features = self.dispatcher.features(script, [tool.name for tool in opened.tools])
            key = key_of(opened, features, seeded=seed is not None) if cache > 0 and not self.reach.folders else None
            conduct = partial(self._run, opened, features, box, runtime, progress, begun)
            if key is None:
                return await conduct()
            result = await self.results.get(key, opened.tools, age=cache, run=conduct)
            took = 1000 * (time.perf_counter() - begun)
            return msgspec.structs.replace(result, wall_ms=round(took, 3)) if result.cached else result

    async def _run(
        self,
        opened: Opened,
        features: ScriptFeatures,
        box: ToolInvoker,
        runtime: str,
        progress: Callable[[str], None] | None,
        begun: float,
    ) -> Execution:
        store = await self.store()
        candidates, route = self.dispatcher.route(features, runtime, opened.preset)
        opened = msgspec.structs.replace(opened, bucket=bucket_of(features), work=features.work)
        run = new_run_id(opened.terms.now, self._random)
        log = ExecutionLog(store, run, opened, self._clock)
        keeper = Keeper(run, opened.script, self.sealer) if opened.terms.checkpoints and opened.tools else None
        tools = self.speculator.over(box) if self.speculator is not None else box
        session = ScriptSession(opened, tools, log, self._clock, run=run, progress=progress, keeper=keeper)
        try:
            ended = await session.run(candidates)
        finally:
            await log.aclose()
        self.dispatcher.learn(features, session.left, ended)
        wall_s = time.perf_counter() - begun
        return execution(ended, opened=opened, run=run, reasons=route.reasons, left=session.left, wall_s=wall_s)

    @asynccontextmanager
    async def _toolbox(self, tools: ToolInvoker | Iterable[ToolSource]) -> AsyncGenerator[ToolInvoker]:
        """The tools behind one door. Servers that are not in a toolbox of the caller's live for one run."""
        plain = isinstance(tools, tuple | list)  # a look at a protocol takes 20 µs
        if isinstance(tools, Toolbox) or (not plain and isinstance(tools, ToolInvoker)):
            yield tools
            return
        sources = tuple(cast("Iterable[ToolSource]", tools))
        if any(isinstance(each, ToolServer) for each in sources):
            async with Toolbox(sources) as box:
                try:
                    yield box
                finally:
                    if self.speculator is not None:
                        self.speculator.drop(box)
            return
        box = self._boxes.pop(sources, None) or Toolbox(sources)
        self._boxes[sources] = box  # the latest used stands last
        if len(self._boxes) > _BOXES:
            self._boxes.pop(next(iter(self._boxes))).end_threads()
        yield box


def _language(language: str | None, code: str, name: str) -> Language:
    if language is None:
        return detect(code, name).language
    word = {"js": "javascript", "ts": "typescript", "py": "python"}.get(language, language)
    check_choice("language", word, LANGUAGES, example='language="python"')
    return cast("Language", word)


_sandboxes: WeakKeyDictionary[asyncio.AbstractEventLoop, Sandbox] = WeakKeyDictionary()
_keepers: set[asyncio.Task[None]] = set()


def _shared() -> Sandbox:
    """The sandbox of this event loop; closed when the loop cancels its tasks, as at the end of `asyncio.run`."""
    loop = asyncio.get_running_loop()
    if loop not in _sandboxes:
        _sandboxes[loop] = Sandbox()
        keeper = loop.create_task(_keep(loop, _sandboxes[loop]))
        _keepers.add(keeper)
        keeper.add_done_callback(_keepers.discard)
    return _sandboxes[loop]


async def _keep(loop: asyncio.AbstractEventLoop, sandbox: Sandbox) -> None:
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    _sandboxes.pop(loop, None)
    await sandbox.aclose()


async def run(
    code: str,
    *,
    language: Language | None = None,
    tools: ToolInvoker | Iterable[ToolSource] = (),
    runtime: str = "auto",
    inputs: Mapping[str, object] | None = None,
    limits: Limits | None = None,
    seed: int | None = None,
    checkpoints: bool = False,
    cache: float = 0.0,
    preset: str | None = None,
    workspace: str | os.PathLike[str] | None = None,
    allow: Allow = (),
    progress: Callable[[str], None] | None = None,
) -> Execution:
    """Run code that an AI wrote, in a sandbox, for the value of its last expression.

    >>> result = await cambrian.run("[x * x for x in range(4)]")  # doctest: +SKIP
    >>> result.value  # doctest: +SKIP
    [0, 1, 4, 9]

    The runtimes stay warm for the next call on the same event loop. Whoever wants a sandbox of his own makes a
    `Sandbox`.

    Args:
        code: source text.
        language: ``"python"``, ``"javascript"`` or ``"typescript"``; by default found out from the code.
        tools: Python functions, `McpServer`s, or a `Toolbox` of them.
        runtime: the one to use; by default the best of those that may and can run it.
        inputs: global variables of the code: name → JSON value.
        limits: by default those of `SCRIPT_LIMITS`; time counts while the code runs, not while it waits for tools.
        seed: of the code's randomness; drawn and recorded if not given.
        checkpoints: keep a snapshot at each call, where the runtime has them, so that `cambrian runs trace` need not
            run the code again to go back there.
        cache: seconds for which a result that had no effect is taken instead of running the same again.
        preset: ``"dev"``, ``"standard"`` or ``"strict"``.
        workspace: folder of the journal; by default ``.cambrian``.
        allow: what the code may reach besides its tools: ``"net:HOST:PORT"`` gives it the tools `fetch` and `http_get`
            for that host, ``"read:DIR"`` shows it a folder.
        progress: told of each attempt and call, one line each.

    Returns:
        Value, output, error, and the run's id. What the code did wrong is told in it, not raised.

    Raises:
        UsageError: an argument is wrong.
        JournalError: something could not be recorded; no effect has happened unrecorded.
    """
    if workspace is None and preset is None and not allow:
        sandbox = _shared()
        return await sandbox.run(
            code, language=language, tools=tools, runtime=runtime, inputs=inputs, limits=limits, seed=seed,
            checkpoints=checkpoints, cache=cache, progress=progress,
        )  # fmt: skip
    async with Sandbox(preset=preset or "standard", workspace=workspace, allow=allow, workers=1) as own:
        return await own.run(
            code, language=language, tools=tools, runtime=runtime, inputs=inputs, limits=limits, seed=seed,
            checkpoints=checkpoints, cache=cache, progress=progress,
        )  # fmt: skip

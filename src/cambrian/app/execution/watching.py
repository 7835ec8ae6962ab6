"""App, execution: the variables of a JavaScript script where it waits for a call. The run is played again up to there.

See `source.javascript_watch` for how they get out. Works on every engine, as it asks nothing of any.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import anyio
import msgspec

from cambrian.core.errors import SandboxError
from cambrian.core.script import Calls, Gap
from cambrian.core.tool import Call, Tool
from cambrian.journal.clock import SystemClock
from cambrian.sandbox.scripts.calling import Caller
from cambrian.sandbox.scripts.moments import changed
from cambrian.sandbox.scripts.port import Said, ScriptRuntime
from cambrian.sandbox.scripts.replay import Replay
from cambrian.sandbox.scripts.session import fitted
from cambrian.source.javascript_watch import WATCHER, watched

from .history import History
from .playing import NoTools, nowhere

__all__ = ["watch"]


async def watch(history: History, runtime: ScriptRuntime, at: int) -> dict[str, object]:
    """The variables of the top level where the script waits for a call.

    Args:
        history: of the run.
        runtime: one that the run's preset allows.
        at: the call.

    Raises:
        SandboxError: played again, the script does not come there, or does not tell.
    """
    opened = history.opened
    script = fitted(opened.script, runtime)
    if isinstance(script, Gap):
        raise SandboxError(f"run {history.run!r} cannot be played again on {runtime.name!r}: it lacks {script.what}")
    dialect = "typescript" if script.language == "typescript" else "javascript"
    code = watched(script.code, dialect, at)
    if code == script.code:
        return {}
    script = msgspec.structs.replace(script, code=code)
    tools = (*opened.tools, Tool(name=WATCHER))
    execution, said = await runtime.begin(script, tools, opened.limits, opened.terms)
    try:
        clock = SystemClock()
        caller = Caller(NoTools(opened.tools), nowhere(history, clock), clock, run="replay")
        replay = Replay(each for _, each in history.record)
        while isinstance(said, Said) and isinstance(said.turn, Calls):
            if at <= said.turn.calls[-1].id:
                return _told(said.turn.calls, history, at)
            answers, now = await caller.answers(said.turn.calls, replay)
            said = await execution.resume(changed(answers, history.edits), now=now)
    finally:
        with anyio.CancelScope(shield=True):
            await execution.close()
    raise SandboxError(f"played again, run {history.run!r} did not come to call {at}: {said!r:.300}")


def _told(calls: Sequence[Call], history: History, at: int) -> dict[str, object]:
    """What the script told with its calls."""
    seen = next((call.kwargs.get("variables") for call in calls if call.tool == WATCHER), None)
    if not isinstance(seen, dict):
        raise SandboxError(f"run {history.run!r}, played again, did not tell its variables at call {at}")
    return cast("dict[str, object]", seen)

"""Sandbox, scripts: moments of a run: kept as snapshots where the runtime has them, gone back to, changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.event import fact
from cambrian.core.ids import digest
from cambrian.core.script import Calls, Raised, Script
from cambrian.core.tool import Answer, Tool
from cambrian.source.edits import PRELUDE, editable, edited, unedited

from .calling import Caller
from .facts import CHECKPOINT, Checkpointed
from .port import ScriptExecution, ScriptRuntime, SnapshotLimit

__all__ = ["Keeper", "Moment", "Seal", "as_written", "changed", "prepared"]


class Seal(Protocol):
    """Signs what is written down of a snapshot, with a key that is kept outside the workspace."""

    def __call__(self, snapshot: bytes, code: str, checkpoint: Checkpointed) -> str:
        """The signature; `checkpoint` has none yet."""
        ...


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Where to begin instead of the beginning, and what to change there.

    Args:
        runtime: the snapshot's.
        snapshot: the state, whose seal has been checked.
        call: id of the first call that waits there.
        now: what the clock shows.
    """

    runtime: str
    snapshot: bytes
    call: int
    now: float


class Keeper:
    """Keeps a snapshot of each moment at which the script waits for calls.

    Args:
        run: the run's id.
        script: what runs.
        seal: signs.
    """

    def __init__(self, run: str, script: Script, seal: Seal) -> None:
        self._run, self._script, self._seal = run, script, seal

    async def keep(self, runtime: ScriptRuntime, execution: ScriptExecution, turn: Calls, caller: Caller) -> None:
        """Have the state recorded, together with what is recorded next.

        Nothing if the runtime has no snapshots, or the state is too large to leave the jail; it is replayed then.

        Raises:
            SandboxError: the worker died over it.
        """
        if not runtime.snapshots:
            return
        try:
            state = await execution.snapshot()
        except SnapshotLimit:
            return
        made = Checkpointed(
            run=self._run,
            call=turn.calls[0].id,
            runtime=runtime.name,
            version=runtime.version,
            snapshot=digest(state),
            size=len(state),
            seal="",
        )
        sealed = msgspec.structs.replace(made, seal=self._seal(state, self._script.code, made))
        caller.later(fact(CHECKPOINT, sealed), state)


def prepared(script: Script, tools: tuple[Tool, ...], *, must: bool) -> Script:
    """The script, so that its variables can be set where it waits.

    Args:
        script: in any language.
        tools: those that it may call.
        must: whether variables are to be set in this very run.

    Raises:
        UsageError: they must, and cannot.
    """
    if script.language != "python":
        if must:
            raise UsageError(f"variables of a {script.language} script cannot be set; change the answer of a call")
        return script
    try:
        code = editable(script.code, {tool.name: tool.asynchronous for tool in tools})
    except (SyntaxError, ValueError, RecursionError, UsageError) as error:
        if must:
            raise UsageError(f"the variables of this script cannot be set: {error}") from error
        return script
    return msgspec.structs.replace(script, code=code, prelude=PRELUDE)


def as_written(error: Raised, script: Script, tools: tuple[Tool, ...]) -> Raised:
    """What a `prepared` script raised, with its lines as they were before."""
    ran = prepared(script, tools, must=False)
    return msgspec.structs.replace(error, traceback=unedited(error.traceback, ran.code, script.code))


def changed(answers: list[Answer], edits: Mapping[int, Mapping[str, object]]) -> list[Answer]:
    """The answers, of which some set variables too."""
    return [
        msgspec.structs.replace(each, value=edited(each.value, edits[each.call]))
        if each.call in edits and not each.error
        else each
        for each in answers
    ]

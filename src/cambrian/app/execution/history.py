"""App, execution: an execution, read back from the journal. Never runs anything."""

from __future__ import annotations

from typing import Any

import msgspec

from cambrian.app.workspace import Runs
from cambrian.core.effect import EffectState
from cambrian.core.errors import RunNotFound, UsageError
from cambrian.core.ids import RunId
from cambrian.core.tool import Call
from cambrian.journal.ledger import CONCLUDED, EFFECT_EVENTS, INTENDED, Concluded, Intended, Started
from cambrian.sandbox.scripts.facts import (
    ANSWERED,
    ATTEMPTED,
    CHECKPOINT,
    EDITED,
    ENDED,
    HEALED,
    LEFT,
    Attempted,
    Checkpointed,
    Edited,
    Ended,
    Healed,
    Left,
    Opened,
    Recorded,
)

from .record import KIND
from .results import told_left

__all__ = ["History", "LineStep", "Step", "Trace", "read_history"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A call, as a moment of a run.

    Args:
        call: its number, from 0; what ``--at`` takes.
        tool: name of the tool.
        args: positional arguments.
        kwargs: arguments by name.
        value: what it gave.
        error: what went wrong, or "".
        time: when it was answered, in seconds since the Unix epoch.
        snapshot: bytes of the state that is kept of this moment; 0 if it has to be replayed.
    """

    call: int
    tool: str
    args: list[Any]
    kwargs: dict[str, Any]
    value: Any
    error: str
    time: float
    snapshot: int


class LineStep(msgspec.Struct, frozen=True, kw_only=True):
    """A line that ran, and what it changed.

    Args:
        line: its number, from 1.
        function: in which; "" at the top level.
        text: what it says.
        changed: variables that it changed: name → representation.
    """

    line: int
    function: str
    text: str
    changed: dict[str, str]


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """A run of a script, moment by moment.

    Args:
        run: its id.
        parent: the run that it was forked from; "" if none.
        language: of the script.
        runtimes: those that it ran on, in order.
        left: what each but the last of them lacked.
        status: how it ended; "" if it has not.
        steps: its calls, in order.
        open: calls that were begun and have no outcome on record: they may have happened.
    """

    run: str
    parent: str
    language: str
    runtimes: tuple[str, ...]
    left: tuple[str, ...]
    status: str
    steps: tuple[Step, ...]
    open: tuple[Call, ...] = ()


class History(msgspec.Struct, kw_only=True):
    """All that is on record of an execution.

    Args:
        run: its id.
        opened: what was asked for.
        parent: the run that it was forked from; "" if none.
        attempts: of runtimes, in order.
        left: runtimes that could not go on.
        record: calls and answers, with the event's number of each.
        checkpoints: snapshots of the last attempt.
        edits: call → variables that were set with its answer.
        ended: how it ended, if it did.
        pending: effect → call that waits to be allowed.
        executing: effect → call that was begun and has no outcome.
    """

    run: RunId
    opened: Opened
    parent: str = ""
    attempts: list[Attempted] = []
    left: list[Left] = []
    record: list[tuple[int, Recorded]] = []
    checkpoints: list[Checkpointed] = []
    edits: dict[int, dict[str, object]] = {}
    ended: Ended | None = None
    pending: dict[str, Call] = {}
    executing: dict[str, Call] = {}

    @property
    def calls(self) -> dict[int, tuple[int, Recorded]]:
        """Call → event number and record."""
        return {each.call.id: (seq, each) for seq, each in self.record}

    def trace(self) -> Trace:
        """For people."""
        sizes = {each.call: each.size for each in self.checkpoints}
        steps = [
            Step(
                call=number,
                tool=each.call.tool,
                args=each.call.args,
                kwargs=each.call.kwargs,
                value=each.answer.value if each.answer else None,
                error=each.answer.error if each.answer else "unknown",
                time=each.now,
                snapshot=sizes.get(number, 0),
            )
            for number, (_, each) in sorted(self.calls.items())
        ]
        return Trace(
            run=self.run,
            parent=self.parent,
            language=self.opened.script.language,
            runtimes=tuple(each.runtime for each in self.attempts),
            left=told_left(self.left),
            status=self.ended.status if self.ended else "",
            steps=tuple(steps),
            open=tuple(self.executing.values()),
        )


class _Created(msgspec.Struct):
    kind: str
    data: msgspec.Raw


class _Forked(msgspec.Struct):
    parent: str


async def read_history(runs: Runs, name: str) -> History:
    """The history of an execution.

    Raises:
        RunNotFound: there is none of that name.
        UsageError: it is another kind of run.
    """
    head = await runs.find(name)
    if head.kind != KIND:
        raise UsageError(f"run {head.run!r} is of kind {head.kind!r}; only executions (`cambrian run`) have a trace")
    found: History | None = None
    async for event in runs.reader.read(head.run):
        if event.type == "run.created":
            created = msgspec.json.decode(event.data, type=_Created)
            found = History(run=head.run, opened=msgspec.json.decode(created.data, type=Opened))
        elif found is not None:
            _take(found, event.type, event.data, event.seq)
    if found is None:
        raise RunNotFound(f"run {head.run!r} has no beginning")
    return found


def _take(history: History, kind: str, data: bytes, seq: int) -> None:
    if kind in EFFECT_EVENTS:
        _take_effect(history, kind, data)
    elif kind == "run.forked":
        history.parent = msgspec.json.decode(data, type=_Forked).parent
    elif kind == ATTEMPTED:
        history.attempts.append(msgspec.json.decode(data, type=Attempted))
        history.checkpoints = []  # of a runtime that was left nothing can be gone back to
    elif kind == LEFT:
        history.left.append(msgspec.json.decode(data, type=Left))
    elif kind == ANSWERED:
        history.record.append((seq, msgspec.json.decode(data, type=Recorded)))
    elif kind == CHECKPOINT:
        history.checkpoints.append(msgspec.json.decode(data, type=Checkpointed))
    elif kind == EDITED:
        edited = msgspec.json.decode(data, type=Edited)
        history.edits[edited.call] = edited.variables
    elif kind == HEALED:
        code = msgspec.json.decode(data, type=Healed).code
        script = msgspec.structs.replace(history.opened.script, code=code)
        history.opened = msgspec.structs.replace(history.opened, script=script)
    elif kind == ENDED:
        history.ended = msgspec.json.decode(data, type=Ended)


def _take_effect(history: History, kind: str, data: bytes) -> None:
    if kind == INTENDED:
        intended = msgspec.json.decode(data, type=Intended)
        calls = history.executing if intended.state is EffectState.EXECUTING else history.pending
        calls[intended.intent.effect] = msgspec.convert(intended.intent.data["call"], Call)
    elif kind == CONCLUDED:
        history.executing.pop(msgspec.json.decode(data, type=Concluded).effect, None)
    else:
        effect = msgspec.json.decode(data, type=Started).effect
        history.executing[effect] = history.pending.pop(effect)

"""Sandbox, scripts: the record of a run that was begun by another process, read back from its events."""

from __future__ import annotations

import msgspec

from cambrian.core.effect import EffectState, Intent
from cambrian.core.event import fact
from cambrian.core.tool import Answer, Call
from cambrian.journal.kernel import Run

from .facts import ANSWERED, ENDED, Ended, Recorded

__all__ = ["Recovered", "recover"]


class Recovered(msgspec.Struct, frozen=True):
    """What a run has on record.

    Args:
        record: the calls that were made, in order.
        unknown: those of them of which nobody knows whether they happened, and which must not be repeated.
        ended: how the run ended, if it did.
    """

    record: tuple[Recorded, ...]
    unknown: tuple[str, ...]
    ended: Ended | None


async def recover(run: Run) -> Recovered:
    """Read a run back that was just resumed.

    A call that was found executing may have happened. One that was declared idempotent is made again, with its key,
    when the script asks for it; any other is sealed, and the script gets an error that says so.
    """
    record: list[Recorded] = []
    ended = None
    async for event in run.replay(types=(ANSWERED, ENDED)):
        if event.type == ENDED:
            ended = msgspec.json.decode(event.data, type=Ended)
        else:
            record.append(msgspec.json.decode(event.data, type=Recorded))
    unknown: list[str] = []
    for intent in run.unfinished():
        entry = _entry(intent)
        if not intent.idempotent:
            unknown.append(intent.key)
            entry = await _seal(run, entry)
        record.append(entry)
    for intent in run.pending():  # it waited to be allowed, and was not begun: the script asks again
        await run.seal(intent.effect, "was not begun before the engine ended")
    return Recovered(tuple(record), tuple(unknown), ended)


def _entry(intent: Intent) -> Recorded:
    call = msgspec.convert(intent.data["call"], Call)
    return Recorded(call=call, answer=None, now=0.0, effect=intent.effect, key=intent.key)


async def _seal(run: Run, entry: Recorded) -> Recorded:
    why = (
        f"unknown: the engine was killed while {entry.call.tool!r} was called (effect {entry.effect!r}); it may have "
        "happened, and was not repeated"
    )
    sealed = msgspec.structs.replace(entry, answer=Answer(call=entry.call.id, error=why))
    await run.conclude(entry.effect, EffectState.SEALED, fact(ANSWERED, sealed), why=why)
    return sealed

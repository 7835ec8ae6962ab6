"""Sandbox, scripts: the calls that a run has made already, to be answered from the record instead of again. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec

from cambrian.core.effect import EffectId
from cambrian.core.errors import CambrianError
from cambrian.core.tool import Answer, Call

__all__ = ["Diverged", "Recorded", "Replay"]


class Recorded(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call that was made.

    Args:
        call: as the running code made it first; its id counts within that attempt.
        answer: what it gave; None if nobody knows (the engine was killed meanwhile) and it may be repeated.
        now: the time when it was answered.
        effect: its entry in the ledger; "" for a call that was refused before it became one.
        key: its idempotency key.
        took: seconds that the tool needed, a person's word left out; 0 if nobody measured it.
    """

    call: Call
    answer: Answer | None
    now: float
    effect: EffectId = EffectId("")
    key: str = ""
    took: float = 0.0


class Diverged(CambrianError):
    """A script that is run again does not make the calls that it made before. Nothing new was done."""


class Replay:
    """Answers from the record. Calls are found by tool and arguments: those made side by side may change places.

    Args:
        recorded: in the order in which they were made.
    """

    def __init__(self, recorded: Iterable[Recorded] = ()) -> None:
        self._left: dict[str, list[Recorded]] = {}
        self._count = 0
        for each in recorded:
            self._left.setdefault(_identity(each.call), []).append(each)
            self._count += 1

    def __len__(self) -> int:
        return self._count

    def take(self, call: Call) -> Recorded | None:
        """The record of this call, which is used up thereby; None if it is a new one."""
        waiting = self._left.get(_identity(call))
        if not waiting:
            return None
        self._count -= 1
        return waiting.pop(0)

    def check_new(self, call: Call) -> None:
        """A call that is not in the record may be made only when everything in the record has been asked for.

        Raises:
            Diverged: it has not.
        """
        if self._count:
            expected = next(each.call for waiting in self._left.values() for each in waiting)
            raise Diverged(
                f"the script now calls {_shown(call)}, but its record goes on with {_shown(expected)} "
                f"({self._count} recorded calls were not asked for); the call was not made"
            )


def _identity(call: Call) -> str:
    return json.dumps([call.tool, call.args, call.kwargs], sort_keys=True, separators=(",", ":"))


def _shown(call: Call) -> str:
    given = [json.dumps(each) for each in call.args] + [f"{name}={json.dumps(v)}" for name, v in call.kwargs.items()]
    text = f"{call.tool}({', '.join(given)})"
    return text if len(text) <= 200 else f"{text[:200]}…"

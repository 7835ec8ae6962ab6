"""`Event`: an immutable fact in a journal."""

from __future__ import annotations

from typing import Literal

import msgspec

from .ids import RunId

Channel = Literal["progress", "control", "monitor"]
"""progress: the work itself. control: what people and policies decide. monitor: what observers measure."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """What a writer hands to the journal: an event without its place in it.

    Args:
        type: dotted lower-case name, such as ``"search.evaluated"``.
        data: JSON object, already encoded. msgspec encodes a record straight into it.
        channel: who it is for.
    """

    type: str
    data: msgspec.Raw = msgspec.Raw(b"{}")
    channel: Channel = "progress"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with its place: sequence numbers of a run start at 1 and have no gap.

    Args:
        run: the run it belongs to.
        seq: its place; unique in the run.
        time: seconds since the Unix epoch, by the writer's clock. Informational; order is `seq`.
        type: see `Fact`.
        data: see `Fact`.
        channel: see `Fact`.
    """

    run: RunId
    seq: int
    time: float
    type: str
    data: msgspec.Raw
    channel: Channel = "progress"


def fact(type: str, record: object, *, channel: Channel = "progress") -> Fact:
    """Encode a msgspec record or a dict as a `Fact`."""
    return Fact(type=type, data=msgspec.Raw(msgspec.json.encode(record)), channel=channel)

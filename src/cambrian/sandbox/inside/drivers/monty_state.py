"""Sandbox, inside, drivers: what the driver knows of a script on Monty, to be kept beside Monty's own snapshot."""

from __future__ import annotations

import builtins
import dataclasses
import json
import struct
import zlib
from typing import Any

from .turns import MadeCall, Turn

__all__ = ["State"]

_HEAD = struct.Struct("<I?")
_LARGE = 2**15


@dataclasses.dataclass(kw_only=True)
class State:
    """The driver's part of a run.

    Attributes:
        name: of the script, for tracebacks.
        code: source text.
        tools: name → whether it is awaited.
        inputs: names of the inputs.
        seed: of the run.
        feed: number of the snippet that is the script; those before it make its surroundings.
        next_call: id of the next call.
        passed: see `VirtualClock`.
        taken: see `RandomBytes`.
        now: what the host's clock showed last, in seconds.
        printed: bytes printed so far.
        calls: calls that the host has not answered.
        futures: id that Monty knows → id of the call.
        answers: what Monty will be told when it asks: id that Monty knows → answer.
        naps: id that Monty knows → moment in nanoseconds.
        blocked: id that Monty knows of the call that it is stopped at, unless it awaits.
        refused: texts of the answers that were errors.
        last: the turn that comes after the last calls, once the script has ended.
    """

    name: str
    code: str
    tools: dict[str, bool]
    inputs: list[str]
    seed: int
    now: float
    feed: int = 0
    next_call: int = 0
    passed: int = 0
    taken: int = 0
    printed: int = 0
    calls: list[MadeCall] = dataclasses.field(default_factory=list[MadeCall])
    futures: dict[int, int] = dataclasses.field(default_factory=dict[int, int])
    answers: dict[int, dict[str, object]] = dataclasses.field(default_factory=dict[int, dict[str, object]])
    naps: dict[int, int] = dataclasses.field(default_factory=dict[int, int])
    blocked: int | None = None
    refused: list[str] = dataclasses.field(default_factory=list[str])
    last: Turn | None = None

    @property
    def file(self) -> str:
        """What Monty calls the script's file."""
        return f"<python-input-{self.feed}>"

    def pack(self, engine: bytes) -> bytes:
        """With the engine's snapshot, which is empty if the script has ended."""
        head = json.dumps(dataclasses.asdict(self)).encode()
        large = len(engine) > _LARGE  # lists of numbers shrink to a fraction, and what may leave the jail is limited
        return _HEAD.pack(len(head), large) + head + (zlib.compress(engine, 1) if large else engine)

    @classmethod
    def unpack(cls, data: bytes) -> tuple[State, bytes]:
        """The state and the engine's snapshot. Whoever kept the bytes has seen to it that they are the same.

        Raises:
            ValueError: they are not a snapshot of this driver.
        """
        if len(data) < _HEAD.size:
            raise ValueError(f"a snapshot of {len(data)} bytes")
        size, large = _HEAD.unpack_from(data)
        engine = data[_HEAD.size + size :]
        fields: dict[str, Any] = json.loads(data[_HEAD.size : _HEAD.size + size])
        try:
            for name in ("futures", "answers", "naps"):  # the keys of a JSON object are text
                fields[name] = {int(key): value for key, value in fields[name].items()}
            return cls(**fields), zlib.decompress(engine) if large else engine
        except (LookupError, TypeError, AttributeError, zlib.error) as error:
            raise ValueError(f"no snapshot of this driver: {error}") from None

    def global_tools(self) -> list[str]:
        """Tools that are global functions; one with the name of a builtin or of an input is not."""
        taken = self.inputs
        return [name for name in self.tools if name not in taken and not hasattr(builtins, name)]

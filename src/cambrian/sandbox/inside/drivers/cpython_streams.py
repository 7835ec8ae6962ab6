"""Sandbox, inside, drivers: standard output and error of a script on CPython."""

from __future__ import annotations

import io
import sys
from typing import Any, cast

from .cpython_calls import Exchange
from .turns import raised

__all__ = ["Streams"]


class Streams:
    """Takes the place of `sys.stdout` and `sys.stderr`. What is written to the descriptors is the jail's to keep.

    Args:
        exchange: where a flood ends the script.
        most: bytes that both may take together.
    """

    def __init__(self, exchange: Exchange, most: int) -> None:
        self._exchange, self._most, self._size = exchange, most, 0
        self._parts: dict[str, list[bytes]] = {"stdout": [], "stderr": []}

    def install(self) -> None:
        """Take their place."""
        for name in self._parts:
            sink = cast("Any", _Sink(self, name))
            setattr(sys, name, io.TextIOWrapper(sink, "utf-8", "backslashreplace", write_through=True))

    def add(self, name: str, data: bytes) -> None:
        """Take what was written; more than allowed ends the script."""
        self._size += len(data)
        if self._size > self._most:
            self._exchange.break_off(raised("OutputLimit", f"printed more than {self._most} bytes"))
        self._parts[name].append(data)

    def note(self, text: str) -> None:
        """Add words of the driver's to standard error; they do not count."""
        self._parts["stderr"].append(text.encode(errors="replace"))

    def taken(self) -> dict[str, str]:
        """What was printed since the last time."""
        parts, self._parts = self._parts, {"stdout": [], "stderr": []}
        return {name: b"".join(data).decode(errors="replace") for name, data in parts.items()}


class _Sink(io.RawIOBase):
    def __init__(self, streams: Streams, name: str) -> None:
        self._streams, self._name = streams, name

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        copy = bytes(data)
        self._streams.add(self._name, copy)
        return len(copy)

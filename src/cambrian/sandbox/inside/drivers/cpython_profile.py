"""Sandbox, inside, drivers: how often each line of a script ran and how long it took, by tracing it.

A line's time is from its beginning to the next line's; what it calls outside the script counts as its own. Tracing
makes lines slower, cheap ones more than dear ones: shares are a hint.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter  # taken before the script's clock replaces it
from types import FrameType
from typing import Any

__all__ = ["LineClock"]

_Trace = Callable[[FrameType, str, Any], Any]


class LineClock:
    """Traces the thread in which `start` is called.

    Args:
        name: of the script, as its frames have it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._line = 0
        self._since = 0.0
        self.lines: dict[int, list[float]] = {}
        """Line → times it ran, seconds."""

    def start(self) -> None:
        """Begin."""
        self._since = perf_counter()
        sys.settrace(self._enter)

    def stop(self) -> None:
        """End, and give the last line its time."""
        sys.settrace(None)
        self._count(0)

    def _enter(self, frame: FrameType, event: str, arg: Any) -> _Trace | None:
        del event, arg
        return self._step if frame.f_code.co_filename == self._name else None

    def _step(self, frame: FrameType, event: str, arg: Any) -> _Trace:
        del arg
        if event == "line":
            self._count(frame.f_lineno)
            self.lines.setdefault(frame.f_lineno, [0, 0.0])[0] += 1
        elif event == "return":
            back = frame.f_back
            self._count(back.f_lineno if back is not None and back.f_code.co_filename == self._name else 0)
        return self._step

    def _count(self, following: int) -> None:
        now = perf_counter()
        if self._line:
            self.lines.setdefault(self._line, [0, 0.0])[1] += now - self._since
        self._line, self._since = following, now

"""Improvement, inside: time by line of one function, calls that it makes included."""

from __future__ import annotations

import atexit
import sys
import threading
import time
from types import CodeType, FrameType
from typing import Any

from .place import Place, qualified, write


class _Watch:
    def __init__(self, settings: dict[str, str]) -> None:
        self._place = Place(settings["root"])
        self._wanted = (settings["path"], settings["function"])
        self._codes: dict[CodeType, bool] = {}
        self._lines: dict[int, list[float]] = {}
        self._calls = 0

    def called(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        code = frame.f_code
        wanted = self._codes.get(code)
        if wanted is None:
            wanted = (self._place.path(code.co_filename), qualified(code)) == self._wanted
            self._codes[code] = wanted
        if not wanted:
            return None
        self._calls += 1
        return self._window()

    def _window(self) -> Any:
        """Follows one call: each line has what passes until the next one begins."""
        clock, lines = time.perf_counter, self._lines
        last = [0, 0.0]

        def line(frame: FrameType, event: str, _argument: Any) -> Any:
            now = clock()
            if last[0]:
                seen = lines.setdefault(int(last[0]), [0, 0.0])
                seen[1] += now - last[1]
            if event == "line":
                lines.setdefault(frame.f_lineno, [0, 0.0])[0] += 1
                last[0], last[1] = frame.f_lineno, clock()
            elif event == "return":
                last[0] = 0
            return line

        return line

    def end(self) -> None:
        sys.settrace(None)
        write("lines", {"calls": self._calls, "lines": [[line, *seen] for line, seen in sorted(self._lines.items())]})


def begin(settings: dict[str, str]) -> None:
    """Watch the function from now to the end of the process, in every thread."""
    watch = _Watch(settings)
    atexit.register(watch.end)
    threading.settrace(watch.called)
    sys.settrace(watch.called)

"""Sandbox, inside, drivers: what each line of a script changed, within a window between two calls. By tracing it.

Tracing costs many times what the lines do, so it is done when a run is played again, not when it is recorded.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from types import FrameType, ModuleType
from typing import Any

from . import turns

__all__ = ["LineSteps"]

_MOST = 2000
_SHOWN = 200


class LineSteps:
    """Traces the thread in which `start` is called.

    Args:
        name: of the script, as its frames have it.
        window: calls made so far, from and to, between which lines are kept.
        made: how many calls have been made.
        hidden: names that are not the script's own.
    """

    def __init__(self, name: str, window: tuple[int, int], made: Callable[[], int], hidden: Collection[str]) -> None:
        self._name, self._window, self._made, self._hidden = name, window, made, frozenset(hidden)
        self._seen: dict[FrameType, tuple[int, dict[str, str]]] = {}
        self.steps: list[tuple[int, str, dict[str, str]]] = []
        """Line; function, or "" at the top level; name → representation of each variable that it changed."""

    def start(self) -> None:
        """Begin."""
        sys.settrace(self._enter)

    def stop(self) -> None:
        """End."""
        sys.settrace(None)
        self._seen.clear()

    def _enter(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        del event, arg
        return self._step if frame.f_code.co_filename == self._name else None

    def _step(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
        del arg
        made = self._made()
        if self._window[0] - 1 <= made <= self._window[1] and len(self.steps) < _MOST:
            self._look(frame, keep=made >= self._window[0])
        else:
            self._seen.pop(frame, None)
        if event == "return":
            self._seen.pop(frame, None)
        return self._step

    def _look(self, frame: FrameType, *, keep: bool) -> None:
        """What the line that this frame has just done has changed; kept within the window, before it only known."""
        now = {name: turns.shown(value)[:_SHOWN] for name, value in frame.f_locals.items() if self._own(name, value)}
        before = self._seen.get(frame)
        if before is not None and keep:
            line, old = before
            function = frame.f_code.co_name
            changed = {name: text for name, text in now.items() if old.get(name) != text}
            self.steps.append((line, "" if function.startswith("<module>") else function, changed))
        self._seen[frame] = (frame.f_lineno, now)

    def _own(self, name: str, value: object) -> bool:
        return not name.startswith("__") and name not in self._hidden and not isinstance(value, ModuleType)

"""Renderers that print lines: for people who read a log, and JSON for programs. No terminal control."""

from __future__ import annotations

from typing import TextIO

import msgspec

from cambrian.core.quantity import format_seconds

from .frame import Frame, change, further, number
from .terminal import clean, clean_json

_EVERY_S = 5.0
"""Seconds between two lines while nothing new is found."""


class Plain:
    """A line at the start, at each new best, and every few seconds.

    Args:
        out: where lines go.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._begun = False
        self._next_s = 0.0

    def draw(self, frame: Frame) -> None:
        """Print what is new."""
        if frame.view.opened is None or frame.waiting:
            return
        if not self._begun:
            self._begin(frame)
        view = frame.view
        for point in frame.bests:
            start, value = frame.value(frame.view.initial), frame.value(point)
            gained = change(start, value) if start is not None and value is not None and point.index else ""
            origin = point.variant.origin
            self._print(
                f"[{format_seconds(point.elapsed_s)}] best {number(value)}{f' ({gained})' if gained else ''}"
                f"{further(view, point)} "
                f"#{point.index} {origin.proposer}: {origin.why}"
            )
        if frame.elapsed_s >= self._next_s:
            self._next_s = frame.elapsed_s + _EVERY_S
            self._print(self._state(frame))

    def _begin(self, frame: Frame) -> None:
        self._begun, self._next_s = True, frame.elapsed_s + _EVERY_S
        view = frame.view
        if frame.resumed:
            self._resumed(frame)
        elif view.opened and view.task:
            self._print(
                f"run {view.run}: {view.task.name}, budget {view.task.budget.text()}, seed {view.opened.seed}, "
                f"jobs {view.opened.jobs}, jail {view.opened.level}"
            )

    def _resumed(self, frame: Frame) -> None:
        view = frame.view
        budget = view.task.budget.text() if view.task else "unlimited"
        best = number(frame.value(view.best))
        self._print(f"resumed: {view.evaluations} evaluations so far, best {best}; budget now {budget}; run {view.run}")
        for gauge in frame.gauges:
            if gauge.fraction >= 1:
                self._print(
                    f"the budget is used up already: {gauge.name} {gauge.used} of {gauge.ceiling}; "
                    f"give a larger one, such as --budget {gauge.larger}"
                )

    def _state(self, frame: Frame) -> str:
        view = frame.view
        used = ", ".join(f"{gauge.name} {gauge.used}/{gauge.ceiling}" for gauge in frame.gauges) or "no budget"
        failed = sum(view.failures.values())
        return (
            f"[{format_seconds(frame.elapsed_s)}] {view.evaluations} evaluations ({frame.rate:.1f}/s, {failed} "
            f"failed), best {number(frame.value(view.best))}{further(view, view.best)}, {used}; "
            f"last {frame.last or 'nothing'}"
        )

    def _print(self, line: str) -> None:
        print(clean(line), file=self._out, flush=True)

    def close(self) -> None:
        """Nothing to put back."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A line of ``--display json``, on stderr.

    Args:
        run: the run.
        elapsed_s: seconds of engine time.
        evaluations: finished.
        rate: evaluations per second lately.
        in_flight: evaluations going on.
        cancelled: evaluations that were ended from outside.
        failures: status → count.
        initial: objectives of the task's own program.
        best: objectives of the best so far.
        usd: US dollars.
        eta_s: seconds until a ceiling is reached, where that can be told.
        last: the last event, one line.
    """

    run: str
    elapsed_s: float
    evaluations: int
    rate: float
    in_flight: int
    cancelled: int
    failures: dict[str, int]
    initial: dict[str, float] | None
    best: dict[str, float] | None
    usd: float
    eta_s: float | None
    last: str


class JsonLines:
    """A JSON object per line: at each new best, and every second if something happened.

    Args:
        out: where lines go.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._seq = 0
        self._next_s = 0.0

    def draw(self, frame: Frame) -> None:
        """Print a line, if there is something new."""
        view = frame.view
        if view.opened is None or view.seq == self._seq or not (frame.bests or frame.elapsed_s >= self._next_s):
            return
        self._seq, self._next_s = view.seq, frame.elapsed_s + 1.0
        line = msgspec.json.encode(progress(frame)).decode()
        print(clean_json(line), file=self._out, flush=True)

    def close(self) -> None:
        """Nothing to put back."""


def progress(frame: Frame) -> Progress:
    """A frame as a record."""
    view = frame.view
    return Progress(
        run=view.run,
        elapsed_s=round(frame.elapsed_s, 3),
        evaluations=view.evaluations,
        rate=round(frame.rate, 3),
        in_flight=len(view.in_flight),
        cancelled=view.cancelled,
        failures=view.failures,
        initial=view.initial.objectives if view.initial else None,
        best=view.best.objectives if view.best else None,
        usd=view.money,
        eta_s=frame.eta_s,
        last=frame.last,
    )


class Nothing:
    """Draws nothing."""

    def draw(self, frame: Frame) -> None:
        """Look away."""

    def close(self) -> None:
        """Nothing to put back."""

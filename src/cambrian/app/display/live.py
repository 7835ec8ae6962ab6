"""The live panel of a terminal. Imports ``rich``, so it is imported only when it is wanted."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cambrian.core.quantity import format_seconds

from .frame import Frame, Gauge, best_over_time, change, curve, further, number
from .terminal import one_line

_BAR = 24
_CURVE = 40


class Panels:
    """A panel that is redrawn in place and vanishes at the end.

    Args:
        out: the terminal.
        color: whether it may be coloured.
    """

    def __init__(self, out: TextIO, *, color: bool = True) -> None:
        console = Console(file=out, no_color=not color, highlight=False, emoji=False, markup=False)
        self._live = Live(
            console=console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
        )

    def draw(self, frame: Frame) -> None:
        """Redraw."""
        if not self._live.is_started:
            self._live.start()
        self._live.update(panel(frame), refresh=True)

    def close(self) -> None:
        """Take the panel away and give the cursor back."""
        self._live.stop()


def panel(frame: Frame) -> Panel:
    """The whole panel."""
    view = frame.view
    if view.opened is None or view.task is None:
        return Panel(Text("starting the jails …", style="dim"), title="cambrian", title_align="left")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for name, text in _rows(frame):
        grid.add_row(name, text)
    title = Text(f" {one_line(view.task.name, 40)} ", style="bold")
    return Panel(Group(grid), title=title, subtitle=Text(f" {view.run} "), title_align="left", subtitle_align="right")


def _rows(frame: Frame) -> list[tuple[str, Text]]:
    view = frame.view
    rows = [("best", _best(frame)), ("", Text(curve(best_over_time(view, _CURVE), _CURVE), style="green"))]
    rows += [(gauge.name, _bar(gauge)) for gauge in frame.gauges]
    rows += [("jobs", _counts(frame)), ("elapsed", _time(frame)), ("proposers", _shares(frame))]
    if view.failures:
        failures = ", ".join(f"{count} {status}" for status, count in sorted(view.failures.items()))
        rows.append(("failures", Text(failures, style="yellow")))
    rows.append(("last", Text(frame.last or "–", overflow="ellipsis", no_wrap=True)))
    return rows


def _best(frame: Frame) -> Text:
    start, best = frame.value(frame.view.initial), frame.value(frame.view.best)
    text = Text(number(best), style="bold green")
    if start is not None and best is not None:
        text.append(
            f"   from {number(start)}  {change(start, best)}{further(frame.view, frame.view.best)}",
            style="not bold default",
        )
    target = frame.view.task.target if frame.view.task else None
    if target is not None:
        text.append(f"   target {number(target)}", style="not bold dim")
    return text


def _bar(gauge: Gauge) -> Text:
    full = round(_BAR * gauge.fraction)
    text = Text("━" * full, style="cyan")
    text.append("━" * (_BAR - full), style="dim")
    text.append(f"  {gauge.used} of {gauge.ceiling}", style="default")
    return text


def _counts(frame: Frame) -> Text:
    view = frame.view
    jobs = view.opened.jobs if view.opened else 0
    return Text(f"{view.evaluations} done, {len(view.in_flight)} of {jobs} jobs busy, {frame.rate:.1f}/s")


def _time(frame: Frame) -> Text:
    eta = f", at most {format_seconds(frame.eta_s)} to go" if frame.eta_s else ""
    cost = f"; cost ${frame.view.money:.2f}, {format_seconds(frame.view.cpu_s)} CPU"
    return Text(f"{format_seconds(frame.elapsed_s)}{eta}{cost}")


def _shares(frame: Frame) -> Text:
    total = sum(share.evaluations for share in frame.view.shares.values()) or 1
    shares = sorted(frame.view.shares.items(), key=lambda item: -item[1].evaluations)
    return Text(", ".join(f"{name} {100 * share.evaluations / total:.0f} %" for name, share in shares[:6]) or "–")

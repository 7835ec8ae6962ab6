"""A sweep as one HTML file that opens with no network and runs no script: settings, what can be said, runs, programs.

The programs of runs are an enemy's texts: they stand in the page as text, and a content security policy lets nothing
run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from cambrian.app.comparison.scores import METRICS
from cambrian.app.comparison.telling import with_interval
from cambrian.app.display.frame import number
from cambrian.app.display.terminal import one_line
from cambrian.app.report.markup import Markup, element, items, join, table, text
from cambrian.app.report.writing import still_page
from cambrian.app.results import Found
from cambrian.app.results_study import Compared, RunScore, Side, Swept, SweptCell
from cambrian.app.workspace import Runs
from cambrian.core.ids import RunId
from cambrian.core.quantity import format_seconds
from cambrian.version import VERSION

from .picture import DECIDES, anchor_of, intervals

__all__ = ["Pictured", "page_of", "pictured"]

_TEXT_BYTES = 4 * 2**20
_DRAWN = 200
"""Settings in the chart; the table holds all."""


class Pictured(msgspec.Struct, frozen=True, kw_only=True):
    """What a sweep's page shows.

    Args:
        swept: the sweep.
        bests: run → the best that it found; not of runs without a score, nor those for which there was no room.
        missed: runs whose best had no room.
    """

    swept: Swept
    bests: dict[RunId, Found]
    missed: int = 0


async def pictured(runs: Runs, swept: Swept, *, room: int = _TEXT_BYTES) -> Pictured:
    """What the page shows.

    Args:
        runs: the workspace's.
        swept: the sweep.
        room: bytes for the texts of programs.
    """
    bests: dict[RunId, Found] = {}
    missed = 0
    for side in swept.compared.sides if swept.compared else ():
        for run in side.runs:
            best = await runs.point((await runs.summary(run.run)).best)
            if best is None:
                continue
            room -= sum(len(body.encode()) for body in best.files.values())
            if room < 0:
                missed += 1
            else:
                bests[run.run] = best
    return Pictured(swept=swept, bests=bests, missed=missed)


def page_of(content: Pictured) -> str:
    """The page as HTML: one file that needs no other, no script and no network."""
    swept, compared = content.swept, content.swept.compared
    nothing = element("p", text("No cell has a result yet."))
    return still_page(
        "sweep.html", run=swept.sweep, title=f"{swept.task} – sweep {swept.sweep}", headline=_headline(swept),
        settings=_settings(compared) if compared else nothing, said=_said(compared) if compared else nothing,
        runs=_runs(content), bests=_bests(content), about=_about(content),
    )  # fmt: skip


def _headline(swept: Swept) -> Markup:
    done = sum(cell.status == "done" for cell in swept.cells)
    settings = len({cell.setting for cell in swept.cells})
    told = f"Sweep {swept.sweep}, {swept.status}: {done} of {len(swept.cells)} cells done, {settings} settings"
    return join([element("h1", text(swept.task)), element("p", text(told), class_="dim")])


def _settings(compared: Compared) -> Markup:
    title = METRICS[DECIDES].title
    told = (
        f"{compared.objective} ({compared.direction}): {title} ({compared.equal_evaluations}). Each dot is a run and "
        "leads to its best program; the bar is the median, the line its interval."
    )
    chart = intervals(compared.sides[:_DRAWN])
    parts = [] if chart is None else [element("figure", chart, element("figcaption", text(told)))]
    if len(compared.sides) > _DRAWN:
        parts.append(element("p", text(f"Drawn are the first {_DRAWN} of {len(compared.sides)} settings.")))
    head = ("setting", "runs", title, "best at the end", "evaluations", "CPU of the search", "to target", "reached")
    parts.append(table(head, [_setting(side) for side in compared.sides], caption="Settings: medians of their runs"))
    if compared.target is not None:
        aim = f"To target: evaluations until {number(compared.target)} ({compared.target_from})."
        parts.append(element("p", text(aim), class_="dim"))
    return join(parts)


def _setting(side: Side) -> tuple[Markup, ...]:
    reached = sum(run.target_evaluations is not None for run in side.runs)
    cells = (
        side.name, str(len(side.runs)), with_interval(side.metrics[DECIDES]), with_interval(side.metrics["best"]),
        with_interval(side.metrics["evaluations"]), format_seconds(side.metrics["cpu_s"].median or 0.0),
        with_interval(side.metrics["target_evaluations"]), f"{reached}/{len(side.runs)}",
    )  # fmt: skip
    return tuple(map(text, cells))


def _said(compared: Compared) -> Markup:
    sentences = [test.sentence for test in compared.tests if test.metric == DECIDES or test.better]
    told = sentences or ["One setting, or settings of one run each: no test can tell them apart."]
    return join([items(told), items(f"Note: {note}" for note in compared.notes)])


def _runs(content: Pictured) -> Markup:
    compared = content.swept.compared
    scores = {run.run: run for side in compared.sides for run in side.runs} if compared else {}
    head = ("setting", "run", "state", "seed", "best", "evaluations", "CPU")
    rows = [_cell(cell, scores, content.bests) for cell in content.swept.cells]
    return table(head, rows, caption="Runs, in the order of the sweep", left=3)


def _cell(cell: SweptCell, scores: dict[RunId, RunScore], bests: dict[RunId, Found]) -> tuple[Markup, ...]:
    score = scores.get(cell.run) if cell.run else None
    name = text(cell.run or "–")
    linked = element("a", name, href=f"#{anchor_of(cell.run)}") if cell.run in bests and cell.run else name
    state = cell.status + (f": {one_line(cell.error, 160)}" if cell.error else "")
    figures = ("–", "–", "–")
    if score is not None:
        figures = (number(score.best), str(score.evaluations), format_seconds(score.cpu_s))
    return (text(cell.setting), linked, text(state), text(str(cell.seed)), *map(text, figures))


def _bests(content: Pictured) -> Markup:
    """Each run's best program, folded away; the best of all stands first and open."""
    if not content.bests:
        return element("p", text("No run has a score."))
    settings = {cell.run: f"{cell.setting} seed={cell.seed}" for cell in content.swept.cells if cell.run}
    order = _by_score(content)
    return join(
        _program(run, content.bests[run], settings.get(run, ""), first=place == 0) for place, run in enumerate(order)
    )


def _by_score(content: Pictured) -> Sequence[RunId]:
    compared = content.swept.compared
    if compared is None:
        return list(content.bests)
    return sorted(
        content.bests, key=lambda run: content.bests[run].objectives[compared.objective],
        reverse=compared.direction == "maximize",
    )  # fmt: skip


def _program(run: RunId, best: Found, setting: str, *, first: bool) -> Markup:
    scores = ", ".join(f"{name} {number(value)}" for name, value in best.objectives.items())
    told = f"evaluation {best.evaluation}, by {best.proposer}: {best.why}"
    files = (
        part
        for path, body in sorted(best.files.items())
        for part in (element("p", text(path), class_="dim"), element("pre", text(body)))
    )
    opened = {"open": "open"} if first else {}
    summary = element("summary", text(f"{scores} – {setting} ({run})"))
    return element("details", summary, element("p", text(told)), *files, id=anchor_of(run), **opened)


def _about(content: Pictured) -> Markup:
    return items(_remarks(content))


def _remarks(content: Pictured) -> Iterator[str]:
    sweep = content.swept.sweep
    if content.missed:
        yield f"The best programs of {content.missed} runs had no room here; cambrian runs best RUN shows each"
    yield "A run is told whole by: cambrian runs report RUN"
    yield f"The same figures for programs: cambrian runs compare {sweep} --json"
    yield f"Made by Cambrian {VERSION}; this page loads nothing, runs nothing and sends nothing"
    yield "Programs in this page were written by a search: read them, do not run them outside a sandbox"

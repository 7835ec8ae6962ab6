"""Progress of a sweep and its table at the end, for people; and the record for programs."""

from __future__ import annotations

from collections.abc import Callable

from cambrian.app.comparison.comparing import compare
from cambrian.app.comparison.groups import settings_of
from cambrian.app.comparison.telling import said, with_interval
from cambrian.app.display.frame import number
from cambrian.app.display.terminal import one_line
from cambrian.app.display.width import columns, wrapped
from cambrian.app.results import Outcome
from cambrian.app.results_study import Compared, Swept, SweptCell
from cambrian.app.workspace import Runs
from cambrian.core.evaluation import Objective
from cambrian.core.ports import Clock
from cambrian.core.quantity import format_seconds

from .view import Cell, SweepView

__all__ = ["Progress", "swept", "table_of"]


class Progress:
    """A line per cell: how many are done, the best so far, how long it will take.

    Args:
        say: where lines go.
        clock: for the estimate.
    """

    def __init__(self, say: Callable[[str], None], clock: Clock) -> None:
        self._say, self._clock = say, clock
        self._began, self._over = clock.monotonic(), 0
        self._best: tuple[float, str] | None = None

    def begun(self, view: SweepView, parallel: int) -> None:
        """Cells are about to run."""
        done, all_of_them = len(view.cells) - len(view.left), len(view.cells)
        opened = view.opened
        jobs = opened.jobs if opened else 1
        already = f", {done} done already" if done else ""
        self._say(f"sweep {view.run}: {all_of_them} cells{already}, {parallel} at a time, jobs {jobs} each")
        if opened and parallel > 1:
            self._say("cells that run together share the cores: times, and scores that are times, are noisier")

    def ended(self, view: SweepView, cell: Cell, outcome: Outcome | None, error: str) -> None:
        """A cell is over."""
        self._over += 1
        passed, left = self._clock.monotonic() - self._began, len(view.left)
        counted = f"[{format_seconds(passed)}] {len(view.cells) - left}/{len(view.cells)} {cell.label}: "
        if outcome is None:
            self._say(counted + f"failed: {one_line(error, 160)}")
            return
        told = (
            counted + f"{_result(outcome)}, {outcome.evaluations} evaluations, {format_seconds(outcome.cost.cpu_s)} CPU"
        )
        self._remember(cell, outcome)
        if self._best:
            told += f"; best so far {number(self._best[0])} ({self._best[1]})"
        if left:
            told += f"; about {format_seconds(passed / self._over * left)} to go"
        self._say(told)

    def _remember(self, cell: Cell, outcome: Outcome) -> None:
        if outcome.best is None:
            return
        name, direction = next(iter(outcome.objectives.items()))
        objective = Objective(name=name, direction="minimize" if direction == "minimize" else "maximize")
        value = outcome.best.objectives[name]
        if self._best is None or objective.better(value, self._best[0]):
            self._best = value, cell.label


def _result(outcome: Outcome) -> str:
    if outcome.best is None:
        return "no score"
    return f"best {number(next(iter(outcome.best.objectives.values())))}"


async def swept(runs: Runs, view: SweepView, *, target: float | None = None) -> Swept:
    """What a sweep has given so far.

    Args:
        runs: the workspace's.
        view: the sweep.
        target: whose reaching is timed; by default the task's.
    """
    compared = await compare(runs, settings_of(view), target=target) if view.done else None
    cells = tuple(
        SweptCell(
            number=cell.number, setting=cell.setting, seed=cell.seed, run=view.runs.get(cell.number),
            status=_status(view, cell), error=view.errors.get(cell.number, ""),
        )
        for cell in view.cells
    )  # fmt: skip
    opened = view.opened
    return Swept(
        sweep=view.run, task=opened.task if opened else "", folder=opened.folder if opened else "",
        status=view.stop or "interrupted", cells=cells, compared=compared,
    )  # fmt: skip


def _status(view: SweepView, cell: Cell) -> str:
    if cell.number in view.done:
        return "done"
    return "failed" if cell.number in view.errors else "begun" if cell.number in view.runs else "waiting"


def table_of(result: Swept, width: int | None = None) -> str:
    """One line per setting, then what can be said.

    Args:
        result: the sweep.
        width: columns of the terminal; `None` for as many as it takes.
    """
    done = sum(cell.status == "done" for cell in result.cells)
    lines = [f"sweep {result.sweep} of {result.task}: {done} of {len(result.cells)} cells done"]
    if result.compared is not None:
        lines += ["", *_settings(result.compared, width)]
    failed = [cell for cell in result.cells if cell.error]
    lines += [f"failed: {cell.setting} seed={cell.seed}: {one_line(cell.error, 160)}" for cell in failed[:10]]
    return wrapped("\n".join(lines), width)


def _settings(compared: Compared, width: int | None) -> list[str]:
    best = f"{compared.objective} ({compared.direction}): median"
    head = ("setting", "runs", best, "evaluations", "CPU of the search", "to target", "reached")
    rows = [
        (
            one_line(side.name, 60), str(len(side.runs)), with_interval(side.metrics["best"]),
            with_interval(side.metrics["evaluations"]), format_seconds(side.metrics["cpu_s"].median or 0.0),
            with_interval(side.metrics["target_evaluations"]),
            f"{sum(run.target_evaluations is not None for run in side.runs)}/{len(side.runs)}",
        )
        for side in compared.sides
    ]  # fmt: skip
    lines = [columns([head, *rows], width)]
    if compared.target is not None:
        lines.append(f"to target: evaluations until {number(compared.target)} ({compared.target_from})")
    lines += said(compared)
    return [*lines, *(f"note: {note}" for note in compared.notes)]

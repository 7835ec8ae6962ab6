"""``cambrian evolve`` and ``cambrian runs resume``."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import anyio
from cyclopts import Parameter

from . import FAILED
from .output import answer_json, say

if TYPE_CHECKING:
    from cambrian.app.evolution import Screen
    from cambrian.app.results import Outcome
    from cambrian.app.settings import Settings

LAST = "last"
Display = Literal["auto", "rich", "plain", "json", "none"]
FrameworkName = Literal["openevolve", "shinka", "gepa"]


def evolve(
    task: Path,
    evaluator: Path | None = None,
    /,
    *,
    framework: FrameworkName | None = None,
    config: Path | None = None,
    budget: str | None = None,
    target: float | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    set: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    display: Display = "auto",
    json: Annotated[bool, Parameter(negative="")] = False,
    workspace: Path | None = None,
) -> int:
    """Evolve a task's program.

    Shows progress on stderr and ends with what was found. Unless stdout is a terminal, one JSON object is written
    there. Ctrl-C once ends in good order; the run can be taken up again.

    For example:
      cambrian evolve examples/circle_packing --budget 60s --target 2.6342

      cambrian evolve mytask --jobs 1 --seed 7 --budget 200ev --json

      cambrian evolve mytask --set strategy.name=topk --set limits.wall=5s

      cambrian evolve initial_program.py evaluator.py --config config.yaml

    Parameters
    ----------
    task
        Folder of the task (see `cambrian init`), or program of a task of OpenEvolve, ShinkaEvolve or GEPA.
    evaluator
        The evaluator of such a task; it runs as it is. Default: evaluator.py or evaluate.py beside the program.
    framework
        Whose evaluator it is. Default: found out by its functions.
    config
        The config.yaml of such a task. Default: the one beside the evaluator.
    budget
        What the run may use: any of time, evaluations and money, such as 60s,500ev,2usd. Default: the task's own.
    target
        Stop when the first objective reaches this value.
    seed
        Of all randomness; drawn and shown if not given.
    jobs
        Evaluations at a time. Default: the cores that may be used and one more; where time is measured, no more.
    set
        KEY=VALUE: change a knob of task.toml for this run; may be repeated.
    display
        Progress: rich, plain, json (lines on stderr), none. Default: rich on a terminal, else plain.
    json
        Write the JSON object even if stdout is a terminal.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    from cambrian.app.evolution import begin, prepare
    from cambrian.app.frameworks.finding import find_task
    from cambrian.app.settings import read_settings
    from cambrian.app.workspace import open_workspace

    environment = read_settings()
    found = find_task(task, evaluator, framework=framework or "", config=config)
    chosen = prepare(found, budget=budget, target=target, settings=set)
    place = open_workspace(workspace, environment)
    return _conduct(
        lambda screen: begin(place, chosen, seed=seed, jobs=jobs, screen=screen),
        environment=environment, display=display, json=json, workspace=workspace,
    )  # fmt: skip


def resume(
    run: str = LAST,
    /,
    *,
    budget: str | None = None,
    target: float | None = None,
    jobs: int | None = None,
    set: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    display: Display = "auto",
    json: Annotated[bool, Parameter(negative="")] = False,
    workspace: Path | None = None,
) -> int:
    """Take a run up again; nothing that is finished is evaluated twice.

    For example:
      cambrian runs resume last

      cambrian runs resume r-01hf --budget 10min

    Parameters
    ----------
    run
        Id of the run, the beginning of it, or "last".
    budget
        What the run may use over all, what is used already included. Default: what it had.
    target
        Stop when the first objective reaches this value.
    jobs
        Evaluations at a time. Default: as many as it had.
    set
        KEY=VALUE: change a knob; may be repeated.
    display
        Progress: rich, plain, json (lines on stderr), none. Default: rich on a terminal, else plain.
    json
        Write the JSON object even if stdout is a terminal.
    workspace
        Folder of the journal. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    from cambrian.app.evolution import go_on, prepare
    from cambrian.app.settings import read_settings
    from cambrian.app.workspace import open_workspace

    environment = read_settings()
    place = open_workspace(workspace, environment)
    return _conduct(
        lambda screen: go_on(
            place, run, jobs=jobs, screen=screen,
            change=lambda task: prepare(task, budget=budget, target=target, settings=set),
        ),
        environment=environment, display=display, json=json, workspace=workspace,
    )  # fmt: skip


def _conduct(
    work: Callable[[Screen], Awaitable[Outcome]],
    *,
    environment: Settings,
    display: Display,
    json: bool,
    workspace: Path | None,
) -> int:
    """Search with a screen and signals, then tell what was found."""
    from cambrian.app.display.closing import closing
    from cambrian.app.evolution import Screen, make_renderer
    from cambrian.app.signals import Interruptions

    renderer = make_renderer(display, sys.stderr, environment)
    interruptions = Interruptions(say, renderer.close if renderer else lambda: None)
    outcome = anyio.run(work, Screen(renderer=renderer, interruptions=interruptions))
    if json or display in ("json", "none") or not sys.stdout.isatty():
        answer_json(outcome)
    if display in ("auto", "rich", "plain"):
        color = environment.color and sys.stderr.isatty()
        sys.stderr.write(closing(outcome, workspace=str(workspace) if workspace else "", color=color))
    return interruptions.exit_code or (0 if outcome.best else FAILED)

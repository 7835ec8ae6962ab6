"""``cambrian evolve`` and ``cambrian runs resume``."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from . import FAILED
from .options import AS_USUAL, OWN, Conduct, Origin
from .output import answer_json, say

if TYPE_CHECKING:
    from cambrian.app.evolution import Screen
    from cambrian.app.results import Outcome
    from cambrian.app.settings import Settings

LAST = "last"


def evolve(
    task: Path,
    evaluator: Path | None = None,
    /,
    *,
    origin: Origin = OWN,
    budget: str | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    conduct: Conduct = AS_USUAL,
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
    budget
        What the run may use: any of time, evaluations and money, such as 60s,500ev,2usd. Default: the task's own.
    seed
        Of all randomness; drawn and shown if not given.
    jobs
        Evaluations at a time. Default: the cores that may be used and one more; where time is measured, no more.
    """
    from cambrian.app.evolution import begin, prepare
    from cambrian.app.settings import read_settings
    from cambrian.app.workspace import open_workspace

    environment = read_settings()
    found = origin.named(task, evaluator).open()
    chosen = prepare(found, budget=budget, target=conduct.target, settings=conduct.set)
    place = open_workspace(conduct.workspace, environment)
    return _conduct(
        lambda screen: begin(place, chosen, seed=seed, jobs=jobs, screen=screen),
        environment, conduct,
    )  # fmt: skip


def resume(
    run: str = LAST,
    /,
    *,
    budget: str | None = None,
    jobs: int | None = None,
    conduct: Conduct = AS_USUAL,
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
    jobs
        Evaluations at a time. Default: as many as it had.
    """
    from cambrian.app.evolution import go_on, prepare
    from cambrian.app.settings import read_settings
    from cambrian.app.workspace import open_workspace

    environment = read_settings()
    place = open_workspace(conduct.workspace, environment)
    return _conduct(
        lambda screen: go_on(
            place, run, jobs=jobs, screen=screen,
            change=lambda task: prepare(task, budget=budget, target=conduct.target, settings=conduct.set),
        ),
        environment, conduct,
    )  # fmt: skip


def _conduct(work: Callable[[Screen], Awaitable[Outcome]], environment: Settings, conduct: Conduct) -> int:
    """Search with a screen and signals, then tell what was found."""
    from cambrian.app.display.closing import closing
    from cambrian.app.display.width import width_of
    from cambrian.app.evolution import Screen, make_renderer
    from cambrian.app.signals import Interruptions

    renderer = make_renderer(conduct.display, sys.stderr, environment)
    interruptions = Interruptions(say, renderer.close if renderer else lambda: None)
    outcome = anyio.run(work, Screen(renderer=renderer, interruptions=interruptions))
    if conduct.json or conduct.display in ("json", "none") or not sys.stdout.isatty():
        answer_json(outcome)
    if conduct.display in ("auto", "rich", "plain"):
        color = environment.color and sys.stderr.isatty()
        width = width_of(sys.stderr)
        sys.stderr.write(closing(outcome, workspace=str(conduct.workspace or ""), color=color, width=width))
    return interruptions.exit_code or (0 if outcome.best else FAILED)

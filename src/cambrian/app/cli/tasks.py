"""``cambrian init|check|doctor|schema``: begin, and find out whether it will work."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import anyio
from cyclopts import Parameter

from cambrian.app.display.width import width_of, wrapped
from cambrian.app.settings import read_settings
from cambrian.app.workspace import open_workspace
from cambrian.core.errors import CambrianError, UsageError
from cambrian.core.quantity import format_seconds

from . import FAILED
from .options import OWN, Origin
from .output import answer, answer_json, say

if TYPE_CHECKING:
    from cambrian.app.checking import Checkup
    from cambrian.sandbox.probe import Capability
    from cambrian.search.task import Task

Flag = Annotated[bool, Parameter(negative="")]


def init(
    folder: Path,
    /,
    *,
    mode: Literal["artifact", "callable"] = "artifact",
    source: Annotated[tuple[Path, ...], Parameter(name="--from", consume_multiple=True, negative="")] = (),
    origin: Origin = OWN,
) -> int:
    """Make a small task that works, with comments that teach; or a task of your program and evaluator.

    With --from, files are copied under their own names, nothing in them is changed, and a task.toml is written that
    names them and says what was found out: whose evaluator it is, the function it calls, limits and budget.

    For example:
      cambrian init mytask

      cambrian init faster --mode callable

      cambrian init mine --from openevolve/examples/function_minimization

      cambrian init mine --from start.py judge.py

    Parameters
    ----------
    folder
        A new or empty folder.
    mode
        artifact: a program is scored by what it returns. callable: by its speed, with the same answers.
    source
        A folder with a program and an evaluator of OpenEvolve, ShinkaEvolve or GEPA, or these two files: the text
        files of the folder that holds both are copied. If FOLDER is that folder, only task.toml is written.
    """
    from cambrian.app.frameworks.adopting import adopt
    from cambrian.app.scaffold import scaffold

    if len(source) > 2:
        raise UsageError(f"--from takes a folder, or a program and its evaluator; {len(source)} were named")
    if not source:
        if origin != OWN:
            raise UsageError("--framework and --config are about what --from names; name that too")
        _begun(folder, scaffold(folder, mode))
        return 0
    made = adopt(origin.named(*source[:1], next(iter(source[1:]), None)), folder)
    if made.left:
        say(f"left out, as no text or too large: {_some(made.left)}")
    task = made.task
    told = (
        f"{task.evaluator} is an evaluator of {task.framework} and calls {task.entry}, as far as can be told; "
        "task.toml says so, to be corrected; the files have the names and the texts that they had\n"
    )
    _begun(folder, made.written, told)
    return 0


def _begun(folder: Path, names: Sequence[str], told: str = "") -> None:
    say(f"wrote {_some(names)} into {folder}\n{told}next: cambrian check {folder}\n      cambrian evolve {folder}")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def check(
    task: Path,
    evaluator: Path | None = None,
    /,
    *,
    origin: Origin = OWN,
    set: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    quick: Flag = False,
    thorough: Flag = False,
    no_doctor: Flag = False,
    json: Flag = False,
) -> int:
    """Run a task's own program twice in its jail, and try to satisfy its evaluator with wrong answers.

    Ends with status 1 if the program has no score, or if a wrong answer was worth as much as the program's.

    For example:
      cambrian check mytask

      cambrian check mytask --thorough

      cambrian check initial_program.py evaluator.py

    Parameters
    ----------
    task
        Folder of the task, or program of a task of OpenEvolve, ShinkaEvolve or GEPA.
    evaluator
        The evaluator of such a task. Default: evaluator.py or evaluate.py beside the program.
    set
        KEY=VALUE: change a knob of task.toml; may be repeated.
    quick
        The evaluator doctor probes for up to 18 seconds; so it does unasked. A probe may take 5 times as long as the
        task's own program, and 5 seconds at least; what was not tried in time is named.
    thorough
        It probes for up to 5 minutes.
    no_doctor
        It is left out.
    json
        Write an object.
    """
    from cambrian.app.taskfile import apply_settings
    from cambrian.search.audit import QUICK, THOROUGH

    if quick + thorough + no_doctor > 1:
        raise UsageError("of --quick, --thorough and --no-doctor one can be meant; leave out the others")
    seconds = 0.0 if no_doctor else THOROUGH if thorough else QUICK
    found = origin.named(task, evaluator).open()
    chosen = apply_settings(found, set)
    checkup = anyio.run(_checked, chosen, seconds)
    if json:
        answer_json(checkup)
    else:
        answer(wrapped(_report(checkup), width_of(sys.stdout)))
    return 0 if checkup.ok and (checkup.audit is None or checkup.audit.ok) else FAILED


_EVERY_S, _EVERY_IN_A_LOG_S = 5.0, 30.0


class _Progress:
    """Tells now and then what is being tried and for how long, also while one try takes its time."""

    def __init__(self, say: Callable[[str], None], every: float) -> None:
        self._say, self._every = say, every
        self._began, self._what = time.monotonic(), "to start the jails"

    def note(self, what: str) -> None:
        """From here on this is being tried."""
        self._what = what

    async def tell(self) -> None:
        """Until cancelled."""
        while True:
            await anyio.sleep(self._every)
            self._say(f"  [{format_seconds(time.monotonic() - self._began)}] trying {self._what} …")


async def _checked(task: Task, seconds: float) -> Checkup:
    """Check a task while somebody is told how it goes."""
    from cambrian.app.checking import check_task

    progress = _Progress(say, _EVERY_S if sys.stderr.isatty() else _EVERY_IN_A_LOG_S)
    checkup: Checkup | None = None
    failure: CambrianError | None = None
    async with anyio.create_task_group() as group:
        group.start_soon(progress.tell)
        try:
            checkup = await check_task(task, seconds=seconds, say=progress.note)
        except CambrianError as error:  # out of the group's wrapping
            failure = error
        group.cancel_scope.cancel()
    if failure is not None or checkup is None:
        raise failure or AssertionError("a check ends with a result or an error")
    return checkup


def _report(checkup: Checkup) -> str:
    from cambrian.app.auditing import lines_of

    lines = [f"{checkup.task}: {'good' if checkup.ok else 'NOT good'}, jail {checkup.level}"]
    lines += [f"  not a stronger jail: {reason}" for reason in checkup.level_reasons]
    lines.append(f"  starting the jails took {format_seconds(checkup.start_s)}")
    for number, once in enumerate(checkup.evaluations, 1):
        scores = ", ".join(f"{name} {value:.10g}" for name, value in once.objectives.items())
        used = f"{format_seconds(once.wall_s)}, {format_seconds(once.cpu_s)} CPU"
        lines.append(f"  run {number}: {once.status}  {scores}  ({used})")
    if not checkup.ok:
        lines += [f"    {line}" for line in checkup.evaluations[0].feedback.splitlines()]
    if checkup.ok:
        lines.append(f"  the scores {'repeat' if checkup.repeats else 'do not repeat'}")
    if checkup.hidden:
        lines.append(f"  kept from programs, and so from the evaluator: {', '.join(checkup.hidden)}")
    if checkup.oracle is not None:
        lines.append(f"  {checkup.oracle}")
    refused = sum(trial.verdict == "rejected" for trial in checkup.trials)
    if checkup.trials:
        lines.append(f"  the scorer refused {refused} of {len(checkup.trials)} nonsensical answers")
    lines += [f"  warning: {warning}" for warning in checkup.warnings]
    if checkup.audit is not None:
        lines += [f"  {line}" for line in lines_of(checkup.audit)]
    return "\n".join(lines)


def doctor(*, json: Flag = False, workspace: Path | None = None) -> int:
    """Find out, by doing it, what this machine can isolate, compile and measure.

    Ends with status 1 if programs cannot be jailed at level 2 at least.

    For example:
      cambrian doctor

      cambrian doctor --json

    Parameters
    ----------
    json
        Write an array of objects: id, available, value, cost_of_absence, fix.
    workspace
        The folder whose disk is measured. Default: .cambrian, or CAMBRIAN_WORKSPACE.
    """
    from cambrian.app.doctor import examine, is_fit

    found = anyio.run(examine, open_workspace(workspace, read_settings()).path)
    if json:
        answer_json(found)
    else:
        answer(wrapped("\n".join(_line(item) for item in found), width_of(sys.stdout)))
    if not is_fit(found):
        say("programs cannot be jailed here at level 2 or 3, so nothing can be evolved safely")
        return FAILED
    return 0


def _line(item: Capability) -> str:
    if item.available:
        return f"yes  {item.id:18}  {item.value}"
    told = f"no   {item.id:18}  {item.value}\n     {'':18}  costs: {item.cost_of_absence}"
    return told + (f"\n     {'':18}  fix: {item.fix}" if item.fix else "")


def schema(name: str | None = None, /) -> int:
    """Print the JSON Schema of an answer.

    For example:
      cambrian schema evolve

      cambrian schema

    Parameters
    ----------
    name
        Which; without it, the names.
    """
    from cambrian.app.schemas import SCHEMAS, schema_of

    if name is None:
        answer("\n".join(SCHEMAS))
        return 0
    if name not in SCHEMAS:
        raise UsageError(f"there is no schema {name!r}; choose from {', '.join(SCHEMAS)}")
    answer_json(schema_of(name))
    return 0

"""App: `cambrian.improve`: faster code that does the same, with its proof. Dry unless it is told to apply."""

from __future__ import annotations

import inspect
import os
import random
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.event import fact
from cambrian.core.quantity import seconds as read_seconds
from cambrian.improvement.applying import apply_changes
from cambrian.improvement.campaign import Campaign, told_from
from cambrian.improvement.facts import APPLIED, JUDGED, KIND, OPENED, STOPPED, Applied, Judged, Opened, Stopped
from cambrian.improvement.improving import Improvement, Improver
from cambrian.improvement.inputs import check_calls, read_inputs
from cambrian.improvement.listing import Candidate, rank
from cambrian.improvement.project import Project
from cambrian.improvement.proposing import ByRules, Find
from cambrian.improvement.script_calls import read_calls
from cambrian.improvement.script_campaign import Campaigns, ScriptCampaign, ScriptTerms
from cambrian.improvement.script_functions import check_function, is_script
from cambrian.improvement.script_listing import rank_scripts
from cambrian.improvement.swapping import Swaps
from cambrian.improvement.targets import Function, Words, check_words, named
from cambrian.improvement.testing import ProjectTests, start_tests
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.ids import new_run_id
from cambrian.journal.kernel import Run
from cambrian.sandbox import CPythonJail
from cambrian.verify.arena import Arena
from cambrian.verify.cascade import Terms
from cambrian.verify.cases import Case
from cambrian.verify.policy import Policy

from .improving_goals import CASCADES, Goal, check_goal, find_memory, find_speed, rules_for
from .settings import read_settings
from .workspace import open_workspace

if TYPE_CHECKING:
    from cambrian.verify.symbolic import Prover

__all__ = ["Asked", "Improved", "Listed", "conduct", "find_memory", "find_speed", "improve", "list_targets"]

_CALL_S = 2.0
"""Wall seconds of one call in a differential test."""
_EACH = 0.5
"""Share of what is left of the budget that one function may take, if there are others."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks of `improve`.

    Args:
        where: a file, a folder, ``file.py:Class.method`` or ``package.module:function``.
        folder: that it is named from.
        tests: the command of the project's tests; "" runs none.
        inputs: a file of calls.
        calls: argument tuples, as Python values.
        budget: such as ``"60s"``.
        seed: of cases, pairs and mutants.
        cases: of each differential test.
        least: the speed-up that counts, or by what factor less memory is taken.
        goal: what is wanted: less time, or less memory at the peak of a call.
        policy: what counts as the same.
        workspace: folder of the journal.
        prove: look through all paths, too.
    """

    where: str
    folder: Path = Path()
    tests: str = ""
    inputs: Path | None = None
    calls: tuple[tuple[object, ...], ...] = ()
    budget: str = "60s"
    seed: int = 0
    cases: int = 500
    least: float = 1.1
    goal: Goal = "time"
    policy: Policy = Policy(exceptions="type")
    workspace: Path | None = None
    prove: bool = False

    @property
    def given(self) -> tuple[Case, ...]:
        """The calls that were given.

        Raises:
            UsageError: the file of calls cannot be read.
        """
        return self.given_to(None)

    def given_to(self, function: Function | None) -> tuple[Case, ...]:
        """The calls that were given, which must be calls of this function, if there is just one.

        Raises:
            UsageError: the file of calls cannot be read, or something in it cannot be a call of it.
        """
        calls = tuple(Case(arguments=call, origin="given") for call in self.calls)
        if function is not None:
            check_calls(calls, function)
        return (*calls, *(read_inputs(self.inputs, function) if self.inputs else ()))

    def check(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: it cannot.
        """
        if self.cases < 1:
            raise UsageError(f"cases is {self.cases!r}; at least one call is compared")
        if self.least < 1:
            raise UsageError(f"least is {self.least!r}; a speed-up is asked for, so at least 1")


class Improved(msgspec.Struct, frozen=True, kw_only=True):
    """What `improve` found.

    Args:
        run: its run in the journal.
        folder: that it was named from.
        found: what is faster, or was refused, in the order in which it was taken up.
        diff: of all that is faster; paths are told from `folder`, as all others are.
        left: functions that the budget left no time for.
        skipped: files that cannot be read, and why.
        seconds: that it took.
        project: the project's folder.
        applied: files that were written, relative to it.
        undo: what `cambrian undo` takes there.
    """

    run: str
    folder: str
    project: str
    found: tuple[Improvement, ...] = ()
    diff: str = ""
    left: int = 0
    skipped: tuple[str, ...] = ()
    seconds: float = 0.0
    applied: tuple[str, ...] = ()
    undo: str = ""

    @property
    def improved(self) -> tuple[Improvement, ...]:
        """What is faster."""
        return tuple(each for each in self.found if each.verdict == "improved")


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """Where it would pay.

    Args:
        folder: that places are told from.
        profiled: shares of time are known.
        candidates: the best first.
        skipped: files that cannot be read, and why.
    """

    folder: str
    profiled: bool
    candidates: tuple[Candidate, ...]
    skipped: tuple[str, ...] = ()


async def improve(
    what: str | os.PathLike[str] | Callable[..., object], *, tests: str = "",
    calls: Iterable[Sequence[object]] = (), budget: str = "60s", seed: int = 0, cases: int = 500, least: float = 1.1,
    goal: Goal = "time", apply: bool = False, workspace: str | os.PathLike[str] | None = None, prove: bool = False,
) -> Improved:  # fmt: skip
    """Look for faster code that does the same. Nothing is written unless `apply` says so.

    Args:
        what: a function, or a file, a folder, ``"file.py:Class.method"``, ``"package.module:function"``.
        tests: the command of the project's tests, such as ``"pytest -q"``; run in a jail, on a copy.
        calls: argument tuples that it is timed on, and that it must agree on.
        budget: such as ``"60s"``.
        seed: of all its randomness.
        cases: calls of each differential test.
        least: the speed-up that counts, or by what factor less memory is taken.
        goal: what is wanted: less time, or less memory at the peak of a call.
        apply: write what is shown.
        workspace: folder of the journal; by default ``.cambrian``.
        prove: look through all paths of functions of Python, too, which takes some seconds for each candidate.

    Raises:
        UsageError: there is no such thing, or an argument cannot be meant.
        CapabilityMissing: it is to prove, and CrossHair is not installed.
    """
    asked = Asked(
        where=_where(what), tests=tests, calls=tuple(tuple(call) for call in calls), budget=budget, seed=seed,
        cases=cases, least=least, goal=goal, workspace=None if workspace is None else Path(workspace), prove=prove,
    )  # fmt: skip
    return await conduct(asked, apply=apply)


def _where(what: str | os.PathLike[str] | Callable[..., object]) -> str:
    if not callable(what):
        return os.fspath(what)
    try:
        path = inspect.getsourcefile(inspect.unwrap(what))
    except TypeError:
        path = None
    if path is None:
        raise UsageError(f"{what!r} has no source that could be improved; give a function of a file")
    return f"{path}:{getattr(what, '__qualname__', '')}"


async def conduct(
    asked: Asked, *, apply: bool = False, find: Find | None = None, told: Callable[[str], None] | None = None
) -> Improved:
    """Do what was asked, as a run of the journal.

    Args:
        asked: what a person wants.
        apply: write what is shown.
        find: looks through a file; by default all speed rules.
        told: is told each step.
    """
    asked.check()
    begun, budget = time.monotonic(), read_seconds(asked.budget)
    find = find or rules_for(asked.goal)
    folder = asked.folder.resolve()
    words = named(asked.where, folder)
    check_goal(asked.goal, words)
    project = Project.open(words.path)
    opened = Opened(
        task=asked.where, folder=str(folder), seed=asked.seed, cases=asked.cases,
        least=asked.least, goal=asked.goal, budget_s=budget,
    )  # fmt: skip
    from .improving_programs import conduct_program, is_program

    function = _checked(words, prove=asked.prove)
    given = () if is_script(words.path) else asked.given_to(function)
    if is_program(words) and not asked.tests and asked.goal == "time":
        return await conduct_program(asked, words, project, _journal(asked, opened), apply=apply, told=told)
    async with AsyncExitStack() as stack:
        run = await stack.enter_async_context(_journal(asked, opened))
        tests = await _tests(stack, project, asked, told)
        improver = await stack.enter_async_context(_improver(asked, find, tests, told))
        skipped: list[str] = []
        places = await _places(words, project, find, tests, skipped.append, scripts=asked.goal == "time")
        scripts = _scripts(asked, words, project, tests, strict=apply, told=told)
        stack.push_async_callback(scripts.aclose)
        python = Campaign(improver, project, folder, given, tests=tests, strict=apply)
        campaign = Campaigns(python, scripts)
        for number, (path, name) in enumerate(places):
            left = budget - (time.monotonic() - begun)
            if left <= 0:
                break
            result = await campaign.take(path, name, seconds=left if number == len(places) - 1 else left * _EACH)
            await run.append(fact(JUDGED, Judged(improvement=result)))
        over = len(campaign.found) < len(places)
        written = await _write(campaign, project, run) if apply and campaign.texts else None
        await run.append(fact(STOPPED, Stopped(reason="budget" if over else "finished"), channel="control"))
        return Improved(
            run=run.id, folder=opened.folder, project=str(project.root), found=tuple(campaign.found),
            diff=campaign.diff(), skipped=tuple(skipped), left=len(places) - len(campaign.found),
            seconds=round(time.monotonic() - begun, 3),
            applied=written.files if written else (), undo=written.undo if written else "",
        )  # fmt: skip


def _scripts(
    asked: Asked, words: Words, project: Project, tests: ProjectTests | None, *, strict: bool,
    told: Callable[[str], None] | None,
) -> ScriptCampaign:  # fmt: skip
    """For what is JavaScript or TypeScript. Calls that were given are a script's if a script was named."""
    given: list[list[object]] = []
    if is_script(words.path):
        given = [*map(list, asked.calls), *(read_calls(asked.inputs) if asked.inputs else ())]
    terms = ScriptTerms(cases=asked.cases, least=asked.least, seed=asked.seed)
    return ScriptCampaign(
        project, asked.folder.resolve(), terms, given, tests=tests, strict=strict, told=told
    )  # fmt: skip


def _checked(words: Words, *, prove: bool = False) -> Function | None:
    """The function of Python that is named; refuses one that its file has not, in any language."""
    if is_script(words.path):
        if prove:
            raise UsageError(f"{words.path.name!r} is no Python, so nothing can be proved about it; leave out --prove")
        check_function(words.path, words.function)
        return None
    return check_words(words)


async def _tests(
    stack: AsyncExitStack, project: Project, asked: Asked, told: Callable[[str], None] | None
) -> ProjectTests | None:
    if not asked.tests:
        return None
    (told or _silent)(f"running {asked.tests} as things are")
    commands, tests = await start_tests(project, asked.tests)
    stack.push_async_callback(commands.aclose)
    return tests


async def _write(campaign: Campaigns, project: Project, run: Run) -> Applied:
    """Write what is shown; what only a weak oracle, or a person's judgement, stands for is not."""
    changes = {path.relative_to(project.root).as_posix(): texts for path, texts in campaign.texts.items()}
    done = await apply_changes(project.root, changes, why="cambrian improve", run=run.id)
    applied = Applied(project=str(project.root), files=tuple(changes), undo=done.id)
    await run.append(fact(APPLIED, applied, channel="control"))
    return applied


async def _places(
    words: Words, project: Project, find: Find, tests: ProjectTests | None, skip: Callable[[str], None], *,
    scripts: bool,
) -> list[tuple[Path, str]]:  # fmt: skip
    """Files and functions in the order in which they are taken up: the most promising first."""
    path = words.path.resolve()
    if words.function:
        return [(path, words.function)]
    ranked, _ = await _ranked(path, project, find, tests, skip, scripts=scripts)
    return [(project.root / path, name) for path, _, name in (each.place.rpartition(":") for each in ranked)]


async def _ranked(
    path: Path, project: Project, find: Find, tests: ProjectTests | None, skip: Callable[[str], None], *,
    scripts: bool,
) -> tuple[list[Candidate], bool]:  # fmt: skip
    """Functions, also of scripts if asked for, the most promising first; whether their shares of the time are known."""
    below, inside = _below(path, project), path.is_file()
    shares = await tests.shares() if tests else None
    scripts = scripts and any(True for _ in project.files(below=below, keep=lambda file: is_script(Path(file.path))))
    script_shares = await tests.script_shares() if tests and scripts else None
    found = [
        *rank(project, find, below=below, tests=inside, shares=shares, skip=skip),
        *(rank_scripts(project, below=below, tests=inside, shares=script_shares, skip=skip) if scripts else ()),
    ]
    return sorted(found, key=lambda each: (-each.gain, each.place)), bool(shares or script_shares)


def _below(path: Path, project: Project) -> str:
    return "" if path == project.root else path.relative_to(project.root).as_posix()


async def list_targets(
    where: str, *, folder: Path = Path(), tests: str = "", goal: Goal = "time", find: Find | None = None
) -> Listed:  # fmt: skip
    """Where it would pay to improve something: by text alone, or by text and the time that tests take.

    Args:
        where: a file or a folder.
        folder: that it is named from.
        tests: a command; it is run under a profiler, in a jail, on a copy.
        goal: what is wanted.
        find: looks through a file; by default all speed rules.

    Raises:
        UsageError: there is no such thing.
    """
    folder = folder.resolve()
    words = named(where, folder)
    check_goal(goal, words)
    _checked(words)
    path = words.path.resolve()
    project = Project.open(path)
    skipped: list[str] = []
    async with AsyncExitStack() as stack:
        runner = await _tests(stack, project, Asked(where=where, tests=tests), None)
        ranked, profiled = await _ranked(
            path, project, find or rules_for(goal), runner, skipped.append, scripts=goal == "time"
        )
    candidates = tuple(
        msgspec.structs.replace(each, place=told_from(project.root / each.place, folder)) for each in ranked
    )
    return Listed(
        folder=str(folder), profiled=profiled, candidates=candidates, skipped=tuple(skipped)
    )  # fmt: skip


@asynccontextmanager
async def _improver(
    asked: Asked, find: Find, tests: ProjectTests | None, told: Callable[[str], None] | None
) -> AsyncGenerator[Improver, None]:
    """In the jails that it takes: one to compare in, one to time in."""
    terms = Terms(cases=asked.cases, least=asked.least, seed=asked.seed)
    async with AsyncExitStack() as stack:
        arena = await stack.enter_async_context(await Arena.start(asked.policy, wall=_CALL_S))
        jail = await CPythonJail.start()
        stack.push_async_callback(jail.aclose)
        prove = await stack.enter_async_context(await _prover(arena)) if asked.prove else None
        yield Improver(
            arena, jail, [ByRules(find)], terms, tests=tests.of if tests else None, prove=prove, told=told,
            swaps=Swaps(arena, jail, seed=asked.seed) if asked.goal == "time" else None, cascade=CASCADES[asked.goal],
        )  # fmt: skip


async def _prover(arena: Arena) -> Prover:
    from cambrian.verify.symbolic import Prover

    return await Prover.start(arena)


@asynccontextmanager
async def _journal(asked: Asked, opened: Opened) -> AsyncGenerator[Run, None]:
    """A run, begun."""
    clock = SystemClock()
    workspace = open_workspace(asked.workspace, read_settings())
    async with workspace.writing() as store:
        run = await Run.create(
            store, kind=KIND, data=opened, clock=clock, holder=this_process(),
            run=new_run_id(clock.wall(), random.SystemRandom()),
        )  # fmt: skip
        async with run:
            await run.append(fact(OPENED, opened))
            yield run


def _silent(_: str) -> None:
    """Nobody is told."""

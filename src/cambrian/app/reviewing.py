"""App: `cambrian review`: specialists look at one project side by side; one report.

Each works in a process of its own, where there is enough to do. Nothing is written and nothing of the project is run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from cambrian.core.errors import EvaluatorError, UsageError
from cambrian.improvement.project import Project, SourceFile, language_of
from cambrian.improvement.reviewing import RULE, Conflict, Remark, fixed_text, merge
from cambrian.source.diff import unified

from .review_worker import SPECIALISTS, Brief, Told, answered

__all__ = ["Asked", "Reviewed", "Took", "conduct", "review"]

_SHARD = 40
"""Files for which it is worth while to start a process; fewer are looked at in this one."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks of `review`.

    Args:
        where: a file or a folder.
        jobs: processes at a time; None: one for each core.
        fix: put the rewrites that stand together, as a diff.
        tests: look at tests, too.
        advisories: folder of advisories, in the format of OSV.
        only: these specialists; empty for all.
    """

    where: Path
    jobs: int | None = None
    fix: bool = False
    tests: bool = False
    advisories: Path | None = None
    only: tuple[str, ...] = ()

    def refuse(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: there is no such specialist, or no process to work in.
        """
        strange = [kind for kind in self.only if kind not in SPECIALISTS]
        if strange:
            raise UsageError(f"there is no specialist {strange[0]!r}; there are {', '.join(SPECIALISTS)}")
        if self.jobs is not None and self.jobs < 1:
            raise UsageError(f"jobs is {self.jobs!r}; at least one process is needed")


class Took(msgspec.Struct, frozen=True, kw_only=True):
    """What a specialist took: processes (0: in this one), files looked at, seconds of them one after the other."""

    kind: str
    processes: int
    files: int
    seconds: float


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """One report.

    Args:
        folder: that paths are told from.
        remarks: in the order of the rule.
        conflicts: which of them yields to which; indices of `remarks`.
        rule: by which conflicts are resolved.
        specialists: what each took.
        jobs: processes at a time.
        seconds: of the whole.
        skipped: files that could not be read, with why.
        notes: what was not looked at.
        diff: the rewrites that stand, if they were asked for.
    """

    folder: str
    remarks: tuple[Remark, ...]
    conflicts: tuple[Conflict, ...]
    rule: str
    specialists: tuple[Took, ...]
    jobs: int
    seconds: float
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    diff: str = ""

    @property
    def yielding(self) -> Mapping[int, Conflict]:
        """Index of a remark that yields → the conflict."""
        return {conflict.yields: conflict for conflict in self.conflicts}


async def review(
    where: str | os.PathLike[str], *, only: Iterable[str] = (), fix: bool = False, tests: bool = False,
    advisories: str | os.PathLike[str] | None = None, jobs: int | None = None,
) -> Reviewed:  # fmt: skip
    """Let specialists for security, dependencies, speed and style look at a project; nothing is written or run.

    Args:
        where: a file or a folder.
        only: some of the specialists.
        fix: put the rewrites that stand together, as a diff.
        tests: look at tests, too.
        advisories: folder of advisories, in the format of OSV.
        jobs: processes at a time; None: one for each core.

    Raises:
        UsageError: there is no such place, or an option is wrong.
        EvaluatorError: a specialist failed.
    """
    asked = Asked(
        where=Path(where), only=tuple(only), fix=fix, tests=tests, jobs=jobs,
        advisories=None if advisories is None else Path(advisories),
    )  # fmt: skip
    return await conduct(asked)


async def conduct(asked: Asked, *, told: Callable[[str], None] | None = None) -> Reviewed:
    """Let the specialists look, and merge what they say.

    Args:
        asked: what a person wants.
        told: is told how far it is.

    Raises:
        UsageError: there is no such place, or an option is wrong.
        EvaluatorError: a specialist failed.
    """
    asked.refuse()
    begun = time.perf_counter()
    project = Project.open(asked.where, whole=False)
    jobs = asked.jobs or len(os.sched_getaffinity(0))
    files = _files(project, asked)
    small = len(files) < _SHARD
    briefs = _briefs(files, asked, jobs)
    answers = await _all(briefs, 1 if small else jobs, _here if small else _one, told)
    for _, answer in answers:
        if answer.failed:
            raise EvaluatorError(answer.failed)
        if answer.wrong:
            raise UsageError(answer.wrong)
    said = [remark for _, answer in answers for remark in answer.remarks]
    texts = {path: project.read(path).text for path in {remark.file for remark in said if remark.splices}}
    remarks, conflicts = merge(said, texts)
    reviewed = Reviewed(
        folder=str(project.root), remarks=tuple(remarks), conflicts=tuple(conflicts), rule=RULE, jobs=jobs,
        specialists=tuple(_took(answers, small=small)), seconds=round(time.perf_counter() - begun, 2),
        skipped=tuple(dict.fromkeys(line for _, answer in answers for line in answer.skipped)),
        notes=tuple(dict.fromkeys(line for _, answer in answers for line in answer.notes)),
    )  # fmt: skip
    return msgspec.structs.replace(reviewed, diff=_diff(reviewed, texts)) if asked.fix else reviewed


def _files(project: Project, asked: Asked) -> list[str]:
    place = asked.where.expanduser().resolve()
    below = "" if place == project.root else place.relative_to(project.root).as_posix()
    keep: Callable[[SourceFile], bool] = (lambda _: True) if asked.tests or below else lambda file: not file.is_test
    return [file.path for file in project.files(below=below, keep=keep)]


def _briefs(files: list[str], asked: Asked, jobs: int) -> list[Brief]:
    """What there is to do: who sees connections between files gets all of them, others get shares."""
    common = Brief(
        kind="", where=str(asked.where.expanduser().resolve()), tests=asked.tests,
        advisories=str(asked.advisories.absolute()) if asked.advisories else "",
    )  # fmt: skip
    briefs: list[Brief] = []
    for kind, specialist in SPECIALISTS.items():
        if asked.only and kind not in asked.only:
            continue
        if not specialist.by_file:
            briefs.append(msgspec.structs.replace(common, kind=kind))
            continue
        shares = max(1, min(jobs, len(files) // _SHARD))
        briefs += [msgspec.structs.replace(common, kind=kind, files=files[n::shares]) for n in range(shares)]
    return briefs


async def _all(
    briefs: list[Brief], jobs: int, work: Callable[[Brief], Awaitable[Told]], told: Callable[[str], None] | None
) -> list[tuple[Brief, Told]]:
    limiter = anyio.CapacityLimiter(jobs)
    answers: list[tuple[Brief, Told]] = []

    async def take(brief: Brief) -> None:
        async with limiter:
            answers.append((brief, await work(brief)))
        if told is not None:
            told(f"{len(answers)} of {len(briefs)}: {brief.kind}")

    async with anyio.create_task_group() as group:
        for brief in briefs:
            group.start_soon(take, brief)
    return answers


async def _here(brief: Brief) -> Told:
    """In this process, where starting one would take longer than the work."""
    return await anyio.to_thread.run_sync(answered, brief)


async def _one(brief: Brief) -> Told:
    """In a process of its own. Cancelled, it is killed."""
    words = [sys.executable, "-P", "-m", "cambrian.app.review_worker"]
    done = await anyio.run_process(
        words, input=msgspec.json.encode(brief), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
    )
    try:
        return msgspec.json.decode(done.stdout, type=Told)
    except msgspec.DecodeError:
        end = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return Told(failed=f"the specialist for {brief.kind} failed with status {done.returncode}: {' '.join(end)}")


def _took(answers: Iterable[tuple[Brief, Told]], *, small: bool) -> list[Took]:
    by_kind: dict[str, list[Told]] = {}
    for brief, answer in answers:
        by_kind.setdefault(brief.kind, []).append(answer)
    return [
        Took(
            kind=kind, processes=0 if small else len(all_told), files=sum(each.files for each in all_told),
            seconds=round(sum(each.seconds for each in all_told), 2),
        )
        for kind, all_told in sorted(by_kind.items(), key=lambda item: [*SPECIALISTS, item[0]].index(item[0]))
    ]  # fmt: skip


def _diff(reviewed: Reviewed, texts: Mapping[str, str]) -> str:
    yielding = reviewed.yielding
    standing: dict[str, list[Remark]] = {}
    for index, remark in enumerate(reviewed.remarks):
        if index not in yielding and remark.file in texts:
            standing.setdefault(remark.file, []).append(remark)
    after: dict[str, str] = {}
    for path, remarks in standing.items():
        language = language_of(path)
        if language is not None:
            after[path] = fixed_text(path, texts[path], remarks, language)
    return unified({path: texts[path] for path in after}, after)

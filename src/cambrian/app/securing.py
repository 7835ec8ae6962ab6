"""App: `cambrian.secure`: what an attacker could use in a project, and its fixes. Dry unless it is told to apply."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from cambrian.core.errors import UsageError
from cambrian.core.event import fact
from cambrian.improvement.applying import apply_changes
from cambrian.improvement.project import Language, Project, SourceFile, language_of
from cambrian.improvement.securing.checking import check_fixes
from cambrian.improvement.securing.dependencies import Dependencies, scan_dependencies
from cambrian.improvement.securing.facts import (
    APPLIED,
    FOUND,
    KIND,
    OPENED,
    STOPPED,
    Applied,
    Opened,
    Stopped,
    found_fact,
)
from cambrian.improvement.securing.fixing import Fixed, fixed
from cambrian.improvement.securing.ignoring import read_baseline
from cambrian.improvement.securing.report import Counts, Reported, Secured
from cambrian.improvement.securing.scanning import Source, look, look_at_one
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.ids import new_run_id
from cambrian.journal.kernel import Run
from cambrian.source.diff import unified
from cambrian.source.rules.security.catalogue import all_rules
from cambrian.source.rules.security.finding import SEVERITIES, Finding, Severity
from cambrian.source.rules.security.sql.drivers import STYLES, Driver

from .settings import read_settings
from .workspace import open_workspace

__all__ = ["Asked", "Paramstyle", "Secured", "conduct", "conduct_on_record", "secure", "texts_of"]

Paramstyle = Literal["qmark", "format"]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks of `secure`.

    Args:
        where: a file or a folder.
        severity: findings below it are not told.
        fix: put fixes together.
        apply: write them.
        check: run fixes of SQL before and after, in a jail.
        baseline: file of findings that are known.
        ignore: ids of rules that are not asked.
        advisories: folder of advisories, in the format of OSV.
        paramstyle: how the database's driver writes parameters, where nothing in a file tells.
        tests: also look at files of tests.
    """

    where: Path
    severity: Severity = "low"
    fix: bool = False
    apply: bool = False
    check: bool = True
    baseline: Path | None = None
    ignore: tuple[str, ...] = ()
    advisories: Path | None = None
    paramstyle: Paramstyle | None = None
    tests: bool = False

    def refuse(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: there is no such rule.
        """
        known = {rule.id for rule in all_rules()}
        strange = [name for name in self.ignore if name not in known]
        if strange:
            raise UsageError(f"there is no security rule {strange[0]!r}; there are {', '.join(sorted(known))}")


async def secure(
    where: str | os.PathLike[str] = ".", *, fix: bool = False, apply: bool = False, severity: Severity = "low",
    ignore: Iterable[str] = (), baseline: str | os.PathLike[str] | None = None,
    advisories: str | os.PathLike[str] | None = None, paramstyle: Paramstyle | None = None, tests: bool = False,
    workspace: str | os.PathLike[str] | None = None,
) -> Secured:  # fmt: skip
    """Look for what an attacker could use. No file of yours is written unless `apply` says so.

    Args:
        where: a file or a folder.
        fix: put fixes together, as a diff.
        apply: write them; those that assume something are left out.
        severity: findings below it are not told.
        ignore: ids of rules that are not asked.
        baseline: file of findings that are known.
        advisories: folder of advisories, in the format of OSV.
        paramstyle: how the database's driver writes parameters, where nothing in a file tells.
        tests: also look at files of tests.
        workspace: folder of the journal; by default ``.cambrian``.

    Raises:
        UsageError: there is no such place, or an argument cannot be meant.
    """
    asked = Asked(
        where=Path(where), fix=fix or apply, apply=apply, severity=severity, ignore=tuple(ignore),
        baseline=None if baseline is None else Path(baseline), paramstyle=paramstyle, tests=tests,
        advisories=None if advisories is None else Path(advisories),
    )  # fmt: skip
    return await conduct_on_record(asked, workspace=None if workspace is None else Path(workspace))


async def conduct_on_record(
    asked: Asked, *, workspace: Path | None = None, told: Callable[[str], None] | None = None
) -> Secured:
    """Do what was asked, as a run of the journal.

    Args:
        asked: what a person wants.
        workspace: folder of the journal.
        told: is told how far it is.
    """
    asked.refuse()
    opened = Opened(task=str(asked.where), folder=str(Path.cwd()), severity=asked.severity)
    clock = SystemClock()
    async with open_workspace(workspace, read_settings()).writing() as store:
        run = await Run.create(
            store, kind=KIND, data=opened, clock=clock, holder=this_process(),
            run=new_run_id(clock.wall(), random.SystemRandom()),
        )  # fmt: skip
        async with run:
            await run.append(fact(OPENED, opened))
            result = await conduct(asked, told=told, run=run.id)
            await run.append(fact(FOUND, found_fact(result)))
            if result.applied:
                await run.append(fact(APPLIED, Applied(files=result.applied, undo=result.undo), channel="control"))
            await run.append(fact(STOPPED, Stopped(), channel="control"))
    return result


async def conduct(asked: Asked, *, told: Callable[[str], None] | None = None, run: str = "") -> Secured:
    """Do what was asked.

    Args:
        asked: what a person wants.
        told: is told how far it is.
        run: the run of the journal that it belongs to.
    """
    asked.refuse()
    begun = time.process_time()
    project = Project.open(asked.where, whole=False)
    style = STYLES[asked.paramstyle] if asked.paramstyle else None
    looked = look(
        _sources(project, asked),
        project.find_module,
        style=style,
        without=frozenset(asked.ignore),
        told=_progress(told),
    )
    packages = scan_dependencies(project.root, asked.advisories) if asked.where.is_dir() else Dependencies()
    found = _known([*looked.findings, *packages.findings], asked)
    found.sort(key=lambda each: (-SEVERITIES.index(each.severity), each.file, each.line, each.column))
    before, after, made = _fixes(project, found, asked, style) if asked.fix or asked.apply else ({}, {}, [])
    if asked.check and made:
        found = await check_fixes(found, before, after, made)
        before, after, _ = _fixes(project, found, asked, style)
    result = Secured(
        folder=str(project.root), files=looked.files, lines=looked.lines, findings=tuple(found), counts=_counted(found),
        skipped=tuple(looked.skipped), dependencies=packages.checked, diff=unified(before, after), run=run,
    )  # fmt: skip
    if asked.apply and any(before[path] != after[path] for path in after):
        changes = {path: (before[path], after[path]) for path in after if before[path] != after[path]}
        done = await apply_changes(project.root, changes, why="cambrian secure", run=run)
        result = replace(result, applied=done.files, undo=done.id)
    return replace(result, seconds=round(time.process_time() - begun, 2))


def texts_of(result: Secured) -> Mapping[str, str]:
    """The texts of files with fixes, as they are now."""
    project = Project.open(Path(result.folder), whole=False)
    return {path: project.read(path).text for path in {each.file for each in result.findings if each.splices}}


def _progress(told: Callable[[str], None] | None) -> Callable[[int, int], None] | None:
    if told is None:
        return None
    say, last = told, [time.monotonic()]

    def tell(done: int, whole: int) -> None:
        if time.monotonic() - last[0] > 2:
            last[0] = time.monotonic()
            say(f"{done} of {whole} files")

    return tell


def _sources(project: Project, asked: Asked) -> list[Source]:
    place = asked.where.expanduser().resolve()
    below = "" if place == project.root else place.relative_to(project.root).as_posix()
    keep = None if asked.tests or place.is_file() else _no_test
    return [
        Source(file.path, file.language, lambda path=file.path: project.read(path).text)
        for file in project.files(below=below, keep=keep)
    ]


def _no_test(file: SourceFile) -> bool:
    return not file.is_test


def _known(findings: Iterable[Reported], asked: Asked) -> list[Reported]:
    known = read_baseline(asked.baseline) if asked.baseline is not None else frozenset[str]()
    least = SEVERITIES.index(asked.severity)
    told = [each for each in findings if SEVERITIES.index(each.severity) >= least]
    return [
        replace(each, known="known before") if not each.known and each.fingerprint in known else each for each in told
    ]


def _fixes(
    project: Project, found: Iterable[Reported], asked: Asked, style: Driver | None
) -> tuple[dict[str, str], dict[str, str], list[tuple[str, int, str]]]:
    """Texts before and after, and which findings were fixed: file, line, rule."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    made: list[tuple[str, int, str]] = []
    wanted = [each for each in found if each.fix and not each.known and not (asked.apply and each.assumes)]
    for path in sorted({each.file for each in wanted}):
        own = [each for each in wanted if each.file == path]
        text = project.read(path).text
        done = _fixed(text, path, own, asked, style)
        before[path], after[path] = text, done.text
        lines = {(each.line, each.rule) for each in own}
        made += [(path, each.line, each.rule) for each in done.made if (each.line, each.rule) in lines]
    return before, after, made


def _fixed(text: str, path: str, wanted: Sequence[Reported], asked: Asked, style: Driver | None) -> Fixed:
    """A file with these findings fixed."""
    language: Language = language_of(path) or "python"
    places = {(each.scope, each.rule) for each in wanted}

    def chosen(finding: Finding) -> bool:
        place = (finding.rewrite.scope, finding.rewrite.rule)
        return place in places and not (asked.apply and finding.rewrite.assumes)

    return fixed(text, path, language, lambda text: look_at_one(text, path, style=style), chosen)


def _counted(found: Iterable[Reported]) -> Counts:
    open_ones = [each for each in found if not each.known]
    count = Counter(each.severity for each in open_ones)
    return Counts(
        critical=count["critical"], high=count["high"], medium=count["medium"], low=count["low"],
        fixes=sum(each.fix for each in open_ones), known=sum(bool(each.known) for each in found),
    )  # fmt: skip

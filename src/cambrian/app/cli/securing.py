"""``cambrian secure``: what an attacker could use, with the way it takes, and its fixes."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import anyio
from cyclopts import Parameter

from cambrian.app.display.width import columns
from cambrian.core.errors import UsageError

from . import FAILED
from .options import Flag, Several
from .output import answer, answer_diff, answer_json, counted, fitted, say

if TYPE_CHECKING:
    from cambrian.app.securing import Asked
    from cambrian.improvement.securing.report import Reported, Secured

Severity = Literal["low", "medium", "high", "critical"]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Looking:
    """What is looked at, and what is told."""

    severity: Annotated[Severity, Parameter(help="Tell what is at least as bad. Default: low.")] = "low"
    fail: Annotated[
        Severity, Parameter(help="End with status 1 if something is at least as bad. Default: low.")
    ] = "low"  # fmt: skip
    ignore: Annotated[Several, Parameter(help="A rule that is not asked. May be repeated.")] = ()
    baseline: Annotated[Path | None, Parameter(help="File of findings that are known and do not count.")] = None
    write_baseline: Annotated[
        Flag, Parameter(help="Write that file anew: all that is found now is known from then on.")
    ] = False  # fmt: skip
    advisories: Annotated[
        Path | None,
        Parameter(help="Folder of advisories in the format of OSV, as JSON files: packages are held against them."),
    ] = None
    tests: Annotated[Flag, Parameter(help="Look at files of tests, too.")] = False
    paramstyle: Annotated[
        Literal["qmark", "format"] | None,
        Parameter(help="How the database's driver writes parameters (? or %s) where nothing in a file tells."),
    ] = None

    def at(self, where: Path, *, fix: bool, apply: bool) -> Asked:
        """What is asked of a place."""
        from cambrian.app.securing import Asked

        return Asked(
            where=where, severity=self.severity, fix=fix, apply=apply, ignore=self.ignore,
            baseline=None if self.write_baseline else self.baseline, advisories=self.advisories,
            paramstyle=self.paramstyle, tests=self.tests,
        )  # fmt: skip


USUAL_LOOK = Looking()
"""Nothing asked for."""


def secure(
    where: Path | None = None,
    /,
    *,
    fix: Flag = False,
    apply: Flag = False,
    sarif: Path | None = None,
    explain: Flag = False,
    classes: Flag = False,
    looking: Looking = USUAL_LOOK,
    workspace: Path | None = None,
    json: Flag = False,
) -> int:
    """Look for what an attacker could use: follow values from outside to where they do harm, and fix what has a fix.

    Nothing is written without --apply. A finding is settled by a comment beside it: # cambrian: ignore[rule] why.
    Ends with status 1 if something is found that is not settled.

    For example:
      cambrian secure src

      cambrian secure src --fix

      cambrian secure . --severity high --sarif report.sarif

      cambrian secure . --baseline known.json --write-baseline

    Parameters
    ----------
    where
        A file or a folder. Default: this one.
    fix
        Show the fixes as a diff.
    apply
        Write the fixes; `cambrian undo` takes them back. What a fix would have to assume is not written.
    sarif
        Write the report to this file, as SARIF 2.1.0.
    explain
        Show the way of each value, step by step.
    classes
        List the classes of weaknesses of OWASP, with the rules for each.
    workspace
        Folder of the journal. Default: .cambrian.
    json
        Write an object.
    """
    if classes:
        return _classes(json=json)
    asked = looking.at(where or Path(), fix=fix, apply=apply)
    result = anyio.run(_conduct, asked, workspace, json)
    if sarif is not None:
        _write_sarif(sarif, result)
    if looking.write_baseline:
        return _write_baseline(looking.baseline, result)
    if json:
        answer_json(result)
    else:
        _tell(result, asked, explain=explain)
    return _status(result, looking.fail, applied=apply)


async def _conduct(asked: Asked, workspace: Path | None, quiet: bool) -> Secured:
    from cambrian.app.securing import conduct_on_record

    told = None if quiet or not sys.stderr.isatty() else say
    return await conduct_on_record(asked, workspace=workspace, told=told)


def _status(result: Secured, least: Severity, *, applied: bool) -> int:
    from cambrian.source.rules.security.finding import SEVERITIES

    left = [
        each
        for each in result.findings
        if not each.known and not (applied and each.file in result.applied and each.fix)
    ]
    bad = any(SEVERITIES.index(each.severity) >= SEVERITIES.index(least) for each in left)
    return FAILED if bad else 0


def _write_sarif(file: Path, result: Secured) -> None:
    import msgspec

    from cambrian.app.securing import texts_of
    from cambrian.improvement.securing.sarif import sarif

    data = msgspec.json.format(msgspec.json.encode(sarif(result.findings, texts_of(result))), indent=1)
    try:
        file.write_bytes(data + b"\n")
    except OSError as error:
        raise UsageError(f"the report {str(file)!r} cannot be written: {error.strerror}") from error


def _write_baseline(file: Path | None, result: Secured) -> int:
    from cambrian.improvement.securing.ignoring import write_baseline

    if file is None:
        raise UsageError("--write-baseline needs to know where; name the file with --baseline FILE")
    write_baseline(file, result.findings)
    say(f"known from now on, in {file}: {counted(len(result.findings), 'finding')}")
    return 0


def _tell(result: Secured, asked: Asked, *, explain: bool) -> None:
    """Findings on stdout, the rest on stderr."""
    shown = [each for each in result.findings if not each.known]
    if asked.fix and not asked.apply:
        answer_diff(result.diff)
    elif explain:
        for each in shown:
            _explain(each)
    elif shown:
        rows = [("PLACE", "SEVERITY", "RULE", "FIX", "WHAT")]
        rows += [(f"{each.file}:{each.line}", each.severity, each.rule, _fix(each), each.what) for each in shown]
        answer(columns(fitted(rows, 4)))
    _summary(result, asked)


def _fix(finding: Reported) -> str:
    if not finding.fix:
        return "-"
    return "assumes" if finding.assumes else finding.evidence if not finding.tried else f"tested ({finding.tried})"


def _explain(finding: Reported) -> None:
    answer(f"{finding.file}:{finding.line}: {finding.severity}: {finding.what} [{finding.rule}, {finding.cwe}]")
    for step in finding.path:
        answer(f"    {step.file}:{step.line}: {step.what}")
    if finding.advice:
        answer(f"    advice: {finding.advice}")
    for assumed in finding.assumes:
        answer(f"    the fix assumes: {assumed}")


def _summary(result: Secured, asked: Asked) -> None:
    for each in result.skipped:
        say(f"not looked at: {each}")
    count = result.counts
    words = [f"{number} {name}" for name, number in (
        ("critical", count.critical), ("high", count.high), ("medium", count.medium), ("low", count.low),
    ) if number]  # fmt: skip
    known = f"; {count.known} known" if count.known else ""
    looked = f"{counted(result.files, 'file')}, {counted(result.lines, 'line')}"
    say(f"{looked}: {', '.join(words) or 'nothing found'}{known}")
    _tell_packages(result)
    _tell_written(result, asked)


def _tell_packages(result: Secured) -> None:
    if result.dependencies is None:
        say("packages were not held against advisories: there is no folder of them (--advisories DIR)")
    else:
        were = "was" if result.dependencies == 1 else "were"
        say(f"{counted(result.dependencies, 'package')} {were} held against the advisories")


def _tell_written(result: Secured, asked: Asked) -> None:
    """What was fixed, what could be, and what was left because of what it assumes."""
    count = result.counts
    if result.applied:
        say(f"written: {', '.join(result.applied)}; `cambrian undo {result.undo}` takes it back")
    elif count.fixes and not asked.fix:
        say(f"fixes for {count.fixes}: --fix shows them, --apply writes them, --explain shows how values come there")
    assumed = sum(each.fix and bool(each.assumes) and not each.known for each in result.findings)
    if asked.apply and assumed:
        say(f"not written: {counted(assumed, 'fix', 'es')}, for what they assume; --explain tells what")


def _classes(*, json: bool) -> int:
    from cambrian.source.rules.security.classes import CLASSES

    if json:
        answer_json(CLASSES)
        return 0
    rows = [("OWASP", "CLASS", "RULES", "NOT TO BE SEEN IN A TEXT")]
    rows += [(each.id, each.name, ", ".join(each.rules) or "-", each.beyond) for each in CLASSES]
    answer(columns(fitted(rows, 3)))
    return 0

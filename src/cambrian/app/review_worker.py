"""App: one specialist of `cambrian review`, in a process of its own: a brief on stdin, remarks on stdout, as JSON.

A registry: each specialist is a function from a brief to what it has to say; whether it looks at each file by itself
decides whether its work is shared out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import anyio
import msgspec

from cambrian.core.errors import UsageError
from cambrian.improvement.project import Project
from cambrian.improvement.reviewing import Kind, Remark
from cambrian.improvement.securing.report import Reported
from cambrian.source.decoding import Decoded

__all__ = ["SPECIALISTS", "Brief", "Specialist", "Told", "answered", "main"]


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """What a specialist is to look at.

    Args:
        kind: which specialist.
        where: a file or a folder, absolute.
        files: paths relative to the project; empty for those who find their own.
        tests: look at tests, too.
        advisories: folder of advisories; "" for none.
    """

    kind: str
    where: str
    files: list[str] = []
    tests: bool = False
    advisories: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What it has to say.

    Args:
        remarks: they.
        files: how many it looked at.
        seconds: that it took.
        skipped: files that it could not read, with why.
        notes: what it did not look at.
        wrong: what is wrong with the brief; then there is nothing else.
        failed: that its process failed, and how.
    """

    remarks: list[Remark] = []
    files: int = 0
    seconds: float = 0.0
    skipped: list[str] = []
    notes: list[str] = []
    wrong: str = ""
    failed: str = ""


class Specialist(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks for one kind of thing.

    Args:
        look: does it.
        by_file: each file by itself; else it sees connections between files and has to have all of them.
    """

    look: Callable[[Brief], Told]
    by_file: bool


def _security(brief: Brief) -> Told:
    from .securing import Asked, conduct

    found = anyio.run(conduct, Asked(where=Path(brief.where), tests=brief.tests, check=False))
    remarks = [_of_finding(each, "security") for each in found.findings if not each.known and not _is_package(each)]
    return Told(remarks=remarks, files=found.files, skipped=list(found.skipped))


def _of_finding(found: Reported, kind: Literal["security", "dependencies"]) -> Remark:
    return Remark(
        kind=kind, rule=found.rule, file=found.file, line=found.line, column=found.column, end_line=found.end_line,
        scope=found.scope, what=found.what, advice=found.advice, severity=found.severity, assumes=found.assumes,
        splices=found.splices, next=f"cambrian secure {found.file} --fix" if found.fix else "",
    )  # fmt: skip


def _is_package(found: Reported) -> bool:
    """Packages are the other specialist's."""
    return found.rule in ("vulnerable-package", "suspicious-package")


def _dependencies(brief: Brief) -> Told:
    from cambrian.improvement.securing.dependencies import packages_of, scan_dependencies

    project = Project.open(Path(brief.where), whole=False)
    advisories = Path(brief.advisories) if brief.advisories else None
    scanned = scan_dependencies(project.root, advisories)
    files = len({package.file for package in packages_of(project.root)})
    notes = (
        []
        if advisories
        else ["packages were not held against advisories: there is no folder of them (--advisories DIR)"]
    )
    return Told(remarks=[_of_finding(each, "dependencies") for each in scanned.findings], files=files, notes=notes)


def _speed(brief: Brief) -> Told:
    from cambrian.source.rules.catalogue import find, rules

    project = Project.open(Path(brief.where), whole=False)
    chosen = rules("speed")
    remarks: list[Remark] = []
    skipped: list[str] = []
    for path in brief.files:
        try:
            read: Decoded = project.read(path)
        except UsageError as error:
            skipped.append(str(error))
            continue
        for made in find(read.text, path, chosen):
            where = f"{path}:{made.scope}" if made.scope else path
            remarks.append(
                Remark(
                    kind="speed",
                    rule=made.rule,
                    file=path,
                    line=made.line,
                    column=made.column,
                    end_line=made.end_line,
                    scope=made.scope,
                    what=made.what,
                    advice=made.advice,
                    gain=made.gain,
                    ground=made.ground,
                    assumes=made.assumes,
                    splices=made.splices,
                    next=f"cambrian improve {where}" if made.splices else "",
                )
            )
    return Told(remarks=remarks, files=len(brief.files), skipped=skipped)


def _style(brief: Brief) -> Told:
    from .review_style import find_ruff, style_remarks

    ruff = find_ruff()
    if ruff is None:
        return Told(notes=["style was not looked at: ruff is not installed (pip install ruff)"])
    project = Project.open(Path(brief.where), whole=False)
    files = [path for path in brief.files if path.endswith(".py")]
    return Told(remarks=style_remarks(ruff, project, files) if files else [], files=len(files))


SPECIALISTS: dict[Kind, Specialist] = {
    "security": Specialist(look=_security, by_file=False),
    "dependencies": Specialist(look=_dependencies, by_file=False),
    "speed": Specialist(look=_speed, by_file=True),
    "style": Specialist(look=_style, by_file=True),
}
"""Kind → who looks for it, the slowest first."""


def answered(brief: Brief) -> Told:
    """What the specialist has to say on a brief."""
    begun = time.perf_counter()
    try:
        told = SPECIALISTS[_kind(brief.kind)].look(brief)
    except UsageError as error:
        told = Told(wrong=str(error))
    return msgspec.structs.replace(told, seconds=time.perf_counter() - begun)


def main() -> None:
    """Read a brief, answer it."""
    brief = msgspec.json.decode(sys.stdin.buffer.read(), type=Brief)
    sys.stdout.buffer.write(msgspec.json.encode(answered(brief)))


def _kind(name: str) -> Kind:
    return next(kind for kind in SPECIALISTS if kind == name)


if __name__ == "__main__":
    main()

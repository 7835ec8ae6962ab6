"""App: what ruff says of a project's Python files, as remarks on style. ruff reads files and runs none of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.improvement.project import Project
from cambrian.improvement.reviewing import Remark
from cambrian.source.edit import Locator, Splice

__all__ = ["find_ruff", "style_remarks"]

_SECONDS = 300.0
_AT_ONCE = 400  # files of one call: what a command line holds


class _Place(msgspec.Struct, frozen=True):
    row: int
    column: int


class _Edit(msgspec.Struct, frozen=True):
    content: str
    location: _Place
    end_location: _Place


class _Fix(msgspec.Struct, frozen=True):
    applicability: str
    edits: list[_Edit]
    message: str | None = None


class _Said(msgspec.Struct, frozen=True):
    filename: str
    message: str
    location: _Place
    end_location: _Place
    code: str | None = None
    fix: _Fix | None = None


def find_ruff() -> str | None:
    """The program, beside this interpreter or on the search path."""
    beside = Path(sys.executable).with_name("ruff")
    return str(beside) if beside.exists() else shutil.which("ruff")


def style_remarks(ruff: str, project: Project, files: Sequence[str]) -> list[Remark]:
    """What ruff says, by the project's own configuration.

    Raises:
        UsageError: ruff failed, as it does for a configuration that is wrong; says what it said.
    """
    remarks: list[Remark] = []
    for start in range(0, len(files), _AT_ONCE):
        words = [ruff, "check", "--no-cache", "--exit-zero", "--quiet", "--output-format", "json", "--"]
        done = subprocess.run(
            [*words, *files[start : start + _AT_ONCE]], cwd=project.root, capture_output=True, check=False,
            timeout=_SECONDS, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode != 0:
            raise UsageError(f"ruff failed: {done.stderr.decode(errors='replace').strip()[-300:]}; see `ruff check`")
        texts: dict[str, Locator] = {}
        remarks += [_remark(each, project, texts) for each in msgspec.json.decode(done.stdout, type=list[_Said])]
    return remarks


def _remark(said: _Said, project: Project, texts: dict[str, Locator]) -> Remark:
    path = os.path.relpath(said.filename, project.root)
    fix = said.fix if said.fix and said.fix.applicability == "safe" else None
    if fix and path not in texts:
        texts[path] = Locator(project.read(path).text)
    return Remark(
        kind="style", rule=f"ruff:{said.code or 'syntax'}", file=path, line=said.location.row,
        column=said.location.column, end_line=said.end_location.row, what=said.message,
        advice=(said.fix.message or "") if said.fix else "", splices=_splices(fix, path, texts),
        next="ruff check --fix" if fix else "",
    )  # fmt: skip


def _splices(fix: _Fix | None, path: str, texts: Mapping[str, Locator]) -> tuple[Splice, ...]:
    if fix is None:
        return ()
    locator = texts[path]
    return tuple(Splice(_offset(locator, e.location), _offset(locator, e.end_location), e.content) for e in fix.edits)


def _offset(locator: Locator, place: _Place) -> int:
    """Ruff counts columns in characters, from 1."""
    return locator.line_start(place.row) + place.column - 1

"""A run as plain files; nothing half-written, nothing outside."""

from __future__ import annotations

import tarfile
from pathlib import Path

import msgspec
import pytest

from cambrian.app import export
from cambrian.app.export import export_run, safe_name, write_files
from cambrian.app.results import EventLine, Outcome
from cambrian.app.workspace import Workspace
from cambrian.core.errors import UsageError

from .stage import PROGRAM, played


@pytest.fixture
async def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "w")
    await played(workspace)
    return workspace


async def test_a_folder_and_an_archive_hold_the_same(workspace: Workspace, tmp_path: Path) -> None:
    async with workspace.reading() as runs:
        told = await export_run(runs, "last", tmp_path / "a" / "run")
        await export_run(runs, "last", tmp_path / "run.tgz")
        outcome = await runs.outcome("last")
    folder = tmp_path / "a" / "run"
    inside = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    with tarfile.open(tmp_path / "run.tgz") as tar:
        members = [member for member in tar.getmembers() if member.isfile()]
        packed = {member.name.removeprefix("run/"): tar.extractfile(member) for member in members}
        assert {name: file.read() for name, file in packed.items() if file} == inside
    assert msgspec.json.decode(inside["summary.json"], type=Outcome) == outcome
    lines = [msgspec.json.decode(line, type=EventLine) for line in inside["events.jsonl"].splitlines()]
    assert [line.seq for line in lines] == list(range(1, told.events + 1))
    assert told.variants == 4
    assert outcome.initial is not None
    assert inside[f"variants/{outcome.initial.variant}/program.py"].decode() == PROGRAM


async def test_nothing_is_overwritten_and_nothing_is_left_of_a_failure(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").write_text("mine", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    async with workspace.reading() as runs:
        with pytest.raises(UsageError, match="exists already"):
            await export_run(runs, "last", tmp_path / "there")
        await export_run(runs, "last", tmp_path / "empty")
        before = sorted(tmp_path.iterdir())

        def full(path: str) -> str:
            raise OSError(28, "No space left on device", path)

        monkeypatch.setattr(export, "safe_name", full)
        for name in ("new", "new.tar.gz"):
            with pytest.raises(UsageError, match="No space left"):
                await export_run(runs, "last", tmp_path / name)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "", "a\0b"])
def test_a_path_that_would_leave_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="would leave the folder"):
        safe_name(path)
    with pytest.raises(UsageError):
        write_files(tmp_path / "new", {"fine.py": "", path: ""})
    assert list(tmp_path.iterdir()) == []


def test_files_go_into_a_new_or_empty_folder(tmp_path: Path) -> None:
    write_files(tmp_path / "a" / "b", {"x.py": "1", "sub/y.py": "2"})
    assert (tmp_path / "a" / "b" / "sub" / "y.py").read_text(encoding="utf-8") == "2"
    with pytest.raises(UsageError, match="exists already"):
        write_files(tmp_path / "a" / "b", {"x.py": "3"})

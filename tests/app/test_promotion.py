"""Writing the winner back: refused where it would do harm, atomic, signed, undone when it fails half-way."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from cambrian.app.promotion import plan_promotion, promote
from cambrian.app.signing import Signer, promotion_of
from cambrian.app.workspace import Workspace
from cambrian.core.errors import TaskError, UsageError
from cambrian.core.ids import Digest, RunId, VariantId
from cambrian.journal import placing
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.placing import write_all, write_atomically
from cambrian.search.facts import Promoted
from cambrian.testing.clock import ManualClock

from .stage import PROGRAM, played, small_task, with_folder

BETTER = {"program.py": "def solve():\n    return 2\n"}
ID = VariantId("v")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "task").mkdir()
    return tmp_path / "task"


def test_only_what_differs_is_planned(folder: Path) -> None:
    task = with_folder(small_task(), folder)
    plan = plan_promotion(task, ID, BETTER | {"new.py": "x = 1\n"}, initial=task.program)
    assert plan.after == BETTER | {"new.py": "x = 1\n"}
    assert plan.before == {"program.py": PROGRAM}
    assert plan.unlisted == ("new.py",)
    assert plan_promotion(task, ID, task.program, initial=task.program).after == {}


def test_somebody_elses_work_is_not_overwritten(folder: Path) -> None:
    task = with_folder(small_task(), folder)
    (folder / "program.py").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(TaskError, match=r"program\.py: is no longer what the run began with.*\n  fix: .*--force"):
        plan_promotion(task, ID, BETTER, initial=task.program)
    assert plan_promotion(task, ID, BETTER, initial=task.program, force=True).before == {"program.py": "# mine\n"}
    (folder / "program.py").unlink()
    with pytest.raises(TaskError, match="no longer"):
        plan_promotion(task, ID, BETTER, initial=task.program)


def test_a_file_that_is_not_the_programs_is_not_overwritten(folder: Path) -> None:
    task = with_folder(small_task(), folder)
    (folder / "problem.py").write_text("mine\n", encoding="utf-8")
    with pytest.raises(TaskError, match=r"problem\.py: is no longer"):
        plan_promotion(task, ID, BETTER | {"problem.py": "theirs\n"}, initial=task.program)
    assert plan_promotion(task, ID, BETTER | {"problem.py": "mine\n"}, initial=task.program).after == BETTER


def test_what_was_promoted_last_may_be_replaced(folder: Path) -> None:
    task = with_folder(small_task(), folder)
    (folder / "program.py").write_text(BETTER["program.py"], encoding="utf-8")
    best = {"program.py": "def solve():\n    return 3\n"}
    assert plan_promotion(task, ID, best, initial=task.program, promoted=BETTER).after == best
    with pytest.raises(TaskError, match="no longer"):
        plan_promotion(task, ID, best, initial=task.program)


@pytest.mark.parametrize("name", ["../out.py", "/tmp/out.py", "task.toml", "evaluate.py", "link/out.py"])
def test_a_variant_writes_nowhere_but_to_its_program(name: str, folder: Path) -> None:
    task = with_folder(small_task(), folder)
    (folder / "link").symlink_to(folder.parent)
    with pytest.raises(TaskError, match=r"outside the folder|not the program's"):
        plan_promotion(task, ID, BETTER | {name: "x"}, initial=task.program)
    assert plan_promotion(task, ID, BETTER | {"sub/in.py": "x"}, initial=task.program).after["sub/in.py"] == "x"


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="folder is gone"):
        plan_promotion(small_task(tmp_path / "gone"), ID, BETTER, initial={})


def test_a_file_is_replaced_whole_and_keeps_its_mode(folder: Path) -> None:
    file = folder / "a.py"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    (folder / "link.py").symlink_to("a.py")
    write_atomically(folder / "link.py", b"newer")
    assert (folder / "link.py").is_symlink()
    assert file.read_bytes() == b"newer"
    assert sorted(path.name for path in folder.iterdir()) == ["a.py", "link.py"]


def test_when_a_file_cannot_be_written_the_others_are_put_back(folder: Path) -> None:
    (folder / "a.py").write_text("old", encoding="utf-8")
    (folder / "d.py").write_text("stays", encoding="utf-8")
    (folder / "d.py").chmod(0o600)
    (folder / "blocked").write_text("a file where a folder is wanted", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_all(folder, {"a.py": b"new", "d.py": None, "e/b.py": b"new", "blocked/c.py": b"new"})
    assert (folder / "d.py").stat().st_mode & 0o777 == 0o600
    assert (folder / "a.py").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in folder.iterdir()) == ["a.py", "blocked", "d.py"]


async def test_a_promotion_is_recorded_with_a_signature_that_holds(folder: Path, tmp_path: Path) -> None:
    task = with_folder(small_task(), folder)
    workspace, signer = Workspace(tmp_path / "w"), Signer(tmp_path / "state" / "key")
    run_id = await played(workspace, task=task)
    plan = plan_promotion(task, ID, BETTER, initial=task.program)
    async with workspace.writing() as store:
        run = await Run.resume(store, run_id, clock=ManualClock(), holder=this_process())
        record = await promote(run, plan, signer, approver="ada")
        await run.aclose()
        assert record is not None
        assert (await store.blob(record.replaced["program.py"])).decode() == PROGRAM, "the old text is kept"
    assert (folder / "program.py").read_text(encoding="utf-8") == BETTER["program.py"]
    async with workspace.reading() as runs:
        view = await runs.summary(run_id)
    told = promotion_of(view, signer)
    assert told is not None
    assert (told.approver, told.signature, told.files) == ("ada", "valid", ("program.py",))
    assert promotion_of(view, None) == msgspec.structs.replace(told, signature="unknown")
    (tmp_path / "other").write_bytes(b"o" * 32)
    (tmp_path / "other").chmod(0o600)
    other = promotion_of(view, Signer(tmp_path / "other"))
    assert other is not None
    assert other.signature == "invalid"


async def test_a_failed_promotion_is_recorded_as_failed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = with_folder(small_task(), folder)
    workspace, signer = Workspace(tmp_path / "w"), Signer(tmp_path / "key")
    run_id = await played(workspace, task=task)
    plan = plan_promotion(task, ID, BETTER, initial=task.program)

    def full(file: Path, data: bytes, *, mode: int | None = None) -> None:
        del data, mode
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr(placing, "write_atomically", full)
    async with workspace.writing() as store:
        run = await Run.resume(store, run_id, clock=ManualClock(), holder=this_process())
        with pytest.raises(TaskError, match="No space left"):
            await promote(run, plan, signer, approver="ada")
        assert run.unfinished() == ()
        await run.aclose()
    async with workspace.reading() as runs:
        assert (await runs.summary(run_id)).promoted is None
    assert (folder / "program.py").read_text(encoding="utf-8") == PROGRAM


PROMOTED = Promoted(
    variant=ID, files={"a.py": Digest("1")}, replaced={"a.py": Digest("0")}, approver="ada", signature=""
)


@pytest.mark.parametrize(
    "change",
    [
        {"variant": VariantId("w")}, {"files": {"a.py": Digest("2")}}, {"files": {"b.py": Digest("1")}},
        {"replaced": {}}, {"removed": {"b.py": Digest("1")}}, {"approver": "eve"}, {"signature": "0" * 64},
    ],
)  # fmt: skip
def test_a_signature_binds_everything(change: dict[str, object], tmp_path: Path) -> None:
    signer, run = Signer(tmp_path / "key"), RunId("r")
    signed = signer.sign(run, PROMOTED)
    assert signer.check(run, signed) is True
    assert signer.check(RunId("other"), signed) is False
    assert signer.check(run, msgspec.structs.replace(signed, **change)) is False


def test_the_key_is_private_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "state" / "key"
    signer = Signer(path)
    assert signer.check(RunId("r"), PROMOTED) is None, "looking makes no key"
    assert not path.exists()
    first = signer.sign(RunId("r"), PROMOTED)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert Signer(path).sign(RunId("r"), PROMOTED) == first
    path.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        signer.sign(RunId("r"), PROMOTED)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(UsageError, match="5 bytes instead of 32"):
        signer.sign(RunId("r"), PROMOTED)


def test_a_key_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="signing key"):
        Signer(tmp_path / "file" / "key").sign(RunId("r"), PROMOTED)
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("toml", "rewritten"),
    [
        ('program = ["program.py"]\nentry = "x"\n', 'program = ["program.py", "new.py"]\nentry = "x"\n'),
        (
            'a = 1\r\nprogram=[\r\n "program.py",\r\n] # mine\r\n',
            'a = 1\r\nprogram=["program.py", "new.py"] # mine\r\n',
        ),
        ('"program" = ["program.py"]', '"program" = ["program.py", "new.py"]'),
        ('program = ["program.py", "new.py"]\n', None),
    ],
)
def test_new_files_are_listed_in_the_task(toml: str, rewritten: str | None, folder: Path) -> None:
    task = with_folder(small_task(), folder)
    (folder / "task.toml").write_bytes(toml.encode())
    plan = plan_promotion(task, ID, BETTER | {"new.py": "x = 1\n"}, initial=task.program)
    assert plan.unlisted == ()
    assert plan.after.get("task.toml") == rewritten
    assert plan.before.get("task.toml") == (toml if rewritten else None)


def test_a_file_that_stands_there_already_is_listed_too(folder: Path) -> None:
    task = with_folder(small_task(), folder)
    (folder / "problem.py").write_text("N = 26\n", encoding="utf-8")
    (folder / "task.toml").write_text('program = ["program.py"]\n', encoding="utf-8")
    plan = plan_promotion(task, ID, BETTER | {"problem.py": "N = 26\n"}, initial=task.program)
    assert plan.after == BETTER | {"task.toml": 'program = ["program.py", "problem.py"]\n'}


@pytest.mark.parametrize(
    "toml", ['program = [ # why\n "program.py"]\n', "program = [\n", 'entry = "x"\n', 'program = "program.py"\n']
)
def test_what_cannot_be_rewritten_with_certainty_is_left_and_told(toml: str, folder: Path) -> None:
    task = with_folder(small_task(), folder)
    (folder / "task.toml").write_text(toml, encoding="utf-8")
    plan = plan_promotion(task, ID, BETTER | {"new.py": "x = 1\n"}, initial=task.program)
    assert "task.toml" not in plan.after
    assert "new.py" in plan.unlisted
    assert plan.program_line == 'program = ["program.py", "new.py"]'

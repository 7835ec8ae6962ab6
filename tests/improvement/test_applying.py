"""Writing a person's files: all or nothing, exactly, and back again; also when the process is killed anywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.errors import UsageError
from cambrian.improvement.applying import APPLY_LABELS, apply_changes, list_damaged, list_undo, undo_changes
from cambrian.improvement.undoing import Ledger, State
from cambrian.source.decoding import Decoded, decode_source

_CHILD = """
import os, signal, sys
from pathlib import Path
import anyio
from cambrian.improvement.applying import apply_changes, undo_changes
from cambrian.journal.crashpoints import arm

action, root, label, occurrence = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
seen = []

def die(name):
    seen.append(name)
    if seen.count(label) == occurrence and name == label:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    if action == "undo":
        arm(die)
        await undo_changes(root)
    else:
        changes = {"a.py": ("old a\\n", "new a\\n"), "b/c.py": ("old c\\n", "new c\\n"), "new.py": (None, "new\\n"),
                   "gone.py": ("gone\\n", None)}
        if action != "apply":
            await apply_changes(root, changes, why="test")
        else:
            arm(die)
            await apply_changes(root, changes, why="test")

anyio.run(main)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "b").mkdir(parents=True)
    (root / "a.py").write_text("old a\n")
    (root / "b" / "c.py").write_text("old c\n")
    (root / "gone.py").write_text("gone\n")
    return root


def contents(root: Path) -> dict[str, str]:
    files = [path for path in root.rglob("*") if path.is_file() and ".cambrian" not in path.parts]
    files = [path for path in files if ".new-" not in path.name]  # of a process that was killed; gone at the next call
    return {path.relative_to(root).as_posix(): path.read_text() for path in files}


OLD = {"a.py": "old a\n", "b/c.py": "old c\n", "gone.py": "gone\n"}
OLD_AND_NEW = {"a.py": ("old a\n", "new a\n"), "b/c.py": ("old c\n", "new c\n")}
NEW = {"a.py": "new a\n", "b/c.py": "new c\n", "new.py": "new\n"}


def child(action: str, root: Path, label: str = "", occurrence: int = 0) -> bool:
    """Whether it was killed."""
    words = [sys.executable, "-c", _CHILD, action, str(root), label, str(occurrence)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr[-2000:]
    return done.returncode != 0


async def test_all_is_written_and_undone(project: Path) -> None:
    assert not child("write", project)
    assert contents(project) == NEW
    (record,) = list_undo(project)
    assert (record.id, record.why, record.state) == ("1", "test", State.APPLIED)
    undone = await undo_changes(project)
    assert (undone.id, undone.files, undone.settled) == ("1", ("a.py", "b/c.py", "gone.py", "new.py"), ())
    assert contents(project) == OLD
    with pytest.raises(UsageError, match="nothing to undo"):
        await undo_changes(project)
    with pytest.raises(UsageError, match="is undone"):
        await undo_changes(project, "1")


@pytest.mark.slow
@pytest.mark.parametrize("label", APPLY_LABELS)
@pytest.mark.parametrize("action", ["apply", "undo"])
async def test_killed_anywhere_it_is_settled_by_the_next_call(project: Path, action: str, label: str) -> None:
    """At each occurrence of each moment; the next call writes another file, and everything else is as it was."""
    (project / "other.py").write_text("1\n")
    start = contents(project)
    for occurrence in range(1, 20):
        if action == "undo":
            child("write", project)
        if not child(action, project, label, occurrence):
            assert occurrence > 1 or label == "place.removed", f"{label} is never passed"
            break
        found = contents(project)
        allowed = [{**OLD, "other.py": "1\n"}, {**NEW, "other.py": "1\n"}]
        for name in {*found, *OLD, *NEW}:
            assert found.get(name) in {each.get(name) for each in allowed}, "each file is old or new"
        complete = list_undo(project)[-1].state if list_undo(project) else State.CUT_OFF
        settled = await apply_changes(project, {"other.py": ("1\n", "2\n")}, why="other")
        if complete is State.APPLIED:
            assert {**contents(project), "other.py": "1\n"} == {**NEW, "other.py": "1\n"}
            await undo_changes(project, list_undo(project)[-2].id)
        else:
            assert settled.settled or complete in (State.CUT_OFF, State.UNDONE)
        assert contents(project) == {**start, "other.py": "2\n"}
        await undo_changes(project)
        assert contents(project) == start
        assert not list(project.rglob("*.new-*"))
    else:
        pytest.fail("the moment never ceased to come")


async def test_what_was_edited_after_a_kill_is_left(project: Path) -> None:
    assert child("apply", project, "place.after_rename", 2)
    (project / "a.py").write_text("mine\n")
    told = await apply_changes(project, {"b/c.py": ("new c\n", "newer\n")}, why="again")
    assert "'a.py' was edited since" in told.settled[0]
    assert (project / "a.py").read_text() == "mine\n"
    assert [record.state for record in list_undo(project)] == [State.LEFT, State.APPLIED]


async def test_a_file_that_was_changed_meanwhile_is_named(project: Path) -> None:
    (project / "b" / "c.py").write_text("mine\n")
    with pytest.raises(UsageError, match=r"b/c\.py' is no longer what was looked at"):
        await apply_changes(project, {"a.py": ("old a\n", "x"), "b/c.py": ("old c\n", "x")}, why="test")
    assert contents(project) == {**OLD, "b/c.py": "mine\n"}


async def test_undo_refuses_a_file_that_was_changed_since(project: Path) -> None:
    await apply_changes(project, {"a.py": ("old a\n", "x\n"), "b/c.py": ("old c\n", "y\n")}, why="test")
    (project / "b" / "c.py").write_text("mine\n")
    with pytest.raises(UsageError, match=r"b/c\.py' does not read as it was written"):
        await undo_changes(project)
    assert (project / "a.py").read_text() == "x\n"
    assert list_undo(project)[0].state is State.APPLIED


async def test_an_earlier_writing_can_be_undone_if_its_files_stand(project: Path) -> None:
    await apply_changes(project, {"a.py": ("old a\n", "x\n")}, why="one")
    await apply_changes(project, {"b/c.py": ("old c\n", "y\n")}, why="two")
    await undo_changes(project, "1")
    assert contents(project) == {**OLD, "b/c.py": "y\n"}
    with pytest.raises(UsageError, match="no undo record '7'"):
        await undo_changes(project, "7")


async def test_a_file_that_cannot_be_written_leaves_all_as_it_was(project: Path) -> None:
    (project / "blocked").write_text("a file where a folder is wanted")
    with pytest.raises(UsageError, match="nothing was changed"):
        await apply_changes(project, {"a.py": ("old a\n", "x"), "blocked/c.py": (None, "x")}, why="test")
    assert (project / "a.py").read_text() == "old a\n"
    assert list_undo(project)[0].state is State.CUT_OFF


@pytest.mark.parametrize("name", ["../x.py", "/etc/x.py", "out/x.py"])
async def test_places_outside_are_refused(project: Path, tmp_path: Path, name: str) -> None:
    (project / "out").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="lies outside"):
        await apply_changes(project, {name: (None, "x")}, why="test")


async def test_nothing_to_write_is_told(project: Path) -> None:
    with pytest.raises(UsageError, match="nothing to write"):
        await apply_changes(project, {"a.py": ("old a\n", "old a\n")}, why="test")
    with pytest.raises(UsageError, match="nothing was ever written"):
        await undo_changes(project / "b")


async def test_modes_links_marks_encodings_and_line_ends_stay(project: Path) -> None:
    (project / "a.py").chmod(0o751)
    (project / "link.py").symlink_to("a.py")
    (project / "bom.py").write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2\r\n")
    (project / "latin.py").write_bytes("# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"))
    changes = {
        "link.py": ("old a\n", "new a\n"),
        "bom.py": ("x = 1\ny = 2\n", "x = 1\ny = 3\n"),
        "latin.py": ("# -*- coding: latin-1 -*-\nx = 'é'\n", "# -*- coding: latin-1 -*-\nx = 'è'\n"),
    }
    await apply_changes(project, changes, why="test")
    assert ((project / "a.py").read_text(), (project / "a.py").stat().st_mode & 0o777) == ("new a\n", 0o751)
    assert (project / "link.py").is_symlink()
    assert (project / "bom.py").read_bytes() == b"\xef\xbb\xbfx = 1\r\ny = 3\r\n"
    assert (project / "latin.py").read_bytes() == "# -*- coding: latin-1 -*-\nx = 'è'\n".encode("latin-1")
    await undo_changes(project)
    assert (project / "bom.py").read_bytes() == b"\xef\xbb\xbfx = 1\r\ny = 2\r\n"


async def test_an_owner_stays_when_root_writes(project: Path) -> None:
    if os.geteuid() != 0:
        return
    os.chown(project / "a.py", 1234, 1234)
    await apply_changes(project, {"a.py": ("old a\n", "new a\n")}, why="test")
    assert ((project / "a.py").stat().st_uid, (project / "a.py").stat().st_gid) == (1234, 1234)


async def test_a_character_that_the_encoding_lacks_is_told(project: Path) -> None:
    (project / "latin.py").write_bytes(b"# coding: latin-1\n")
    with pytest.raises(UsageError, match="cannot be written in 'iso-8859-1'"):
        await apply_changes(project, {"latin.py": ("# coding: latin-1\n", "# coding: latin-1\n# €\n")}, why="test")


async def test_the_workspace_keeps_out_of_git_and_records_are_private(project: Path) -> None:
    await apply_changes(project, {"a.py": ("old a\n", "new a\n")}, why="test")
    assert (project / ".cambrian" / ".gitignore").read_text() == "*\n"
    assert (project / ".cambrian" / "undo" / "1.json").stat().st_mode & 0o777 == 0o600


async def test_a_record_that_is_damaged_is_told_and_in_nobodys_way(project: Path) -> None:
    await apply_changes(project, {"a.py": ("old a\n", "new a\n")}, why="test")
    await apply_changes(project, {"b/c.py": ("old c\n", "new c\n")}, why="test")
    (project / ".cambrian" / "undo" / "2.json").write_text("{")
    for which in ("last", "2"):
        with pytest.raises(UsageError, match=r"2\.json' cannot be read .* delete it"):
            await undo_changes(project, which)
    with pytest.raises(UsageError, match="`cambrian undo 1` takes back the one before"):
        await undo_changes(project)
    done = await apply_changes(project, {"a.py": ("new a\n", "newer a\n")}, why="test")
    assert (done.id, [word in done.settled[0] for word in ("2.json", "delete it")]) == ("3", [True, True])
    assert [each.id for each in list_undo(project)] == ["1", "3"]
    assert [each.id for each in list_damaged(project)] == ["2"]
    await undo_changes(project)
    with pytest.raises(UsageError, match=r"2\.json"):
        await undo_changes(project)
    await undo_changes(project, "1")
    assert (project / "a.py").read_text() == "old a\n"


async def test_folders_that_were_made_go_with_the_undoing_unless_something_is_in_them(project: Path) -> None:
    await apply_changes(project, {"x/y/z.py": (None, "new\n"), "w/v.py": (None, "new\n")}, why="test")
    (project / "w" / "other.py").write_text("mine\n")
    await undo_changes(project)
    assert not (project / "x").exists()
    assert [path.name for path in (project / "w").iterdir()] == ["other.py"]
    assert (project / "b").is_dir()


@pytest.mark.parametrize("undoing", [False, True], ids=["apply", "undo"])
async def test_a_file_that_is_read_only_or_has_two_names_is_told_and_left(project: Path, undoing: bool) -> None:
    async def change(name: str) -> None:
        if undoing:
            await undo_changes(project)
        else:
            await apply_changes(project, {"new.py": (None, "new\n"), name: OLD_AND_NEW[name]}, why="test")

    if undoing:
        await apply_changes(project, OLD_AND_NEW, why="test")
    stood = contents(project)
    (project / "a.py").chmod(0o444)
    with pytest.raises(UsageError, match=r"a\.py' is read-only; nothing was changed; make it writable"):
        await change("a.py")
    (project / "a.py").chmod(0o644)
    os.link(project / "b" / "c.py", project / "b" / "second.py")
    with pytest.raises(UsageError, match=r"c\.py' has a second name \(a hard link\)"):
        await change("b/c.py")
    (project / "b" / "second.py").unlink()
    assert contents(project) == stood
    await change("b/c.py")


async def test_two_hundred_records_are_kept(project: Path) -> None:
    ledger = Ledger(project)
    await apply_changes(project, {"a.py": ("old a\n", "new a\n")}, why="test")
    with ledger.locked():
        (record,) = ledger.records()
        for number in range(2, 215):
            ledger.keep(msgspec.structs.replace(record, id=str(number)))
        assert [each.id for each in ledger.records()][:1] == ["15"]


@given(st.text(alphabet="ab\r\n\ufeffé", max_size=20), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_texts_come_back_exactly(text: str, encoding: str) -> None:
    text = text.removeprefix("\ufeff")
    mark = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding]
    raw = mark + text.encode(encoding)
    found = decode_source(raw, "x.js")
    assert (found.text, found.encode(found.text)) == (text, raw)


@given(st.lists(st.text(alphabet="ab", max_size=3), min_size=1), st.lists(st.text(alphabet="ab", max_size=3)))
def test_line_ends_of_a_windows_file_stay(before: list[str], after: list[str]) -> None:
    file = Decoded("".join(f"{line}\r\n" for line in before))
    plain = ["".join(f"{line}\n" for line in lines) for lines in (before, after)]
    assert file.alike(plain[0], plain[1]) == "".join(f"{line}\r\n" for line in after)


@pytest.mark.parametrize("raw", [b"# coding: no-such-thing\n", b"\xff\xff", b"# coding: utf-8\n\xe9\n"])
def test_what_is_no_text_is_told(raw: bytes) -> None:
    with pytest.raises(UsageError, match=r"x\.py' is no text that can be read"):
        decode_source(raw, "x.py")

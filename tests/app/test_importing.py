"""Runs out of one workspace and into another: the same to the letter, whole or not at all, damage named."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import anyio.to_thread
import msgspec
import pytest

from cambrian.app.cli import run as cambrian
from cambrian.app.export import export_run
from cambrian.app.importing import find_incoming, take_in
from cambrian.app.results import Imported
from cambrian.app.workspace import Workspace
from cambrian.core.errors import RunNotFound, StoreDamaged, UsageError
from cambrian.core.event import Event, Fact, fact
from cambrian.core.ids import RunId, VariantId, digest
from cambrian.journal.file import FileStore
from cambrian.journal.portable import TornTail
from cambrian.journal.store import Appended
from cambrian.search.facts import PROMOTED, Promoted

from .stage import PROGRAM, played

RUN = RunId("r-0")
BINARY = b"\xff\x00 no text"


@pytest.fixture
async def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "here")
    await played(workspace)
    record = Promoted(
        variant=(await the_best(workspace)), files={"program.py": digest(b"new text")},
        replaced={"program.py": digest(BINARY)}, approver="ada", signature="s",
    )  # fmt: skip
    async with workspace.writing() as store:
        (head,) = await store.heads(RUN)
        facts = [fact(PROMOTED, record, channel="control"), Fact(type="odd.space", data=msgspec.Raw(b'{"a":\n 1}'))]
        await store.append(
            RUN, facts, expected=head.seq, epoch=head.epoch, time=1.5e9 + 0.1, blobs=[b"new text", BINARY]
        )
    return workspace


async def the_best(workspace: Workspace) -> VariantId:
    async with workspace.reading() as runs:
        view = await runs.search(await runs.find("last"))
        return (await runs.variant(view, "best")).id


async def events(workspace: Workspace, run: RunId = RUN) -> list[Event]:
    async with workspace.reading() as runs:
        found = [event async for event in runs.reader.read(run)]
    return [msgspec.structs.replace(event, data=msgspec.Raw(bytes(event.data).replace(b"\n", b" "))) for event in found]


async def exported(workspace: Workspace, path: Path) -> Path:
    async with workspace.reading() as runs:
        await export_run(runs, "last", path)
    return path


async def bring(path: Path, to: Workspace, *, partial: bool = False, names: tuple[str, ...] = ()) -> Imported:
    return await take_in(to, path, find_incoming(path, names=names, partial=partial))


async def test_a_round_trip_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    file, there = await exported(workspace, tmp_path / "x" / "run.jsonl"), Workspace(tmp_path / "there")
    told = await bring(file, there)
    assert (told.runs, told.warnings) == ((RUN,), ())
    assert await events(there) == await events(workspace)
    async with workspace.reading() as old, there.reading() as new:
        assert await old.outcome("last") == await new.outcome("last")
        (before,), (after,) = await old.reader.heads(), await new.reader.heads()
        assert (after.kind, after.seq, after.created, after.updated) == (
            before.kind, before.seq, before.created, before.updated,
        )  # fmt: skip
        for content in (PROGRAM.encode(), b"new text", BINARY):
            assert await new.reader.blob(digest(content)) == content
        assert await new.reader.check() == []
    assert file.read_bytes() == (await exported(there, tmp_path / "again.jsonl")).read_bytes()


async def test_a_run_that_is_there_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    file = await exported(workspace, tmp_path / "run.jsonl")
    before = await events(workspace)
    with pytest.raises(UsageError, match=r"run 'r-0' is in the workspace .* already; nothing was taken in"):
        await bring(file, workspace)
    assert await events(workspace) == before


def cut_within(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def cut_between(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:9])


@pytest.mark.parametrize("cut", [cut_within, cut_between])
async def test_a_torn_tail_is_found_and_named(
    cut: Callable[[bytes], bytes], workspace: Workspace, tmp_path: Path
) -> None:
    file, there = await exported(workspace, tmp_path / "run.jsonl"), Workspace(tmp_path / "there")
    file.write_bytes(cut(file.read_bytes()))
    with pytest.raises(TornTail, match=r"run\.jsonl': torn tail at line \d+: .*of \d+ events are whole; .*--partial"):
        await bring(file, there)
    async with there.reading() as runs:
        assert await runs.lines() == [], "nothing is in by half"
    told = await bring(file, there, partial=True)
    assert 0 < told.events < len(await events(workspace))
    assert "torn tail" in told.warnings[0]
    assert await events(there) == (await events(workspace))[: told.events]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b'"cambrian_run":1', b'"cambrian_run":9', "format 9; this version reads 1"),
        (b'"cambrian_run":1', b'"elsewhere":1', "no run of Cambrian begins so"),
        (b"{", b"", "no run of Cambrian begins so"),
        (b'"text":"def solve()', b'"text":"def salve()', "other content than its digest says"),
        (b'"seq":5', b'"seq":6', "event 6 stands where 5 is wanted"),
        (b'"an edit"', b'"an odit"', "checksum is not that of the lines before"),
        (b'"channel":"control"', b'"channel":"confusion"', "neither an event nor a blob"),
        (b'{"end":', b'{"end":1', "events are wanted"),
    ],
)
async def test_damage_is_named(old: bytes, new: bytes, what: str, workspace: Workspace, tmp_path: Path) -> None:
    file, there = await exported(workspace, tmp_path / "run.jsonl"), Workspace(tmp_path / "there")
    data = file.read_bytes()
    assert old in data, "the needle is not there: the test is worth nothing"
    file.write_bytes(data.replace(old, new, 1))
    for partial in (False, True):
        with pytest.raises(StoreDamaged, match=what):
            await bring(file, there, partial=partial)
    if not there.is_empty:
        async with there.reading() as runs:
            assert await runs.lines() == []


async def test_something_after_the_end_is_damage(workspace: Workspace, tmp_path: Path) -> None:
    file = await exported(workspace, tmp_path / "run.jsonl")
    file.write_bytes(file.read_bytes() * 2)
    with pytest.raises(StoreDamaged, match="something follows the end"):
        await bring(file, Workspace(tmp_path / "there"))


async def journal_in_files(path: Path) -> None:
    async with await FileStore.open(path) as store:
        for name in ("r-1", "r-2"):
            history = [Appended(facts=[fact("run.created", {"kind": "agent"})], time=5.0, blobs=[name.encode()])]
            await store.restore(RunId(name), history, epoch=0)
            await store.append(RunId(name), [fact("a.b", {})] * 3, expected=1, epoch=0, time=6.0, blobs=[b"shared"])


async def test_a_journal_in_plain_files_is_taken_in(tmp_path: Path) -> None:
    there = Workspace(tmp_path / "there")
    await journal_in_files(tmp_path / "old")
    with (tmp_path / "old" / "runs" / "r-2.jsonl").open("ab") as file:
        file.write(b"0000ffff 00000000 {cut")
    with pytest.raises(RunNotFound, match=r"no run 'r-9' in .*there: r-1, r-2"):
        find_incoming(tmp_path / "old", names=["r-9"])
    assert (await bring(tmp_path / "old", there, names=("r-1",))).events == 4
    with pytest.raises(UsageError, match="'r-1' is in the workspace"):
        await bring(tmp_path / "old", there)
    told = await bring(tmp_path / "old", there, names=("r-2",))
    assert told.events == 4
    assert told.warnings == ("torn tail of 22 bytes in r-2.jsonl, never acknowledged: left out",)
    async with await FileStore.open(tmp_path / "old") as old, there.reading() as runs:
        for name in (RunId("r-1"), RunId("r-2")):
            assert await events(there, name) == [event async for event in old.read(name)]
        for content in (b"r-1", b"r-2", b"shared"):
            assert await runs.reader.blob(digest(content)) == content


@pytest.mark.parametrize("what", ["nothing", "folder", "text"])
def test_what_is_no_run_is_told(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x"
    if what == "folder":
        path.mkdir()
    elif what == "text":
        path.write_text("hello\n", encoding="utf-8")
    assert cambrian(["runs", "import", str(path), "--workspace", str(tmp_path / "w")]) in (1, 2)
    told = capsys.readouterr()
    assert told.out == ""
    assert str(path) in told.err
    assert "internal error" not in told.err
    assert not (tmp_path / "w").exists(), "a refusal makes no workspace"


CHILD = """
import os, signal, sys
from cambrian.app.cli import main
from cambrian.journal.crashpoints import arm
arm(lambda label: label == "sqlite.restore.before_commit" and os.kill(os.getpid(), signal.SIGKILL))
main(sys.argv[1:])
"""


async def test_an_import_that_is_killed_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    file, there = await exported(workspace, tmp_path / "run.jsonl"), Workspace(tmp_path / "there")
    words = ["runs", "import", str(file), "--workspace", str(there.path)]

    def killed() -> int:
        return subprocess.run([sys.executable, "-c", CHILD, *words], timeout=60, check=False).returncode

    assert await anyio.to_thread.run_sync(killed) == -signal.SIGKILL
    async with there.reading() as runs:
        assert await runs.lines() == []
        assert await runs.reader.check() == []
    await bring(file, there)
    assert await events(there) == await events(workspace)


def written(path: Path, run: str = "r-1", data: bytes = b'{"kind": "agent"}') -> Path:
    """A file that is whole, with something odd in it."""
    header = msgspec.json.encode({"cambrian_run": 1, "run": run, "kind": "agent", "events": 1})
    event = b'{"seq":1,"time":5.0,"type":"run.created","channel":"control","data":' + data + b"}"
    body = header + b"\n" + event + b"\n"
    path.write_bytes(body + msgspec.json.encode({"end": 1, "sha256": hashlib.sha256(body).hexdigest()}) + b"\n")
    return path


def nested(depth: int) -> bytes:
    return b'{"kind": "agent", "deep": ' + b"[" * depth + b"]" * depth + b"}"


async def test_positive_control_of_what_is_odd(tmp_path: Path) -> None:
    there = Workspace(tmp_path / "there")
    assert (await bring(written(tmp_path / "a.jsonl", data=nested(150)), there)).runs == ("r-1",)
    brackets = b'{"kind": "agent", "flat": "' + b'[\\"{' * 400 + b'", "list": [' + b"[]," * 400 + b"[]]}"
    assert (await bring(written(tmp_path / "b.jsonl", "r-2", brackets), there)).runs == ("r-2",)


@pytest.mark.parametrize("depth", [250, 900, 100_000])
async def test_data_that_are_too_deep_are_refused(depth: int, tmp_path: Path) -> None:
    there = Workspace(tmp_path / "there")
    with pytest.raises(StoreDamaged, match="deep"):
        await bring(written(tmp_path / "run.jsonl", data=nested(depth)), there)
    async with there.reading() as runs:
        assert await runs.lines() == []
        assert await runs.reader.check() == []


@pytest.mark.parametrize("line", [0, 1, 2])
async def test_a_line_that_is_too_deep_is_damage(line: int, tmp_path: Path) -> None:
    file = written(tmp_path / "run.jsonl")
    lines = file.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line][:-2] + b',"more":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    file.write_bytes(b"".join(lines))
    with pytest.raises(StoreDamaged):
        await bring(file, Workspace(tmp_path / "there"))


ODD = [
    "",
    "../x",
    "r-/etc",
    "r-..",
    "r-",
    "last",
    "-x",
    "r-\x1b[2J",
    "r-a\nb",
    "r-é",
    "r-" + "a" * 10_000,
    " r-1",
    "r-1 ",
]


@pytest.mark.parametrize("run", ODD)
def test_ids_that_are_none_are_refused(run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["runs", "import", str(written(tmp_path / "run.jsonl", run)), "--workspace", str(tmp_path / "w")]
    assert cambrian(words) == 1
    told = capsys.readouterr().err
    assert "is no id of a run" in told
    assert "\x1b" not in told
    assert len(told) < 500
    assert not (tmp_path / "w").exists()


async def test_of_several_runs_all_come_in_or_none(tmp_path: Path) -> None:
    there = Workspace(tmp_path / "there")
    await journal_in_files(tmp_path / "old")
    file = tmp_path / "old" / "runs" / "r-2.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b'"a.b"', b'"a.c"', 1))
    with pytest.raises(StoreDamaged, match="r-2"):
        await bring(tmp_path / "old", there)
    async with there.reading() as runs:
        assert await runs.lines() == []
    file.write_bytes(whole)
    assert (await bring(tmp_path / "old", there)).runs == ("r-1", "r-2")

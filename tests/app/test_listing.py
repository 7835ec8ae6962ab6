"""The lines that `runs list` keeps: the same as folding, used only for exactly the events that they stand for."""

from __future__ import annotations

import time
from pathlib import Path

import anyio.to_thread
import pytest

from cambrian.app.cli import run as cambrian
from cambrian.app.results import RunLine, line_of
from cambrian.app.workspace import Runs, Workspace
from cambrian.core.event import fact
from cambrian.core.ids import RunId
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.search.facts import STOPPED, Stopped
from cambrian.testing.clock import ManualClock

from .stage import Actor, played


@pytest.fixture
async def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "w")
    for name, values in (("r-a", (1.0, 2.0)), ("r-b", (None,)), ("../r-c", (1.0, None, 0.5))):
        await played(workspace, values, name=name)
    return workspace


async def lines(workspace: Workspace, *, folded: bool = False) -> list[RunLine]:
    async with workspace.reading() as runs:
        return await (Runs(runs.reader) if folded else runs).lines()


def kept(workspace: Workspace) -> set[str]:
    return {path.name for path in (workspace.path / "lines").glob("*")}


async def test_kept_lines_are_what_folding_gives(workspace: Workspace) -> None:
    folded = await lines(workspace)
    assert kept(workspace) == set(), "reading keeps nothing"
    await workspace.keep_lines()
    assert kept(workspace) == {"r-a.json", "r-b.json", "%2E%2E%2Fr-c.json"}
    assert await lines(workspace) == folded
    async with workspace.reading() as runs:
        assert [line_of(await runs.outcome(line.run)) for line in folded] == folded


async def test_they_are_used(workspace: Workspace) -> None:
    await workspace.keep_lines()
    path = workspace.path / "lines" / "r-a.json"
    path.write_bytes(path.read_bytes().replace(b'"small"', b'"forged"'))
    assert [line.task for line in await lines(workspace)] == ["small", "forged", "small"]
    await workspace.keep_lines()
    path.write_bytes(path.read_bytes()[:-9])
    assert [line.task for line in await lines(workspace)] == ["small"] * 3, "one that cannot be read is passed over"


async def test_a_run_that_goes_on_is_folded_again(workspace: Workspace) -> None:
    await workspace.keep_lines()
    async with workspace.writing() as store:
        run = await Run.resume(store, RunId("r-a"), clock=ManualClock(time.time()), holder=this_process())
        by_run = {line.run: line for line in await lines(workspace)}
        assert by_run[RunId("r-a")].status == "running"
        await workspace.keep_lines()
        await run.append(fact(STOPPED, Stopped(reason="interrupted", elapsed_s=99.0)))
        await run.aclose()
    by_run = {line.run: line for line in await lines(workspace)}
    assert (by_run[RunId("r-a")].status, by_run[RunId("r-a")].wall_s) == ("stopped", 99.0)
    assert await lines(workspace) == await lines(workspace, folded=True)


async def test_a_run_of_the_same_name_with_other_events_is_another(workspace: Workspace) -> None:
    await workspace.keep_lines()
    async with workspace.writing() as store:
        await store.gc(delete=[RunId("r-a")], now=4e9)
    await played(workspace, (1.0, 7.0), name="r-a", start=1.8e9)
    assert await lines(workspace) == await lines(workspace, folded=True)


async def test_gc_deletes_lines_of_runs_that_are_gone(workspace: Workspace) -> None:
    place = ["--workspace", str(workspace.path)]
    assert await anyio.to_thread.run_sync(cambrian, ["runs", "gc", *place]) == 0
    (workspace.path / "lines" / ".r-a.json.new-1-1").write_text("left by a killed process", encoding="utf-8")
    assert kept(workspace) == {"r-a.json", "r-b.json", "%2E%2E%2Fr-c.json", ".r-a.json.new-1-1"}
    assert await anyio.to_thread.run_sync(cambrian, ["runs", "gc", "--run", "r-a", *place]) == 0
    assert kept(workspace) == {"r-b.json", "%2E%2E%2Fr-c.json"}


async def test_a_full_disk_costs_nothing_but_time(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from cambrian.app import listing

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(listing, "replace_file", full)
    await workspace.keep_lines()
    assert "was not kept: No space left on device" in caplog.text
    assert len(await lines(workspace)) == 3


async def test_an_unfinished_run_of_a_dead_process_is_kept_too(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    async with workspace.writing() as store:
        actor = await Actor.begin(store, clock=ManualClock(0.0))
        await actor.evaluate(1.0)
        await actor.run.aclose()
    await workspace.keep_lines()
    assert kept(workspace) == {"r-0.json"}
    assert [line.status for line in await lines(workspace)] == ["interrupted"]

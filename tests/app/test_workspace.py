"""Finding and reading runs; a synthetic journal takes the place of a search."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import msgspec
import pytest

from cambrian.app.cli import run
from cambrian.app.display.closing import closing
from cambrian.app.evolution import resume_async
from cambrian.app.pareto import FRONT_MOST
from cambrian.app.results import RunLine
from cambrian.app.workspace import Runs, Workspace, is_alive
from cambrian.core.errors import RunNotFound, StoreDamaged, UsageError
from cambrian.core.evaluation import Objective, Status
from cambrian.core.event import fact
from cambrian.core.ids import RunId, VariantId
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.store import Lease, RunHead
from cambrian.search.facts import EVALUATED, OPENED, Evaluated, Opened
from cambrian.testing.clock import ManualClock

from .stage import PROGRAM, Actor, played, small_task
from .tale import Said, task_of, tell, text_of


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w")


async def test_a_run_is_told_from_its_facts(workspace: Workspace) -> None:
    await played(workspace)
    async with workspace.reading() as runs:
        told = await runs.outcome("last")
    assert (told.run, told.kind, told.task, told.status, told.stop_reason) == (
        "r-0", "search", "small", "finished", "evaluations",
    )  # fmt: skip
    assert (told.evaluations, told.failures, told.seed, told.jobs, told.level) == (4, {"error": 1}, 7, 2, "L3")
    assert told.created == "2023-11-14T22:13:20Z"
    assert told.initial is not None
    assert told.best is not None
    assert told.initial.files == {"program.py": PROGRAM}
    assert told.best.objectives == {"score": 3.0}
    assert told.best.files == {"program.py": "def solve():\n    return 2\n"}
    assert (told.best.proposer, told.best.why, told.best.evaluation) == ("edit", "an edit", 2)
    assert (told.proposers["edit"].evaluations, told.proposers["edit"].failures) == (3, 1)
    assert told.wall_s == 4.0


async def test_last_after_a_failed_start_says_so_and_names_a_run_that_has_a_best(workspace: Workspace) -> None:
    await played(workspace, [None], name="r-only")
    async with workspace.reading() as runs:
        with pytest.raises(RunNotFound, match="own program gave no score; no other run here has a best either"):
            await runs.variant(await runs.summary(RunId("r-only")), "best")
    await played(workspace, name="r-good", start=1_700_000_100.0)
    await played(workspace, [None], name="r-bad", start=1_700_000_200.0)
    async with workspace.reading() as runs:
        head = await runs.find("last")
        assert head.run == "r-bad"
        with pytest.raises(RunNotFound, match=r"'r-bad' has no 'best' .* a best is r-good \(small\): name it"):
            await runs.variant(await runs.search(head), "best")


async def test_the_front_of_several_objectives_is_told(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = msgspec.structs.replace(
        task_of(), objectives=(Objective(name="score"), Objective(name="size", direction="minimize"))
    )
    pairs = [(1.0, 5.0), (3.0, 9.0), (2.0, 9.0), (1.0, 4.0), (None, 0.0), (3.0, 8.0), (3.0, 8.0)]
    said = [Said(value=value, further={"size": size}) for value, size in pairs]
    await tell(workspace, said, task=task)
    async with workspace.reading() as runs:
        told = await runs.outcome("last")
        variants = [score.variant for score in told.front]
        assert [score.objectives for score in told.front] == [{"score": 3.0, "size": 8.0}, {"score": 1.0, "size": 4.0}]
        assert told.front_size == 2
        other = await runs.scored("last", variants[1])
        assert (other.objectives, other.evaluation) == ({"score": 1.0, "size": 4.0}, 3)
        assert other.files == {"program.py": text_of(3)}
        view = await runs.search(await runs.find("last"))
        failed = [item async for item in failures(runs, view.run)]
        with pytest.raises(RunNotFound, match="has no score: it ended as 'error'"):
            await runs.scored("last", failed[0])
    text = closing(told, workspace="")
    assert "2 variants that no other beats in all objectives: cambrian runs show r-0" in text


async def failures(runs: Runs, run: RunId) -> AsyncIterator[VariantId]:
    async for event in runs.reader.read(run, types={EVALUATED}):
        result = msgspec.json.decode(event.data, type=Evaluated).evaluation
        if not result.ok:
            yield result.variant


async def test_a_long_front_is_cut_evenly_and_says_so(workspace: Workspace) -> None:
    said = [Said(value=float(n), further={"second": -float(n)}) for n in range(120)]
    await tell(workspace, said, task=task_of(further=["second"]))
    async with workspace.reading() as runs:
        told = await runs.outcome("last")
    assert (told.front_size, len(told.front)) == (120, FRONT_MOST)
    assert [told.front[0].objectives["score"], told.front[-1].objectives["score"]] == [119.0, 0.0]


def test_the_commands_tell_all_objectives_and_the_front(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [Said(value=3.0, further={"second": 1.0}), Said(value=2.0, further={"second": 5.0})]
    anyio.run(lambda: tell(workspace, said, task=task_of(further=["second"])))
    place = ["--workspace", str(workspace.path)]
    assert run(["runs", "list", *place]) == 0
    assert "score 3, second 1" in capsys.readouterr().out
    assert run(["runs", "show", *place]) == 0
    shown = capsys.readouterr().out
    assert "Front  2 variant(s) that no other beats in all objectives\n" in shown
    [line] = [line for line in shown.splitlines() if "score 2 " in line]
    assert run(["runs", "best", "last", "--variant", line.split()[0], *place]) == 0
    assert "return 1" in capsys.readouterr().out


async def test_the_newest_run_is_listed_first_and_is_the_last(workspace: Workspace) -> None:
    await played(workspace, name="r-b", start=2_000_000_000.0)
    await played(workspace, name="r-a", start=1_900_000_000.0)
    async with workspace.reading() as runs:
        lines: list[RunLine] = await runs.lines()
        assert [line.run for line in lines] == ["r-b", "r-a"]
        assert (await runs.find("last")).run == "r-b"


async def test_runs_are_found_by_the_beginning_of_their_id(workspace: Workspace) -> None:
    for name in ("r-abc", "r-abd", "r-x", "r-abdomen"):
        await played(workspace, name=name)
    async with workspace.reading() as runs:
        assert (await runs.find("r-x")).run == "r-x"
        assert (await runs.find("x")).run == "r-x"
        assert (await runs.find("r-abd")).run == "r-abd", "a whole id goes before a longer one"
        with pytest.raises(UsageError, match="'r-ab' is not clear: 3 runs begin so"):
            await runs.find("r-ab")
        for name in ("r-nothing", "", "r-"):
            with pytest.raises(RunNotFound, match="runs list"):
                await runs.find(name)


async def test_variants_are_found_by_word_or_beginning(workspace: Workspace) -> None:
    await played(workspace)
    async with workspace.reading() as runs:
        view = await runs.search(await runs.find("last"))
        best = await runs.variant(view, "best")
        assert await runs.variant(view, best.id[:6]) == best
        assert (await runs.variant(view, "initial")).origin.proposer == "initial"
        with pytest.raises(RunNotFound, match="no variant 'zzz'"):
            await runs.variant(view, "zzz")
        with pytest.raises(UsageError, match="4 begin so"):
            await runs.variant(view, "")


async def test_a_run_without_a_score_has_no_best(workspace: Workspace) -> None:
    await played(workspace, [None])
    async with workspace.reading() as runs:
        told = await runs.outcome("last")
        assert told.best is None
        view = await runs.search(await runs.find("last"))
        with pytest.raises(RunNotFound, match="own program gave no score"):
            await runs.variant(view, "best")


async def test_a_run_that_never_opened_is_told_apart(workspace: Workspace) -> None:
    from cambrian.journal.kernel import Run

    async with workspace.writing() as store:
        run = await Run.create(
            store, kind="agent", data={}, clock=ManualClock(), holder=this_process(), run=RunId("r-agent")
        )
        await run.aclose()
    async with workspace.reading() as runs:
        with pytest.raises(UsageError, match="of kind 'agent'"):
            await runs.outcome("r-agent")
        assert [line.kind for line in await runs.lines()] == ["agent"]


async def test_a_live_run_is_running_and_a_vanished_one_interrupted(workspace: Workspace) -> None:
    import time

    async with workspace.writing() as store:
        actor = await Actor.begin(store, clock=ManualClock(time.time()))
        await actor.evaluate(1.0)
        async with workspace.reading() as runs:
            assert (await runs.outcome("last")).status == "running"
        await actor.run.aclose()
    async with workspace.reading() as runs:
        assert (await runs.outcome("last")).status == "interrupted"


def test_who_counts_as_alive() -> None:
    def head(lease: Lease | None) -> RunHead:
        return RunHead(run=RunId("r"), kind="search", seq=1, created=0.0, updated=0.0, lease=lease)

    lease = Lease(run=RunId("r"), holder=this_process(), epoch=1, expires=100.0)
    assert is_alive(head(lease), now=99.0)
    assert is_alive(head(lease), now=101.0), "it has expired, but its process is here and may go on"
    elsewhere = Lease(run=RunId("r"), holder=f"far{this_process()}", epoch=1, expires=100.0)
    assert is_alive(head(elsewhere), now=99.0)
    assert not is_alive(head(elsewhere), now=101.0), "of another machine only the lease is known"
    assert not is_alive(head(None), now=0.0)
    dead = Lease(run=RunId("r"), holder=this_process() + "9", epoch=1, expires=100.0)
    assert not is_alive(head(dead), now=99.0), "another process has its number now"


async def test_reading_makes_nothing(workspace: Workspace) -> None:
    assert workspace.is_empty
    with pytest.raises(RunNotFound):
        async with workspace.reading():
            pass
    assert not workspace.path.exists()


def test_a_workspace_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="--workspace"):
        Workspace(tmp_path / "file" / "w").prepare()


async def damaged(workspace: Workspace, name: str = "r-bad") -> None:
    """A run as an earlier version let `seed="a"` make it: an opening that no longer decodes."""
    async with workspace.writing() as store:
        held = await Run.create(
            store, kind="search", data={}, clock=ManualClock(1_600_000_000.0), holder=this_process(), run=RunId(name)
        )
        opened = msgspec.to_builtins(Opened(task=small_task(), seed=1, jobs=1))
        await held.append(fact(OPENED, opened | {"seed": "a"}))
        await held.aclose()


async def test_one_damaged_run_hides_no_other(workspace: Workspace) -> None:
    await damaged(workspace)
    await played(workspace)
    async with workspace.reading() as runs:
        assert [(line.run, line.status) for line in await runs.lines()] == [("r-0", "finished"), ("r-bad", "damaged")]
        with pytest.raises(StoreDamaged, match=r"run 'r-bad' is damaged at event 2: Expected `int`, got `str`"):
            await runs.outcome("r-bad")


def test_a_damaged_run_is_told_and_can_be_deleted(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    anyio.run(damaged, workspace)
    place = ["--workspace", str(workspace.path)]
    for words in (["show"], ["best"], ["diff"], ["resume"], ["apply", "--yes"], ["export", "--out", "x"]):
        assert run(["runs", words[0], "r-bad", *words[1:], *place]) == 1, words
        told = capsys.readouterr()
        assert "run 'r-bad' is damaged at event 2" in told.err, words
        assert "cambrian runs gc --run r-bad" in told.err
        assert told.out == ""
    assert run(["runs", "list", *place]) == 0
    assert "damaged" in capsys.readouterr().out
    assert run(["runs", "gc", "--run", "r-bad", *place]) == 0
    assert run(["runs", "list", "--json", *place]) == 0
    assert capsys.readouterr().out == "[]\n"


async def test_what_was_cancelled_is_counted_apart(workspace: Workspace) -> None:
    async with workspace.writing() as store:
        actor = await Actor.begin(store)
        await actor.evaluate(1.0)
        await actor.evaluate(None)
        await actor.evaluate(None, status=Status.CANCELLED)
        await actor.stop("wall")
        await actor.run.aclose()
    async with workspace.reading() as runs:
        told = await runs.outcome("last")
    assert (told.evaluations, told.cancelled, told.failures) == (2, 1, {"error": 1})
    assert sum(part.evaluations for part in told.proposers.values()) == told.evaluations
    assert told.proposers["edit"].failures == 1


async def test_a_run_without_a_start_failed_and_cannot_go_on(workspace: Workspace) -> None:
    async with workspace.writing() as store:
        actor = await Actor.begin(store)
        await actor.evaluate(None)
        await actor.stop("initial_failed")
        await actor.run.aclose()
    async with workspace.reading() as runs:
        assert [line.status for line in await runs.lines()] == ["failed"]
        assert (await runs.outcome("last")).status == "failed"
    with pytest.raises(UsageError, match=r"run 'r-0' failed: .*no score.*begin a new run"):
        await resume_async("last", workspace=workspace.path, budget="20ev")
    async with workspace.reading() as runs:
        assert [line.status for line in await runs.lines()] == ["failed"], "and it stays so"

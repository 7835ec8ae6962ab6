"""Sweeps that really run, small; stopped, taken up again, with a cell that cannot work."""

from __future__ import annotations

from pathlib import Path

import anyio
import msgspec
import pytest

from cambrian.app.cli import run
from cambrian.app.comparison.groups import groups_of
from cambrian.app.frameworks.finding import Named
from cambrian.app.results import Outcome
from cambrian.app.results_study import Swept
from cambrian.app.scaffold import scaffold
from cambrian.app.signals import Interruptions, Stoppable
from cambrian.app.sweeping.conducting import Plan, conduct, plan_resume, plan_sweep
from cambrian.app.sweeping.telling import swept, table_of
from cambrian.app.sweeping.view import Cell, SweepView, read_sweep
from cambrian.app.workspace import Workspace
from cambrian.core.errors import RunNotFound, TaskError, UsageError

GRID = ["strategy=islands,topk seed=1..2"]


class Log:
    """An observer that remembers, and may be waited for."""

    def __init__(self) -> None:
        self.ends: list[str] = []
        self.first = anyio.Event()

    def begun(self, view: SweepView, parallel: int) -> None:
        assert parallel >= 1
        assert view.cells

    def ended(self, view: SweepView, cell: Cell, outcome: Outcome | None, error: str) -> None:
        assert (outcome is None) == bool(error)
        assert cell.number in (view.errors if error else view.done)
        self.ends.append(cell.label)
        self.first.set()


class AfterTheFirst(Interruptions):
    """A person who stops the sweep when a cell is done."""

    def __init__(self, log: Log) -> None:
        super().__init__(lambda _: None, lambda: None)
        self._log = log

    async def watch(self, search: Stoppable) -> None:
        await self._log.first.wait()
        search.finish()


@pytest.fixture
def task(tmp_path: Path) -> Path:
    scaffold(tmp_path / "task", "artifact")
    return tmp_path / "task"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w")


def planned(task: Path, *grid: str, parallel: int = 1) -> Plan:
    return plan_sweep(Named.of(task), grid or GRID, budget="3ev", target=None, jobs=1, parallel=parallel)


async def result(workspace: Workspace, view: SweepView) -> Swept:
    async with workspace.reading() as runs:
        return await swept(runs, view)


@pytest.mark.slow
async def test_every_cell_is_an_ordinary_run(task: Path, workspace: Workspace) -> None:
    log = Log()
    view = await conduct(workspace, planned(task, parallel=2), observer=log)
    assert (len(log.ends), view.left, view.stop) == (4, [], "finished")
    async with workspace.reading() as runs:
        outcomes = {cell.label: await runs.outcome(view.runs[cell.number]) for cell in view.cells}
    assert {label: (it.seed, it.evaluations, it.task) for label, it in outcomes.items()} == {
        label: (int(label[-1]), 3, f"fit [{label}]") for label in log.ends
    }
    told = await result(workspace, view)
    assert told.compared is not None
    assert [(side.name, len(side.runs)) for side in told.compared.sides] == [
        ("strategy=islands", 2),
        ("strategy=topk", 2),
    ]
    table = table_of(told)
    assert "4 of 4 cells done" in table
    assert "no difference of strategy=islands and strategy=topk is shown" in table
    assert "the smallest p they can give is 0.33" in table


async def test_cells_recall_nothing_unless_the_grid_says_so(task: Path, workspace: Workspace) -> None:
    for grid, wanted in ((["seed=1"], [False]), (["cache=true,false seed=1"], [True, False])):
        view = await conduct(
            workspace, plan_sweep(Named.of(task), grid, budget="1ev", target=None, jobs=1, parallel=1), observer=Log()
        )
        async with workspace.reading() as runs:
            tasks = [(await runs.summary(view.runs[cell.number])).task for cell in view.cells]
        assert [it.cache for it in tasks if it] == wanted


async def test_a_cell_that_was_deleted_runs_again(
    task: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_sweep(Named.of(task), ["seed=1..2"], budget="1ev", target=None, jobs=1, parallel=1)
    view = await conduct(workspace, plan, observer=Log())
    kept, gone = view.runs[0], view.runs[1]
    async with workspace.writing() as store:
        await store.gc(delete=[gone], now=2e9)
    async with workspace.reading() as runs:
        with pytest.raises(RunNotFound, match=f"sweep --resume {view.run}"):
            await groups_of(runs, [view.run])
    plan = await plan_resume(workspace, view.run, jobs=None, parallel=None)
    assert plan.missing == 1
    log = Log()
    late = await conduct(workspace, plan, observer=log)
    assert log.ends == ["seed=2"]
    assert late.runs[0] == kept
    assert late.runs[1] != gone
    async with workspace.reading() as runs:
        assert (await read_sweep(runs, view.run)).runs == late.runs
        assert len((await groups_of(runs, [view.run]))[0].runs) == 2


def test_a_sweep_is_told_from_a_search(task: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    plan = plan_sweep(Named.of(task), ["seed=1"], budget="1ev", target=None, jobs=1, parallel=1)
    view = anyio.run(lambda: conduct(workspace, plan, observer=Log()))
    place = ["--workspace", str(workspace.path)]
    for command in ("show", "report", "explain", "best", "diff", "resume"):
        assert run(["runs", command, view.run, *place]) == 2
        said = " ".join(capsys.readouterr().err.split())
        assert f"cambrian runs compare {view.run}" in said, command
        assert f"cambrian sweep --resume {view.run}" in said, command
    assert run(["runs", "list", *place]) == 0
    assert "fit (sweep)" in capsys.readouterr().out
    out = workspace.path.parent / "sweep.jsonl"
    assert run(["runs", "export", view.run, "--out", str(out), *place]) == 0
    assert f"cambrian runs export {view.runs[0]} --out {view.runs[0]}.jsonl" in capsys.readouterr().err
    assert run(["runs", "export", view.run, "--out", str(out.with_name("folder")), *place]) == 2
    assert f"--out {view.run}.jsonl" in capsys.readouterr().err


@pytest.mark.slow
async def test_what_is_stopped_goes_on_and_repeats_nothing(task: Path, workspace: Workspace) -> None:
    log = Log()
    view = await conduct(workspace, planned(task), observer=log, signals=AfterTheFirst(log))
    assert view.stop == "interrupted"
    assert 1 <= len(view.done) < 4
    before = {number: view.runs[number] for number in view.done}
    async with workspace.reading() as runs:
        seqs = {run: (await runs.reader.heads(run))[0].seq for run in before.values()}
    again = Log()
    late = await conduct(workspace, await plan_resume(workspace, view.run, jobs=None, parallel=None), observer=again)
    assert (late.left, late.stop, late.run) == ([], "finished", view.run)
    assert {number: late.runs[number] for number in before} == before
    assert not set(log.ends) & set(again.ends)
    async with workspace.reading() as runs:
        assert {run: (await runs.reader.heads(run))[0].seq for run in seqs} == seqs, "finished cells were not touched"
        evaluations = [(await runs.outcome(run)).evaluations for run in late.runs.values()]
    assert evaluations == [3, 3, 3, 3]


@pytest.mark.slow
async def test_a_cell_that_cannot_work_is_told_and_stops_no_other(task: Path, workspace: Workspace) -> None:
    (task / "program.py").write_text(
        (task / "program.py").read_text().replace("return [", "import time; time.sleep(0.4); return [")
    )
    view = await conduct(workspace, planned(task, "limits.wall=100ms,5s"), observer=Log())
    assert (view.done, list(view.errors)) == ({1}, [0])
    assert "gives no score: timeout" in view.errors[0]
    told = await result(workspace, view)
    assert [cell.status for cell in told.cells] == ["failed", "done"]
    assert "failed: limits.wall=100ms" in table_of(told)


@pytest.mark.slow
async def test_a_changed_task_is_not_gone_on_with(task: Path, workspace: Workspace) -> None:
    view = await conduct(workspace, planned(task, "seed=1"), observer=Log())
    (task / "evaluate.py").write_text((task / "evaluate.py").read_text() + "\n# changed\n")
    with pytest.raises(TaskError, match="not those that sweep"):
        await plan_resume(workspace, view.run, jobs=None, parallel=None)


def test_a_plan_is_checked_before_anything_runs(task: Path, workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="strategy=iland"):
        plan_sweep(Named.of(task), ["strategy=islands,iland"], budget=None, target=None, jobs=None, parallel=1)
    with pytest.raises(UsageError, match="--parallel is 0"):
        plan_sweep(Named.of(task), GRID, budget=None, target=None, jobs=None, parallel=0)
    assert workspace.is_empty


def test_the_command(task: Path, workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--workspace", str(workspace.path)]
    words = ["sweep", str(task), "--grid", *GRID, "--budget", "2ev", "--jobs", "1", "--json", *place]
    assert run(words) == 0
    said = capsys.readouterr()
    told = msgspec.json.decode(said.out, type=Swept)
    assert (told.status, [cell.status for cell in told.cells]) == ("finished", ["done"] * 4)
    assert "4/4 strategy=topk seed=2: best" in said.err
    assert run(["sweep", "--resume", "last", *place]) == 0, "its cells are younger; the last sweep is meant"
    assert "4 cells, 4 done already" in capsys.readouterr().err
    assert run(["runs", "compare", told.sweep, *place]) == 0
    assert "strategy=islands" in capsys.readouterr().out
    sides = [f"{told.sweep}:strategy=islands", f"{told.sweep}:strategy=topk"]
    assert run(["runs", "compare", *sides, *place]) == 0
    assert run(["runs", "compare", f"{told.sweep}:strategy=beam", *place]) == 2
    assert "choose from strategy=islands, strategy=topk" in capsys.readouterr().err
    assert run(["sweep", str(task), "--resume", told.sweep, *place]) == 2
    assert "leave out the task" in capsys.readouterr().err
    assert run(["sweep", *place]) == 2
    assert "which task?" in capsys.readouterr().err
    assert run(["runs", "list", *place]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith(told.sweep)]
    assert line.split()[1:4] == ["fit", "(sweep)", "finished"]

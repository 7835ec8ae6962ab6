"""Time travel in the run of a script: the seed's example, on each Python runtime."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from cambrian.app.execution.comparing import compare
from cambrian.app.execution.record import ExecutionLog
from cambrian.app.execution.results import Execution
from cambrian.app.execution.running import Sandbox
from cambrian.app.execution.travel import Traveller
from cambrian.core.effect import EffectId, Intent
from cambrian.core.errors import IsolationUnavailable, StoreDamaged, UsageError
from cambrian.core.ids import RunId
from cambrian.core.tool import Call
from cambrian.journal.clock import SystemClock
from cambrian.journal.kernel import Run
from cambrian.tools.registry import Toolbox

LOOP = "total = 0\nfor i in range(60):\n    total += double(i)\nprint(total)\ntotal"
TOTAL = 2 * sum(range(60))


class Doubler:
    """A tool that counts."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def box(self) -> Toolbox:
        def double(x: int) -> int:
            """Twice x."""
            self.made.append(x)
            return 2 * x

        return Toolbox([double])


@pytest.fixture
async def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with Sandbox(workspace=tmp_path / "workspace", workers=1) as made:
        yield made


async def recorded(sandbox: Sandbox, runtime: str, tool: Doubler) -> Execution:
    result = await sandbox.run(LOOP, tools=tool.box(), runtime=runtime, seed=1, checkpoints=True)
    assert result.value == TOTAL
    return result


@pytest.mark.parametrize("runtime", ["monty", "cpython"])
async def test_iteration_47_is_inspected_changed_and_gone_on_from(sandbox: Sandbox, runtime: str) -> None:
    tool = Doubler()
    first = await recorded(sandbox, runtime, tool)
    traveller = Traveller(sandbox, sandbox.sealer)
    history = await traveller.history(first.run)
    steps = history.trace().steps
    assert [step.args for step in steps] == [[i] for i in range(60)]
    assert all(step.snapshot > 0 for step in steps) == (runtime == "monty")

    seen = await traveller.inspect(history, 47)
    assert (seen["i"], seen["total"]) == (47, 2 * sum(range(47)))
    forked = await traveller.fork(history, 47, tool.box(), edits={"total": 1_000_000})
    assert forked.value == 1_000_000 + 2 * sum(range(48, 60))
    assert tool.made == [*range(60), *range(48, 60)], "only what comes after the moment is done again"

    again = await traveller.history(forked.run)
    assert again.trace().parent == first.run
    assert (await traveller.replay(again)).value == forked.value
    assert (await traveller.replay(history)).value == TOTAL
    seen = await traveller.inspect(again, 50)
    assert seen["total"] == 1_000_000 + 2 * sum(range(48, 50))
    difference = compare(history, again)
    assert (difference.same, difference.first) == (False, None)
    assert len(tool.made) == 72


async def test_a_change_in_a_replay_shows_what_the_record_can_tell(sandbox: Sandbox) -> None:
    tool = Doubler()
    code = "x = double(1)\ny = double(x)\ny"
    first = await sandbox.run(code, tools=tool.box(), runtime="monty", seed=1)
    traveller = Traveller(sandbox, sandbox.sealer)
    history = await traveller.history(first.run)
    assert (await traveller.replay(history, edits={1: {"y": 5}})).value == 5
    other = await traveller.replay(history, edits={0: {"x": 7}})
    assert other.status == "diverged"
    assert tool.made == [1, 2]


@pytest.mark.parametrize(
    ("at", "edits", "words"),
    [
        (60, {}, "has no call 60; it made calls 0 to 59"),
        (3, {"nope": 1}, "no variable 'nope' that could be set; it has i, total"),
    ],
)
async def test_moments_and_variables_that_are_none(
    sandbox: Sandbox, at: int, edits: dict[str, object], words: str
) -> None:
    tool = Doubler()
    traveller = Traveller(sandbox, sandbox.sealer)
    history = await traveller.history((await recorded(sandbox, "monty", tool)).run)
    with pytest.raises(UsageError, match=words):
        await traveller.fork(history, at, tool.box(), edits=edits)


async def test_a_snapshot_that_somebody_else_sealed_is_not_loaded(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await recorded(sandbox, "monty", Doubler())
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "somebody_else"))
    async with Sandbox(workspace=tmp_path / "workspace", workers=1) as other:
        other.sealer(b"x", "", (await Traveller(other, other.sealer).history(first.run)).checkpoints[0])
        traveller = Traveller(other, other.sealer)
        with pytest.raises(StoreDamaged, match="no valid seal"):
            await traveller.inspect(await traveller.history(first.run), 3)


async def test_a_run_that_was_killed_is_taken_up(sandbox: Sandbox) -> None:
    tool = Doubler()
    store = await sandbox.store()
    first = await recorded(sandbox, "monty", tool)
    history = await Traveller(sandbox, sandbox.sealer).history(first.run)
    with pytest.raises(UsageError, match="has ended"):
        await Traveller(sandbox, sandbox.sealer).take_up(history, tool.box())

    killed = RunId("r-killed")
    seq = history.calls[20][0]
    run = await Run.fork(store, history.run, run=killed, clock=SystemClock(), holder="dead", at=seq)
    await run.aclose()
    left = await Traveller(sandbox, sandbox.sealer).history(killed)
    assert left.ended is None
    with pytest.raises(UsageError, match="begun with the tool 'double', and it is not given now"):
        await Traveller(sandbox, sandbox.sealer).take_up(left, Toolbox([]))
    tool.made.clear()
    result = await Traveller(sandbox, sandbox.sealer).take_up(left, tool.box())
    assert (result.value, result.run, result.unknown) == (TOTAL, killed, ())
    assert tool.made == list(range(21, 60))


@pytest.mark.parametrize("runtime", ["monty", "cpython"])
async def test_an_error_is_told_in_the_lines_that_were_written(sandbox: Sandbox, runtime: str) -> None:
    code = "x = 1\ny = double('a')\ny"
    result = await sandbox.run(code, tools=Doubler().box(), runtime=runtime, checkpoints=True)
    assert result.error is not None
    assert result.error.line == 2
    assert 'File "script", line 2' in result.error.traceback
    assert "    y = double('a')\n" in result.error.traceback
    assert "__seen__" not in result.error.traceback


async def test_a_call_without_an_outcome_is_told(sandbox: Sandbox) -> None:
    traveller = Traveller(sandbox, sandbox.sealer)
    history = await traveller.history((await recorded(sandbox, "monty", Doubler())).run)
    assert history.trace().open == (), "the control: all of these have one"

    call = Call(id=0, tool="double", args=[3])
    log = ExecutionLog(await sandbox.store(), RunId("r-cut"), history.opened, SystemClock())
    intent = Intent(effect=EffectId("call-1"), kind="tool", key="r-cut/1", data={"call": msgspec.to_builtins(call)})
    await log.intend(intent)
    await log.aclose()
    trace = (await traveller.history("r-cut")).trace()
    assert (trace.steps, trace.open) == ((), (call,))


async def test_line_by_line_between_two_calls(sandbox: Sandbox) -> None:
    tool = Doubler()
    code = "def twice(x):\n    y = double(x)\n    z = y + 1\n    return z\ntotal = 0\nfor i in range(3):\n"
    code += "    total += twice(i)\n    half = total / 2\nimport math\ntotal"
    first = await sandbox.run(code, tools=tool.box(), runtime="monty", seed=1)
    traveller = Traveller(sandbox, sandbox.sealer)
    history = await traveller.history(first.run)
    told = [(step.line, step.function, step.changed) for step in await traveller.steps(history, 1)]
    assert told == [
        (2, "twice", {"y": "2"}),
        (3, "twice", {"z": "3"}),
        (4, "twice", {}),
        (7, "", {"total": "4"}),
        (8, "", {"half": "2.0"}),
        (6, "", {"i": "2"}),
    ]
    last = await traveller.steps(history, 2)
    assert [step.line for step in last] == [2, 3, 4, 7, 8, 6, 9, 10][: len(last)]
    assert len(tool.made) == 3
    with pytest.raises(UsageError, match="has no call 3"):
        await traveller.steps(history, 3)


async def test_no_journey_lowers_the_floor_that_a_run_was_begun_with(sandbox: Sandbox) -> None:
    tool = Doubler()
    traveller = Traveller(sandbox, sandbox.sealer)
    async with Sandbox(preset="strict", workspace=sandbox.workspace.path, workers=1) as strict:
        kept = await strict.run("x = double(1)\nx", tools=tool.box(), runtime="monty", seed=1)
        lost = await strict.run("import statistics\nstatistics.mean([double(1)])", tools=tool.box(), seed=1)
    assert (kept.value, lost.status) == (2, "gap")
    history = await traveller.history(kept.run)
    for journey in (traveller.timed(history), traveller.steps(history, 0)):
        with pytest.raises(IsolationUnavailable, match=r"'strict' wants an engine that is a wall"):
            await journey
    assert (await traveller.replay(history)).value == 2, "the control: on Monty it may"

    killed = RunId("r-strict")
    code = "double(1)\n(5).bit_count()"  # Monty comes to a gap after the call
    async with Sandbox(preset="strict", workspace=sandbox.workspace.path, workers=1) as strict:
        whole = await strict.run(code, tools=tool.box(), seed=1)
    seq = (await traveller.history(whole.run)).calls[0][0]
    run = await Run.fork(
        await sandbox.store(), RunId(whole.run), run=killed, clock=SystemClock(), holder="dead", at=seq
    )
    await run.aclose()
    result = await traveller.take_up(await traveller.history(killed), tool.box())
    assert (result.status, result.runtime) == ("gap", "")
    free = await sandbox.run(code, tools=tool.box(), seed=1)
    assert (free.runtime, free.value) == ("cpython", 2), "the control: what the standard preset allows"


async def test_lines_of_a_fork_see_what_was_set(sandbox: Sandbox) -> None:
    tool = Doubler()
    first = await sandbox.run("x = double(1)\ny = double(x)\nz = y + x\nz", tools=tool.box(), runtime="monty", seed=1)
    traveller = Traveller(sandbox, sandbox.sealer)
    forked = await traveller.fork(await traveller.history(first.run), 1, tool.box(), edits={"x": 100})
    assert forked.value == 104
    told = await traveller.steps(await traveller.history(forked.run), 1)
    assert [(step.line, step.changed) for step in told[:2]] == [(2, {"x": "100", "y": "4"}), (3, {"z": "104"})]

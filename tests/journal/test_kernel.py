from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Literal

import anyio
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.effect import TRANSITIONS, EffectId, EffectState, Intent
from cambrian.core.errors import (
    EffectConflict,
    Fenced,
    JournalError,
    LeaseHeld,
    RunNotFound,
    SequenceConflict,
    StoreDamaged,
    UsageError,
)
from cambrian.core.event import Fact, fact
from cambrian.core.ids import RunId, digest
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.ledger import Begin, Conclude, Start
from cambrian.journal.memory import MemoryStore
from cambrian.journal.retention import delete_runs
from cambrian.journal.sqlite import SqliteStore
from cambrian.journal.store import Lease, Store
from cambrian.testing.clock import ManualClock

RUN = RunId("r-1")


class Recorder(MemoryStore):
    """Counts appends, and refuses as many as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.appends: list[list[str]] = []
        self.refuse = 0
        self.refuse_renewals = 0

    async def append(
        self,
        run: RunId,
        facts: Sequence[Fact],
        *,
        expected: int,
        epoch: int,
        time: float,
        blobs: Sequence[bytes] = (),
    ) -> int:
        await anyio.sleep(0)
        if self.refuse:
            self.refuse -= 1
            raise JournalError("the disk is full")
        self.appends.append([each.type for each in facts])
        return await super().append(run, facts, expected=expected, epoch=epoch, time=time, blobs=blobs)

    async def renew(self, lease: Lease, *, ttl: float, now: float) -> Lease:
        if self.refuse_renewals:
            self.refuse_renewals -= 1
            raise JournalError("the disk is full")
        return await super().renew(lease, ttl=ttl, now=now)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def store() -> Recorder:
    return Recorder()


@pytest.fixture
async def run(store: Recorder, clock: ManualClock) -> AsyncIterator[Run]:
    async with await make(store, clock) as run:
        yield run


async def make(store: Store, clock: ManualClock, run: RunId = RUN, holder: str = "me") -> Run:
    return await Run.create(store, kind="search", data={"task": "t"}, clock=clock, holder=holder, run=run, ttl=30.0)


def intent(name: str, *, idempotent: bool = False, key: str = "") -> Intent:
    return Intent(
        effect=EffectId(name), kind="evaluate", key=key or f"key {name}", idempotent=idempotent, data={"n": 1}
    )


def names(intents: Sequence[Intent]) -> list[str]:
    return [each.effect for each in intents]


async def types(run: Run, after: int = 0) -> list[str]:
    return [event.type async for event in run.replay(after=after)]


async def test_a_run_begins_with_what_it_is(run: Run, clock: ManualClock) -> None:
    assert (run.id, run.kind, run.seq, run.epoch) == (RUN, "search", 1, 1)
    assert msgspec.json.decode(run.data) == {"task": "t"}
    (event,) = [event async for event in run.replay()]
    assert (event.type, event.channel, event.time) == ("run.created", "control", clock.wall())


async def test_a_second_creation_is_refused(store: Recorder, run: Run, clock: ManualClock) -> None:
    with pytest.raises(LeaseHeld, match="me"):
        await make(store, clock, holder="other")
    await run.aclose()
    with pytest.raises(SequenceConflict):
        await make(store, clock, holder="other")


async def test_append_and_blobs(run: Run) -> None:
    assert await run.append(fact("a.b", {"x": 1}), fact("a.c", {}), blobs=[b"body"]) == run.seq == 3
    assert await run.blob(digest(b"body")) == b"body"
    assert [event.seq async for event in run.replay(after=1, types=["a.c"])] == [3]
    with pytest.raises(UsageError):
        await run.append()


async def test_an_outcome_and_its_facts_are_one_transaction(store: Recorder, run: Run) -> None:
    await run.intend(intent("e1"), fact("search.asked", {}))
    await run.conclude(EffectId("e1"), EffectState.APPLIED, fact("search.evaluated", {}), blobs=[b"x"])
    assert store.appends[1:] == [["effect.intended", "search.asked"], ["effect.concluded", "search.evaluated"]]
    assert run.unfinished() == ()


async def test_several_changes_are_one_transaction(store: Recorder, run: Run) -> None:
    await run.intend(intent("model"))
    await run.intend(intent("asked"), state=EffectState.PENDING)
    done = Conclude(EffectId("model"), EffectState.APPLIED)
    await run.change(done, Begin(intent("tool")), Start(EffectId("asked")), facts=[fact("agent.said", {})])
    assert store.appends[-1] == ["effect.concluded", "effect.intended", "effect.started", "agent.said"]
    assert names(run.unfinished()) == ["asked", "tool"]


async def test_of_several_changes_none_is_made_if_one_cannot_be(store: Recorder, run: Run) -> None:
    await run.intend(intent("a"))
    before = len(store.appends)
    with pytest.raises(EffectConflict, match="'b' is not unfinished"):
        await run.change(Conclude(EffectId("a"), EffectState.APPLIED), Begin(intent("c")), Start(EffectId("b")))
    assert (len(store.appends), names(run.unfinished())) == (before, ["a"])


async def test_changes_that_cannot_be_written_are_taken_back(store: Recorder, run: Run) -> None:
    await run.intend(intent("a"))
    store.refuse = 1
    with pytest.raises(JournalError, match="disk is full"):
        await run.change(Conclude(EffectId("a"), EffectState.APPLIED), Begin(intent("a2", key="key a")))
    assert names(run.unfinished()) == ["a"]
    await run.change(Conclude(EffectId("a"), EffectState.APPLIED), Begin(intent("a2", key="key a")))
    assert names(run.unfinished()) == ["a2"]


async def test_unfinished_effects_survive_in_order(store: Recorder, run: Run, clock: ManualClock) -> None:
    for name in "abcd":
        await run.intend(intent(name, idempotent=name == "b"))
    await run.intend(intent("p"), state=EffectState.PENDING)
    await run.conclude(EffectId("c"), EffectState.FAILED)
    assert names(run.unfinished()) == ["a", "b", "d"]
    clock.advance(31)
    again = await Run.resume(store, RUN, clock=clock, holder="heir")
    assert (names(again.unfinished()), names(again.pending())) == (["a", "b", "d"], ["p"])
    assert again.unfinished()[1] == intent("b", idempotent=True)
    assert (again.kind, again.epoch, again.seq) == ("search", 2, run.seq + 1)
    await again.seal(EffectId("a"), "nobody knows")
    with pytest.raises(EffectConflict):
        await again.conclude(EffectId("a"), EffectState.APPLIED)
    third = await Run.resume(store, RUN, clock=clock, holder="heir")
    assert names(third.unfinished()) == ["b", "d"]


@pytest.mark.parametrize("old", [EffectState.PENDING, EffectState.EXECUTING])
@pytest.mark.parametrize("new", EffectState)
async def test_the_state_table_holds(run: Run, old: EffectState, new: EffectState) -> None:
    await run.intend(intent("e"), state=old)
    seq = run.seq
    if new in TRANSITIONS[old] - {EffectState.EXECUTING}:
        await run.conclude(EffectId("e"), new)
        assert (run.unfinished(), run.pending()) == ((), ())
    else:
        with pytest.raises(EffectConflict, match="'e'"):
            await run.conclude(EffectId("e"), new)
        assert run.seq == seq
        assert len(run.unfinished() + run.pending()) == 1


async def test_a_pending_effect_starts_once(run: Run) -> None:
    await run.intend(intent("e"), state=EffectState.PENDING)
    await run.start(EffectId("e"))
    assert names(run.unfinished()) == ["e"]
    with pytest.raises(EffectConflict):
        await run.start(EffectId("e"))
    with pytest.raises(EffectConflict):
        await run.intend(intent("f"), state=EffectState.APPLIED)


async def test_ids_and_keys_are_unique_among_the_unfinished(run: Run) -> None:
    await run.intend(intent("a", key="k"))
    with pytest.raises(EffectConflict, match="its own id"):
        await run.intend(intent("a", key="other"))
    with pytest.raises(EffectConflict, match="'k'"):
        await run.intend(intent("b", key="k"))
    await run.conclude(EffectId("a"), EffectState.APPLIED)
    await run.intend(intent("b", key="k"))
    with pytest.raises(EffectConflict, match="never intended"):
        await run.conclude(EffectId("a"), EffectState.APPLIED)


async def test_what_could_not_be_written_did_not_happen(store: Recorder, run: Run) -> None:
    await run.intend(intent("a"))
    store.refuse = 1
    with pytest.raises(JournalError, match="full"):
        await run.intend(intent("b"))
    assert names(run.unfinished()) == ["a"]
    await run.intend(intent("b"))
    store.refuse = 1
    with pytest.raises(JournalError, match="full"):
        await run.conclude(EffectId("a"), EffectState.APPLIED)
    assert names(run.unfinished()) == ["a", "b"]
    with pytest.raises(UsageError):
        await run.conclude(EffectId("a"), EffectState.APPLIED, Fact(type="x", data=msgspec.Raw(b"[]")))
    assert names(run.unfinished()) == ["a", "b"]
    await run.conclude(EffectId("a"), EffectState.APPLIED)


async def test_tasks_share_commits(store: Recorder, run: Run) -> None:
    async def work(number: int) -> None:
        await run.intend(intent(f"e{number}"))
        await run.conclude(EffectId(f"e{number}"), EffectState.APPLIED, fact("done", {"n": number}))

    async with anyio.create_task_group() as group:
        for number in range(40):
            group.start_soon(work, number)
    assert [event.seq async for event in run.replay()] == [*range(1, 1 + 40 * 3 + 1)]
    assert len(store.appends) < 20


async def test_a_bad_fact_harms_nobody_else(run: Run) -> None:
    outcomes: list[str] = []

    async def work(data: bytes) -> None:
        try:
            await run.append(Fact(type="a.b", data=msgspec.Raw(data)))
            outcomes.append("ok")
        except UsageError:
            outcomes.append("refused")

    async with anyio.create_task_group() as group:
        for data in (b"{}", b"{", b"{}"):
            group.start_soon(work, data)
    assert sorted(outcomes) == ["ok", "ok", "refused"]
    assert run.seq == 3


async def test_a_cancelled_step_still_happens(run: Run) -> None:
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as group:
            group.start_soon(run.intend, intent("e"))
            await anyio.sleep(0)
            scope.cancel()
    await run.append(fact("after", {}))
    assert await types(run, after=1) == ["effect.intended", "after"]
    assert names(run.unfinished()) == ["e"]


async def test_memory_does_not_grow_with_effects(tmp_path: Path) -> None:
    async with await SqliteStore.open(tmp_path / "journal.db") as store:
        run = await make(store, ManualClock())

        async def steps(numbers: range) -> int:
            for number in numbers:
                await run.intend(intent(f"e{number}"))
                await run.conclude(EffectId(f"e{number}"), EffectState.APPLIED)
            gc.collect()
            return tracemalloc.get_traced_memory()[0]

        tracemalloc.start()
        try:
            early = await steps(range(300))
            late = await steps(range(300, 2300))
        finally:
            tracemalloc.stop()
        assert late - early < 100_000, "2,000 remembered ids would take 200 kB and more"


async def test_a_zombie_is_fenced(store: Recorder, clock: ManualClock) -> None:
    zombie = await make(store, clock)
    clock.advance(29)
    with pytest.raises(LeaseHeld):
        await Run.resume(store, RUN, clock=clock, holder="heir")
    clock.advance(2)
    heir = await Run.resume(store, RUN, clock=clock, holder="heir")
    for _ in range(2):
        with pytest.raises(Fenced, match="stop writing"):
            await zombie.append(fact("a.b", {}))
    with pytest.raises(Fenced):
        await zombie.intend(intent("e"))
    assert zombie.unfinished() == ()
    await zombie.aclose()
    await heir.append(fact("a.b", {}))
    assert (await store.heads(RUN))[0].lease is not None, "the zombie released its heir's lease"


async def test_the_heartbeat_renews_and_notices(
    store: Recorder, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    run = await Run.create(store, kind="k", data={}, clock=clock, holder="me", run=RUN, ttl=0.09)
    store.refuse_renewals = 1
    with caplog.at_level(logging.WARNING):
        async with run:
            clock.advance(5.0)
            await anyio.sleep(0.5)
            lease = (await store.heads(RUN))[0].lease
            assert lease is not None
            assert lease.expires > clock.wall()
            assert "not renewed" in caplog.text
            await store.acquire(RUN, "thief", ttl=30.0, now=clock.wall() + 1)
            await anyio.sleep(0.3)
            with pytest.raises(Fenced):
                await run.append(fact("a.b", {}))


async def test_a_closed_run_is_released(store: Recorder, run: Run, clock: ManualClock) -> None:
    await run.aclose()
    await run.aclose()
    with pytest.raises(Fenced, match="closed"):
        await run.append(fact("a.b", {}))
    assert (await Run.resume(store, RUN, clock=clock, holder="other")).epoch == 2


async def test_a_planned_run_is_begun_with_its_first_record(tmp_path: Path, clock: ManualClock) -> None:
    async with await SqliteStore.open(tmp_path / "journal.db") as store:
        run = Run.planned(store, kind="k", data={}, clock=clock, holder="me", run=RUN)
        assert (run.epoch, await store.heads(RUN)) == (0, [])
        await run.intend(intent("e"), fact("note", {}))
        head = (await store.heads(RUN))[0]
        assert (head.seq, head.epoch, head.lease is not None) == (3, 1, True)
        assert [event.type async for event in run.replay()] == ["run.created", "effect.intended", "note"]
        await run.conclude(EffectId("e"), EffectState.APPLIED)
        assert await run.finish(fact("end", {})) == 5
        assert (await store.heads(RUN))[0].lease is None
        with pytest.raises(Fenced, match="closed"):
            await run.append(fact("late", {}))
        assert (await Run.resume(store, RUN, clock=clock, holder="other")).epoch == 2


async def test_a_planned_run_that_cannot_be_begun_may_try_again(store: Recorder, clock: ManualClock) -> None:
    run = Run.planned(store, kind="k", data={}, clock=clock, holder="me", run=RUN)
    store.refuse = 1
    with pytest.raises(JournalError, match="full"):
        await run.intend(intent("e"))
    assert (run.unfinished(), await store.heads(RUN)) == ((), [])
    await run.intend(intent("e"))
    assert (run.seq, [each.effect for each in run.unfinished()]) == (2, ["e"])
    await run.aclose()
    assert (await store.heads(RUN))[0].lease is None


async def test_a_planned_run_that_nothing_happens_in_is_none(store: Recorder, clock: ManualClock) -> None:
    async with Run.planned(store, kind="k", data={}, clock=clock, holder="me", run=RUN):
        pass
    assert await store.heads(RUN) == []


async def test_the_last_record_of_a_run_may_fail(store: Recorder, run: Run) -> None:
    store.refuse = 1
    with pytest.raises(JournalError, match="full"):
        await run.finish(fact("end", {}))
    assert (await store.heads(RUN))[0].lease is not None
    await run.finish(fact("end", {}))
    assert (await store.heads(RUN))[0].lease is None


async def test_an_error_leaves_the_run_as_itself(store: Recorder, clock: ManualClock) -> None:
    with pytest.raises(ZeroDivisionError):
        async with await make(store, clock):
            _ = 1 // 0
    assert (await store.heads(RUN))[0].lease is None


async def test_a_fork_has_its_own_future(store: Recorder, run: Run, clock: ManualClock) -> None:
    await run.intend(intent("once"))
    await run.intend(intent("again", idempotent=True))
    await run.intend(intent("waits"), state=EffectState.PENDING)
    await run.append(fact("late", {}))
    before = await types(run)
    fork = await Run.fork(store, RUN, at=4, run=RunId("r-2"), clock=clock, holder="me")
    assert (await types(fork))[:4] == before[:4]
    assert (await types(fork))[4:] == ["run.forked", "effect.concluded", "effect.concluded"]
    assert (fork.kind, names(fork.unfinished()), fork.pending()) == ("search", ["again"], ())
    await fork.conclude(EffectId("again"), EffectState.APPLIED)
    assert await types(run) == before
    assert names(run.unfinished()) == ["once", "again"]
    await fork.aclose()
    assert (await Run.resume(store, RunId("r-2"), clock=clock, holder="me")).unfinished() == ()
    with pytest.raises(UsageError):
        await Run.fork(store, RUN, at=99, run=RunId("r-3"), clock=clock, holder="me")
    with pytest.raises(RunNotFound):
        await Run.fork(store, RunId("r-9"), run=RunId("r-3"), clock=clock, holder="me")


async def test_only_a_run_resumes(store: Recorder, clock: ManualClock) -> None:
    with pytest.raises(RunNotFound):
        await Run.resume(store, RUN, clock=clock, holder="me")
    await store.append(RUN, [fact("a.b", {})], expected=0, epoch=0, time=0.0)
    with pytest.raises(StoreDamaged, match="does not begin"):
        await Run.resume(store, RUN, clock=clock, holder="me")


@pytest.mark.parametrize(
    "bad", [fact("effect.concluded", {"effect": "e", "state": "applied"}), fact("effect.intended", {"intent": 1})]
)
async def test_impossible_effects_are_damage(store: Recorder, run: Run, clock: ManualClock, bad: Fact) -> None:
    await run.append(bad)
    await run.aclose()
    with pytest.raises(StoreDamaged, match="event 2"):
        await Run.resume(store, RUN, clock=clock, holder="me")
    assert (await store.heads(RUN))[0].lease is None, "nobody should have to wait for a lease that helped nobody"


Step = tuple[Literal["intend", "start", "conclude", "resume"], int, EffectState]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["intend", "intend", "start", "conclude", "conclude", "resume"]),
        st.integers(0, 4),
        st.sampled_from(EffectState),
    ),
    max_size=40,
)


@given(STEPS)
async def test_the_ledger_is_the_state_table(steps: list[Step]) -> None:
    """Whatever is asked for, resumed at any time: allowed is what the table allows, and nothing else is recorded."""
    clock, store = ManualClock(), MemoryStore()
    run = await make(store, clock)
    states: dict[str, EffectState] = {}
    for what, number, state in steps:
        name, seq = EffectId(f"e{number}"), run.seq
        if what == "resume":
            run = await Run.resume(store, RUN, clock=clock, holder="me")
            seq = run.seq
        elif not await _try(run, what, name, state):
            assert run.seq == seq
        else:
            assert run.seq == seq + 1
            _model(states, what, name, state)
        assert set(names(run.unfinished())) == {each for each, at in states.items() if at is EffectState.EXECUTING}
        assert set(names(run.pending())) == {each for each, at in states.items() if at is EffectState.PENDING}


async def _try(run: Run, what: str, name: EffectId, state: EffectState) -> bool:
    try:
        if what == "intend":
            await run.intend(intent(name), state=state)
        elif what == "start":
            await run.start(name)
        else:
            await run.conclude(name, state)
    except EffectConflict:
        return False
    return True


def _model(states: dict[str, EffectState], what: str, name: EffectId, state: EffectState) -> None:
    new = EffectState.EXECUTING if what == "start" else state
    if what == "intend":
        assert name not in states
    else:
        assert new in TRANSITIONS[states[name]]
    states[name] = new
    if not TRANSITIONS[new]:
        del states[name]


OWNER = """
import asyncio, sys
from cambrian.core.ids import RunId
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.ledger import Begin, Conclude, Start
from cambrian.journal.sqlite import SqliteStore

async def main():
    store = await SqliteStore.open(sys.argv[1])
    await Run.create(
        store, kind="k", data={}, clock=SystemClock(), holder=this_process(), run=RunId("r-1"), ttl=3600.0
    )
    print("ready", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_dead_process_is_succeeded_at_once(tmp_path: Path) -> None:
    """Its lease is good for an hour; alive, it keeps others out, dead, it does not."""
    path = tmp_path / "journal.db"
    child = subprocess.Popen([sys.executable, "-c", OWNER, str(path)], stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        async with await SqliteStore.open(path) as store:
            with pytest.raises(LeaseHeld, match=f":{child.pid}:"):
                await Run.resume(store, RUN, clock=SystemClock(), holder=this_process())
            with pytest.raises(LeaseHeld):
                await delete_runs(store, [RUN], clock=SystemClock(), holder=this_process())
            os.kill(child.pid, signal.SIGKILL)
            child.wait(30)
            fork = await Run.fork(store, RUN, run=RunId("r-2"), clock=SystemClock(), holder="x", ttl=3600.0)
            assert await delete_runs(store, [], clock=SystemClock(), holder=this_process()) >= 0
            with pytest.raises(LeaseHeld, match="'x'"):
                await delete_runs(store, [fork.id], clock=SystemClock(), holder=this_process())
            run = await Run.resume(store, RUN, clock=SystemClock(), holder=this_process())
            assert run.epoch == 2
    finally:
        child.kill()
        child.wait(30)
        if child.stdout is not None:
            child.stdout.close()


async def test_a_dead_process_does_not_keep_its_run_from_being_deleted(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    code = OWNER.replace("await asyncio.sleep(60)", "import os; os._exit(0)")
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, timeout=60)
    async with await SqliteStore.open(path) as store:
        lease = (await store.heads(RUN))[0].lease
        assert lease is not None
        assert lease.expires > SystemClock().wall() + 1000
        await delete_runs(store, [RUN], clock=SystemClock(), holder=this_process())
        assert await store.heads() == []

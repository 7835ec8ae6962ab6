"""Several processes about one run: two resumes at once, one that was stopped past its lease, a disk that is full."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import anyio.to_thread
import msgspec
import pytest
from tests.app.stage import Actor, played, small_task, with_folder
from tests.e2e.terminal import SLOW, Person, Said, until

from cambrian.app.cli import run as cambrian
from cambrian.app.promotion import plan_promotion, promote
from cambrian.app.results import EventLine
from cambrian.app.signing import Signer
from cambrian.app.workspace import Workspace
from cambrian.core.event import fact
from cambrian.core.ids import VariantId
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.search.facts import Evaluated
from cambrian.testing.clock import ManualClock

LONG = ("evolve", "task", "--budget", "10min", "--jobs", "2", "--seed", "1", "--display", "none")


class Crowd(Person):
    """A person who starts several commands at once, and ends what is left of them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._started: list[subprocess.Popen[str]] = []

    def start(self, *words: str) -> subprocess.Popen[str]:
        process = super().start(*words)
        self._started.append(process)
        return process

    def end(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.communicate()


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Crowd]:
    person = Crowd(tmp_path)
    person.task(program=SLOW)
    yield person
    person.end()


def events(person: Person, *place: str) -> list[EventLine]:
    said = person.run("runs", "events", "last", "--json", *place)
    return [msgspec.json.decode(line, type=EventLine) for line in said.out.splitlines()]


def evaluated(person: Person, *place: str) -> Counter[int]:
    """Number of an evaluation → how many outcomes it has."""
    done = [event for event in events(person, *place) if event.type == "search.evaluated"]
    return Counter(msgspec.json.decode(event.data, type=Evaluated).index for event in done)


def started(person: Person, *words: str, more: int = 2) -> subprocess.Popen[str]:
    """A search that is on its way."""
    before = sum(evaluated(person).values())
    process = person.start(*words)
    until(lambda: process.poll() is not None or sum(evaluated(person).values()) >= before + more)
    assert process.poll() is None, person.wait(process)
    return process


def kill(process: subprocess.Popen[str]) -> Said:
    process.kill()
    return Person.wait(process)


@pytest.mark.slow
def test_of_two_resumes_at_once_one_goes_on(person: Person) -> None:
    kill(started(person, *LONG))
    before = sum(evaluated(person).values())
    both = [person.start("runs", "resume", "last", "--budget", f"{before + 6}ev", "--json") for _ in range(2)]
    said = sorted((person.wait(process) for process in both), key=lambda each: each.code)
    assert [each.code for each in said] == [0, 1], said
    assert "is held by" in said[1].err
    assert "Traceback" not in said[1].err
    found = evaluated(person)
    assert set(found.values()) == {1}, "no evaluation twice"
    assert len(found) == before + 6


@pytest.mark.slow
def test_a_search_that_was_stopped_past_its_lease_stands_back(person: Person) -> None:
    first = started(person, *LONG)
    os.kill(first.pid, signal.SIGSTOP)
    try:
        assert person.run("runs", "resume", "last").code == 1, "the lease holds"
        assert "running" in person.run("runs", "list").out
        time.sleep(31)
        assert person.run("runs", "gc", "--keep", "0").code == 0
        assert "r-" in person.run("runs", "list").out, "a process that may wake up keeps its run"
        second = started(person, "runs", "resume", "last", "--display", "none")
    finally:
        os.kill(first.pid, signal.SIGCONT)
    said = person.wait(first)
    assert said.code == 1, said
    assert "another process took it over" in said.err
    assert "Traceback" not in said.err
    second.send_signal(signal.SIGINT)
    assert person.wait(second).code == 130
    found = evaluated(person)
    assert set(found.values()) == {1}, "no evaluation twice"
    assert [event.seq for event in events(person)] == [*range(1, len(events(person)) + 1)]


def mount(folder: Path, size: str) -> None:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs mount: a small file system cannot be mounted here")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    mount(folder, "2m")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_disk_that_is_full_during_a_resume_loses_nothing(person: Person, small_disk: Path) -> None:
    place = ("--workspace", str(small_disk / "w"))
    assert person.run("evolve", "task", "--budget", "3ev", "--jobs", "2", "--seed", "1", *place).code == 0
    room = os.statvfs(small_disk)
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * (room.f_bavail * room.f_frsize - 150_000))
    said = person.run("runs", "resume", "last", "--budget", "200ev", "--jobs", "2", *place)
    assert said.code == 1, said
    assert "full" in said.err
    assert "Traceback" not in said.err
    assert "internal error" not in said.err
    shown = person.run("runs", "list", *place)
    assert shown.code == 0, "it can still be read"
    ballast.unlink()
    total = len(evaluated(person, *place)) + 3
    said = person.run("runs", "resume", "last", "--budget", f"{total}ev", "--json", *place)
    assert said.code == 0, said
    found = evaluated(person, *place)
    assert (set(found.values()), len(found)) == ({1}, total), "no evaluation lost, none twice"


async def test_gc_beside_an_apply_takes_nothing(tmp_path: Path) -> None:
    """The apply holds the run from before it writes until its outcome is recorded; gc meets it at the worst moment."""
    (tmp_path / "task").mkdir()
    task = with_folder(small_task(), tmp_path / "task")
    workspace = Workspace(tmp_path / "w")
    run = await played(workspace, task=task)
    plan = plan_promotion(task, VariantId("v"), {"program.py": "x = 1\n"}, initial=task.program)
    words = ["runs", "gc", "--keep", "0", "--workspace", str(workspace.path)]
    async with workspace.writing() as store:
        held = await Run.resume(store, run, clock=SystemClock(), holder=this_process())
        async with held:
            await anyio.to_thread.run_sync(cambrian, words)
            await promote(held, plan, Signer(tmp_path / "key"), approver="ada")
            assert await anyio.to_thread.run_sync(cambrian, [*words[:2], "--run", run, *words[4:]]) == 2, "it is in use"
    async with workspace.reading() as runs:
        view = await runs.summary(run)
    assert view.promoted is not None
    assert await anyio.to_thread.run_sync(cambrian, words) == 0
    async with workspace.reading() as runs:
        assert await runs.lines() == []


class Wound(ManualClock):
    """A clock that somebody sets back."""

    back = 0.0

    def wall(self) -> float:
        return super().wall() - self.back


async def test_a_clock_that_goes_back_stops_nothing(tmp_path: Path) -> None:
    """Order is the sequence number's; a lease from the future of a dead process holds nobody up."""
    workspace, clock = Workspace(tmp_path / "w"), Wound(2e9)
    async with workspace.writing() as store:
        actor = await Actor.begin(store, clock=clock)
        await actor.evaluate(1.0)
        clock.back = 1e8
        await actor.evaluate(2.0)
        await actor.stop()
        await actor.run.aclose()
        lease = await store.acquire(actor.run.id, f"{this_process()}9", ttl=30.0, now=2e9)  # its process is gone
        assert lease.expires > clock.wall()
        again = await Run.resume(store, actor.run.id, clock=clock, holder=this_process())
        await again.append(fact("a.b", {}))
        times = [event.time async for event in again.replay()]
        await again.aclose()
    assert times != sorted(times), "the clock did go back"
    async with workspace.reading() as runs:
        told = await runs.outcome("last")
    assert (told.evaluations, told.status) == (2, "finished")
    assert told.best is not None
    assert told.best.objectives == {"score": 2.0}

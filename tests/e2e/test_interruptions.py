"""Ctrl-C once, twice, thrice; SIGTERM; kill -9 and resume; a reader that leaves."""

from __future__ import annotations

import signal
import subprocess
from collections import Counter

import msgspec

from cambrian.app.results import EventLine, Outcome
from cambrian.search.facts import Evaluated

from .terminal import SLOW, Person, Said, until

LONG = ("evolve", "task", "--budget", "10min", "--jobs", "2", "--seed", "1", "--display", "none")


def started(person: Person, words: tuple[str, ...] = LONG) -> subprocess.Popen[str]:
    """A search that is on its way: two evaluations are done."""
    process = person.start(*words)
    until(lambda: process.poll() is not None or finished(person) >= 2)
    assert process.poll() is None, person.wait(process)
    return process


def events(person: Person) -> list[EventLine]:
    said = person.run("runs", "events", "last", "--json")
    return [msgspec.json.decode(line, type=EventLine) for line in said.out.splitlines()]


def finished(person: Person) -> int:
    return sum(event.type == "search.evaluated" for event in events(person))


def outcome(said: Said) -> Outcome:
    record = said.record("evolve")
    assert isinstance(record, Outcome)
    return record


def test_ctrl_c_ends_in_good_order_and_the_run_goes_on_later(person: Person) -> None:
    person.task(program=SLOW)
    process = started(person)
    assert "running" in person.run("runs", "list").out
    assert person.run("runs", "gc", "--keep", "0").out == ""
    assert "running" in person.run("runs", "list").out, "a live run is never collected"
    busy = person.run("runs", "resume", "last")
    assert busy.code == 1, busy
    process.send_signal(signal.SIGINT)
    said = person.wait(process)
    assert said.code == 130, said
    assert "finishing what is in flight" in said.err
    first = outcome(said)
    assert (first.status, first.stop_reason) == ("stopped", "interrupted")
    assert "cancelled" not in first.failures
    again = outcome(person.run("runs", "resume", "last", "--budget", f"{first.evaluations + 2}ev", "--json"))
    assert (again.run, again.evaluations) == (first.run, first.evaluations + 2)


def test_a_second_ctrl_c_cancels(person: Person) -> None:
    person.task(program=SLOW.replace("0.3", "0.2 if __import__('os').path.exists('/nowhere') else 0.3"))
    process = started(person)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    said = person.wait(process)
    assert said.code == 130, said
    assert outcome(said).status == "stopped"


def test_sigterm_cancels_and_still_tells(person: Person) -> None:
    person.task(program=SLOW)
    process = started(person)
    process.send_signal(signal.SIGTERM)
    said = person.wait(process)
    assert said.code == 143, said
    assert outcome(said).stop_reason == "interrupted"
    assert "SIGTERM" in said.err


def test_kill_9_then_resume_repeats_nothing(person: Person) -> None:
    person.task(program=SLOW)
    process = started(person)
    process.kill()
    process.wait(timeout=30)
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    assert "interrupted" in person.run("runs", "list").out
    before = finished(person)
    total = before + 3
    said = person.run("runs", "resume", "last", "--budget", f"{total}ev", "--json")
    assert said.code == 0, said
    assert outcome(said).evaluations == total
    done = [event for event in events(person) if event.type == "search.evaluated"]
    indices = Counter(msgspec.json.decode(event.data, type=Evaluated).index for event in done)
    assert set(indices.values()) == {1}, "no evaluation twice"
    assert len(indices) == total


def test_a_reader_that_leaves_is_no_error(person: Person) -> None:
    person.task()
    assert person.run("evolve", "task", "--display", "none").code == 0
    process = person.start("runs", "events", "last", "--json", "--follow")
    assert process.stdout is not None
    assert process.stdout.readline().startswith('{"seq":1')
    process.stdout.close()
    process.send_signal(signal.SIGINT)  # --follow waits for events that never come; a person ends it so
    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=30)
    assert "Traceback" not in err

"""Three thousand evaluations leave nothing behind: no descriptor, no process, no memory that grows with them."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.e2e.terminal import TASK, Person, until

EVALUATIONS = 3000
PROGRAM = "A = 0.5\nB = 1.5\n\n\ndef solve():\n    return [A, B, 2.0, 4.0]\n"


class Seen(NamedTuple):
    """What a command and its children hold: their number, all descriptors, resident KiB of the command itself."""

    processes: int
    descriptors: int
    resident: int


def tree(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += tree(int(child))
    return found


def look(pid: int) -> Seen | None:
    try:
        pids = tree(pid)
        descriptors = sum(len(list(Path(f"/proc/{each}/fd").iterdir())) for each in pids)
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # a jail ended while we looked
        return None
    lines = [line.split() for line in status.splitlines() if line.startswith("VmRSS")]
    return Seen(len(pids), descriptors, int(lines[0][1])) if lines else None


@pytest.mark.slow
def test_three_thousand_evaluations_leak_nothing(tmp_path: Path) -> None:
    person = Person(tmp_path)
    person.task(program=PROGRAM, **{"task.toml": TASK.replace('["edit"]', '["tune"]')})
    process = person.start(
        "evolve", "task", "--budget", f"{EVALUATIONS}ev", "--jobs", "2", "--seed", "1", "--display", "none"
    )
    seen: list[Seen] = []

    def ended() -> bool:
        if (now := look(process.pid)) is not None:
            seen.append(now)
        return process.poll() is not None

    try:
        until(ended, seconds=240)
    finally:
        process.kill()
    said = person.wait(process)
    assert said.code == 0, said
    assert f'"evaluations":{EVALUATIONS}' in said.out
    part = len(seen) // 6
    assert part >= 5, "it was too quick to be looked at"
    early, late = seen[part : 2 * part], seen[-2 * part : -part]
    for field, slack in (("processes", 1), ("descriptors", 8), ("resident", 12 * 1024)):
        before, after = (statistics.median(getattr(each, field) for each in some) for some in (early, late))
        assert after <= before + slack, f"{field}: {before} → {after}"

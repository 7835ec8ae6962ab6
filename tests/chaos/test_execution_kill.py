"""The engine is killed with SIGKILL at each labelled moment of an execution that escalates: no effect happens twice.

What is done is told by the world (a file of the tool's), not by the journal.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from cambrian.core.errors import CapabilityMissing
from cambrian.core.limits import Level
from cambrian.journal.crashpoints import SQLITE_LABELS
from cambrian.sandbox.probe import probe
from cambrian.sandbox.scripts import monty
from cambrian.sandbox.scripts.calling import LABELS

from .execution_child import VALUE, Told

pytestmark = pytest.mark.slow

_CHILD = Path(__file__).with_name("execution_child.py")
_SECONDS = 120.0
_CALLS = 4
_WITHOUT = frozenset(
    label for label in SQLITE_LABELS if label.split(".")[1] in {"fork", "restore", "gc"}
)  # what an execution never does


@pytest.fixture(scope="module", autouse=True)
async def here(anyio_backend: str) -> None:
    try:
        monty.driver()
    except CapabilityMissing as error:
        pytest.skip(f"needs runtime.monty: {error}")
    missing = [each for each in await probe() if each.id == f"jail.{Level.L3.name}" and not each.available]
    if missing:
        pytest.skip(f"needs {missing[0].id}: {missing[0].value}")


def child(folder: Path, action: str, kind: str, label: str = "", occurrence: int = 0) -> Told | None:
    """What a child told; None if it was killed where it was to be."""
    words = [sys.executable, str(_CHILD), action, str(folder), kind, label, str(occurrence)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode == -signal.SIGKILL and label:
        return None
    assert done.returncode == 0, done.stderr[-2000:]
    return msgspec.json.decode(done.stdout, type=Told)


def deeds(folder: Path) -> Counter[str]:
    """Key → how often it was carried out."""
    world = folder / "world"
    return Counter(world.read_text(encoding="ascii").split()) if world.exists() else Counter()


def taken_up(folder: Path, kind: str) -> Told | None:
    """The end after a resume; None if the run had not begun."""
    words = [sys.executable, str(_CHILD), "resume", str(folder), kind, "", "0"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if "RunNotFound" in done.stderr or "no journal" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr[-2000:]
    return msgspec.json.decode(done.stdout, type=Told)


def check(folder: Path, kind: str, label: str) -> None:
    """What has to hold whenever it was killed."""
    before = deeds(folder)
    told = taken_up(folder, kind)
    if told is None:
        assert before == Counter(), "nothing is done before it is on record"
        return
    after = deeds(folder)
    assert told.ended.unknown == told.unknown
    if kind == "once":
        assert set(after.values()) <= {1}, "nothing was done twice"
    if told.unknown:
        assert kind == "once"
        assert len(told.unknown) == 1
        assert told.ended.status == "error", "the script is told"
        assert told.ended.error is not None
        assert "unknown" in told.ended.error.message
        assert set(after) == set(before), "and nothing more is done"
        assert label in LABELS or label.startswith("sqlite.append"), label
        return
    assert (told.ended.status, told.ended.value) == ("ok", VALUE)
    assert len(after) == _CALLS
    again = taken_up(folder, kind)
    assert again is not None
    assert (again.ended.value, deeds(folder)) == (VALUE, after), "taken up again, it only tells its end"


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How often each label is passed in a run that nobody kills: the control."""
    folder = tmp_path_factory.mktemp("whole")
    told = child(folder, "run", "once")
    assert told is not None
    assert (told.ended.status, told.ended.value, told.ended.runtime) == ("ok", VALUE, "cpython")
    assert told.left == ("monty",)
    assert set(deeds(folder).values()) == {1}
    assert len(deeds(folder)) == _CALLS
    return told.passed


def test_a_call_costs_two_commits_and_a_run_one_more(passed: dict[str, int]) -> None:
    """The run is begun with its first intent, and given back with its end."""
    assert passed["sqlite.append.after_commit"] == 2 * _CALLS + 1


@pytest.mark.parametrize("label", [*LABELS, *(each for each in SQLITE_LABELS if each not in _WITHOUT)])
def test_after_a_kill_nothing_is_done_twice(tmp_path: Path, passed: dict[str, int], label: str) -> None:
    assert passed.get(label, 0) > 0, "an execution passes it"
    for occurrence in range(1, passed[label] + 1):
        folder = tmp_path / str(occurrence)
        folder.mkdir()
        assert child(folder, "run", "once", label, occurrence) is None, "it was killed there"
        check(folder, "once", label)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("occurrence", [1, 3, _CALLS])
def test_what_may_be_repeated_is_repeated_with_its_key(tmp_path: Path, label: str, occurrence: int) -> None:
    assert child(tmp_path, "run", "idempotent", label, occurrence) is None
    check(tmp_path, "idempotent", label)
    twice = [key for key, times in deeds(tmp_path).items() if times > 1]
    assert len(twice) == (label == "scripts.call.invoked")


def test_killed_again_while_it_is_taken_up(tmp_path: Path) -> None:
    assert child(tmp_path, "run", "once", "scripts.call.concluded", 2) is None
    assert child(tmp_path, "resume", "once", "scripts.call.concluded", 1) is None
    assert child(tmp_path, "resume", "once", "scripts.call.invoked", 1) is None
    check(tmp_path, "once", "scripts.call.invoked")
    assert len(deeds(tmp_path)) == _CALLS

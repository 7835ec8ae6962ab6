"""An agent's process is killed with SIGKILL at each labelled moment, on each store that keeps its content.

Nothing that was written is lost, no effect that may not be repeated happens twice, what nobody knows is told, no call
dangles, no sequence number is missing or there twice. What was done is told by the world, not by the journal.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from cambrian.agents.turns import LABELS
from cambrian.core.event import Event
from cambrian.core.message import dangling
from cambrian.journal.crashpoints import FILE_LABELS, SQLITE_LABELS
from cambrian.journal.opening import open_store

from .agent_child import RUN, Told

pytestmark = [pytest.mark.slow, pytest.mark.anyio]

_CHILD = Path(__file__).with_name("agent_child.py")
_SECONDS = 120.0
_DEEDS = {"send-a", "put-b", "hold-c", "pay-5", "book-7", "send-e"}
_WITHOUT = frozenset({"fork", "restore", "gc", "blob"})
"""What an agent never does to a store."""
STORE_LABELS = [
    (kind, label)
    for kind, labels in (("sqlite", SQLITE_LABELS), ("file", FILE_LABELS))
    for label in (*LABELS, *labels)
    if label.split(".")[1] not in _WITHOUT
]


def child(folder: Path, action: str, kind: str, label: str = "", occurrence: int = 0) -> Told | None:
    """What a child told; None if it was killed where it was to be."""
    words = [sys.executable, str(_CHILD), action, str(folder), kind, label, str(occurrence)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode == -signal.SIGKILL and label:
        return None
    assert done.returncode == 0, done.stderr[-2000:]
    return msgspec.json.decode(done.stdout, type=Told)


def deeds(folder: Path) -> Counter[tuple[str, str]]:
    """Deed and key → how often it was done."""
    world = folder / "world"
    lines = world.read_text(encoding="ascii").splitlines() if world.exists() else []
    return Counter((line.split()[0], line.split()[1]) for line in lines)


async def events(folder: Path) -> list[Event]:
    async with await open_store(folder / "journal") as store:
        if not await store.heads(RUN):
            return []
        return [event async for event in store.read(RUN)]


async def check(folder: Path, kind: str) -> None:
    """What has to hold whenever it was killed."""
    written = await events(folder)
    if not written:
        assert not deeds(folder), "nothing is done before it is on record"
        return
    told = child(folder, "resume", kind)
    assert told is not None
    after = await events(folder)
    assert after[: len(written)] == written, "nothing that was written is lost"
    assert [event.seq for event in after] == list(range(1, len(after) + 1))
    assert told.text == "Done."
    assert not dangling(told.messages)
    assert told.taken_up is not None
    results = [result for message in told.messages for result in message.results]
    unknown = {result.call for result in results if result.problem == "unknown"}
    assert unknown == {*told.taken_up.sealed, *told.taken_up.asked}, "what nobody knows is told"
    done = deeds(folder)
    assert {name for name, _ in done} <= _DEEDS
    twice = {name for (name, _), times in done.items() if times > 1}
    assert twice <= {"put-b"}, "only what may be repeated is repeated, and under its key"
    assert len({name for name, _ in done}) == len(done), "no deed has two keys"
    missing = _DEEDS - {name for name, _ in done}
    assert len(missing) <= len(unknown), "what was not done is one of those of which nobody knows"
    assert not missing & {"put-b", "book-7"}, "these may be repeated, or can be found out about"


@pytest.fixture(scope="module", params=["sqlite", "file"])
def passed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, int]]:
    """How often each label is passed in a run that nobody kills: the control."""
    kind = str(request.param)
    folder = tmp_path_factory.mktemp(f"whole-{kind}")
    told = child(folder, "run", kind)
    assert told is not None
    assert told.text == "Done."
    assert {name for name, _ in deeds(folder)} == _DEEDS
    assert set(deeds(folder).values()) == {1}
    return kind, told.passed


async def test_after_a_kill_nothing_is_lost_or_done_twice(tmp_path: Path, passed: tuple[str, dict[str, int]]) -> None:
    kind, labels = passed
    wanted = [label for of, label in STORE_LABELS if of == kind]
    tried = [label for label in wanted if labels.get(label)]
    assert set(LABELS) <= set(tried)
    assert len(tried) > len(LABELS) + 3, f"of the store's own labels only {tried} are passed"
    for label in tried:
        for occurrence in range(1, labels[label] + 1):
            folder = tmp_path / f"{label}.{occurrence}"
            folder.mkdir()
            assert child(folder, "run", kind, label, occurrence) is None, "it was killed there"
            await check(folder, kind)


@pytest.mark.parametrize("kind", ["sqlite", "file"])
async def test_killed_again_while_it_is_taken_up(tmp_path: Path, kind: str) -> None:
    assert child(tmp_path, "run", kind, "agents.tool.invoked", 2) is None
    assert child(tmp_path, "resume", kind, "agents.model.intended", 1) is None
    assert child(tmp_path, "resume", kind, "agents.model.answered", 1) is None
    told = child(tmp_path, "resume", kind)
    assert told is not None
    assert told.text == "Done."
    assert not dangling(told.messages)
    assert {name for (name, _), times in deeds(tmp_path).items() if times > 1} <= {"put-b"}

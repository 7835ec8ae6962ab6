"""Thirty writers are killed with SIGKILL at random moments, two at a time, on one store. Nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import anyio.to_thread
import msgspec
import pytest

from cambrian.core.effect import EffectState
from cambrian.core.ids import RunId, digest
from cambrian.journal.ledger import CONCLUDED, INTENDED, Concluded, Intended
from cambrian.journal.store import Store
from cambrian.testing.crash import load_opener

ROUNDS = 15
RUNS = (RunId("r-1"), RunId("r-2"))
SCRIPT = Path(__file__).with_name("store_writer.py")


def kill_some_writers(opener: str, path: Path, random: Random) -> list[str]:
    """One round: two writers, each killed at its own moment after it has begun. What they said."""
    children = [
        subprocess.Popen([sys.executable, str(SCRIPT), opener, str(path), run], stdout=subprocess.PIPE, text=True)
        for run in RUNS
    ]
    said: list[str] = []
    try:
        for child in children:
            assert child.stdout is not None
            said.append(child.stdout.readline())
            time.sleep(random.uniform(0.0, 0.15))
            child.kill()
        for child in children:
            assert child.stdout is not None
            said += child.stdout.readlines()
            assert child.wait(30) == -9, "it ended by itself: its errors are above"
    finally:
        for child in children:
            child.kill()
            child.wait(30)
            if child.stdout is not None:
                child.stdout.close()
    return said


async def concluded_once(store: Store, run: RunId) -> tuple[set[str], set[str]]:
    """The intended and the applied effects of a run, each found once and in order."""
    intended: set[str] = set()
    applied: set[str] = set()
    final: set[str] = set()
    async for event in store.read(run, types=[INTENDED, CONCLUDED]):
        if event.type == INTENDED:
            effect = msgspec.json.decode(event.data, type=Intended).intent.effect
            assert effect not in intended
            intended.add(effect)
        else:
            outcome = msgspec.json.decode(event.data, type=Concluded)
            assert outcome.effect in intended - final
            final.add(outcome.effect)
            if outcome.state is EffectState.APPLIED:
                applied.add(outcome.effect)
    assert len(intended - final) <= 1
    return intended, applied


@pytest.mark.slow
@pytest.mark.parametrize(
    "opener",
    ["cambrian.journal.sqlite:SqliteStore.open", "cambrian.journal.file:FileStore.open"],
    ids=["sqlite", "file"],
)
async def test_thirty_kills_lose_nothing(tmp_path: Path, opener: str) -> None:
    path, random = tmp_path / "journal", Random(20261121)
    said: list[str] = []
    for _ in range(ROUNDS):
        said += await anyio.to_thread.run_sync(kill_some_writers, opener, path, random)
    words = [line.split() for line in said if line.endswith("\n")]
    assert {word[1] for word in words if word[0] == "unfinished"} <= {"0", "1"}
    acknowledged = {kind: {word[1] for word in words if word[0] == kind} for kind in ("intended", "concluded")}
    assert len(acknowledged["concluded"]) > ROUNDS, "the writers hardly worked"
    store = await load_opener(opener)(path)
    intended: set[str] = set()
    applied: set[str] = set()
    for run in RUNS:
        found = await concluded_once(store, run)
        intended |= found[0]
        applied |= found[1]
        head = (await store.heads(run))[0]
        assert [event.seq async for event in store.read(run)] == [*range(1, head.seq + 1)]
    assert acknowledged["intended"] <= intended
    assert acknowledged["concluded"] <= applied
    for effect in applied:
        assert await store.blob(digest(b"result of %s" % effect.encode()))
    assert [damage for damage in await store.check() if "torn tail" not in damage.what] == []
    await store.aclose()

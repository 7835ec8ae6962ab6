"""Scripts that race: the losers end, and have changed nothing."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from cambrian.app.execution.racing import race_scripts
from cambrian.app.execution.running import Sandbox
from cambrian.compute.alternatives import NobodyWon, Odds
from cambrian.core.limits import Limits
from cambrian.tools.functions import tool
from cambrian.tools.registry import Toolbox


class World:
    """A tool that reads and one that writes."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.read: list[str] = []

        @tool(read_only=True)
        async def look(who: str) -> str:
            """Look."""
            self.read.append(who)
            return who

        async def write(who: str) -> str:
            """Write."""
            self.written.append(who)
            return who

        self.box = Toolbox([look, write])


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    limits = Limits(wall=20.0, cpu=20.0, memory=128 * 2**20)
    async with Sandbox(workspace=tmp_path, workers=3, limits=limits, speculate=False) as made:
        yield made


async def test_the_first_valid_one_wins_and_an_endless_one_ends(sandbox: Sandbox) -> None:
    await sandbox.run("1")
    begun = time.monotonic()
    raced = await race_scripts(sandbox, {"loop": "while True: pass", "fails": "1 / 0", "good": "6 * 7"})
    assert (raced.winner, raced.value.value) == ("good", 42)
    assert time.monotonic() - begun < 10
    assert raced.ends["loop"] == "cancelled"
    assert (await sandbox.run("1 + 1")).value == 2, "the losers' workers serve again"


async def test_only_the_winner_writes(sandbox: Sandbox) -> None:
    world = World()
    code = "a = await look('{0}')\nb = await write('{0}')\nb"
    raced = await race_scripts(sandbox, {name: code.format(name) for name in "abc"}, tools=world.box)
    assert sorted(world.read) == ["a", "b", "c"]
    assert world.written == [raced.winner]
    assert raced.value.value == raced.winner


async def test_who_needs_no_write_wins_over_who_waits_to_write(sandbox: Sandbox) -> None:
    world = World()
    scripts = {"writer": "await write('w')", "reader": "x = 0\nfor i in range(200000):\n    x += i\nx"}
    raced = await race_scripts(sandbox, scripts, tools=world.box)
    assert (raced.winner, world.written) == ("reader", [])


async def test_the_best_of_all_and_nobody(sandbox: Sandbox) -> None:
    scripts = {"one": "1", "three": "3", "two": "2"}
    raced = await race_scripts(sandbox, scripts, best=lambda result: float(result.value))
    assert raced.winner == "three"
    with pytest.raises(NobodyWon, match=r"ZeroDivisionError|not valid"):
        await race_scripts(sandbox, {"a": "1 / 0", "b": "nope"})


async def test_odds_start_the_likely_one_first(sandbox: Sandbox) -> None:
    odds, world = Odds(), World()
    scripts = {"bad": "await look('bad')\n1 / 0", "good": "await look('good')"}
    for _ in range(4):
        await race_scripts(sandbox, scripts, tools=world.box, odds=odds)
        await anyio.sleep(0)
    world.read.clear()
    await race_scripts(sandbox, scripts, tools=world.box, odds=odds, head_start_s=5.0)
    assert world.read == ["good"]

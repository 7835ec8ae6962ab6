"""Calls ahead of time: what is learnt, what may be called, and that no result is another one for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from cambrian.core.tool import Call, Tool
from cambrian.journal.clock import SystemClock
from cambrian.testing.clock import ManualClock
from cambrian.tools.functions import tool
from cambrian.tools.prediction import CallModel, Made, Wanted
from cambrian.tools.registry import Toolbox
from cambrian.tools.speculation import Speculator, SpeculatorSettings

SLOW_S = 0.05


class World:
    """Three read-only tools of a chain, one that writes, all counted."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.stock = 0

        @tool(read_only=True)
        async def find(name: str) -> dict[str, object]:
            """Find a customer."""
            self.made.append(f"find {name}")
            await anyio.sleep(SLOW_S)
            return {"customer": {"id": len(name)}}

        @tool(read_only=True)
        async def orders(customer: int, limit: int) -> list[dict[str, int]]:
            """Orders of a customer."""
            self.made.append(f"orders {customer} {limit}")
            await anyio.sleep(SLOW_S)
            return [{"order": 10 * customer}]

        @tool(read_only=True)
        async def price(order: int) -> int:
            """Price of an order."""
            self.made.append(f"price {order}")
            await anyio.sleep(SLOW_S)
            return order + self.stock

        async def pay(order: int) -> int:
            """Pay."""
            self.made.append(f"pay {order}")
            self.stock += 1
            return order

        self.box = Toolbox([find, orders, price, pay])


@pytest.fixture
async def speculator() -> AsyncIterator[Speculator]:
    made = Speculator(SystemClock())
    yield made
    await made.aclose()


async def value(speculator: Speculator | None, world: World, name: str, *args: object) -> Any:
    box = speculator.over(world.box) if speculator else world.box
    answer = await box.invoke(Call(id=7, tool=name, args=list(args)), key="k")
    assert (answer.error, answer.call) == ("", 7)
    return answer.value


async def chain(speculator: Speculator | None, world: World, name: str, pause: float = 0.0) -> object:
    found = await value(speculator, world, "find", name)
    customer = found["customer"]["id"]
    await anyio.sleep(pause)
    listed = await value(speculator, world, "orders", customer, 5)
    await anyio.sleep(pause)
    return await value(speculator, world, "price", listed[0]["order"])


async def test_a_repeated_chain_hides_its_latency(speculator: Speculator) -> None:
    world = World()
    for name in ("ann", "robert"):
        await chain(speculator, world, name, pause=0.001)
    before = speculator.told.started
    clock = SystemClock()
    found = await value(speculator, world, "find", "christopher")
    await anyio.sleep(4 * SLOW_S)  # the client thinks
    begun = clock.monotonic()
    listed = await value(speculator, world, "orders", found["customer"]["id"], 5)
    assert await value(speculator, world, "price", listed[0]["order"]) == 110
    assert clock.monotonic() - begun < 0.1 * 2 * SLOW_S + 0.02
    assert speculator.told.started == before + 2
    assert speculator.told.adopted >= 2
    assert speculator.told.hidden_s > 0.9 * 2 * SLOW_S
    assert world.made[-3:] == ["find christopher", "orders 11 5", "price 110"]


async def test_wrong_guesses_change_nothing() -> None:
    results: list[list[object]] = []
    for speculates in (False, True):
        world = World()
        speculator = Speculator(SystemClock()) if speculates else None
        got = [await chain(speculator, world, name) for name in ("ann", "robert", "al")]
        got.append(await value(speculator, world, "find", "zoe"))
        got.append(await value(speculator, world, "orders", 99, 7))
        got.append(await value(speculator, world, "price", 4))
        if speculator is not None:
            assert speculator.told.started > speculator.told.adopted
            await speculator.aclose()
            assert speculator.told.wasted + speculator.told.adopted == speculator.told.started
        results.append(got)
    assert results[0] == results[1]


async def test_a_call_that_changes_something_throws_early_answers_away(speculator: Speculator) -> None:
    world = World()
    for name in ("ann", "robert"):
        await chain(speculator, world, name)
    await value(speculator, world, "find", "al")
    await anyio.sleep(4 * SLOW_S)
    assert world.made[-1] == "price 20"
    await value(speculator, world, "pay", 20)
    assert await value(speculator, world, "price", 20) == 21, "read anew, after the payment"


async def test_what_is_not_read_only_or_needs_approval_is_never_called_ahead(speculator: Speculator) -> None:
    world = World()
    for _ in range(4):
        await value(speculator, world, "find", "ann")
        await value(speculator, world, "pay", 3)
    count = len(world.made)
    await value(speculator, world, "find", "ann")
    await anyio.sleep(2 * SLOW_S)
    assert world.made[count:] == ["find ann"]


async def test_a_server_has_to_be_named() -> None:
    of_server = Tool(name="get", read_only=True, server="shop")
    assert not Speculator(ManualClock()).may(of_server)
    assert Speculator(ManualClock(), SpeculatorSettings(servers=("shop",))).may(of_server)
    assert not Speculator(ManualClock()).may(Tool(name="get", read_only=True, approval=True))
    assert not Speculator(ManualClock()).may(None)


async def test_the_budget_of_wasted_calls() -> None:
    clock, world = ManualClock(), World()
    speculator = Speculator(clock, SpeculatorSettings(wasted=2, fresh_s=5.0))
    for name in ("ann", "robert"):
        await chain(speculator, world, name)
    for index in range(6):
        clock.advance(6.0)
        await value(speculator, world, "find", f"{'x' * (20 + index)}")
        await anyio.sleep(SLOW_S / 5)
    assert speculator.told.started - speculator.told.adopted <= 5
    await speculator.aclose()


def told(*made: tuple[str, dict[str, object], object]) -> CallModel:
    model = CallModel()
    for name, arguments, answer in made:
        model.tell(Made(name, arguments, answer))
    return model


def test_arguments_come_from_where_they_always_came_from() -> None:
    model = told(
        ("a", {"q": 1}, {"id": 7, "n": 3}), ("b", {"x": 7, "y": "all"}, None),
        ("a", {"q": 2}, {"id": 8, "n": 3}), ("b", {"x": 8, "y": "all"}, None),
    )  # fmt: skip
    assert model.expected(Made("a", {"q": 3}, {"id": 9, "n": 7})) == [Wanted("b", {"x": 9, "y": "all"})]
    assert model.expected(Made("a", {"q": 3}, {"n": 7})) == [], "nobody knows x"
    assert model.expected(Made("c", {}, None)) == []


def test_one_time_is_no_habit() -> None:
    assert told(("a", {}, 1), ("b", {"x": 1}, None)).expected(Made("a", {}, 1)) == []

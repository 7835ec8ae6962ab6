"""The toolbox: what it offers, refuses, asks, carries out, and makes of results."""

from __future__ import annotations

import asyncio
import doctest
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import anyio
import pytest

from cambrian.core.errors import UsageError
from cambrian.core.tool import Answer, Call, Tool, ToolInvoker
from cambrian.tools import discovery, functions, registry, stubs
from cambrian.tools.entry import Entry, Outcome, ToolServer
from cambrian.tools.functions import tool
from cambrian.tools.policy import ToolPolicy
from cambrian.tools.registry import Toolbox


def add(a: int, b: int = 0) -> int:
    """Add two numbers."""
    return a + b


@tool(approval=True)
def wipe() -> str:
    return "wiped"


def call(name: str, *args: object, **kwargs: object) -> Call:
    return Call(id=7, tool=name, args=list(args), kwargs=kwargs)


class Listed:
    """An entry of a server that echoes."""

    def __init__(self, name: str, server: str) -> None:
        self.tool = Tool(name=name, parameters={"type": "object"}, server=server)

    async def call(self, arguments: object, *, key: str) -> Outcome:
        return Outcome(value=[self.tool.server, self.tool.name, arguments, key])


class Server(ToolServer):
    def __init__(self, name: str, *tools: str) -> None:
        self.name = name
        self.entered = 0
        self._tools = tools

    async def __aenter__(self) -> Self:
        self.entered += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.entered -= 1

    async def entries(self) -> Sequence[Entry]:
        if not self._tools:
            raise UsageError("nobody is there")
        return [Listed(name, self.name) for name in self._tools]


def test_it_is_a_tool_invoker() -> None:
    box: ToolInvoker = Toolbox([add])
    assert [each.name for each in box.tools()] == ["add"]


async def test_calls_and_refusals() -> None:
    box = Toolbox([add])
    assert box.refusal(call("add", 1, b=2)) == ""
    assert await box.invoke(call("add", 1, b=2), key="k") == Answer(call=7, value=3)
    for wrong, words in [
        (call("sub"), "there is no tool 'sub'; there are: add"),
        (call("add"), "the argument 'a' is missing"),
        (call("add", "1"), "'1' is not of type 'integer'"),
        (call("__class__"), "there is no tool"),
    ]:
        assert words in box.refusal(wrong)
        assert words in (await box.invoke(wrong, key="k")).error, "refused where it is carried out, too"


async def test_results_are_made_plain_and_measured() -> None:
    def big(size: int) -> str:
        return "x" * size

    def odd() -> object:
        return object()

    box = Toolbox([big, odd], max_result=100)
    assert (await box.invoke(call("big", 98), key="")).value == "x" * 98
    over = await box.invoke(call("big", 99), key="")
    assert over.error == "the result of big() takes 101 bytes of JSON; at most 100 are allowed; ask for less of it"
    assert over.value is None
    assert "type 'object', which has no JSON form" in (await box.invoke(call("odd"), key="")).error


async def test_calls_run_side_by_side() -> None:
    def block() -> None:
        time.sleep(0.3)

    async def sleeps() -> None:
        await anyio.sleep(0.3)

    async with Toolbox([block, sleeps]) as box:
        started = time.monotonic()
        await asyncio.gather(*(box.invoke(call(name), key="") for name in ["block", "sleeps"] * 5))
        assert time.monotonic() - started < 2, "one after the other it takes 3 s"


async def test_abandoned_calls_are_counted_and_bounded() -> None:
    over = anyio.Event()
    loop = asyncio.get_running_loop()

    def wait() -> None:
        asyncio.run_coroutine_threadsafe(over.wait(), loop).result(30)

    async with Toolbox([wait], timeout=0.02) as box:
        answers = [await box.invoke(call("wait"), key="") for _ in range(17)]
        assert all("cannot be killed" in answer.error for answer in answers)
        assert "not started: 16 earlier calls" in answers[-1].error
        assert box.abandoned == 16
        over.set()
        with anyio.fail_after(10):
            while box.abandoned:
                await anyio.sleep(0.01)
        assert "TimeoutError" not in (await box.invoke(call("wait"), key="")).error


async def test_approval_is_denied_unless_somebody_allows_it() -> None:
    asked: list[tuple[str, Call]] = []

    async def ask(asked_tool: Tool, made: Call) -> bool | str:
        asked.append((asked_tool.name, made))
        return made.id == 7 or "not today"

    nobody = Toolbox([add, wipe])
    assert await nobody.approve(call("add", 1)) == ""
    denial = await nobody.approve(call("wipe"))
    assert 'pass approve=… to the toolbox; to allow all of its calls, approved=("wipe",), or --approve wipe' in denial
    box = Toolbox([add, wipe], policy=ToolPolicy(approve=ask, ask=("a*",)))
    assert [each.approval for each in box.tools()] == [True, True]
    assert await box.approve(call("wipe")) == ""
    assert await box.approve(Call(id=8, tool="add", args=[1])) == "add() was denied: not today"
    assert asked == [("wipe", call("wipe")), ("add", Call(id=8, tool="add", args=[1]))]
    known = Toolbox([wipe], policy=ToolPolicy(approved=("wipe",)))
    assert not known.tools()[0].approval
    assert await known.approve(call("wipe")) == ""
    assert "there is no tool" in await known.approve(call("other"))


async def test_allow_and_deny_lists() -> None:
    box = Toolbox([add, wipe, Server("web", "fetch", "post")], policy=ToolPolicy(
        allow=("add", "web/*"), deny=("*/post",)
    ))  # fmt: skip
    async with box:
        assert [each.name for each in box.tools()] == ["add", "fetch"]
        assert box.hidden().keys() == {"wipe", "post"}
        assert "post() may not be called: it is on the deny list, by the pattern '*/post'" in box.refusal(call("post"))
        assert "not on the allow list; add 'wipe' to it" in box.refusal(call("wipe"))
        assert "may not be called" in (await box.invoke(call("wipe"), key="")).error
    with pytest.raises(UsageError, match=r'write allow=\("fetch_\*",\)'):
        ToolPolicy(allow="add")  # pyright: ignore[reportArgumentType]


async def test_names_that_meet_are_prefixed() -> None:
    one, two = Server("one", "add", "look-up", "look_up"), Server("two", "add", "other")
    async with Toolbox([one, add, two]) as box:
        assert [each.name for each in box.tools()] == [
            "add",
            "one_add",
            "one_look_up",
            "one_look_up_2",
            "two_add",
            "other",
        ]
        assert (await box.invoke(call("one_look_up", x=1), key="k")).value == ["one", "look-up", {"x": 1}, "k"]
        assert (await box.invoke(call("add", 1), key="k")).value == 1
    with pytest.raises(UsageError, match="two functions are called 'add'"):
        Toolbox([add, add])


async def test_servers_are_left_however_it_ends() -> None:
    good, bad = Server("good", "a"), Server("bad")
    with pytest.raises(UsageError, match="nobody is there"):
        async with Toolbox([good, bad]):
            raise AssertionError
    assert (good.entered, bad.entered) == (0, 0)
    with pytest.raises(KeyError):  # noqa: PT012 - the error has to come from inside
        async with Toolbox([good]):
            assert good.entered == 1
            raise KeyError
    assert good.entered == 0


def test_what_is_no_tool() -> None:
    with pytest.raises(UsageError, match="a tool is a function or a server, not 'add'"):
        Toolbox(["add"])  # pyright: ignore[reportArgumentType]
    with pytest.raises(UsageError, match="max_result"):
        Toolbox(max_result=0)


@pytest.mark.parametrize("module", [registry, functions, stubs, discovery])
def test_examples_in_docstrings(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # pyright: ignore[reportArgumentType]

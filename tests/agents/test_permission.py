"""Which calls may happen: lists before modes, and what is not known is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pytest

from cambrian.agents.hooks import Hook, Ruling
from cambrian.agents.permission import Mode, Permission, Permissions, Verdict
from cambrian.agents.template import Template
from cambrian.core.errors import UsageError
from cambrian.core.message import ToolCall, ToolResult
from cambrian.core.model import Completion, Request
from cambrian.core.tool import Tool
from cambrian.testing.models import calls, says

from .conftest import Bench

READS, WRITES, ASKS = Tool(name="read", read_only=True), Tool(name="write"), Tool(name="pay", approval=True)


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (Permission(), ("allow", "allow", "ask")),
        (Permission(mode="approval"), ("ask", "ask", "ask")),
        (Permission(mode="read-only"), ("allow", "deny", "deny")),
        (Permission(deny=("read",)), ("deny", "allow", "ask")),
        (Permission(allow=("read", "pay")), ("allow", "deny", "ask")),
        (Permission(allow=("read",), deny=("read",)), ("deny", "deny", "deny")),
        (Permission(ask=("read",)), ("ask", "allow", "ask")),
        (Permission(mode="read-only", ask=("read", "write")), ("ask", "deny", "deny")),
    ],
)
def test_verdicts(permission: Permission, expected: tuple[Verdict, ...]) -> None:
    permissions = Permissions(permission)
    assert tuple(permissions.verdict(tool, {})[0] for tool in (READS, WRITES, ASKS)) == expected


def test_a_mode_of_ones_own_sees_the_arguments() -> None:
    def small(tool: Tool, arguments: Mapping[str, object]) -> Verdict:
        del tool
        usd = arguments.get("usd")
        return "allow" if isinstance(usd, int) and usd < 10 else "ask"

    permissions = Permissions(Permission(mode="small"), {"small": small})
    assert permissions.verdict(ASKS, {"usd": 5})[0] == "allow"
    assert permissions.verdict(ASKS, {"usd": 50})[0] == "ask"


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(UsageError, match="no permission mode 'yolo'; there are approval, auto, read-only"):
        Permissions(Permission(mode="yolo"))
    with pytest.raises(UsageError, match="mode 'auto' is there already"):
        Permissions(Permission(), {"auto": constant("allow")})
    odd = Permissions(Permission(mode="odd"), {"odd": constant("maybe")})
    assert odd.verdict(READS, {}) == ("deny", "mode 'odd' said 'maybe', which is neither allow, ask nor deny")


def constant(verdict: str) -> Mode:
    def mode(tool: Tool, arguments: Mapping[str, object]) -> Verdict:
        return cast("Verdict", verdict)

    return mode


class Guard(Hook):
    """Denies, changes, answers in the tool's place; and raises where it is told to."""

    def __init__(self, ruling: Ruling | None = None, *, raises: str = "") -> None:
        self._ruling, self._raises = ruling, raises

    def _maybe(self, name: str) -> None:
        if self._raises == name:
            raise RuntimeError("the guard broke")

    async def before_model(self, request: Request) -> Request:
        self._maybe("before_model")
        return request

    async def after_model(self, completion: Completion) -> Completion:
        self._maybe("after_model")
        return completion

    async def before_tool(self, call: ToolCall, tool: Tool) -> Ruling | None:
        self._maybe("before_tool")
        return self._ruling

    async def after_tool(self, call: ToolCall, result: ToolResult) -> ToolResult:
        self._maybe("after_tool")
        return result


async def told(bench: Bench, guard: Guard) -> tuple[str, ToolResult | None]:
    parts = bench.parts([calls(("send", {"to": "Ann"})), says("Done.")], hooks=[guard])
    agent = await bench.create(parts, Template(name="guarded"))
    outcome = await agent.complete("Begin")
    results = agent.state.messages[-2].results if len(agent.state.messages) > 1 else ()
    return outcome.rest, results[0] if results else None


@pytest.mark.parametrize("moment", ["before_tool", "after_tool"])
async def test_a_guard_of_calls_that_breaks_lets_nothing_through(bench: Bench, moment: str) -> None:
    rest, result = await told(bench, Guard(raises=moment))
    assert rest == "completed"
    assert result is not None
    assert result.problem in ("denied", "failed")
    assert "the guard broke" in result.error
    assert len(bench.world.deeds) == (moment == "after_tool")


@pytest.mark.parametrize("moment", ["before_model", "after_model"])
async def test_a_guard_of_answers_that_breaks_stops_the_turn(bench: Bench, moment: str) -> None:
    rest, _ = await told(bench, Guard(raises=moment))
    assert rest == "failed"
    assert bench.world.deeds == []
    (failed,) = [event async for event in bench.store.read((await bench.store.heads())[0].run, types=["agent.failed"])]
    assert b"the guard broke" in bytes(failed.data)


async def test_hooks_deny_change_and_answer(bench: Bench) -> None:
    _, result = await told(bench, Guard(Ruling(verdict="deny", reason="not today")))
    assert result == ToolResult(call="c1.0", problem="denied", error="not today")
    _, result = await told(bench, Guard(Ruling(result="as if")))
    assert result == ToolResult(call="c1.0", value="as if")
    assert bench.world.deeds == []
    _, result = await told(bench, Guard(Ruling(input={"to": "Bo"})))
    assert result == ToolResult(call="c1.0", value="sent to Bo")
    _, result = await told(bench, Guard(Ruling(input={"wrong": 1})))
    assert result is not None
    assert result.problem == "invalid"


async def test_a_hook_cannot_allow_what_the_permission_denies(bench: Bench) -> None:
    parts = bench.parts([calls(("send", {"to": "Ann"})), says("Done.")], hooks=[Guard(Ruling(verdict="allow"))])
    agent = await bench.create(parts, Template(name="quiet", permission=Permission(mode="read-only")))
    await agent.complete("Begin")
    assert bench.world.deeds == []

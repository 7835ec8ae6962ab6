"""The operations, in this process, through the SDK's client where the protocol matters."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INTERNAL_ERROR

from cambrian.app.execution import catalogue
from cambrian.app.execution.running import SCRIPT_LIMITS, Sandbox
from cambrian.app.mcp import service as service_module
from cambrian.app.mcp.binding import make_server
from cambrian.app.mcp.executions import Executions
from cambrian.app.mcp.requests import PATIENCE_S, ExecuteCode, RuntimeHealthCheck
from cambrian.app.mcp.service import Service
from cambrian.core.errors import CapabilityMissing, JournalError
from cambrian.sandbox.scripts.driven import Driver
from cambrian.tools.registry import Toolbox


@asynccontextmanager
async def serving(tmp_path: Path) -> AsyncGenerator[tuple[Service, Executions, Sandbox]]:
    async with (
        Sandbox(workspace=tmp_path / "workspace", workers=1) as sandbox,
        Toolbox() as box,
        anyio.create_task_group() as tasks,
    ):
        executions = Executions(tasks)
        yield Service(sandbox, box, executions, most=SCRIPT_LIMITS), executions, sandbox
        tasks.cancel_scope.cancel()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


async def test_an_execution_whose_caller_leaves_ends(tmp_path: Path) -> None:
    async with serving(tmp_path) as (service, executions, _):
        with anyio.move_on_after(0.3) as scope:
            await service.execute_code(ExecuteCode(code="while True: pass", language="python"))
        assert scope.cancelled_caught
        assert len(executions) == 0
        done = await service.execute_code(ExecuteCode(code="1 + 1", language="python"))  # there is but one worker
        assert (done.value, len(executions)) == (2, 0)


async def test_a_client_that_cancels_its_call_is_such_a_caller(tmp_path: Path) -> None:
    async def ask(client: Client) -> None:
        await client.call_tool("execute_code", {"code": "while True: pass", "language": "python"})

    async with (
        serving(tmp_path) as (service, executions, _),
        Client(make_server(service, tools=0), mode="legacy") as client,
    ):
        with anyio.fail_after(10):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask, client)
                while not len(executions):
                    await anyio.sleep(0.01)
                tasks.cancel_scope.cancel()
            while len(executions):
                await anyio.sleep(0.01)


async def test_what_is_no_fault_of_the_caller_is_an_internal_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(tmp_path) as (service, _, sandbox):

        async def broken(*_: object, **__: object) -> None:
            raise JournalError("the disk is full")

        monkeypatch.setattr(sandbox, "run", broken)
        async with Client(make_server(service, tools=0)) as client:
            with pytest.raises(MCPError, match="the disk is full") as caught:
                await client.call_tool("execute_code", {"code": "1"})
        assert caught.value.code == INTERNAL_ERROR


async def test_each_runtime_is_asked_whether_it_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = catalogue.find_driver

    def without_quickjs(name: str, readable: tuple[Path, ...] = (), here: str = "") -> Driver:
        if name == "quickjs":
            raise CapabilityMissing("runtime.quickjs", "it is not here", fix="pip install quickjs-ng")
        return find(name, readable, here)

    monkeypatch.setattr(catalogue, "find_driver", without_quickjs)
    async with serving(tmp_path) as (service, _, _sandbox):
        found = {each.runtime: each for each in (await service.runtime_health_check(RuntimeHealthCheck())).runtimes}
        assert found["monty"].healthy
        assert found["cpython"].healthy
        assert "quickjs" not in found, "what is not installed is not asked, unless by name"
        [named] = (await service.runtime_health_check(RuntimeHealthCheck(runtime="quickjs"))).runtimes
        assert (named.healthy, "pip install quickjs-ng" in named.problem) == (False, True)


async def test_a_runtime_that_hangs_is_told_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(*_: object) -> float:
        await anyio.sleep_forever()
        raise AssertionError

    monkeypatch.setattr(service_module, "timed_once", hangs)
    monkeypatch.setattr(service_module, "_HEALTH_S", 0.1)
    async with serving(tmp_path) as (service, _, _sandbox):
        [found] = (await service.runtime_health_check(RuntimeHealthCheck(runtime="monty"))).runtimes
        assert (found.healthy, found.problem) == (False, "it did not answer within 0.1 s")


async def test_every_wait_is_shorter_than_a_clients_patience(tmp_path: Path) -> None:
    """Thirty seconds, less what comes after a wait."""
    assert max(PATIENCE_S, service_module._HEALTH_S) <= 25  # pyright: ignore[reportPrivateUsage]
    async with serving(tmp_path) as (service, _, _sandbox):
        listed = make_server(service, tools=0)
        async with Client(listed) as client:
            for tool in (await client.list_tools()).tools:
                wait = tool.input_schema["properties"].get("wait")
                assert wait is None or wait["maximum"] == PATIENCE_S
                assert tool.input_schema["type"] == "object"
                assert tool.input_schema["additionalProperties"] is False
                assert tool.description
                assert tool.annotations is not None
                assert tool.annotations.read_only_hint == (tool.name not in {"execute_code", "cancel"})

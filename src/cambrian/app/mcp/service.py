"""App, MCP: the operations that an assistant is offered. Knows nothing of the protocol; every one ends within 30 s."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import NamedTuple, TypeVar, cast

import anyio
import msgspec

from cambrian.app.execution.catalogue import NAMES
from cambrian.app.execution.inventory import Present, timed_once
from cambrian.app.execution.results import Execution
from cambrian.app.execution.running import Sandbox
from cambrian.core.errors import CapabilityMissing, SandboxError, UsageError
from cambrian.core.limits import Limits
from cambrian.core.tool import Tool
from cambrian.tools.discovery import describe, search
from cambrian.tools.registry import Toolbox

from .answers import Capable, Checked, Described, Found, Health, Listed, Ran, told
from .executions import Executions, Job
from .requests import (
    Cancel,
    DescribeTool,
    ExecuteCode,
    GetResult,
    GetRuntimeCapabilities,
    ListRuntimes,
    RuntimeHealthCheck,
    SearchTools,
)

__all__ = ["Operation", "Service"]

R = TypeVar("R", bound=msgspec.Struct)

_HEALTH_S = 20.0
_USUAL_S = 30.0


class Operation(NamedTuple):
    """One operation: what it is asked, what it answers, and whether it changes nothing."""

    request: type[msgspec.Struct]
    answer: type[msgspec.Struct]
    read_only: bool
    perform: Callable[[msgspec.Struct], Awaitable[msgspec.Struct]]


class Service:
    """What `cambrian mcp` offers.

    Args:
        sandbox: runs the code.
        tools: what the code may call.
        executions: the running ones.
        most: the limits that nobody may go beyond.
    """

    def __init__(self, sandbox: Sandbox, tools: Toolbox, executions: Executions, *, most: Limits) -> None:
        self._sandbox, self._tools, self._executions, self._most = sandbox, tools, executions, most
        self.operations: dict[str, Operation] = {
            "execute_code": _operation(ExecuteCode, Ran, self.execute_code),
            "get_result": _operation(GetResult, Ran, self.get_result, read_only=True),
            "cancel": _operation(Cancel, Ran, self.cancel),
            "list_runtimes": _operation(ListRuntimes, Listed, self.list_runtimes, read_only=True),
            "get_runtime_capabilities": _operation(
                GetRuntimeCapabilities, Capable, self.get_runtime_capabilities, read_only=True
            ),
            "runtime_health_check": _operation(
                RuntimeHealthCheck, Checked, self.runtime_health_check, read_only=True
            ),
            "search_tools": _operation(SearchTools, Found, self.search_tools, read_only=True),
            "describe_tool": _operation(DescribeTool, Described, self.describe_tool, read_only=True),
        }  # fmt: skip

    async def call(self, name: str, arguments: Mapping[str, object]) -> msgspec.Struct:
        """Perform an operation.

        Raises:
            UsageError: there is no such operation, or its arguments are wrong.
            CambrianError: the machinery failed.
        """
        operation = self.operations.get(name)
        if operation is None:
            raise UsageError(f"there is no tool {name!r:.80}; there are: {', '.join(self.operations)}")
        try:
            request = msgspec.convert(dict(arguments), operation.request)
        except msgspec.ValidationError as error:
            wanted = ", ".join(each.name for each in msgspec.structs.fields(operation.request)) or "nothing"
            raise UsageError(f"the arguments of {name} are wrong: {error}; it takes: {wanted}") from None
        return await operation.perform(request)

    def offered(self) -> tuple[Tool, ...]:
        """The tools that code may call."""
        return self._sandbox.reach.over(self._tools).tools()

    async def execute_code(self, asked: ExecuteCode) -> Ran:
        """See `ExecuteCode`. If its caller goes away before there is a handle, the execution ends.

        Raises:
            UsageError: an argument is wrong, or too many are running.
        """
        for name in asked.inputs:
            if not name.isidentifier():
                raise UsageError(f"input {name!r:.80} is no name of a variable; write for example {{'n': 3}}")
        job = self._executions.start(partial(self._run, asked, self._limits(asked.timeout)))
        try:
            await job.wait(asked.wait)
        except BaseException:
            self._executions.forget(job)
            raise
        answer = self._told(job)
        if answer.status != "running":
            self._executions.forget(job)
        return answer

    async def _run(self, asked: ExecuteCode, limits: Limits) -> Execution:
        return await self._sandbox.run(
            asked.code, language=asked.language, tools=self._tools, runtime=asked.runtime, inputs=asked.inputs,
            limits=limits,
        )  # fmt: skip

    def _limits(self, timeout: float | None) -> Limits:
        most = self._most
        wanted = min(_USUAL_S, most.wall) if timeout is None else timeout
        if wanted > most.wall:
            raise UsageError(
                f"timeout is {timeout!r}, and this server allows {most.wall:g} s; ask for less, or have it started "
                f"with: cambrian mcp --limits wall={wanted:.0f}s"
            )
        return msgspec.structs.replace(most, wall=wanted, cpu=min(max(wanted, 1.0), most.cpu))

    def _told(self, job: Job) -> Ran:
        if job.error is not None:
            raise job.error
        if job.result is not None:
            return told(job.result)
        return Ran(status="running" if job.running else "cancelled", value=None, handle=job.handle)

    async def get_result(self, asked: GetResult) -> Ran:
        """See `GetResult`.

        Raises:
            UsageError: there is no such execution.
        """
        job = self._executions.get(asked.handle)
        await job.wait(asked.wait)
        return self._told(job)

    async def cancel(self, asked: Cancel) -> Ran:
        """See `Cancel`; one that had ended already is answered with its result.

        Raises:
            UsageError: there is no such execution.
        """
        job = self._executions.get(asked.handle)
        await self._executions.cancel(job)
        return self._told(job)

    async def list_runtimes(self, _: ListRuntimes) -> Listed:
        """See `ListRuntimes`."""
        return Listed(runtimes=[self._present(name) for name in NAMES])

    def _present(self, name: str) -> Present:
        try:
            driver = self._sandbox.catalogue.driver(name)
        except CapabilityMissing as error:
            return Present(name=name, missing=str(error), fix=error.fix)
        return Present(name=name, languages=driver.languages, version=driver.version)

    async def get_runtime_capabilities(self, asked: GetRuntimeCapabilities) -> Capable:
        """See `GetRuntimeCapabilities`.

        Raises:
            UsageError: there is no such runtime, it is not installed, or the preset does not allow it.
        """
        catalogue, name = self._sandbox.catalogue, asked.runtime
        try:
            driver = catalogue.driver(name)
            with anyio.fail_after(_HEALTH_S):
                found = await self._sandbox.dispatcher.capabilities(name, self._sandbox.preset)
        except (CapabilityMissing, SandboxError) as error:
            raise UsageError(f"the runtime {name!r} cannot be used here: {error}") from error
        except TimeoutError:
            raise SandboxError(f"the runtime {name!r} did not answer within {_HEALTH_S:g} s") from None
        return Capable(
            runtime=name,
            version=driver.version,
            languages=driver.languages,
            level=catalogue.get(name).level.name,
            start_ms=round(found.start_ms, 3),
            folders=tuple(map(str, catalogue.folders(name))),
            features=dict(sorted(found.features.items())),
        )

    async def runtime_health_check(self, asked: RuntimeHealthCheck) -> Checked:
        """See `RuntimeHealthCheck`.

        Raises:
            UsageError: there is no such runtime.
        """
        if asked.runtime is not None and asked.runtime not in NAMES:
            raise UsageError(f"there is no runtime {asked.runtime!r:.80}; there are {', '.join(NAMES)}")
        names = NAMES if asked.runtime is None else (asked.runtime,)
        found: dict[str, Health] = {}

        async def look(name: str) -> None:
            found[name] = await self._health(name)

        async with anyio.create_task_group() as group:
            for name in names:
                if asked.runtime or not self._sandbox.catalogue.missing(name):
                    group.start_soon(look, name)
        return Checked(runtimes=[found[name] for name in names if name in found])

    async def _health(self, name: str) -> Health:
        try:
            with anyio.fail_after(_HEALTH_S):
                ms = await timed_once(self._sandbox.catalogue.get(name), self._sandbox.limits)
        except TimeoutError:
            return Health(runtime=name, healthy=False, problem=f"it did not answer within {_HEALTH_S:g} s")
        except (CapabilityMissing, SandboxError) as error:
            return Health(runtime=name, healthy=False, problem=str(error))
        return Health(runtime=name, healthy=True, ms=round(ms, 3))

    async def search_tools(self, asked: SearchTools) -> Found:
        """See `SearchTools`."""
        tools = self.offered()
        return Found(tools=search(tools, asked.query, limit=asked.limit), total=len(tools))

    async def describe_tool(self, asked: DescribeTool) -> Described:
        """See `DescribeTool`.

        Raises:
            UsageError: there is no such tool.
        """
        return Described(tool=describe(self.offered(), asked.name, language=asked.language))


def _operation(
    request: type[R], answer: type[msgspec.Struct], perform: Callable[[R], Awaitable[msgspec.Struct]], *,
    read_only: bool = False,
) -> Operation:  # fmt: skip
    return Operation(request, answer, read_only, cast("Callable[[msgspec.Struct], Awaitable[msgspec.Struct]]", perform))

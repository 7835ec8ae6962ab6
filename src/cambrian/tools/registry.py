"""Tools, registry: the tools that running code may call, from functions and servers, behind `core.tool.ToolInvoker`.

Results are data: they are made plain, measured, and handed on as values; nothing here looks at what they say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import msgspec

from cambrian.core.checks import check_number, check_whole
from cambrian.core.errors import CodecError, UsageError
from cambrian.core.tool import Answer, Call, Tool

from .entry import Entry, Outcome, ToolServer
from .functions import FunctionTool, ToolFunction
from .naming import free_name, identifier
from .plain import json_size, to_plain
from .policy import ToolPolicy, matched
from .schema import Binding, Schema, bind
from .threads import Threads

__all__ = ["MAX_RESULT", "Toolbox"]

MAX_RESULT = 1 << 20
"""Bytes of JSON that one result may take, unless the toolbox says otherwise."""


class _Offered:
    """A tool under the name that running code knows it by."""

    __slots__ = ("_checked", "entry", "schema", "tool")

    def __init__(self, entry: Entry, tool: Tool) -> None:
        self.entry = entry
        self.tool = tool
        self.schema = Schema(tool.parameters)
        self._checked: tuple[Call, Binding] | None = None

    def check(self, call: Call) -> Binding:
        """The call's arguments, or what is wrong with them. Kept for who asks about the same call next."""
        checked, self._checked = self._checked, None
        if checked is not None and checked[0] is call:
            return checked[1]
        binding = _check(self, call)
        self._checked = call, binding
        return binding


class Toolbox:
    """Tools from functions and servers; implements `core.tool.ToolInvoker`.

    An async context manager: entering it starts the servers, leaving it ends them. One of functions only need not be
    entered.

    >>> from cambrian.core.tool import Call
    >>> def add(a: int, b: int = 0) -> int:
    ...     "Add two numbers."
    ...     return a + b
    >>> box = Toolbox([add])
    >>> box.refusal(Call(id=0, tool="add", args=[1, "2"]))
    "add() does not fit: arguments['b']: '2' is not of type 'integer'"

    Args:
        tools: functions and servers. Of two tools with one name that of a server is prefixed with the server's.
        policy: which of them may be seen and called, and who is asked.
        timeout: seconds for one call of a function that says nothing else.
        max_result: bytes of JSON that one result may take; over it the answer is an error.

    Raises:
        UsageError: something is neither, a function cannot be a tool, or two functions have one name.
    """

    def __init__(
        self,
        tools: Iterable[ToolFunction | ToolServer] = (),
        *,
        policy: ToolPolicy | None = None,
        timeout: float = 30.0,
        max_result: int = MAX_RESULT,
    ) -> None:
        check_number("timeout", timeout, example="timeout=30.0")
        check_whole("max_result", max_result, example="max_result=1_048_576")
        self._policy = policy or ToolPolicy()
        self._max_result = max_result
        self._threads = Threads()
        self._stack = AsyncExitStack()
        sources = list(tools)
        self._servers = [each for each in sources if isinstance(each, ToolServer)]
        self._entries: list[Entry] = [
            FunctionTool(_function(each), threads=self._threads, timeout=timeout)
            for each in sources
            if not isinstance(each, ToolServer)
        ]
        self._offered: dict[str, _Offered] = {}
        self._hidden: dict[str, str] = {}
        self._offer(self._entries)

    async def __aenter__(self) -> Self:
        """Start the servers, side by side, and list their tools.

        Raises:
            CapabilityMissing: see `ToolServer.entries`.
            UsageError: likewise.
        """
        async with AsyncExitStack() as stack:
            stack.callback(self._threads.close)
            for server in self._servers:
                await stack.enter_async_context(server)
            found = [entry for server in self._servers for entry in await server.entries()]
            self._offer([*self._entries, *found])
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the servers and their processes, and the threads that have nothing to do."""
        await self._stack.aclose()

    def end_threads(self) -> None:
        """End the threads of its functions that have nothing to do, and the others once they have.

        For a toolbox that was not entered and is not wanted any more; leaving an entered one does it. Idempotent.
        """
        self._threads.close()

    @property
    def abandoned(self) -> int:
        """Calls of functions that outlived their time limit and still run; see `Threads`."""
        return self._threads.abandoned

    def tools(self) -> tuple[Tool, ...]:
        """See `ToolInvoker.tools`: functions as given, then each server's by name. Only what the policy allows."""
        return tuple(each.tool for each in self._offered.values())

    def hidden(self) -> dict[str, str]:
        """Name → why, of tools that are there but may not be called."""
        return dict(self._hidden)

    def unmatched(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """Those of the patterns that match no tool which is there, neither by its name nor as ``SERVER/NAME``."""
        known = [_known(name, each.entry) for name, each in self._offered.items()]
        return tuple(each for each in patterns if not any(matched((each,), names) for names in known))

    def refusal(self, call: Call) -> str:
        """See `ToolInvoker.refusal`."""
        offered = self._offered.get(call.tool)
        return self._absent(call.tool) if offered is None else offered.check(call).problem

    async def approve(self, call: Call) -> str:
        """See `ToolInvoker.approve`."""
        offered = self._offered.get(call.tool)
        if offered is None:
            return self._absent(call.tool)
        return await self._policy.denial(offered.tool, call) if offered.tool.approval else ""

    async def invoke(self, call: Call, *, key: str) -> Answer:
        """See `ToolInvoker.invoke`. What `refusal` has something against is not carried out here either."""
        offered = self._offered.get(call.tool)
        if offered is None:
            return Answer(call=call.id, error=self._absent(call.tool))
        binding = offered.check(call)
        if binding.problem:
            return Answer(call=call.id, error=binding.problem)
        return self._answer(call, await offered.entry.call(binding.arguments, key=key))

    def _answer(self, call: Call, outcome: Outcome) -> Answer:
        if outcome.error:
            return Answer(call=call.id, error=outcome.error)
        try:
            value = to_plain(outcome.value)
            size = json_size(value)
        except CodecError as error:
            return Answer(call=call.id, error=f"{call.tool}() gave something that cannot be handed on: {error}")
        if size > self._max_result:
            return Answer(
                call=call.id,
                error=f"the result of {call.tool}() takes {size} bytes of JSON; at most {self._max_result} are "
                f"allowed; ask for less of it",
            )
        return Answer(call=call.id, value=value)

    def _absent(self, name: str) -> str:
        if name in self._hidden:
            return f"{name}() may not be called: {self._hidden[name]}"
        known = ", ".join(sorted(self._offered)[:12]) or "none"
        return f"there is no tool {name!r:.80}; there are: {known}{', …' if len(self._offered) > 12 else ''}"

    def _offer(self, entries: Sequence[Entry]) -> None:
        self._offered, self._hidden = {}, {}
        for name, entry in _named(entries).items():
            known = _known(name, entry)
            refusal = self._policy.refusal(known)
            if refusal:
                self._hidden[name] = refusal
                continue
            tool = msgspec.structs.replace(entry.tool, name=name, approval=self._policy.asks(entry.tool, known))
            self._offered[name] = _Offered(entry, tool)


def _known(name: str, entry: Entry) -> tuple[str, ...]:
    """What patterns may call a tool that goes by this name."""
    return (name, f"{entry.tool.server}/{entry.tool.name}") if entry.tool.server else (name,)


def _check(offered: _Offered, call: Call) -> Binding:
    binding = bind(offered.tool, call)
    if binding.problem:
        return binding
    problem = offered.schema.problem(binding.arguments)
    return Binding(binding.arguments, f"{offered.tool.name}() does not fit: {problem}") if problem else binding


def _function(given: object) -> ToolFunction:
    if isinstance(given, str) or not callable(given):
        raise UsageError(f"a tool is a function or a server, not {given!r:.80}; pass the function itself")
    return given


def _named(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Entries by the names that they go by. The same entries always get the same names.

    Raises:
        UsageError: two functions have one name.
    """
    count = Counter(identifier(entry.tool.name) for entry in entries)
    found: dict[str, Entry] = {}
    for entry in [*(each for each in entries if not each.tool.server), *(each for each in entries if each.tool.server)]:
        name = identifier(entry.tool.name)
        if entry.tool.server:
            if count[name] > 1:
                name = identifier(f"{entry.tool.server}_{name}")
            name = free_name(name, found)
        elif name in found:
            raise UsageError(f'two functions are called {name!r}; give one of them a name: @tool(name="…")')
        found[name] = entry
    return found

"""Sandbox, inside, drivers: runs one script in the CPython that it is itself. Use once.

The script has a thread of its own, so that `step` can return while it waits for answers; whatever it leaves behind ends
with the process. It can reach everything here, also the channel to the host: the worst that it can do with it is to
answer for itself.
"""

from __future__ import annotations

import asyncio
import builtins
import errno
import inspect
import sys
import threading
import types
from typing import Any, cast

from . import awaiting, cpython_clock, cpython_code, cpython_random, turns
from .cpython_calls import Exchange, Pending, ToolError, Tools
from .cpython_profile import LineClock
from .cpython_steps import LineSteps
from .cpython_streams import Streams
from .terms import VirtualClock

__all__ = ["step"]

_STACK = 16 * 2**20
_LIMITS = {errno.ENOMEM, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EPERM, errno.EACCES, errno.EROFS}
"""Errors with which the jail holds a program back; the jail says which limit it was."""

_HIDDEN = (types.ModuleType, Tools)


class Script:
    """The script of this process.

    Args:
        request: the host's `Begin`.
    """

    def __init__(self, request: dict[str, Any]) -> None:
        self.exchange = Exchange()
        self.streams = Streams(self.exchange, request["output"])
        self.clock = VirtualClock(request["now"])
        self._seed: int = request["seed"]
        self.name: str = request["name"]
        self._source: str = request["code"]
        self.profile = LineClock(self.name) if request.get("profile") else None
        self._window: list[int] = request.get("window") or []
        self.steps: LineSteps | None = None
        self._module = types.ModuleType("__main__")
        self._own = self._names(request["inputs"], request["tools"])
        self.variables.update(self._own)
        exec(request.get("prelude", ""), self.variables)

    @property
    def variables(self) -> dict[str, object]:
        """The script's global variables."""
        return self._module.__dict__

    def _names(self, inputs: dict[str, object], names: dict[str, bool]) -> dict[str, object]:
        """What the script finds: inputs win over tools, and builtins over tools."""
        tools = Tools(self.exchange, names, self.name)
        functions = {name: tools[name] for name in names if not hasattr(builtins, name)}
        return {"ToolError": ToolError, "tools": tools, **functions, **inputs}

    def start(self) -> None:
        """Let the script run, in a thread of its own."""
        sys.modules["__main__"] = self._module
        thread = threading.Thread(target=self._run, name="MainThread", daemon=True)
        threading.stack_size(_STACK)
        self.streams.install()
        cpython_clock.install(self.clock, self.exchange)
        cpython_random.install(self._seed)
        thread.start()
        threading.stack_size(0)

    def _run(self) -> None:
        try:
            code = cpython_code.Code.of(self._source, self.name)
            if self._window:
                self.steps = LineSteps(self.name, (self._window[0], self._window[1]), self._made, self._own)
                self.steps.start()
            if self.profile is not None:
                self.profile.start()
            turn = self._ended(cpython_code.run(code, self.variables))
        except BaseException as error:  # noqa: BLE001 - the boundary of the script
            if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _LIMITS):
                self.exchange.fail(cpython_code.bare(error, self.name))
                return
            turn = cpython_code.told(error, self.name)
        if self.profile is not None:
            self.profile.stop()
        if self.steps is not None:
            self.steps.stop()
        lost = [(each.made["tool"], each.line) for each in self.exchange.unawaited.values()]
        self.streams.note(awaiting.warnings(lost))
        self.exchange.end(turn)

    def _ended(self, value: object) -> turns.Turn:
        """The last turn of a script that came to this value."""
        unawaited = awaiting.found_in(value, asyncio.iscoroutine)
        if isinstance(unawaited, Pending):
            if self.exchange.unawaited.pop(unawaited.made["id"], None):
                return awaiting.unawaited_value(unawaited.made["tool"], unawaited.line, tool=True)
        elif isinstance(unawaited, types.CoroutineType):
            coroutine = cast("types.CoroutineType[object, object, object]", unawaited)
            if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
                coroutine.close()
                return awaiting.unawaited_value(coroutine.__name__, tool=False)
        return turns.done(value)

    def _made(self) -> int:
        return self.exchange.made

    def seen(self) -> dict[str, object]:
        """Variables that the script has made."""
        return {
            name: value
            for name, value in self.variables.items()
            if not name.startswith("__") and not isinstance(value, _HIDDEN) and self._own.get(name, self) is not value
        }


_scripts: list[Script] = []


def step(request: dict[str, Any]) -> dict[str, object]:
    """Answer one request; see `sandbox/scripts/port.py` for what there is."""
    if request["ask"] == "inspect":
        return turns.inspected(_scripts[0].seen())
    if request["ask"] == "profile":
        return _profiled(_scripts[0])
    if request["ask"] == "begin":
        script = _begun(request)
    else:
        script = _scripts[0]
        script.clock.give(request["now"])
        script.exchange.give(request["answers"])
    turn = script.exchange.next_turn()
    return {"turn": turn, **script.streams.taken()}


def _begun(request: dict[str, Any]) -> Script:
    if _scripts:
        raise RuntimeError("this process has run its script")
    script = Script(request)
    _scripts.append(script)
    script.start()
    return script


def _profiled(script: Script) -> dict[str, object]:
    """Lines of the script, each with how often it ran and its seconds."""
    lines = script.profile.lines if script.profile is not None else {}
    steps = script.steps.steps if script.steps is not None else []
    return {
        "steps": list(steps),
        "lines": [[line, int(count), seconds] for line, (count, seconds) in sorted(lines.items())],
    }

"""Sandbox, inside, drivers: QuickJS. A fresh runtime of the engine for each script; standard library and the engine.

No function of the host's is handed to the engine: the driver holds the one function of the bridge that it has made
before the script, and asks it for text. Limits of the engine come first; those of the jail are the ones that hold, as
native loops (``indexOf`` over megabytes, ``join``) cannot be interrupted.
"""

from __future__ import annotations

import importlib
import json
import resource
import signal
import sys
import time
from typing import NoReturn, Protocol, cast

from .javascript_bridge import CORE, PARTS
from .javascript_turns import opening, told

__all__ = ["step"]

_STOCK = 8
_STACK = 2 * 2**20  # of the 8 MiB that the thread has
_INTERRUPTED = "InternalError: interrupted"
_NO_MEMORY = "InternalError: out of memory"
_PAUSE_S = 0.0002  # longer than it takes to send an answer
_BUSY_S = 30.0  # until the host's kill comes, on a busy machine


class _Function(Protocol):
    def __call__(self, *arguments: str) -> str: ...


class _Context(Protocol):
    def eval(self, code: str) -> _Function: ...
    def execute_pending_job(self) -> bool: ...
    def set_memory_limit(self, limit: int) -> None: ...
    def set_time_limit(self, limit: float) -> None: ...
    def set_max_stack_size(self, limit: int) -> None: ...


class _Engine(Protocol):
    JSException: type[Exception]

    def Context(self) -> _Context: ...  # noqa: N802


_engine = cast("_Engine", importlib.import_module("_quickjs"))


def _fresh() -> tuple[_Context, _Function]:
    """A new runtime of the engine, and its bridge."""
    context = _engine.Context()
    context.set_max_stack_size(_STACK)
    bridge = context.eval(CORE)
    for name, text in PARTS.items():
        bridge("part", name, text)
    return context, bridge


class _Run:
    """One script in a runtime of its own."""

    def __init__(self, request: dict[str, object]) -> None:
        self._code, self._name = str(request["code"]), str(request["name"])
        self._left = float(cast("float", request["wall"]))
        self._calls = 0
        self.over = False
        self._context, self._bridge = _spare.pop() if _spare else _fresh()
        self._bridge("begin", json.dumps(opening(request)))
        self._memory = int(cast("int", request["memory"]))
        self._context.set_memory_limit(self._memory)
        self._ask = "start", self._code

    def go_on(self, request: dict[str, object]) -> None:
        """Take the answers of the last turn."""
        self._ask = "resume", json.dumps({"answers": request["answers"], "now": request["now"]})

    def turn(self) -> dict[str, object]:
        """Run to the next turn."""
        began = time.process_time()
        self._context.set_time_limit(self._left)
        try:
            text = self._text(began)
        except _engine.JSException as error:
            self._end(str(error))
        self._left -= time.process_time() - began
        said = told(text, self._code, self._name, self._calls)
        turn = cast("dict[str, list[object]]", said["turn"])
        if (turn.get("type"), turn.get("message")) == ("Uncaught", "null") and self._was_full():
            raise MemoryError("the engine had no memory left for an error")
        self._calls += len(turn.get("calls", ()))
        self.over = not turn.get("calls")
        return said

    def _was_full(self) -> bool:
        """Whether much of the script's memory has been used: then the engine throws null, having none for an error."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > self._memory / 2

    def _text(self, began: float) -> str:
        self._bridge(*self._ask)
        while True:
            while self._job():
                if time.process_time() - began > self._left:
                    _wait_for_the_kill()
            text = self._bridge("turn", "")
            if text:
                return text

    def _job(self) -> bool:
        """Run one waiting job, if there is one; what a job throws ends the script as if it had thrown it itself."""
        try:
            return self._context.execute_pending_job()
        except _engine.JSException as error:
            if str(error).startswith((_INTERRUPTED, _NO_MEMORY)):
                raise
            self._bridge("fail", str(error))
            return True

    def _end(self, message: str) -> NoReturn:
        if message.startswith(_NO_MEMORY):
            raise MemoryError(message)
        if message.startswith(_INTERRUPTED):
            _wait_for_the_kill()
        raise RuntimeError(f"the engine failed: {message[:1000]}")


def _wait_for_the_kill() -> NoReturn:
    """The script's time is over. The host's clock is the one that counts, and it says so by killing this process."""
    time.sleep(_BUSY_S)
    sys.exit("the host let a script run on that is out of time")


_spare: list[tuple[_Context, _Function]] = [_fresh()]
"""Runtimes made ahead, in which no script has been."""

_runs: list[_Run] = []
"""The script that is being run, or the last one until there is time to free its memory."""


_serving: list[object] = []
"""The request that is being served, if any."""


def _tidy(*_: object) -> None:
    """While nobody waits: free the last script's runtime and make one more. One at a time, as somebody may come."""
    if _serving:  # the alarm went off as the request came, and this runs at the interpreter's convenience
        return
    _runs.clear()
    if len(_spare) < _STOCK:
        _spare.append(_fresh())
        signal.setitimer(signal.ITIMER_REAL, _PAUSE_S)


def step(request: dict[str, object]) -> dict[str, object]:
    """One step of a script: see `sandbox.scripts.port`.

    Whoever called this blocks in a system call until the next request. There the alarm finds this thread, the only one
    that may touch the engine; a request that comes earlier turns it off.
    """
    _serving.append(request["ask"])
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    if request["ask"] == "begin":
        _runs.clear()
        _runs.append(_Run(request))
    elif request["ask"] == "resume" and _runs and not _runs[0].over:
        _runs[0].go_on(request)
    else:
        raise ValueError(f"the driver of QuickJS has no {request['ask']!r} now")
    said = _runs[0].turn()
    over = _runs[0].over
    _serving.clear()
    if over:
        signal.setitimer(signal.ITIMER_REAL, _PAUSE_S)
    return said


signal.signal(signal.SIGALRM, _tidy)
signal.setitimer(signal.ITIMER_REAL, _PAUSE_S)

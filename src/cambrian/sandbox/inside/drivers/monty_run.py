"""Sandbox, inside, drivers: one script in one session of Monty, from its first turn to its last."""

from __future__ import annotations

import functools
import re
import signal
from collections.abc import Callable
from typing import Any, NoReturn, cast

from pydantic_monty import (
    FunctionSnapshot,
    FutureSnapshot,
    Monty,
    MontyComplete,
    MontyCrashedError,
    MontyError,
    MontyRuntimeError,
    MontySession,
    MontySyntaxError,
    NameLookupSnapshot,
    SyncSnapshot,
)

from . import awaiting, turns
from .monty_gaps import Failure, gap_of, is_builtin
from .monty_services import Lacking, Services, line_of
from .monty_state import State
from .monty_words import as_result, done, error_of, stand_in
from .terms import RandomBytes, VirtualClock
from .turns import MadeCall, NotPlain, Turn, plain

__all__ = ["Run"]

_SUSPENSIONS = 1_000_000
_INPUT = re.compile(r"<python-input-\d+>")
_NAMES_TOOLS = re.compile(r"\btools\b")
_TOOLS = """
class Tools:
    def __init__(self, given):
        for name in given:
            setattr(self, name, given[name])
        self._tools_by_name = given
    def __getitem__(self, name):
        return self._tools_by_name[name]
tools = Tools(_tools)
"""
_TOOL_ERROR = "ToolError = RuntimeError"
"""Monty has no exceptions of one's own: here a `ToolError` is a RuntimeError, elsewhere it is a kind of one."""


class Run:
    """One script in one session.

    Args:
        pool: where the session comes from.
        state: what is known of the script.
        output: bytes that it may print.
        memory: bytes that Monty is to hold the script to.
        wall: seconds, likewise.
    """

    def __init__(self, pool: Monty, state: State, *, output: int, memory: int, wall: float) -> None:
        self.state = state
        self._output = output
        clock, random = VirtualClock(state.now, state.passed), RandomBytes(state.seed, state.taken)
        self._services = Services(clock, random, state.naps)
        self._printed: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._flooded = False
        self._paused: SyncSnapshot | None = None
        self._awaitable: dict[int, tuple[str, int | None]] = {}
        self._global_tools = frozenset(state.global_tools())
        self._session: MontySession | None = pool.checkout(
            script_name=state.name,
            limits={"max_memory": memory, "max_feed_duration_secs": wall, "max_suspensions": _SUSPENSIONS},
            os_policy={"datetime": "call_host", "sleep": "call_host", "random_start": {"seed": state.seed}},
            assert_message_annotations=False,
        )
        self._session.__enter__()

    def begin(self, inputs: dict[str, object], prelude: str = "") -> Turn:
        """Run up to the first turn, after the prelude, which is the host's."""
        session, code = self._here(), self.state.code
        if prelude:
            session.feed_run(prelude, print_callback=self._print)
            self.state.feed += 1
        if "tools" not in inputs and _NAMES_TOOLS.search(code):
            given = {name: stand_in(f"tools.{name}") for name in self.state.tools}
            session.feed_run(_TOOLS, inputs={"_tools": given}, print_callback=self._print)
            self.state.feed += 1
        if "ToolError" in code:
            session.feed_run(_TOOL_ERROR, print_callback=self._print)
            self.state.feed += 1
        return self._on(functools.partial(session.feed_start, code, inputs=inputs, print_callback=self._print))

    def restore(self, engine: bytes) -> Turn:
        """Stand again where the snapshot was made. The answer is the turn there."""
        if self.state.last is None:
            self._paused = self._here().load_snapshot(engine, print_callback=self._print)
        return turns.calls(self.state.calls)

    def resume(self, answers: list[dict[str, Any]], now: float) -> Turn:
        """Go on with the answers of all calls of the last turn."""
        state = self.state
        self._services.clock.give(now)
        state.now, state.calls = now, []
        if state.last is not None:
            return self._end(state.last)
        given = {int(answer["call"]): answer for answer in answers}
        state.refused += [text for answer in answers if (text := error_of(answer))]
        if state.blocked is not None:
            result = as_result(given[state.futures.pop(state.blocked)])
            state.blocked = None
        else:
            result = None
        state.answers.update({engine: given[call] for engine, call in state.futures.items() if call in given})
        paused = self._paused
        if isinstance(paused, FunctionSnapshot):
            return self._on(functools.partial(paused.resume, cast("Any", result)))
        return self._on(lambda: cast("SyncSnapshot", paused))

    def said(self, turn: Turn) -> dict[str, object]:
        """The turn, and what was printed since the last one."""
        texts = {stream: "".join(parts) for stream, parts in self._printed.items()}
        self._printed = {"stdout": [], "stderr": []}
        return {"turn": turn, **texts}

    def dump(self) -> bytes:
        """Monty's own snapshot at the present turn; empty if the script has ended but for its last calls."""
        return b"" if self.state.last is not None else cast("FutureSnapshot", self._paused).dump()

    def snapshot(self) -> bytes:
        """The state at the present turn."""
        self.state.passed, self.state.taken = self._services.clock.passed, self._services.random.taken
        return self.state.pack(self.dump())

    def leave(self) -> None:
        """Give the session up. Idempotent."""
        session, self._session = self._session, None
        if session is not None:
            session.__exit__(None, None, None)

    def _here(self) -> MontySession:
        if self._session is None:
            raise RuntimeError("the session is over")
        return self._session

    def _print(self, stream: str, text: str) -> None:
        self.state.printed += len(text.encode(errors="replace"))
        if self.state.printed > self._output:
            self._flooded = True
            raise OverflowError("output")  # ends the feed; the script cannot catch it
        self._printed[stream].append(text)

    def _on(self, advance: Callable[[], SyncSnapshot]) -> Turn:
        """Run until the script waits for the host or has ended."""
        try:
            snapshot = advance()
            while not isinstance(snapshot, MontyComplete):
                following = self._answer(snapshot)
                if following is None:
                    self._paused = snapshot
                    return turns.calls(self.state.calls)
                snapshot = following
            return self._end(self._done(snapshot.output))
        except Lacking as lacking:
            return self._end(turns.gap(lacking.what, lacking.line))
        except MontyError as error:
            return self._end(self._failed(error))

    def _done(self, output: object) -> Turn:
        """The last turn of a script that came to this."""
        waiting = {f"<coroutine external_future({engine})>": engine for engine in self._awaitable}
        call = awaiting.found_in(output, lambda each: isinstance(each, str) and each in waiting)
        if call is not None:
            tool, line = self._awaitable.pop(waiting[str(call)])
            return awaiting.unawaited_value(tool, line, tool=True)
        name = awaiting.name_of_coroutine(awaiting.found_in(output, awaiting.name_of_coroutine))
        return awaiting.unawaited_value(name, tool=False) if name else done(output)

    def _lost(self) -> list[tuple[str, int | None]]:
        """Calls that nobody has waited for, or can. Monty does not say of the others who waited for which."""
        if not self._awaitable:
            return []
        bare = awaiting.bare_calls(self.state.code, self.state.tools)
        return [told for engine, told in self._awaitable.items() if engine in self.state.futures or told[1] in bare]

    def _end(self, turn: Turn) -> Turn:
        """The last turn; but calls that nobody has waited for come first, unless another runtime makes them anyway."""
        self.leave()
        if turn["turn"] != "gap" and self.state.last is None:
            self._printed["stderr"].append(awaiting.warnings(self._lost()))
        if self.state.calls and turn["turn"] != "gap":
            self.state.last = turn
            return turns.calls(self.state.calls)
        return turn

    def _answer(self, snapshot: FunctionSnapshot | NameLookupSnapshot | FutureSnapshot) -> SyncSnapshot | None:
        """Give Monty what it asks for; None if the host has to be asked."""
        if isinstance(snapshot, FutureSnapshot):
            return self._settle(snapshot)
        try:
            if isinstance(snapshot, NameLookupSnapshot):
                return self._look_up(snapshot)
            return self._services.serve(snapshot) if snapshot.is_os_function else self._call(snapshot)
        except Lacking as lacking:
            lacking.line = line_of(self.state.code, self.state.file, snapshot)
            raise

    def _look_up(self, snapshot: NameLookupSnapshot) -> SyncSnapshot:
        name = snapshot.variable_name
        if name in self._global_tools:
            return snapshot.resume(value=stand_in(name))
        if is_builtin(name):
            raise Lacking(f"builtin:{name}")
        return snapshot.resume()

    def _call(self, snapshot: FunctionSnapshot) -> SyncSnapshot | None:
        tool = self._tool(snapshot.function_name)
        if tool is None:
            return snapshot.resume({"exception": NameError(f"name {snapshot.function_name!r} is not defined")})
        try:
            args = [plain(each) for each in snapshot.args]
            kwargs = {key: plain(each) for key, each in snapshot.kwargs.items()}
        except (NotPlain, RecursionError) as error:
            return snapshot.resume({"exception": TypeError(f"{error} cannot be an argument of the tool {tool!r}")})
        made: MadeCall = {"id": self.state.next_call, "tool": tool, "args": args, "kwargs": kwargs}
        self.state.next_call += 1
        self.state.calls.append(made)
        self.state.futures[snapshot.call_id] = made["id"]
        if self.state.tools[tool]:
            self._awaitable[snapshot.call_id] = tool, line_of(self.state.code, self.state.file, snapshot)
            return snapshot.resume({"future": ...})
        self.state.blocked = snapshot.call_id
        return None

    def _tool(self, function: str) -> str | None:
        """The tool behind a function that is called; None if there is none.

        Raises:
            Lacking: it is a builtin of CPython.
        """
        if function in self._global_tools:
            return function
        if function.startswith("tools.") and function[6:] in self.state.tools:
            return function[6:]
        if is_builtin(function):
            raise Lacking(f"builtin:{function}")
        return None

    def _settle(self, snapshot: FutureSnapshot) -> SyncSnapshot | None:
        """Every task waits: for calls that the host has to answer, for answers that are here, or for the clock."""
        state = self.state
        if state.calls:
            return None
        ready = [engine for engine in snapshot.pending_call_ids if engine in state.answers]
        if ready:
            for engine in ready:
                del state.futures[engine]
            return snapshot.resume({engine: cast("Any", as_result(state.answers.pop(engine))) for engine in ready})
        naps = {engine: state.naps[engine] for engine in snapshot.pending_call_ids}
        self._services.clock.wake(min(naps.values()))
        over = [engine for engine, moment in naps.items() if moment <= self._services.clock.now]
        for engine in over:
            del state.naps[engine]
        return snapshot.resume({engine: {"return_value": None} for engine in over})

    def _failed(self, error: MontyError) -> Turn:
        """What an error that left the script comes to."""
        if self._flooded:
            return turns.raised("OutputLimit", f"printed more than {self._output} bytes")
        if isinstance(error, MontyCrashedError):
            _crashed(error)
        inner = error.exception()
        message = str(inner.args[0]) if inner.args else ""
        frames = error.traceback() if isinstance(error, MontyRuntimeError | MontySyntaxError) else []
        if isinstance(inner, TimeoutError) and not frames and "time limit exceeded" in message:
            _await_the_end()
        if isinstance(inner, MemoryError) and (not frames or message.startswith("memory limit exceeded")):
            raise MemoryError(message)
        failure = Failure(type(inner).__name__, message, self.state.code)
        own = [frame for frame in frames if frame.filename == self.state.file] or frames
        if own:
            last = own[-1]
            failure = failure._replace(
                line=last.line, source=last.source_line or "", parsed=last.function_name is not None
            )
        lacking = gap_of(failure)
        if lacking:
            return turns.gap(lacking, failure.line)
        kind = "ToolError" if failure.kind == "RuntimeError" and message in self.state.refused else failure.kind
        trace = self._trace(error)
        if kind == "ToolError":  # Monty has no such name, the script's author has
            trace = trace.replace(f"RuntimeError: {message}", f"ToolError: {message}")
        return turns.raised(kind, message, trace, failure.line)

    def _trace(self, error: MontyError) -> str:
        if not isinstance(error, MontyRuntimeError | MontySyntaxError):
            return str(error)
        text = error.display().replace(f'"{self.state.file}"', f'"{self.state.name}"')
        return _INPUT.sub("<tools>", text)


def _crashed(error: MontyCrashedError) -> NoReturn:
    if error.timed_out:
        _await_the_end()
    raise error


def _await_the_end() -> NoReturn:
    """Monty's time is up, so the host's is too: it kills this process and says so. Nothing else may run here."""
    while True:
        signal.pause()

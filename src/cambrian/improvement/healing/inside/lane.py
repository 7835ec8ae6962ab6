"""Runs in a jail, shipped as text: holds tests and tries many candidate texts per second. Standard library only.

All candidates share one process, so nothing here is evidence: what passes is tried again, alone, in a fresh one. A
candidate is stopped by a timer of CPU time; one that cannot be stopped so takes the process along, and the number that
was printed last says which it was.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, cast

__all__ = ["call"]

_NAME = "program.py"
_SHOWN = 300
"""Characters of an outcome by which two behaviours are told apart."""
_ROOM = 8.0
"""A candidate may take so much longer than the program itself."""
_AGAIN = 0.005
"""Seconds after which a candidate that caught its end is stopped again."""


class _Stop(BaseException):
    """The candidate's time is up."""


class _Sink:
    """Takes what candidates print."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0

    def write(self, text: str) -> int:
        if self.size < 100_000:
            self.parts.append(str(text))
            self.size += len(text)
        return len(text)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False


class _Tests:
    prelude: CodeType | None = None
    inputs: tuple[CodeType, ...] = ()
    expected: tuple[object, ...] = ()
    outputs: tuple[str | None, ...] = ()
    limit = 0.01
    module = False


_TESTS = _Tests()


def call(what: str, *arguments: Any) -> object:
    """``prepare`` tests, ``try`` texts, or tell the ``lines`` that each test executes."""
    return _ACTIONS[what](*arguments)


def _prepare(prelude: str, tests: list[list[str]], limit: float, recursion: int) -> int:
    """Take tests over: pairs of an expression and a literal."""
    _TESTS.prelude = compile(prelude, "prelude.py", "exec") if prelude else None
    _TESTS.inputs = tuple(compile(expression.strip(), "test.py", "eval") for expression, _ in tests)
    _TESTS.expected = tuple(eval(literal, {}) for _, literal in tests)
    _TESTS.limit = limit
    sys.setrecursionlimit(recursion)
    signal.signal(signal.SIGVTALRM, _stop)
    return len(tests)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stop


def _try(texts: list[str], seconds: float) -> list[list[float | int]]:
    """For each text: bits of the tests passed, how near it comes to passing all, a number for its behaviour.

    After so many CPU seconds the others are not tried.
    """
    results: list[list[float | int]] = []
    begun = time.process_time()
    for index, text in enumerate(texts):
        if time.process_time() - begun > seconds:
            return results + [[0, -1.0, 0]] * (len(texts) - index)
        os.write(1, b"%d\n" % index)
        try:
            code = compile(text, _NAME, "exec")
        except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError):
            results.append([0, -1.0, 0])
            continue
        results.append(_judged(_outcomes(code)))
    return results


def _outcomes(code: CodeType) -> list[tuple[str, object]]:
    """What each test came to: ``value``, ``raised`` or ``stopped``; after a stop the rest is not tried."""
    found: list[tuple[str, object]] = []
    out, sys.stdout = sys.stdout, cast("Any", _Sink())
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, _TESTS.limit, _AGAIN)
        names: dict[str, object] = {"__name__": "program"}
        if _TESTS.prelude is not None:
            exec(_TESTS.prelude, names)
        exec(code, names)
        for test in _TESTS.inputs:
            try:
                found.append(("value", eval(test, names)))
            except _Stop:
                raise
            except BaseException as error:  # noqa: BLE001 - the boundary of the candidate
                found.append(("raised", type(error).__name__))
    except _Stop:
        found.append(("stopped", None))
    except BaseException as error:  # noqa: BLE001 - the boundary of the candidate
        found += [("raised", type(error).__name__)] * (len(_TESTS.inputs) - len(found))
    finally:
        _quiet()
        sys.stdout = out
    return found


def _quiet() -> None:
    """Stop the timer; it may ring meanwhile."""
    while True:
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            return
        except _Stop:
            continue


def _judged(found: list[tuple[str, object]]) -> list[float | int]:
    passed, nearness = 0, 0.0
    told: list[str] = []
    for index, (kind, value) in enumerate(found[: len(_TESTS.expected)]):
        expected = _TESTS.expected[index]
        try:
            if kind == "value" and _same(value, expected):
                passed |= 1 << index
                nearness += 1.0
            elif kind == "value":
                nearness += 0.9 * _near(value, expected)
            told.append(f"{kind} {value!r:.300}"[:_SHOWN])
        except BaseException as error:  # noqa: BLE001 - the candidate's own __eq__ and __repr__
            told.append(type(error).__name__)
    return [passed, nearness, hash(tuple(told)) & 0x7FFF_FFFF_FFFF]


def _same(value: object, expected: object) -> bool:
    return type(value) is type(expected) and value == expected


def _near(value: object, expected: object) -> float:
    """How much of what was expected is there, from 0 to 1."""
    if value is None:
        return 0.0
    if type(value) is not type(expected):
        pair = (_items(value), _items(expected))
        return 0.4 * _near(*pair) if None not in pair else 0.05
    if isinstance(value, bool):
        return 0.1
    if isinstance(value, int | float):
        return 0.2 + 0.5 / (1.0 + abs(float(value) - float(cast("float", expected))))
    if isinstance(value, list | tuple | str):
        return 0.1 + 0.9 * _shared(list(cast("list[object]", value)), list(cast("list[object]", expected)))
    return 0.2


def _items(value: object) -> list[object] | None:
    return list(cast("list[object]", value)) if isinstance(value, list | tuple) else None


def _shared(value: list[object], expected: list[object]) -> float:
    """Items at their place, and items at all, of all that there are."""
    longest = max(len(value), len(expected))
    if not longest:
        return 1.0
    placed = sum(a == b for a, b in zip(value, expected, strict=False))
    rest = list(expected)
    held = 0
    for item in value[:200]:
        if item in rest:
            rest.remove(item)
            held += 1
    return 0.5 * placed / longest + 0.5 * held / longest


def _timed(text: str, most: float) -> float:
    """CPU seconds that the tests of a program take which end in time, all together."""
    code = compile(text, _NAME, "exec")
    kept, _TESTS.limit = _TESTS.limit, most
    begun = time.process_time()
    try:
        stopped = ("stopped", None) in _outcomes(code)
    finally:
        _TESTS.limit = kept
    return kept / _ROOM if stopped else time.process_time() - begun


def _slower(took: float) -> float:
    """Give candidates more time, if the program itself needs much."""
    _TESTS.limit = max(_TESTS.limit, _ROOM * took)
    return _TESTS.limit


def _lines(text: str) -> list[list[int]]:
    """For each test: the lines of the text that it executes, what runs at import first."""
    code = compile(text, _NAME, "exec")
    told: list[list[int]] = []
    for test in _TESTS.inputs:
        seen: set[int] = set()
        tracer = _tracer(seen)
        out, sys.stdout = sys.stdout, cast("Any", _Sink())
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, 5 * _TESTS.limit, _AGAIN)
            names: dict[str, object] = {"__name__": "program"}
            if _TESTS.prelude is not None:
                exec(_TESTS.prelude, names)
            exec(code, names)
            sys.settrace(tracer)
            eval(test, names)
        except BaseException:  # noqa: BLE001 - which lines, not what came of it
            pass
        finally:
            sys.settrace(None)
            _quiet()
            sys.stdout = out
        told.append(sorted(seen))
    return told


def _tracer(seen: set[int]) -> Callable[..., Any]:
    def inside(frame: FrameType, event: str, _detail: object) -> Any:
        if event == "line":
            seen.add(frame.f_lineno)
        return inside

    def enter(frame: FrameType, _event: str, _detail: object) -> Any:
        return inside if frame.f_code.co_filename == _NAME else None

    return enter


_ACTIONS: dict[str, Callable[..., object]] = {
    "prepare": _prepare, "try": _try, "lines": _lines, "timed": _timed, "slower": _slower,
}  # fmt: skip

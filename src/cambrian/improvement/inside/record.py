"""Improvement, inside: arguments of the calls of one function, as they were when it was entered.

Kept are the first distinct ones, and of what comes later the largest. Objects of the project's plain classes are told
by their attributes (`rebuilt`); calls with anything else are counted and left out.
"""

from __future__ import annotations

import atexit
import heapq
import sys
import threading
from types import CodeType, FrameType
from typing import Any

from cambrian.core.codec import encode  # laid beside this file, under a name of its own
from cambrian.core.errors import CodecError

from .place import Place, qualified, write
from .rebuilt import Rebuilding

_VARIABLE, _KEYWORDS = 0x04, 0x08
_GENERATOR = 0x20 | 0x80 | 0x200
_ALL = 2_000  # calls that are looked at; later ones by samples
_EACH = 16
_LARGEST = 128 * 1024  # bytes of one
_TOGETHER = 2 * 2**20  # of the first ones
_WRITTEN = 5 * 2**20


class _Record:
    def __init__(self, settings: dict[str, str]) -> None:
        self._place = Place(settings["root"])
        self._wanted = (settings["path"], settings["function"])
        most = int(settings["most"])
        self._first, self._large = most - most // 4, most // 4
        self._codes: dict[CodeType, bool] = {}
        self._seen: dict[bytes, int] = {}
        self._heap: list[tuple[int, int, bytes]] = []
        self._bytes = 0
        self._calls = self._strange = self._keywords = 0
        self._busy = False
        self._rebuilding = Rebuilding(self._place)
        self._why = ""

    def wants(self, code: CodeType) -> bool:
        wanted = self._codes.get(code)
        if wanted is None:
            wanted = (self._place.path(code.co_filename), qualified(code)) == self._wanted
            self._codes[code] = wanted
        return wanted

    def called(self, frame: FrameType) -> None:
        self._calls += 1
        if self._busy or (self._calls > _ALL and self._calls % _EACH):
            return
        self._busy = True  # encoding may run the project's own code
        try:
            self._keep(frame)
        finally:
            self._busy = False

    def _keep(self, frame: FrameType) -> None:
        arguments = _arguments(frame)
        if arguments is None:
            self._keywords += 1
            return
        try:
            payload = self._encoded(arguments)
        except (CodecError, RecursionError, RuntimeError) as error:  # or it is changed meanwhile, by another thread
            self._strange += 1
            self._why = self._why or str(error)[:200]
            return
        if payload in self._seen:
            return
        if len(self._seen) - len(self._heap) < self._first and self._bytes + len(payload) <= _TOGETHER:
            self._seen[payload] = self._calls
            self._bytes += len(payload)
        elif self._large:
            self._keep_large(payload)

    def _encoded(self, arguments: tuple[object, ...]) -> bytes:
        try:
            return encode(arguments, max_bytes=_LARGEST)
        except CodecError:
            formed = [self._rebuilding.form(each, f"argument {at + 1}") for at, each in enumerate(arguments)]
            return encode(tuple(formed), max_bytes=_LARGEST)

    def _keep_large(self, payload: bytes) -> None:
        if len(self._heap) < self._large:
            heapq.heappush(self._heap, (len(payload), self._calls, payload))
        elif len(payload) > self._heap[0][0]:
            _, _, gone = heapq.heapreplace(self._heap, (len(payload), self._calls, payload))
            del self._seen[gone]
        else:
            return
        self._seen[payload] = self._calls

    def end(self) -> None:
        sys.setprofile(None)
        write(
            "record",
            {
                "calls": self._calls,
                "strange": self._strange,
                "keywords": self._keywords,
                "payloads": self._payloads(),
                "why": self._why,
            },
        )

    def _payloads(self) -> list[str]:
        """In the order of their calls, as many as may be written."""
        kept: list[str] = []
        room = _WRITTEN
        for payload, _ in sorted(self._seen.items(), key=lambda item: item[1]):
            room -= len(payload)
            if room >= 0:
                kept.append(payload.decode())
        return kept


def _arguments(frame: FrameType) -> tuple[object, ...] | None:
    """By position; None if some can only be given by keyword."""
    code, values = frame.f_code, frame.f_locals
    names = code.co_varnames[: code.co_argcount]
    found = [values[name] for name in names]
    at = code.co_argcount + code.co_kwonlyargcount
    if code.co_flags & _VARIABLE:
        found += values[code.co_varnames[at]]
        at += 1
    extra = code.co_flags & _KEYWORDS and values[code.co_varnames[at]]
    return None if code.co_kwonlyargcount or extra else tuple(found)


def begin(settings: dict[str, str]) -> None:
    """Record from now to the end of the process, in every thread."""
    record = _Record(settings)
    atexit.register(record.end)
    if sys.version_info >= (3, 12):
        _monitor(record)
    else:
        _hook(record)


def _hook(record: _Record) -> None:
    def hook(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event == "call" and record.wants(code):
            resumed = code.co_flags & _GENERATOR and frame.f_lineno != code.co_firstlineno
            if not resumed:
                record.called(frame)

    threading.setprofile(hook)
    sys.setprofile(hook)


def _monitor(record: _Record) -> None:
    """Code that is not wanted is asked about once."""
    monitoring: Any = getattr(sys, "monitoring")  # noqa: B009 - from Python 3.12 on
    frame: Any = getattr(sys, "_getframe")  # noqa: B009 - every CPython has it

    def started(code: CodeType, _offset: int) -> object:
        if not record.wants(code):
            return monitoring.DISABLE
        record.called(frame(1))
        return None

    monitoring.use_tool_id(4, "cambrian")
    monitoring.register_callback(4, monitoring.events.PY_START, started)
    monitoring.set_events(4, monitoring.events.PY_START)

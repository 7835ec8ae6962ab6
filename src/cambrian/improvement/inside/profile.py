"""Improvement, inside: time by function of a whole process, by the interpreter's own profiler (`cProfile`)."""

from __future__ import annotations

import atexit
import cProfile
from typing import Any

from .place import Place, qualified, write


def begin(settings: dict[str, str]) -> None:
    """Profile from now to the end of the process."""
    profiler = cProfile.Profile()
    atexit.register(_end, profiler, Place(settings["root"]))
    profiler.enable()


def _end(profiler: cProfile.Profile, place: Place) -> None:
    profiler.disable()
    rows: list[list[object]] = []
    for entry in profiler.getstats():
        code: Any = entry.code
        if isinstance(code, str) or (path := place.path(code.co_filename)) is None:
            continue
        library = sum(each.totaltime for each in entry.calls or () if _is_library(each.code, place))
        rows.append(
            [path, code.co_firstlineno, qualified(code), entry.callcount, entry.inlinetime, library, entry.totaltime]
        )
    write("profile", rows)


def _is_library(code: Any, place: Place) -> bool:
    return isinstance(code, str) or place.path(code.co_filename) is None

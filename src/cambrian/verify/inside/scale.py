"""Runs in a candidate's jail: what calls take at their peak, in bytes that Python's allocators hand out.

Counted by `tracemalloc`: the same on every machine and in every run of one Python. Memory that extensions take by
themselves is not seen, and the number is the program's own word, as its answer is.
"""

from __future__ import annotations

import collections
import gc
import tracemalloc
from collections.abc import Iterator
from typing import cast

from .capture import FUNCTION, given

__all__ = ["weigh"]

__report__: dict[str, int] = {}


def weigh(data: bytes) -> None:
    """Call the entry point with an encoded case; the report has the bytes at the peak, above those before."""
    arguments = given(data)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    _used_up(FUNCTION(*arguments))
    __report__["peak"] = max(0, tracemalloc.get_traced_memory()[1] - before)
    tracemalloc.stop()


def _used_up(value: object) -> None:
    """Go through an iterator, and keep nothing of it: its code is the call's."""
    if isinstance(value, Iterator):
        collections.deque(cast("Iterator[object]", value), 0)

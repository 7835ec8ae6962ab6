"""Async functions for code without an event loop. The one synchronous façade; knows nothing of what it calls."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

import anyio
from anyio.from_thread import start_blocking_portal

P = ParamSpec("P")
T = TypeVar("T")


def blocking(work: Callable[P, Awaitable[T]], name: str) -> Callable[P, T]:
    """The same function, called without ``await``.

    Where an event loop is running already, as in a notebook, it runs in a thread of its own.

    Args:
        work: what is called; signature and docstring are its.
        name: of the new function.
    """

    @functools.wraps(work)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return anyio.run(lambda: work(*args, **kwargs))
        with start_blocking_portal() as portal:  # an interrupt here cancels the work there
            return portal.call(lambda: work(*args, **kwargs))

    call.__name__ = call.__qualname__ = name
    return call

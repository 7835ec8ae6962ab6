"""Async functions for code without an event loop. The one synchronous façade; knows nothing of what it calls."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import ParamSpec, TypeVar

import anyio
from anyio.from_thread import start_blocking_portal

from .document import did_you_mean

P = ParamSpec("P")
T = TypeVar("T")


def blocking(work: Callable[P, Awaitable[T]], name: str) -> Callable[P, T]:
    """The same function, called without ``await``.

    Where an event loop is running already, as in a notebook, it runs in a thread of its own.

    Args:
        work: what is called; signature and docstring are its.
        name: of the new function.
    """
    known = tuple(inspect.signature(work).parameters)

    @functools.wraps(work)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        _refuse_strange(name, known, kwargs)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return anyio.run(lambda: work(*args, **kwargs))
        with start_blocking_portal() as portal:  # an interrupt here cancels the work there
            return portal.call(lambda: work(*args, **kwargs))

    call.__name__ = call.__qualname__ = name
    return call


def _refuse_strange(name: str, known: tuple[str, ...], given: Iterable[str]) -> None:
    """Name the function that was called, not the one behind it."""
    for word in given:
        if word not in known:
            raise TypeError(
                f"{name}() got an unexpected keyword argument {word!r}{did_you_mean(word, known)}; "
                f"it takes {', '.join(known)}"
            )

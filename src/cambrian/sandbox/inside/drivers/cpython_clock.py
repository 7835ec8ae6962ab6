"""Sandbox, inside, drivers: the run's clock in the place of the machine's, and event loops that wait by it.

This is for repeating runs and holds nobody back: the machine's clock can still be had by a system call, from a file's
dates or through a name that a module took before. The walls are the jail's.
"""

from __future__ import annotations

import asyncio
import datetime
import selectors
import threading
import time
from collections.abc import Callable
from typing import Any, cast

from .cpython_calls import Exchange
from .terms import VirtualClock

__all__ = ["install"]

_OWN_THREADS = 2  # the driver's and the script's
_SHORT_S = 0.001
_CLOCKS = ("time", "monotonic", "perf_counter", "process_time", "thread_time")
_real_sleep = time.sleep
_Events = list[tuple[selectors.SelectorKey, int]]


def install(clock: VirtualClock, exchange: Exchange) -> None:
    """Put the clock where the standard library has the machine's."""
    _install_time(cast("Any", time), clock)
    _install_datetime(cast("Any", datetime), clock)
    cast("Any", selectors).DefaultSelector = _selector(clock, exchange)
    begun = clock.now

    def loop_time(_: asyncio.BaseEventLoop) -> float:
        """No look: only the script's own looks take time. Small numbers, so that a float tells nanoseconds apart."""
        return (clock.now - begun) / 1e9

    cast("Any", asyncio.BaseEventLoop).time = loop_time


def _install_time(module: Any, clock: VirtualClock) -> None:
    def seconds(*_: object) -> float:
        return clock.look() / 1e9

    def nanoseconds(*_: object) -> int:
        """No finer than `seconds`: runtimes that know the time as a float only are to show the same."""
        numerator, denominator = seconds().as_integer_ratio()
        return numerator * 10**9 // denominator

    def sleep(length: float, /) -> None:
        if length < 0:
            raise ValueError("sleep length must be non-negative")
        clock.sleep(length)
        if threading.active_count() > _OWN_THREADS:
            _real_sleep(min(length, _SHORT_S))  # the others get a chance

    module.sleep = sleep
    module.clock_gettime, module.clock_gettime_ns = seconds, nanoseconds
    for name in _CLOCKS:
        setattr(module, name, seconds)
        setattr(module, f"{name}_ns", nanoseconds)
    for name in ("gmtime", "localtime", "ctime"):
        setattr(module, name, _of_seconds(getattr(module, name), seconds))
    module.strftime = _of_moment(module.strftime, module.localtime)
    module.asctime = _of_moment(module.asctime, module.localtime)


def _of_seconds(real: Callable[[float], object], now: Callable[[], float]) -> Callable[..., object]:
    def function(secs: float | None = None, /) -> object:
        return real(now() if secs is None else secs)

    return function


def _of_moment(real: Callable[..., str], now: Callable[[], object]) -> Callable[..., str]:
    """For functions whose last argument is a moment, and now if it is left out."""

    def function(*args: object) -> str:
        given = args and not isinstance(args[-1], str)
        return real(*args) if given else real(*args, now())

    return function


def _install_datetime(module: Any, clock: VirtualClock) -> None:
    """`date.today` and `datetime.today` ask `time.time`; two others ask the machine."""
    real = datetime.datetime

    class Kind(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, real if cls is moment else cls)

        def __subclasscheck__(cls, subclass: type) -> bool:
            return issubclass(subclass, real) if cls is moment else super().__subclasscheck__(subclass)

    class Moment(real, metaclass=Kind):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            seconds, nanoseconds = divmod(clock.look(), 10**9)
            return cls.fromtimestamp(seconds, tz).replace(microsecond=nanoseconds // 1000)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.now(datetime.UTC).replace(tzinfo=None)

        def __repr__(self) -> str:
            return f"datetime.{super().__repr__()}"  # a class made in Python leaves its module out

    moment = Moment
    moment.__name__ = moment.__qualname__ = "datetime"
    moment.__module__ = "datetime"
    module.datetime = moment


def _selector(clock: VirtualClock, exchange: Exchange) -> type[selectors.BaseSelector]:
    """What event loops wait with. A loop that has nothing to run waits for the host's answers first, then for time."""

    class Selector(selectors.DefaultSelector):
        def select(self, timeout: float | None = None) -> _Events:
            events = super().select(0)
            if events or (timeout is not None and timeout <= 0):
                return events
            if exchange.owing:
                exchange.settle()
                return super().select(0)
            return self._wait(timeout)

        def _wait(self, timeout: float | None) -> _Events:
            """Time passes at once; unless other threads are at work, for which it is real."""
            events: _Events = []
            if timeout is None or threading.active_count() > _OWN_THREADS:
                events = super().select(timeout)
            if timeout is not None and not events:
                clock.sleep(timeout)
            return events

    return Selector

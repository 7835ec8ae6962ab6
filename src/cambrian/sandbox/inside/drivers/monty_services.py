"""Sandbox, inside, drivers: what Monty's operating system is: a clock, sleep and random bytes. The rest are gaps."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import NamedTuple

from pydantic_monty import FunctionSnapshot, NameLookupSnapshot, SyncSnapshot

from .monty_gaps import is_module
from .terms import RandomBytes, VirtualClock

__all__ = ["Lacking", "Services", "line_of"]

_MOST_RANDOM = 2**20


class Lacking(Exception):
    """Monty asked for something that only another runtime has.

    Args:
        what: name of the feature.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
        self.line: int | None = None


class Services(NamedTuple):
    """Answers Monty's calls of its operating system.

    Args:
        clock: the run's.
        random: the run's.
        naps: of tasks that sleep: id that Monty knows → moment in nanoseconds.
    """

    clock: VirtualClock
    random: RandomBytes
    naps: dict[int, int]

    def serve(self, snapshot: FunctionSnapshot) -> SyncSnapshot:
        """Answer one call.

        Raises:
            Lacking: there is no such service.
        """
        service = _SERVICES.get(snapshot.function_name)
        if service is None:
            raise Lacking(f"os:{snapshot.function_name}")
        return service(self, snapshot)


def line_of(code: str, file: str, snapshot: FunctionSnapshot | NameLookupSnapshot) -> int | None:
    """The 1-based line of the script at which Monty stands, if it stands in this file."""
    place = snapshot.position
    if place.filename != file:
        return None
    return code.encode(errors="replace")[: place.start].count(b"\n") + 1


def _import(_: Services, snapshot: FunctionSnapshot) -> SyncSnapshot:
    name = str(snapshot.args[0])
    if is_module(name):
        raise Lacking(f"import:{name}")
    return snapshot.resume_not_handled()


def _time(given: Services, snapshot: FunctionSnapshot) -> SyncSnapshot:
    return snapshot.resume({"return_value": given.clock.look() / 1e9})


def _now(given: Services, snapshot: FunctionSnapshot) -> SyncSnapshot:
    zone: datetime.tzinfo | None = snapshot.args[0] if snapshot.args else None
    moment = _date(given.clock)
    return snapshot.resume({"return_value": moment.astimezone(zone) if zone else moment.replace(tzinfo=None)})


def _today(given: Services, snapshot: FunctionSnapshot) -> SyncSnapshot:
    return snapshot.resume({"return_value": _date(given.clock).date()})


def _date(clock: VirtualClock) -> datetime.datetime:
    seconds, nanoseconds = divmod(clock.look(), 10**9)
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).replace(microsecond=nanoseconds // 1000)


def _sleep(given: Services, snapshot: FunctionSnapshot) -> SyncSnapshot:
    given.clock.sleep(float(snapshot.args[0]))
    return snapshot.resume({"return_value": None})


def _nap(given: Services, snapshot: FunctionSnapshot) -> SyncSnapshot:
    given.naps[snapshot.call_id] = given.clock.now + round(max(0.0, float(snapshot.args[0])) * 1e9)
    return snapshot.resume({"future": ...})


def _random(given: Services, snapshot: FunctionSnapshot) -> SyncSnapshot:
    size = int(snapshot.args[0])
    if size > _MOST_RANDOM:
        return snapshot.resume({"exception": ValueError(f"at most {_MOST_RANDOM} bytes at a time")})
    return snapshot.resume({"return_value": given.random.read(size)})


_SERVICES: dict[str, Callable[[Services, FunctionSnapshot], SyncSnapshot]] = {
    "import": _import,
    "time.time": _time,
    "datetime.now": _now,
    "date.today": _today,
    "time.sleep": _sleep,
    "asyncio.sleep": _nap,
    "os.urandom": _random,
}

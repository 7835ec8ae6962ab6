"""Improvement: where a project's command spends its time: by function, and by line of one.

The command runs in the jail under the interpreter's own profiler (`cProfile`), which costs calls more than it costs
loops; shares are a guide to where to look, and never the evidence that something became faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from cambrian.sandbox.commands import CommandResult, Commands

from .project import Project, SourceFile
from .watching import watched

__all__ = ["HotSpot", "LineTime", "Lines", "Profile", "hot_lines", "hot_spots", "profile_command"]

_INNER = (
    ".<locals>.<listcomp>",
    ".<locals>.<setcomp>",
    ".<locals>.<dictcomp>",
    ".<locals>.<genexpr>",
    ".<locals>.<lambda>",
)


class HotSpot(msgspec.Struct, frozen=True, kw_only=True):
    """A function of the project, and its time.

    Args:
        place: ``path:function``, as `cambrian improve` takes it.
        path: relative to the project.
        function: its qualified name; ``<module>`` is what runs at import.
        line: of its ``def``, decorators included.
        calls: how often it was entered.
        own_s: seconds in it, with the built-in and library functions that it calls, and its comprehensions.
        cumulative_s: seconds from entering to leaving, the project's other functions included.
        share: `own_s` of that of all the project's functions, 0 to 1.
        test: whether it is test code.
    """

    place: str
    path: str
    function: str
    line: int
    calls: int
    own_s: float
    cumulative_s: float
    share: float
    test: bool


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What a command's time went to.

    Args:
        spots: functions of the project, the dearest first.
        result: how the command ended, under the profiler.
        processes: how many of its processes were seen.
    """

    spots: tuple[HotSpot, ...]
    result: CommandResult
    processes: int

    def shares(self) -> dict[str, float]:
        """``path:function`` → share of the time."""
        return {spot.place: spot.share for spot in self.spots}


class LineTime(NamedTuple):
    """A line of a function: its number, how often it was begun, seconds with all that it calls."""

    line: int
    times: int
    seconds: float


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """Time by line of one function: how often it was called, and its lines."""

    calls: int
    lines: tuple[LineTime, ...]


class _Row(NamedTuple):
    path: str
    line: int
    name: str
    calls: int
    own: float
    library: float
    total: float


async def hot_spots(
    project: Project, argv: Sequence[str], *, commands: Commands | None = None, wall: float | None = None
) -> tuple[HotSpot, ...]:
    """Functions of a project by the time that they take while a command runs, the dearest first.

    See `profile_command`, which tells more, and raises the same.
    """
    return (await profile_command(project, argv, commands=commands, wall=wall)).spots


async def profile_command(
    project: Project, argv: Sequence[str], *, commands: Commands | None = None, wall: float | None = None
) -> Profile:
    """Profile a command: tests, or anything else that ends.

    Not seen are threads before Python 3.12, processes that end by ``os._exit`` (as forked workers do), and Python
    processes that are started with ``-I`` or ``-E``.

    Args:
        project: whose.
        argv: the command.
        commands: a jail with a copy of the project; else one is made.
        wall: seconds at most.

    Raises:
        UsageError: it cannot be started, or no process of the project was seen.
        SandboxError: the machinery failed.
    """
    found, result = await watched(project, argv, {"kind": "profile"}, list[_Row], commands=commands, wall=wall)
    return Profile(spots=_spots(row for rows in found for row in rows), result=result, processes=len(found))


def _spots(rows: Iterable[_Row]) -> tuple[HotSpot, ...]:
    own: dict[str, float] = {}
    heads: dict[str, _Row] = {}
    for row in rows:
        name = _outer(row.name)
        place = f"{row.path}:{name}"
        own[place] = own.get(place, 0.0) + row.own + row.library
        if name == row.name:
            head = heads.get(place)
            heads[place] = row if head is None else head._replace(
                calls=head.calls + row.calls, total=head.total + row.total
            )  # fmt: skip
    whole = sum(own.values()) or 1.0
    spots = [_spot(place, row, own[place], whole) for place, row in heads.items()]
    return tuple(sorted(spots, key=lambda spot: (-spot.own_s, spot.place)))


def _spot(place: str, row: _Row, own: float, whole: float) -> HotSpot:
    return HotSpot(
        place=place, path=row.path, function=row.name, line=row.line, calls=row.calls, own_s=own,
        cumulative_s=row.total, share=own / whole, test=SourceFile(row.path, "python").is_test,
    )  # fmt: skip


def _outer(name: str) -> str:
    """The function that a comprehension or a lambda stands in; what stands at the top of a module is the module's."""
    while True:
        ending = next((ending for ending in _INNER if name.endswith(ending)), None)
        if ending is None:
            return "<module>" if name in {ending.removeprefix(".<locals>.") for ending in _INNER} else name
        name = name.removesuffix(ending)


async def hot_lines(
    project: Project, argv: Sequence[str], path: str, function: str, *, commands: Commands | None = None,
    wall: float | None = None,
) -> Lines:  # fmt: skip
    """Time by line of one function while a command runs. A line has the time of all that it calls.

    Args:
        project: whose.
        argv: the command.
        path: the function's file, relative to the project.
        function: its qualified name.
        commands: a jail with a copy of the project; else one is made.
        wall: seconds at most.

    Raises:
        UsageError: it cannot be started.
        SandboxError: the machinery failed.
    """
    settings = {"kind": "lines", "path": path, "function": function}
    found, _ = await watched(project, argv, settings, Lines, commands=commands, wall=wall)
    lines: dict[int, LineTime] = {}
    for each in (line for one in found for line in one.lines):
        seen = lines.get(each.line, LineTime(each.line, 0, 0.0))
        lines[each.line] = LineTime(each.line, seen.times + each.times, seen.seconds + each.seconds)
    return Lines(calls=sum(one.calls for one in found), lines=tuple(lines[line] for line in sorted(lines)))

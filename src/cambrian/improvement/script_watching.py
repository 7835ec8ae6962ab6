"""A project's own command, watched in its Node processes: where the time goes, and how a function is called.

Everything that comes back is the word of the project's own processes: decoded as typed JSON, bounded, believed no
further than a hint may be. Processes that do not end by themselves, and code that is run in another context (as some
test runners do), are not seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from urllib.parse import unquote

import msgspec

from cambrian.core.errors import UsageError
from cambrian.sandbox.commands import BESIDE, Commands
from cambrian.sandbox.inside import root as jail_root
from cambrian.source.script_modules import telling
from cambrian.source.script_tops import lines_of, span, tops

from .project import Project
from .script_calls import Call
from .script_functions import parsed
from .targets import read_source
from .watching import command_words

__all__ = ["recorded", "script_shares"]

_WATCH = "script_watch"
_RECORD = "process.__cambrian_record?.({given});"


class _Frame(msgspec.Struct, frozen=True, rename="camel"):
    function_name: str
    url: str
    line_number: int


class _Point(msgspec.Struct, frozen=True, rename="camel"):
    id: int
    call_frame: _Frame
    children: tuple[int, ...] = ()


class _Profile(msgspec.Struct, frozen=True, rename="camel"):
    """As the inspector's protocol has it: points of the call tree, and which one was met after how many µs."""

    nodes: tuple[_Point, ...]
    samples: tuple[int, ...] = ()
    time_deltas: tuple[int, ...] = ()


class _Written(msgspec.Struct, frozen=True):
    """A process's profile, and where the project lay for it."""

    root: str
    profile: _Profile


async def script_shares(project: Project, commands: Commands, argv: Sequence[str]) -> dict[str, float]:
    """``path:function`` → its share of the time of the project's scripts while a command runs.

    A function has the time of what it calls in libraries, and of the functions in it. Empty if no process was seen.

    Args:
        project: whose.
        commands: a jail with a copy of it.
        argv: such as ``npm test``, in words.

    Raises:
        SandboxError: the machinery failed.
    """
    spent = _spent(await _watched(commands, argv, "profile", {}))
    whole = sum(spent.values()) or 1.0
    spans = {path: _spans(project, path) for path in {path for path, _ in spent}}
    shares: dict[str, float] = defaultdict(float)
    for (path, line), seconds in spent.items():
        function = next((name for name, lines in spans[path].items() if line in lines), "")
        if function:
            shares[f"{path}:{function}"] += seconds / whole
    return dict(shares)


def _spent(found: Sequence[bytes]) -> dict[tuple[str, int], float]:
    """Seconds of all processes by file and line of a function."""
    spent: dict[tuple[str, int], float] = defaultdict(float)
    for content in found:
        for place, seconds in _own(content):
            spent[place] += seconds
    return spent


def _own(content: bytes) -> Iterator[tuple[tuple[str, int], float]]:
    """Time by file of the project and 1-based line of a function; what libraries take is their caller's."""
    try:
        written = msgspec.json.decode(content, type=_Written)
    except msgspec.DecodeError:  # a process that was ended while it wrote
        return
    profile, root = written.profile, Path(written.root)
    above = {child: point.id for point in profile.nodes for child in point.children}
    frames = {point.id: point.call_frame for point in profile.nodes}
    for point, micros in zip(profile.samples, profile.time_deltas, strict=False):
        place: int | None = point
        while place is not None and (name := _project_file(frames[place].url, root)) is None:
            place = above.get(place)
        if place is not None and (name := _project_file(frames[place].url, root)) is not None:
            yield (name, frames[place].line_number + 1), max(micros, 0) / 1e6


def _project_file(url: str, root: Path) -> str | None:
    path = Path(unquote(url.removeprefix("file://")))
    if not url or not path.is_absolute() or not path.is_relative_to(root) or "node_modules" in path.parts:
        return None
    return path.relative_to(root).as_posix()


def _spans(project: Project, path: str) -> dict[str, range]:
    """The functions at the top of a file, with their lines."""
    try:
        known = tops(parsed(read_source(project.root / path), Path(path)))
    except UsageError:
        return {}
    return {name: lines_of(span(binding)) for name, binding in known.items()}


async def recorded(commands: Commands, argv: Sequence[str], path: str, text: str, name: str) -> list[Call]:
    """Calls of a function while a command runs: its arguments, where JSON can tell them.

    Args:
        commands: a jail with a copy of the project.
        argv: such as ``npm test``, in words.
        path: the function's file, relative to the project.
        text: of it.
        name: of a function at its top.

    Raises:
        SandboxError: the machinery failed.
        UsageError: the file cannot be read.
    """
    watched = telling(parsed(text, Path(path)), name, _RECORD)
    if not watched:
        return []
    calls: dict[bytes, Call] = {}
    for content in await _watched(commands, argv, "record", {path: watched}):
        try:
            for call in msgspec.json.decode(content, type=list[Call]):
                calls.setdefault(msgspec.json.encode(call), call)
        except msgspec.DecodeError:
            continue
    return list(calls.values())


async def _watched(commands: Commands, argv: Sequence[str], kind: str, changes: Mapping[str, str]) -> list[bytes]:
    watch = resources.files("cambrian.improvement").joinpath(f"inside/{_WATCH}.js").read_text("utf-8")
    variables = {
        "NODE_OPTIONS": f"--require={jail_root.SCRATCH}/beside/{_WATCH}.cjs",
        "CAMBRIAN_SCRIPT_WATCH": kind,
        "CAMBRIAN_SCRIPT_ROOT": str(commands.folder),
    }
    result = await commands.run(
        command_words(argv), changes={**changes, f"{BESIDE}{_WATCH}.cjs": watch}, collect=[f"{BESIDE}{kind}-*.json"],
        environment=variables,
    )  # fmt: skip
    return list(result.files.values())

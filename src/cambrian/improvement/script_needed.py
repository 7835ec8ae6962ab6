"""A function of a script with the files of its project that it needs in order to run. Reads files, runs nothing.

Only files named by a relative path are taken along. Packages are not: what needs one is told by the engine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.source.repair.script.program import Ready, ready
from cambrian.source.rules.script import Script
from cambrian.source.script_modules import exports, sources
from cambrian.source.tree import Problem

from .script_functions import parsed
from .targets import read_source

__all__ = ["Piece", "ScriptTarget", "script_target"]

_SUFFIXES = (".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".json")
_ENDS = ("", *_SUFFIXES, *(f"/index{suffix}" for suffix in _SUFFIXES))
_MOST_FILES, _MOST_TEXT = 200, 4_000_000


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A file that others ask for, as it is run.

    Args:
        code: the body of a function of ``module``, ``exports`` and ``require``; or JSON.
        typed: it still has types that mean something.
    """

    code: str
    typed: bool = False


class ScriptTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A function of a script.

    Args:
        path: its file.
        text: of the file.
        name: of a function at its top.
        pieces: path → the files that it asks for, and so on.
    """

    path: Path
    text: str
    name: str
    pieces: Mapping[str, Piece] = {}


def script_target(path: Path, name: str, text: str) -> ScriptTarget:
    """A function with what it needs.

    Args:
        path: its file.
        name: of a function at its top.
        text: of the file.

    Raises:
        UsageError: the file cannot be read.
    """
    path = path.absolute()
    pieces: dict[str, Piece] = {}
    todo, room = list(_asked(parsed(text, path), path)), _MOST_TEXT
    while todo and len(pieces) < _MOST_FILES and room > 0:
        place = todo.pop()
        if str(place) in pieces:
            continue
        try:
            content = read_source(place)
        except UsageError:
            continue  # what asks for it says so when it runs
        room -= len(content)
        script = Script.read(content, place.name) if place.suffix != ".json" else None
        piece = _piece(script, content, place)
        if piece is not None:
            pieces[str(place)] = piece
        if isinstance(script, Script):
            todo += _asked(script, place)
    return ScriptTarget(path=path, text=text, name=name, pieces=pieces)


def _piece(script: Script | Problem | None, text: str, path: Path) -> Piece | None:
    if script is None:
        return Piece(code=text)
    made = ready(text, path.name)
    if not isinstance(made, Ready) or isinstance(script, Problem):
        return None
    tail = "".join(exports(script)) if made.waits else ""
    return Piece(code=f"{made.code}\n{tail}", typed=made.typed)


def _asked(script: Script, path: Path) -> Iterator[Path]:
    """Files that a file names by a relative path."""
    for word in sources(script):
        if word.startswith(("./", "../")):
            base = os.path.normpath(path.parent / word)
            yield from (Path(base + end) for end in _ENDS if Path(base + end).is_file())

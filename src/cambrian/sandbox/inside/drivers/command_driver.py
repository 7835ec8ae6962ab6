"""Sandbox, inside, drivers: runs a project's commands on a copy of its folder, one after the other.

The copy, the home and the folder for temporary files are in the jail's scratch folder; each command finds them as the
first one did. What is told here of a command may be the command's own lie, exit code included. Standard library only.
"""

from __future__ import annotations

import base64
import json
import os
import time
from fnmatch import fnmatchcase
from typing import cast

from .command_copy import Copy, Full, Limit, own_folder, remove, wipe
from .command_process import Order, execute

__all__ = ["step"]

_BESIDE = "@beside/"


class _Place:
    """The folders of a jail: the copy, and what lies beside it."""

    def __init__(self, request: dict[str, object]) -> None:
        self._scratch, self._project = str(request["scratch"]), str(request["project"])
        self._own = set(os.listdir(self._scratch))
        self._copy = Copy(str(request["original"]), str(request["copy"]))
        self._own.add(os.path.basename(str(request["copy"])))
        self._folders = [os.path.join(self._scratch, name) for name in ("home", "tmp", "beside")]
        for folder in self._folders:
            os.mkdir(folder, 0o700)
        self._own.update(os.path.basename(folder) for folder in self._folders)
        self._copy.make(
            Limit(
                frozenset(cast("list[str]", request["linked"])),
                frozenset(cast("list[str]", request["left_out"])),
                int(cast("int", request["largest"])),
            )
        )

    def told(self) -> dict[str, object]:
        return {"copied": {"files": self._copy.files, "size": self._copy.size, "linked": self._copy.linked}}

    def run(self, request: dict[str, object]) -> dict[str, object]:
        """One command, and everything as it was."""
        changes = {name: _bytes(text) for name, text in cast("dict[str, str | None]", request["changes"]).items()}
        beside = {name.removeprefix(_BESIDE): changes.pop(name) for name in [*changes] if name.startswith(_BESIDE)}
        said: dict[str, object] = {}
        try:
            self._copy.lay(changes)
            self._lay_beside(beside)
            said = self._execute(request)
        except Full:
            said = {"full": True}
        except PermissionError as error:
            said = {"refused": f"{error.filename}: {error.strerror}"}
        return {**said, "spoiled": not self._cleaned()}

    def _execute(self, request: dict[str, object]) -> dict[str, object]:
        most = int(cast("int", request["most"]))
        order = Order(
            cast("list[str]", request["argv"]), os.path.join(self._project, str(request["cwd"])),
            cast("dict[str, str]", request["environment"]), _bytes(str(request["stdin"])) or b"",
            float(cast("float", request["wall"])), float(cast("float", request["cpu"])), most // 4,
        )  # fmt: skip
        begun = time.monotonic()
        try:
            ended = execute(order)
        except OSError as error:
            return {"unstarted": f"{error.filename or order.argv[0]}: {error.strerror}"}
        wall = time.monotonic() - begun
        files, left = self._collected(cast("list[str]", request["collect"]), most // 2)
        return {
            "code": ended.code, "timeout": ended.timeout, "wall_s": wall, "stdout": ended.streams[0],
            "stderr": ended.streams[1], "cut": list(ended.cut), "files": files, "left_out": left,
        }  # fmt: skip

    def _lay_beside(self, files: dict[str, bytes | None]) -> None:
        for name, content in files.items():
            target = os.path.join(self._folders[-1], name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(content or b"")

    def _collected(self, patterns: list[str], most: int) -> tuple[dict[str, bytes], list[str]]:
        """Files that the command has left and that are asked for; and those for which there is no room."""
        files: dict[str, bytes] = {}
        left: list[str] = []
        for name, path in self._left_behind(patterns):
            if any(fnmatchcase(name, pattern) for pattern in patterns):
                size = os.path.getsize(path)
                if size > most:
                    left.append(name)
                    continue
                with open(path, "rb") as file:
                    files[name] = file.read(most)
                most -= size
        return files, left

    def _left_behind(self, patterns: list[str]) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if any(pattern.startswith(_BESIDE) for pattern in patterns):
            beside = self._folders[-1]
            names = sorted(name for name in os.listdir(beside) if not os.path.islink(os.path.join(beside, name)))
            paths = [os.path.join(beside, name) for name in names]
            found += [(_BESIDE + os.path.basename(path), path) for path in paths if os.path.isfile(path)]
        if any(not pattern.startswith(_BESIDE) for pattern in patterns):
            found += [(name, os.path.join(self._project, name)) for name in sorted(self._copy.changed())]
        return found

    def _cleaned(self) -> bool:
        """Whether everything could be put back; there are ways to make that impossible, such as endless paths."""
        try:
            self._clean()
        except OSError:
            return False
        return True

    def _clean(self) -> None:
        os.chmod(self._scratch, 0o700)
        self._copy.restore()
        for folder in self._folders:
            own_folder(folder)
            wipe(folder)
        for name in set(os.listdir(self._scratch)) - self._own:
            remove(os.path.join(self._scratch, name))


_places: list[_Place] = []


def step(request: str) -> str:
    """Make the copy (``copy``, once) or run a command (``run``): see `sandbox.commands`. JSON in, JSON out."""
    said = _step(json.loads(request))
    return json.dumps(said, default=_as_text)


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"a {type(value).__name__} is no JSON value")


def _step(request: dict[str, object]) -> dict[str, object]:
    try:
        if request["ask"] == "copy" and not _places:
            _places.append(_Place(request))
            return _places[0].told()
        if request["ask"] == "run" and _places:
            return _places[0].run(request)
    except Full:
        return {"full": True}
    except PermissionError as error:
        return {"refused": f"{error.filename}: {error.strerror}"}
    raise ValueError(f"a driver of commands has no {request['ask']!r} now")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)

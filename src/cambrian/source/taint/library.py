"""The files of a project, by what their functions pass on: filled file by file, so that no tree has to be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from .calls import Alarm
from .frame import Summary
from .unit import Unit
from .value import UNKNOWN, Value

__all__ = ["Library"]


class _Kept(NamedTuple):
    """What is remembered of a file."""

    names: Mapping[str, Value]
    summaries: Mapping[str, Summary]
    classes: Mapping[str, tuple[Mapping[str, Value], frozenset[str]]]
    modules: frozenset[str]


class Library:
    """The other files of a project, for a `Unit`.

    Args:
        find: dotted name of a module → its file, relative; ``None`` if the project has none of that name.
    """

    def __init__(self, find: Callable[[str], str | None]) -> None:
        self._find = find
        self._files: dict[str, _Kept] = {}
        self._found: dict[str, str | None] = {}
        self.alarms: list[Alarm] = []
        """What comes from outside and reaches a sink in another file."""

    def add(self, unit: Unit) -> None:
        """Remember a file."""
        names = {name: unit.exported(name) for name in unit.module}
        classes = {name: (dict(fields), frozenset(methods)) for name, fields, methods in unit.classes()}
        self._files[unit.file] = _Kept(names, dict(unit.summaries()), classes, frozenset(unit.modules))
        self.alarms += [alarm for alarm in unit.alarms if alarm.file != unit.file]

    def modules_behind(self, file: str, modules: frozenset[str] | set[str]) -> tuple[str, ...]:
        """What the project's files import that a file imports, itself or through others."""
        seen: list[str] = []
        queue = [self._locate(name) for name in sorted(modules)]
        done: set[str | None] = {None, file}
        while queue:
            path = queue.pop(0)
            kept = self._files.get(path) if path is not None and path not in done else None
            done.add(path)
            if kept is not None:
                seen += sorted(kept.modules)
                queue += [self._locate(name) for name in sorted(kept.modules)]
        return tuple(dict.fromkeys(seen))

    def exported(self, file: str, module: str, name: str, level: int) -> Value | None:
        """A name of another file; see `unit.Others`."""
        place = _absolute(file, module, level)
        path = self._locate(place)
        if path is not None and path in self._files:
            if not name:
                return Value(own=(path, ""))
            if name in self._files[path].names:
                return self._files[path].names[name]
        inner = self._locate(f"{place}.{name}".strip(".")) if name else None
        if inner is not None and inner in self._files:
            return Value(own=(inner, ""))
        return None if path is None else UNKNOWN

    def summary(self, own: tuple[str, str]) -> Summary | None:
        """What a function of another file does; of a class, what making an object does."""
        kept = self._files.get(own[0])
        if kept is None:
            return None
        if own[1] in kept.classes:
            return kept.summaries.get(f"{own[1]}.__init__", Summary())._replace(returns=Value(own=own))
        return kept.summaries.get(own[1])

    def field(self, owner: tuple[str, str], name: str, instance: Value) -> Value | None:
        """An attribute of a class, an object or a module of another file."""
        del instance  # what a request was read into is known in its own file only
        kept = self._files.get(owner[0])
        if kept is None:
            return None
        if not owner[1]:
            return kept.names.get(name)
        fields, methods = kept.classes.get(owner[1], ({}, frozenset[str]()))
        if name in methods:
            return Value(own=(owner[0], f"{owner[1]}.{name}"))
        return fields.get(name)

    def _locate(self, module: str) -> str | None:
        if module not in self._found:
            self._found[module] = self._find(module) if module else None
        return self._found[module]


def _absolute(file: str, module: str, level: int) -> str:
    """The dotted name that an import means, from the file's place."""
    if not level:
        return module
    parts = file.removesuffix(".py").split("/")
    package = parts[: len(parts) - level]
    return ".".join([*package, module]).strip(".") if module else ".".join(package)

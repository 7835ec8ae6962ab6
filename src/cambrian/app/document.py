"""A TOML document whose values know the line they stand on. Text only: no files are opened here, no task is known.

`tomllib` tells where a syntax error is, but not where a value came from. `Source` finds the lines again, so that
every complaint can name the file, the line, the value and the fix.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, cast

from cambrian.core.errors import TaskError

from .toml_text import Keys, line_spans

__all__ = ["Item", "Source", "Table", "did_you_mean"]

T = TypeVar("T")

_FIX = re.compile(r"(write (?:for example )?)[\w-]+ = (.+)")
_QUOTE = '"'
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``" (did you mean 'wall'?)"`` if one of the known words is near, else nothing.

    >>> did_you_mean("wal", ["wall", "cpu"])
    " (did you mean 'wall'?)"
    """
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""


class Source:
    """Where values come from: a file with its lines, or an option of the command line.

    Args:
        path: how messages call it.
        text: the TOML text; empty for values that do not come from a text.
    """

    def __init__(self, path: str, text: str = "") -> None:
        self.path = path
        self._lines = text.splitlines()
        self._spans = line_spans(text)

    @classmethod
    def parse(cls, path: str, text: str) -> Table:
        """Read a document.

        Raises:
            TaskError: it is not TOML 1.0; names the line.
        """
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            message = str(error)
            match = _AT_LINE.search(message)
            line = int(match[1]) if match else max(1, len(text.splitlines()))
            what = text.splitlines()[line - 1].strip() if text else ""
            raise TaskError(
                f"not valid TOML: {_AT_LINE.sub('', message).strip()}, in {what[:80]!r}",
                path=path,
                line=line,
                fix="see https://toml.io/en/v1.0.0 for the notation",
            ) from None
        except (ValueError, RecursionError) as error:  # a whole number of thousands of digits, thousands of brackets
            raise TaskError(f"cannot be read: {error}", path=path, fix="make it simpler") from None
        return Table(values, cls(path, text))

    def line(self, keys: Keys, element: object = None) -> int | None:
        """The 1-based line of a key, of the nearest table around it, or of an element of its list."""
        while keys and keys not in self._spans:
            keys = keys[:-1]
        if not keys:
            return None
        first, last = self._spans[keys]
        for number in range(first, last + 1) if isinstance(element, str) else ():
            if str(element) in self._lines[number - 1]:
                return number
        return first

    def error(self, keys: Keys, message: str, *, fix: str = "", element: object = None) -> TaskError:
        """A complaint about a value, with its place; the fix in the notation of the place."""
        if self.path.startswith("--set "):
            fix = _FIX.sub(lambda match: f"{match[1]}--set {'.'.join(keys)}={match[2].strip(_QUOTE)}", fix)
        return TaskError(message, path=self.path, line=self.line(keys, element), fix=fix)


class Item:
    """One value with its place.

    Args:
        value: the value, as TOML gives it.
        keys: its path in the document.
        source: where it comes from.
    """

    def __init__(self, value: object, keys: Keys, source: Source) -> None:
        self.value, self.keys, self.source = value, keys, source

    @property
    def name(self) -> str:
        """Its dotted name."""
        return ".".join(self.keys)

    def wrong(self, wanted: str, *, fix: str = "") -> TaskError:
        """The complaint that it is not what is wanted."""
        return self.source.error(self.keys, f"{self.name} is {self.value!r}; {wanted}", fix=fix)

    def about(self, message: str, *, fix: str = "", element: object = None) -> TaskError:
        """A complaint in other words, with its place."""
        return self.source.error(self.keys, f"{self.name}: {message}", fix=fix, element=element)


class Table:
    """A table of which each key is read once; what is left at the end is unknown.

    Args:
        values: the table.
        source: where it comes from.
        keys: its path in the document.
    """

    def __init__(self, values: Mapping[str, object], source: Source, keys: Keys = ()) -> None:
        self.source, self.keys = source, keys
        self._values = dict(values)
        self._known: list[str] = []

    def item(self, key: str) -> Item | None:
        """The value of a key, if it is there; the key counts as known from now on."""
        self._known.append(key)
        return self._item(key) if key in self._values else None

    def items(self) -> list[Item]:
        """Every value, for tables whose keys are names that the user gives."""
        self._known.extend(self._values)
        return [self._item(key) for key in self._values]

    def _item(self, key: str) -> Item:
        return Item(self._values[key], (*self.keys, key), self.source)

    def get(self, key: str, read: Callable[[Item], T], default: T) -> T:
        """Read a key, or take the default if it is absent."""
        item = self.item(key)
        return default if item is None else read(item)

    def need(self, key: str, read: Callable[[Item], T], *, fix: str) -> T:
        """Read a key that must be there.

        Raises:
            TaskError: it is absent; `fix` says what to write.
        """
        item = self.item(key)
        if item is None:
            raise self.source.error(self.keys, f"{'.'.join((*self.keys, key))!r} is missing", fix=fix)
        return read(item)

    def table(self, key: str) -> Table | None:
        """A table inside this one, if it is there.

        Raises:
            TaskError: it is no table.
        """
        item = self.item(key)
        if item is None:
            return None
        raw = item.value
        if not isinstance(raw, dict):
            raise item.wrong("a table is wanted", fix=f"write a section [{item.name}] with one key per line")
        return Table(cast("dict[str, object]", raw), self.source, item.keys)

    def only(self, known: Iterable[str]) -> None:
        """Refuse keys that are not known, before any of them is missed: a misspelt key is told as such.

        Raises:
            TaskError: an unknown key; names the nearest known one.
        """
        self._refuse(set(self._values).difference(known), sorted(known))

    def done(self) -> None:
        """Refuse what nobody asked for.

        Raises:
            TaskError: an unknown key; names the nearest known one.
        """
        self._refuse(set(self._values).difference(self._known), self._known)

    def _refuse(self, strange: set[str], known: list[str]) -> None:
        for key in self._values:
            if key in strange:
                name = ".".join((*self.keys, key))
                raise self.source.error(
                    (*self.keys, key),
                    f"unknown key {name!r}{did_you_mean(key, known)}",
                    fix=f"known here: {', '.join(sorted(set(known)))}",
                )

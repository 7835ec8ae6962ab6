"""The few values of a framework's ``config.yaml`` that count here. Reads the plain part of YAML, by indentation.

Mappings, scalars and lists of scalars are understood; long texts and lists of mappings (prompts, models) are passed
over. A value that is asked for and is not of the kind wanted is told with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cambrian.core.errors import TaskError

__all__ = ["Config"]

_KEY = re.compile(r"(?P<key>[\w.-]+|\"[^\"]*\"|'[^']*')\s*:(?:\s+(?P<value>.*))?$")
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False, "null": None, "~": None}
Scalar = str | int | float | bool | None
Value = Scalar | list[Scalar]


class Config:
    """Values by dotted name.

    Args:
        path: how messages call the file.
        text: its text; empty for no file.
    """

    def __init__(self, path: str = "", text: str = "") -> None:
        self.path = path
        self._values: dict[str, tuple[Value, int]] = {}
        _Reader(text, self._values).read()

    def number(self, name: str) -> float | None:
        """A number above zero, if the key is there and not null.

        Raises:
            TaskError: it is something else.
        """
        value = self._get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise self._wrong(name, value, "a number above zero is wanted")
        return float(value)

    def flag(self, name: str) -> bool | None:
        """A truth value, if the key is there and not null.

        Raises:
            TaskError: it is something else.
        """
        value = self._get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, value, "true or false is wanted")
        return value

    def numbers(self, name: str) -> tuple[float, ...] | None:
        """A list of numbers, if the key is there and not null.

        Raises:
            TaskError: it is something else.
        """
        value = self._get(name)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        found = tuple(float(item) for item in items if isinstance(item, int | float) and not isinstance(item, bool))
        if len(found) != len(items):
            raise self._wrong(name, value, "a list of numbers is wanted, such as [0.5, 0.75]")
        return found

    def words(self, name: str) -> tuple[str, ...]:
        """A list of names; empty if there is none."""
        value = self._get(name)
        items = value if isinstance(value, list) else [value]
        return tuple(item for item in items if isinstance(item, str))

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def _get(self, name: str) -> Value:
        return self._values[name][0] if name in self._values else None

    def _wrong(self, name: str, value: object, wanted: str) -> TaskError:
        return TaskError(f"{name} is {value!r}; {wanted}", path=self.path, line=self._values[name][1])


class _Reader:
    """One pass over the lines."""

    def __init__(self, text: str, values: dict[str, tuple[Value, int]]) -> None:
        self._lines = list(enumerate(text.splitlines(), 1))
        self._at = 0
        self._values = values
        self._above: list[tuple[int, str]] = []

    def read(self) -> None:
        """Fill the values."""
        while self._at < len(self._lines):
            number, line = self._lines[self._at]
            self._at += 1
            content = line.strip()
            if content and not content.startswith(("#", "---", "%")):
                self._line(number, len(line) - len(line.lstrip()), content)

    def _line(self, number: int, indent: int, content: str) -> None:
        if content.startswith("- ") or content == "-":
            self._item(indent, content[1:].strip())
            return
        match = _KEY.match(content)
        if match is None:
            return
        while self._above and self._above[-1][0] >= indent:
            self._above.pop()
        self._above.append((indent, match["key"].strip("\"'")))
        name = ".".join(key for _, key in self._above)
        text = (match["value"] or "").strip()
        if text[:1] in "|>" and text:
            self._skip(lambda line: not line.strip() or len(line) - len(line.lstrip()) > indent)
        elif text[:1] in ("'", '"') and not _closed(text):
            quote = text[0]
            self._skip(lambda line: quote not in line)
            self._at += 1
        elif text.startswith("[") and "]" not in text:
            self._values[name] = _list(text + " ".join(self._until("]"))), number
        elif _without_comment(text):
            self._values[name] = _value(_without_comment(text)), number

    def _item(self, indent: int, content: str) -> None:
        """A member of the list of the nearest key above; one that is a mapping is passed over with what it holds."""
        owners = [(depth, key) for depth, key in self._above if depth <= indent]
        if not owners or _KEY.match(content):
            self._skip(lambda line: not line.strip() or len(line) - len(line.lstrip()) > indent)
            return
        name = ".".join(key for _, key in owners)
        known, number = self._values.get(name, ([], self._lines[self._at - 1][0] - 1))
        items = known if isinstance(known, list) else []
        self._values[name] = [*items, _scalar(_without_comment(content))], number

    def _skip(self, inside: Callable[[str], bool]) -> None:
        while self._at < len(self._lines) and inside(self._lines[self._at][1]):
            self._at += 1

    def _until(self, mark: str) -> Iterator[str]:
        while self._at < len(self._lines):
            _, line = self._lines[self._at]
            self._at += 1
            yield _without_comment(line.strip())
            if mark in line:
                return


def _closed(text: str) -> bool:
    return len(text) > 1 and text.find(text[0], 1) > 0


def _without_comment(text: str) -> str:
    if text[:1] in ("'", '"'):
        return text[: text.find(text[0], 1) + 1]
    return re.split(r"(?:^|\s)#", text, maxsplit=1)[0].strip()


def _value(text: str) -> Value:
    return _list(text) if text.startswith("[") else _scalar(text)


def _list(text: str) -> list[Scalar]:
    inner = text.strip()[1:].partition("]")[0]
    return [_scalar(part.strip()) for part in inner.split(",") if part.strip()]


def _scalar(text: str) -> Scalar:
    if text[:1] in ("'", '"') and len(text) > 1:
        return text[1:-1]
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    for kind in (int, float):
        try:
            return kind(text.replace("_", ""))
        except ValueError:
            continue
    return text

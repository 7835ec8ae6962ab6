"""The plain part of YAML, by indentation: values by dotted name, and a complaint where a text is surely none.

Mappings, scalars and lists of scalars are understood; long texts and lists of mappings (prompts, models) are passed
over, and so is what is rare: anchors, tags, keys of several lines. Only what no reader of YAML 1.1 takes is refused:
a tab that indents, a quote or bracket that is not closed, a line that is no ``key: value``, an indentation that fits
nothing above, a key below a value. A whole document in braces is read as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import msgspec

from cambrian.core.errors import TaskError

__all__ = ["Scalar", "Value", "read_values"]

Scalar = str | int | float | bool | None
Value = Scalar | list[Scalar]

_KEY = re.compile(r"(?P<key>\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\"'\[\]{}|>\s](?:(?!\s#).)*?)\s*:(?:\s+(?P<value>.*))?$")
_TAGGED = re.compile(r"[&!]\S*(?:\s+|$)")
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False, "null": None, "~": None}
_CLOSING = {"[": "]", "{": "}"}


def read_values(path: str, text: str) -> dict[str, tuple[Value, int]]:
    """Dotted name → value and line, from 1.

    Args:
        path: how complaints call the file.
        text: of the file.

    Raises:
        TaskError: it is no YAML; names the line and the fix.
    """
    return _Reader(path, text).read()


@dataclass
class _Above:
    """A key that later lines may belong to; `full` once it has a value, so that no key can stand below it."""

    indent: int
    key: str
    full: bool = False


class _Reader:
    """One pass over the lines."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self._text = path, text
        self._lines = text.removeprefix("\ufeff").splitlines()
        self._at = 0
        self._values: dict[str, tuple[Value, int]] = {}
        self._above: list[_Above] = []

    def read(self) -> dict[str, tuple[Value, int]]:
        """All of it."""
        if self._text.lstrip().startswith("{"):
            return self._document()
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            content = line.strip()
            if line.startswith(("---", "...", "%")):
                self._above.clear()
            elif content and not content.startswith("#"):
                self._line(_indent(line), content)
        return self._values

    def _document(self) -> dict[str, tuple[Value, int]]:
        try:
            found = msgspec.json.decode(self._text, type=dict[str, object])
        except msgspec.MsgspecError as error:
            self._at = 1
            raise self._wrong(
                f"a config in braces is read as JSON, and it is none: {error}", "write one `key: value` on a line"
            ) from error
        return dict(_flat("", found))

    def _line(self, indent: int, content: str) -> None:
        if content == "-" or content.startswith("- "):
            self._item(indent, content[1:].strip())
        elif content.startswith("? "):
            self._at = len(self._lines)  # a key of several lines: nothing that counts here is called so
        elif (match := _KEY.match(content)) is not None:
            self._key(indent, _unquoted(match["key"]), (match["value"] or "").strip())
        elif self._above and indent > self._above[-1].indent:
            self._continued(content)
        elif content[0] not in "&!":
            raise self._wrong(f"{_short(content)} is no `key: value`", "write one `key: value` on a line")

    def _key(self, indent: int, key: str, value: str) -> None:
        left = [item.indent for item in self._above if item.indent >= indent]
        self._above = [item for item in self._above if item.indent < indent]
        if "\t" in self._lines[self._at - 1][:indent]:
            raise self._wrong("a tab indents this line", "indent with spaces")
        if left and indent not in left:
            raise self._wrong(f"{key!r} is indented like no line above it", f"indent it by {left[0]}, as its siblings")
        if self._above and not left and self._above[-1].full:
            owner = self._above[-1].key
            raise self._wrong(f"{key!r} stands below {owner!r}, which has a value already", "take one of the two out")
        self._above.append(_Above(indent, key))
        self._value(value)

    def _value(self, text: str) -> None:
        """What stands behind the key above; empty where it may stand on lines below."""
        text = _TAGGED.sub("", text, count=1) if text[:1] in ("&", "!") else text
        if not text or text.startswith("#"):
            return
        owner, number = self._above[-1], self._at
        owner.full = True
        if text[0] in "|>":
            self._skip(owner.indent)
            return
        value = self._whole(text)
        if text[0] not in "'\"[{" and re.search(r":(?:\s|$)", value):
            raise self._wrong(f"two keys stand on one line: {_short(text)}", "write one `key: value` on a line")
        if value:
            self._values[self._name()] = _value(value), number

    def _continued(self, content: str) -> None:
        """A line below a key: its value if it has none yet, else the rest of it, which counts for nothing here."""
        if self._above[-1].full:
            return
        self._value(content)

    def _item(self, indent: int, content: str) -> None:
        """A member of the list of the nearest key above; one that is a mapping is passed over with what it holds."""
        self._above = [item for item in self._above if item.indent <= indent]
        if not self._above:
            raise self._wrong("a list stands where keys are wanted", "write one `key: value` on a line")
        self._above[-1].full = True
        number = self._at
        if not _KEY.match(content) and content[:1] not in ("|", ">"):
            known, first = self._values.get(self._name(), ([], number - 1))
            items = known if isinstance(known, list) else []
            whole = self._whole(content) if content else ""
            self._values[self._name()] = [*items, _scalar(whole)], first
        self._skip(indent, comments=True)

    def _whole(self, text: str) -> str:
        """A scalar or a list in brackets without comments, up to where it is closed, which may be lines below."""
        if text[0] in "'\"":
            return self._until(text, _end_of_quote, "quote")
        if text[0] in _CLOSING:
            return self._until(_without_comment(text), _end_of_brackets, "bracket")
        return _without_comment(text)

    def _until(self, text: str, end_of: Callable[[str], int], what: str) -> str:
        begun = self._at
        while (end := end_of(text)) < 0:
            if self._at == len(self._lines):
                self._at = begun
                raise self._wrong(f"a {what} is not closed: {_short(text)}", "close it")
            line = self._lines[self._at].strip()
            text += " " + (line if what == "quote" else _without_comment(line))
            self._at += 1
        return text[: end + 1]

    def _skip(self, indent: int, *, comments: bool = False) -> None:
        """Pass over what is indented deeper, and over comments wherever they begin, unless they would be text."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            content = line.strip()
            if content and _indent(line) <= indent and not (comments and content.startswith("#")):
                return
            self._at += 1

    def _name(self) -> str:
        return ".".join(item.key for item in self._above)

    def _wrong(self, what: str, fix: str) -> TaskError:
        return TaskError(f"this cannot be read as a config: {what}", path=self._path, line=self._at, fix=fix)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _end_of_quote(text: str) -> int:
    """Where the quote that the text begins with is closed; -1 if it is not."""
    quote, at = text[0], 1
    while at < len(text):
        if (quote == '"' and text[at] == "\\") or text[at : at + 2] == "''" == quote * 2:
            at += 2
        elif text[at] == quote:
            return at
        else:
            at += 1
    return -1


def _end_of_brackets(text: str) -> int:
    """Where the bracket that the text begins with is closed; -1 if it is not."""
    open_ones, at = "", 0
    while at < len(text):
        if text[at] in "'\"" and (at == 0 or text[at - 1] in "[{, "):
            end = _end_of_quote(text[at:])
            if end < 0:
                return -1
            at += end
        elif text[at] in _CLOSING:
            open_ones += _CLOSING[text[at]]
        elif open_ones.endswith(text[at]):
            open_ones = open_ones[:-1]
            if not open_ones:
                return at
        at += 1
    return -1


def _without_comment(text: str) -> str:
    """A line's text before a comment; in quotes there is none."""
    quote = ""
    for at, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"" and (at == 0 or text[at - 1] in "[{, "):
            quote = character
        elif character == "#" and (at == 0 or text[at - 1].isspace()):
            return text[:at].strip()
    return text


def _value(text: str) -> Value:
    return _list(text) if text.startswith("[") else _scalar(text)


def _list(text: str) -> list[Scalar]:
    inner = text.strip()[1:].partition("]")[0]
    return [_scalar(part.strip()) for part in inner.split(",") if part.strip()]


def _unquoted(text: str) -> str:
    return text[1:-1] if text[:1] in ("'", '"') and len(text) > 1 else text


def _scalar(text: str) -> Scalar:
    if _unquoted(text) != text:
        return _unquoted(text)
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    for kind in (int, float):
        try:
            return kind(text.replace("_", ""))
        except ValueError:
            continue
    return text


def _flat(prefix: str, value: Mapping[str, object]) -> Iterator[tuple[str, tuple[Value, int]]]:
    """Of a document that is JSON, whose lines are not known."""
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _flat(f"{prefix}{key}.", cast("Mapping[str, object]", inner))
        else:
            yield f"{prefix}{key}", (cast("Value", inner), 1)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")

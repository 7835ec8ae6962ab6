"""Improvement, healing: how a command failed that runs JavaScript, read from what Node and its test runner print. Pure.

Node prints a stack, innermost place first; `node --test` the same within TAP, or within its own layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Told", "read_node"]

_PLACE = re.compile(r"(?:file://)?((?:[./\w@~+-])[^\s():'\"]*\.[cm]?[jt]s):(\d+)(?::\d+)?(?=[\s)'\"]|$)", re.MULTILINE)
_ERROR = re.compile(r"^\s*(?:Uncaught )?(\w*(?:Error|Exception))(?: \[\w+\])?: (.*)$", re.MULTILINE)
_TAP_ERROR = re.compile(r"^\s*error: (?:'(.*)'|\"(.*)\"|\|-\s*\n\s*(.*))\s*$", re.MULTILINE)
_TAP_NAME = re.compile(r"^\s*name: '(\w+)'\s*$", re.MULTILINE)
_SUBTESTS = re.compile(r"\d+ subtests? failed")


class Told(NamedTuple):
    """What was raised, and the places on the way there as they were printed, innermost first."""

    type: str
    message: str
    places: tuple[tuple[str, int], ...]


def read_node(text: str) -> Told | None:
    """What Node printed of a failure; `None` if it is not from Node.

    Args:
        text: stdout and stderr of a command.
    """
    places = tuple((match[1], int(match[2])) for match in _PLACE.finditer(text))
    if not places:
        return None
    kind, message = next(_errors(text), ("Exit", ""))
    return Told(kind, message, places)


def _errors(text: str) -> Iterator[tuple[str, str]]:
    """Type and message of each error, as far as they are told."""
    names = [match[1] for match in _TAP_NAME.finditer(text)]
    for match in _TAP_ERROR.finditer(text):
        message = next(part for part in match.groups() if part is not None)
        if not _SUBTESTS.search(message):
            yield (names[0] if names else "Error"), message.replace("\\'", "'").replace("\\\\", "\\")
    for match in _ERROR.finditer(text):
        yield match[1], match[2]

"""Improvement, inside: which code is the project's, and where what was seen is written down."""

from __future__ import annotations

import json
import os
import secrets
from types import CodeType

_BESIDE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_ASIDE = ("/site-packages/", "/node_modules/", "/.venv/", "/venv/")


class Place:
    """Names of the project's files, as code objects name them: by the folder's own place or by the copy's.

    Args:
        root: the folder's own place.
    """

    def __init__(self, root: str) -> None:
        self._roots = (root + "/", os.path.realpath(root) + "/")
        self._known: dict[str, str | None] = {}

    def path(self, filename: str) -> str | None:
        """Relative to the project; None if it is not the project's."""
        if filename not in self._known:
            self._known[filename] = self._found(filename)
        return self._known[filename]

    def _found(self, filename: str) -> str | None:
        if filename.startswith("<"):
            return None
        whole = os.path.abspath(filename)
        for root in self._roots:
            if whole.startswith(root) and not any(part in whole for part in _ASIDE):
                return whole[len(root) :]
        return None


def qualified(code: CodeType) -> str:
    """The qualified name of a code object; before Python 3.11 it has only a plain one."""
    return str(getattr(code, "co_qualname", code.co_name))


def write(kind: str, value: object) -> None:
    """Write a JSON value beside the project, as a whole."""
    name = os.path.join(_BESIDE, f"{kind}-{os.getpid()}-{secrets.token_hex(4)}.json")
    with open(name + ".new", "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(name + ".new", name)

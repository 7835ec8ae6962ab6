"""Rules for tests: one that is right, one that is wrong, one that does not pay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Rewrite

__all__ = ["find"]

_RULES = (
    ("toy-copy", r"in tuple\((\w+)\)", r"in (\1)", 50.0),
    ("toy-wrong", r"range\(len\((\w+)\)\)", r"range(len(\1) - 1)", 20.0),
    ("toy-idle", r"\(x \+ 0\)", "(x)", 2.0),
)
_SCOPE = re.compile(r"^(?:class (\w+)|( *)(?:async )?def (\w+))", re.MULTILINE)


def find(text: str, path: str) -> Iterator[Rewrite]:
    """All that the toys find."""
    del path
    for rule, pattern, new, gain in _RULES:
        for match in re.finditer(pattern, text):
            line = text.count("\n", 0, match.start()) + 1
            yield Rewrite(
                rule=rule, line=line, column=1, end_line=line, scope=_scope(text, match.start()),
                what=f"{rule} applies", splices=(Splice(*match.span(), match.expand(new)),), gain=gain,
            )  # fmt: skip


def _scope(text: str, place: int) -> str:
    owner = name = ""
    for match in _SCOPE.finditer(text, 0, place):
        if match[1]:
            owner, name = match[1], ""
        else:
            owner = owner if match[2] else ""
            name = f"{owner}.{match[3]}" if owner else match[3]
    return name

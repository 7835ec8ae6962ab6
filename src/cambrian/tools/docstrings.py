"""Tools, docstrings: Google style, as `functions.py` reads it for what a tool is and what its parameters mean. Pure.

https://google.github.io/styleguide/pyguide.html#383-functions-and-methods
"""

from __future__ import annotations

import inspect
import re

import msgspec

__all__ = ["Docstring", "read_docstring"]

_SECTION = re.compile(
    r"(Args|Arguments|Parameters|Returns?|Yields?|Raises|Example|Examples|Note|Notes|See Also|Attributes):\s*$"
)
_PARAMETER = re.compile(r"\*{0,2}(?P<name>\w+)\s*(?:\([^)]*\))?\s*:\s*(?P<text>.*)$")
_PARAMETERS = ("Args", "Arguments", "Parameters")
_RESULT = ("Return", "Returns")


class Docstring(msgspec.Struct, frozen=True, kw_only=True):
    """What a docstring says.

    Args:
        description: everything before the first section, and what is returned.
        parameters: name → description.
    """

    description: str = ""
    parameters: dict[str, str] = {}


def read_docstring(text: str | None) -> Docstring:
    """Take a docstring apart. Whatever is not Google style is part of the description."""
    if not text:
        return Docstring()
    sections = _sections(inspect.cleandoc(text).splitlines())
    lead = "\n".join(sections.pop("")).strip()
    result = " ".join(line.strip() for name in _RESULT for line in sections.get(name, ())).strip()
    described = [line for name in _PARAMETERS for line in sections.get(name, ())]
    description = f"{lead}\n\nReturns: {result}".strip() if result else lead
    return Docstring(description=description, parameters=_parameters(described))


def _sections(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"": []}
    current = found[""]
    for line in lines:
        heading = _SECTION.match(line)
        if heading:
            current = found.setdefault(heading[1], [])
        else:
            current.append(line)
    return found


def _parameters(lines: list[str]) -> dict[str, str]:
    """Entries start at the smallest indent; deeper lines go on with the one before."""
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        entry = _PARAMETER.match(line.strip()) if len(line) - len(line.lstrip()) == min(indents, default=0) else None
        if entry:
            name = entry["name"]
            found[name] = entry["text"].strip()
        elif name and line.strip():
            found[name] = f"{found[name]} {line.strip()}".strip()
    return found

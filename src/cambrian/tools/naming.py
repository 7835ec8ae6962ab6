"""Tools, names: from what a server or a schema calls something to an identifier of Python and of JavaScript. Pure."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection

__all__ = ["free_name", "identifier", "pascal"]

# ECMAScript 2025: reserved words, and those reserved in modules and strict mode (12.7.2, 13.1)
_JAVASCRIPT = """
    arguments async await break case catch class const continue debugger default delete do else enum eval export extends
    false finally for function if implements import in instanceof interface let new null package private protected
    public return static super switch this throw true try typeof undefined var void while with yield
"""
_RESERVED = frozenset(keyword.kwlist) | frozenset(_JAVASCRIPT.split())


def identifier(name: str) -> str:
    """The nearest name that is an identifier in both languages: ASCII, no reserved word, no dunder.

    A name that is one already stays as it is. Only ASCII, since Python folds look-alikes together (PEP 3131) and
    JavaScript does not.
    """
    plain = re.sub(r"[^0-9A-Za-z_]+", "_", name)
    if plain.startswith("__"):  # what Python and JavaScript give meaning of their own, such as `__proto__`
        plain = plain.lstrip("_")
    if plain[:1].isdigit() or not plain.strip("_"):
        plain = f"_{plain.strip('_')}" if plain.strip("_") else "unnamed"
    return f"{plain}_" if plain in _RESERVED else plain


def pascal(*parts: str) -> str:
    """A class's name made of several words: ``pascal("get_user", "home address")`` is ``GetUserHomeAddress``."""
    words = [word for part in parts for word in re.split(r"[^0-9A-Za-z]+", part) if word]
    return identifier("".join(word[0].upper() + word[1:] for word in words))


def free_name(name: str, taken: Collection[str]) -> str:
    """`name`, or the first of ``name_2``, ``name_3``, … that is not taken."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found

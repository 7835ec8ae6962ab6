"""What a script is made of: what it needs of a runtime, and roughly how much it will do. Read, never executed.

This describes; it decides nothing about safety. A script that hides what it needs (`eval`, computed names) is found out
when it runs and comes to a gap; nothing is granted to it for what is, or is not, found here. Comments and the insides
of texts never count, since only syntax trees are looked at.

Needs have names, the same as in the capability tables of runtimes and in `core.script.Gap`:

=====================  =========================================================================================
``import:NAME``        a module, by its first name (Python), or as written (JavaScript)
``class:WHAT``         definition, inheritance, metaclass, decorator, property, private, static-block …
``syntax:WHAT``        yield, await, async-def, del, match, try-finally, decorator, walrus, import, typescript-enum …
``literal:WHAT``       bytes, complex, set, bigint
``global:NAME``        a built-in (Python) or a global of the web or of Node (JavaScript) that the script does not bind
=====================  =========================================================================================
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from cambrian.core.script import Language

from .cache import Cache
from .features_javascript import read_javascript
from .features_python import read_python
from .features_tally import Tally
from .javascript_tree import MAX_CHARACTERS
from .tree import Problem
from .typescript import erase

__all__ = ["MAX_CHARACTERS", "ScriptFeatures", "script_features"]


class ScriptFeatures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A script's feature vector.

    Args:
        language: what it was read as.
        problem: why it could not be read; then only its sizes are known. ``SyntaxError: …``, or that it is too large,
            too deep or too tangled to be looked at.
        line: of the problem, 1-based; 0 where none can be named.
        characters: of the text.
        lines: of the text.
        needs: names as above, sorted.
        loops: ``for``, ``while`` and comprehensions.
        nesting: of loops, the deepest.
        open_loops: those whose number of rounds the text does not tell.
        work: about how many of its syntax nodes will be evaluated: literal ranges are multiplied, other loops taken for
            `features_tally.OPEN_ROUNDS` rounds, functions counted as often as they are called by name.
        largest_list: rounds of the largest comprehension, where the text tells.
        recursive: a function calls itself by name.
        tools: those of the given tools that it calls by name, in the order of the text.
        tool_calls: places where it calls one.
        looped_calls: whether one of them stands in a loop.
        network: whether it names ``fetch`` or the like, or writes a URL down.
        risky_patterns: regular expressions that may take exponential time.
    """

    language: Language
    problem: str = ""
    line: int = 0
    characters: int = 0
    lines: int = 0
    needs: tuple[str, ...] = ()
    loops: int = 0
    nesting: int = 0
    open_loops: int = 0
    work: float = 0.0
    largest_list: float = 0.0
    recursive: bool = False
    tools: tuple[str, ...] = ()
    tool_calls: int = 0
    looped_calls: bool = False
    network: bool = False
    risky_patterns: int = 0


_ROOM, _FIXED = 4_000_000, 2000
"""Bytes of what is remembered, and what one script weighs besides its text, about."""
_KEPT: Cache[tuple[str, Language, frozenset[str]], ScriptFeatures] = Cache(_ROOM)
"""The last scripts: many are run again and again with other inputs."""


def script_features(code: str, language: Language, tools: Collection[str] = ()) -> ScriptFeatures:
    r"""The features of a script. Never raises for any text; its time is bounded whatever the text.

    Args:
        code: the text.
        language: see `features_language.detect` if it is not known.
        tools: names of the tools that it may call.

    Example:
        >>> script_features("import json\njson.dumps(add(1, 2))", "python", ["add"]).needs
        ('import:json',)
    """
    key = code, language, frozenset(tools)
    known = _KEPT.get(key)
    if known is not None:
        return known
    found = _features(*key)
    return found if len(code) > MAX_CHARACTERS else _KEPT.put(key, found, _FIXED + len(code))


def _features(code: str, language: Language, tools: frozenset[str]) -> ScriptFeatures:
    lines = code.count("\n") + 1
    found = _read(code, language, tools)
    if isinstance(found, Problem):
        return ScriptFeatures(
            language=language, problem=found.message, line=found.line, characters=len(code), lines=lines
        )
    return ScriptFeatures(
        language=language, characters=len(code), lines=lines, needs=tuple(sorted(found.needs)), loops=found.loops,
        nesting=found.nesting, open_loops=found.open_loops, work=found.work(), largest_list=found.largest_list,
        recursive=found.recursive, tools=tuple(dict.fromkeys(found.tool_calls)), tool_calls=len(found.tool_calls),
        looped_calls=found.looped_calls, network=found.network, risky_patterns=found.risky_patterns,
    )  # fmt: skip


def _read(code: str, language: Language, tools: frozenset[str]) -> Tally | Problem:
    if language == "python":
        return read_python(code, tools)
    if language == "javascript":
        return read_javascript(code, "javascript", tools)
    erased = erase(code)
    if isinstance(erased, Problem):
        return erased
    if not erased.kept:
        return read_javascript(erased.code, "javascript", tools)
    found = read_javascript(code, "typescript", tools)
    if isinstance(found, Tally):
        found.needs.update(kept.feature for kept in erased.kept)
    return found

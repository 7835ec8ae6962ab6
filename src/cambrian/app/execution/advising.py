"""App, execution: what to do about a gap: what to write instead, or which runtime has what this one lacks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cambrian.core.script import Language
from cambrian.sandbox.scripts.facts import Left

__all__ = ["advice", "advised"]

_EVERY = ("cpython",)
_WEB = ("deno", "node", "bun")
_NONE: tuple[str, ...] = ()
_ADDS = {"deno": "pip install 'cambrian[deno]'", "monty": "pip install cambrian", "quickjs": "pip install cambrian"}
_NETWORK = "no script has a network: --allow net:HOST:PORT gives it a tool `fetch` for that host"
_BROWSER = "no runtime here is a browser; have a tool do that"
_FILES = "take the file's text from a tool, or show a folder to it with --allow read:DIR"
_CLASS = "use plain functions and dicts, or a class without it"
_SUSPEND = "await the steps one by one in a plain loop"


class _Way(NamedTuple):
    """A way out: what to write instead ("" if nothing is better), and the runtimes that have the feature."""

    write: str = ""
    has: tuple[str, ...] = _NONE


_PYTHON: dict[str, _Way] = {
    "class:inheritance": _Way("write the methods into each class, or use functions", _EVERY),
    "class:decorators": _Way("write plain methods, called with ()", _EVERY),
    "syntax:yield": _Way("build a list and return it", _EVERY),
    "syntax:del": _Way("assign None, or use pop()", _EVERY),
    "syntax:except-star": _Way("catch with a plain except", _EVERY),
    "syntax:async-with": _Way(_SUSPEND, _EVERY),
    "syntax:async-for": _Way(_SUSPEND, _EVERY),
    "syntax:async-comprehension": _Way(_SUSPEND, _EVERY),
    "syntax:import-star": _Way("import the names that are used", _EVERY),
    "syntax:lazy-generator": _Way("use the list that it gives, without next()", _EVERY),
    "attribute:function.__dict__": _Way("keep it in a variable or a dict", _EVERY),
    "os:os.environ": _Way("hand the value in as an input: --input NAME=JSON"),
    "os:os.getenv": _Way("hand the value in as an input: --input NAME=JSON"),
}
_JAVASCRIPT: dict[str, _Way] = {
    **dict.fromkeys(
        ("global:fetch", "global:XMLHttpRequest", "global:WebSocket", "global:EventSource"), _Way(_NETWORK)
    ),
    **dict.fromkeys(
        (
            "global:document", "global:window", "global:localStorage", "global:sessionStorage", "global:alert",
            "global:prompt", "global:location", "global:Image", "global:caches", "global:FileReader",
        ),
        _Way(_BROWSER),
    ),
    **dict.fromkeys(
        ("global:require", "global:module", "global:exports"), _Way("write `await import('node:…')` instead", _WEB)
    ),
    **dict.fromkeys(("global:__dirname", "global:__filename"), _Way("a script lies nowhere; write the path")),
    "global:process": _Way("hand values in as inputs (--input NAME=JSON) instead of process.env", _WEB),
    "global:Deno": _Way("", ("deno",)),
    "global:Bun": _Way("", ("bun",)),
    "global:structuredClone": _Way("write JSON.parse(JSON.stringify(x))", _WEB),
    "syntax:import": _Way("write `const x = await import('…')` instead of an import or export declaration"),
    "syntax:dynamic-import": _Way("have a tool do what the module does", _WEB),
    "syntax:typescript-enum": _Way("write `const A = {B: 0} as const` instead of an enum", ("deno", "bun")),
    "syntax:typescript-namespace": _Way("write a plain object instead of a namespace", ("deno", "bun")),
    "syntax:typescript-parameter-property": _Way("declare the field and assign it in the constructor", ("deno", "bun")),
    "syntax:typescript-assertion": _Way("write `x as T` instead of `<T>x`", ("deno",)),
    "syntax:decorator": _Way("call the function by hand instead of decorating", ("deno",)),
}  # fmt: skip
_KINDS: dict[tuple[bool, str], _Way] = {
    (True, "import"): _Way("", _EVERY),
    (True, "builtin"): _Way("", _EVERY),
    (True, "global"): _Way("", _EVERY),
    (True, "attribute"): _Way("", _EVERY),
    (True, "syntax"): _Way("", _EVERY),
    (True, "literal"): _Way("", _EVERY),
    (True, "class"): _Way(_CLASS, _EVERY),
    (True, "os"): _Way(_FILES, _EVERY),
    (False, "import"): _Way("have a tool do what the module does", _WEB),
    (False, "global"): _Way("", _WEB),
    (False, "syntax"): _Way("", _WEB),
    (False, "class"): _Way("", _WEB),
}
_OWN_WORDS = _Way("", _EVERY)
"""What Monty says in words of its own."""


def advice(feature: str, language: Language, *, runtime: str = "", reasons: Sequence[str] = ()) -> str:
    """One sentence: what to write instead, and where it would run. "" if nothing is known of it.

    >>> advice("syntax:yield", "python", reasons=("monty: asked for by name",))
    'build a list and return it; or: leave --runtime out, cpython has it'

    Args:
        feature: that was lacking, as a `Gap` has it.
        language: of the script.
        runtime: that lacked it.
        reasons: of the route, which say who was left out and why.
    """
    python = language == "python"
    kind, colon, _ = feature.partition(":")
    way = (_PYTHON if python else _JAVASCRIPT).get(feature) or _KINDS.get((python, kind if colon else ""))
    if way is None and python and runtime == "monty":
        way = _OWN_WORDS
    if way is None:
        return ""
    elsewhere = _elsewhere([name for name in way.has if name != runtime], reasons)
    return "; or: ".join(filter(None, (way.write, elsewhere)))


def advised(left: Sequence[Left], language: Language, reasons: Sequence[str]) -> tuple[str, ...]:
    """Of each gap that runtimes were left for, once: ``GAP: what to do``."""
    found: dict[str, str] = {}
    for each in left:
        text = "" if each.failure else advice(each.gap, language, runtime=each.runtime, reasons=reasons)
        if text:
            found.setdefault(each.gap, text)
    return tuple(f"{gap}: {text}" for gap, text in found.items())


def _elsewhere(names: Sequence[str], reasons: Sequence[str]) -> str:
    """How to have it run on one of these runtimes: the first that may and is here; else what keeps it away."""
    if not names:
        return ""
    if any(": asked for by name" in reason for reason in reasons):
        return f"leave --runtime out, {_any(names)} has it"
    told = {name: reason for reason in reasons for name, _, _ in [reason.partition(": ")]}
    if any(name in told and ": left out, " not in told[name] for name in names):
        return ""  # it was tried there, or is going to be
    for name in names:
        if name in told:
            return f"{name} has it, but is {told[name].removeprefix(f'{name}: ')}"
    first = next((name for name in names if name in _ADDS), names[0])
    return f"add a runtime that has it: {_ADDS.get(first, f'install {first}')}"


def _any(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last

"""Sandbox, inside, drivers: tells what Monty lacks from what a script does wrong. Reads errors; runs nothing.

Whatever CPython has and Monty has not is a gap, so that another runtime is tried; everything else is the script's own.
This interpreter is the measure: the driver runs in a CPython that a script could escalate to.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import importlib.util
import re
import sys
from typing import NamedTuple

__all__ = ["SYNTAX", "Failure", "gap_of", "is_builtin", "is_module"]

_OURS = frozenset({"driver", "drivers", "entry"})
SYNTAX = {
    "class inheritance and metaclasses": "class:inheritance",
    "method decorators (classmethod/staticmethod/property)": "class:decorators",
    "yield expressions": "syntax:yield",
    "the 'del' statement": "syntax:del",
    "exception groups (try*/except*)": "syntax:except-star",
    "async context managers (async with)": "syntax:async-with",
    "async for loops": "syntax:async-for",
    "async comprehensions": "syntax:async-comprehension",
}
_PARSER = "The monty syntax parser does not yet support "
_INTERNAL = "Internal error in monty"
_LACKING = re.compile(r"not yet support|not supported|cannot suspend in this synchronous context|is not implemented")
_FOREIGN = re.compile(r"cannot create '[\w.]+' instances|is not supported in this environment|by Monty")
_MODULE = re.compile(r"module '([\w.]+)' has no attribute '(\w+)'")
_IMPORT = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")
_ATTRIBUTES_OF_FUNCTIONS = "'function' object has no attribute "
_UNREADY = re.compile(r"\bis not yet supported in \w+(?:\.\w+)*\(\)$")
_LAZY = re.compile(r"\b(for|map|filter)\b")
"""Of these Monty makes lists at once."""
_TYPE = re.compile(r"(?:type object )?'([\w.]+)'(?: object)? has no attribute '(\w+)'")


class Failure(NamedTuple):
    """An error that left the script, in plain words.

    Args:
        kind: name of the exception's class.
        message: its text.
        code: the script.
        line: where, 1-based, if known.
        source: text of that line.
        parsed: whether the script ran at all; a parser's errors name no function.
    """

    kind: str
    message: str
    code: str
    line: int | None = None
    source: str = ""
    parsed: bool = True


def is_builtin(name: str) -> bool:
    """Whether CPython knows the name without an import."""
    return hasattr(builtins, name) or name == "__builtins__"


def is_module(name: str) -> bool:
    """Whether CPython, in this jail, can import the module."""
    root = name.partition(".")[0]
    if root in sys.stdlib_module_names:
        return True
    if not root.isidentifier() or root in _OURS:
        return False
    return importlib.util.find_spec(root) is not None


def gap_of(failure: Failure) -> str:
    """The name of the feature that Monty lacks, or ""."""
    if failure.message.startswith(_PARSER):
        words = failure.message.removeprefix(_PARSER)
        return SYNTAX.get(words, f"syntax:{words}")
    if failure.message.startswith(_INTERNAL):
        return failure.message
    judge = _JUDGES.get(failure.kind)
    found = judge(failure) if judge else ""
    return found or (failure.message if _FOREIGN.search(failure.message) and not _own(failure) else "")


def _own(failure: Failure) -> bool:
    """Whether the script's own statement raised it."""
    return failure.source.lstrip().startswith("raise")


def _of_not_implemented(failure: Failure) -> str:
    if "Wildcard imports" in failure.message:
        return "syntax:import-star"
    if not failure.parsed or (_LACKING.search(failure.message) and not _own(failure)):
        return failure.message
    return ""


def _of_syntax(failure: Failure) -> str:
    """CPython's parser decides."""
    try:
        compile(failure.code, "script", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return f"syntax:{failure.message}"


def _of_import(failure: Failure) -> str:
    match = _IMPORT.search(failure.message)
    return f"import:{match[2]}.{match[1]}" if match and _has(match[2], match[1]) else ""


def _of_type(failure: Failure) -> str:
    """Monty says of some of what its functions lack that the argument's type is wrong."""
    if _UNREADY.search(failure.message) and not _own(failure):
        return failure.message
    lists = failure.message == "'list' object is not an iterator" and _LAZY.search(failure.code)
    return "syntax:lazy-generator" if lists else ""


def _of_attribute(failure: Failure) -> str:
    if failure.message.startswith(_ATTRIBUTES_OF_FUNCTIONS) and not _own(failure):
        return "attribute:function.__dict__"  # those that Monty's functions lack, and all that one could set
    match = _MODULE.search(failure.message)
    if match:
        return f"import:{match[1]}.{match[2]}" if _has(match[1], match[2]) else ""
    match = _TYPE.search(failure.message)
    if match and _type_has(match[1], match[2]):
        return f"attribute:{match[1]}.{match[2]}"
    return ""


def _has(module: str, name: str) -> bool:
    """Whether CPython's module has the name. Only modules that Monty has are ever asked for, all of them harmless."""
    if not is_module(module):
        return False
    try:
        return hasattr(importlib.import_module(module), name) or bool(importlib.util.find_spec(f"{module}.{name}"))
    except ImportError:
        return False


def _type_has(kind: str, name: str) -> bool:
    module, _, last = kind.rpartition(".")
    if not module:
        return hasattr(getattr(builtins, last, None), name)
    if not is_module(module):
        return False
    return hasattr(getattr(importlib.import_module(module), last, None), name)


_JUDGES = {
    "SyntaxError": _of_syntax,
    "NotImplementedError": _of_not_implemented,
    "ImportError": _of_import,
    "TypeError": _of_type,
    "AttributeError": _of_attribute,
}

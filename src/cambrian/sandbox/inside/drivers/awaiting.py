"""Sandbox, inside, drivers: what is told of calls and coroutines that a Python script did not wait for."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import cast

from .turns import Turn, raised

__all__ = ["bare_calls", "found_in", "name_of_coroutine", "unawaited_value", "warnings"]

_TOLD = 10
_DEEPEST = 8
_TEXT_OF_COROUTINE = re.compile(r"<coroutine object ([\w.<>]{1,200})(?: at 0x[0-9a-f]+)?>")


def warnings(calls: Sequence[tuple[str, int | None]]) -> str:
    """Lines for standard error about calls, each with its tool and its line, that nobody waited for."""
    lines = [
        f"warning: the call of {tool}(){_at(line)} was made and never awaited: its answer and errors are lost; write "
        f"`await {tool}(…)`\n"
        for tool, line in calls[:_TOLD]
    ]
    if len(calls) > _TOLD:
        lines.append(f"warning: {len(calls) - _TOLD} more calls were made and never awaited\n")
    return "".join(lines)


def unawaited_value(name: str, line: int | None = None, *, tool: bool) -> Turn:
    """The script's value is, or holds, a call or a coroutine that was never awaited."""
    what = f"the answer of {name}(), which was never awaited" if tool else f"{name}(), which was never run"
    return raised("NotAwaited", f"the value is {what}; write `await {name}(…)`", "", line)


def _at(line: int | None) -> str:
    """Where, if that is known."""
    return f" in line {line}" if line else ""


def found_in(value: object, is_it: Callable[[object], object], depth: int = 0) -> object | None:
    """The first of what is looked for in a value, or in lists, tuples and dicts of it; None if there is none."""
    if is_it(value):
        return value
    if depth < _DEEPEST:
        for item in _items(value):
            found = found_in(item, is_it, depth + 1)
            if found is not None:
                return found
    return None


def _items(value: object) -> Iterable[object]:
    kind = type(value)
    if kind is dict:
        return cast("dict[object, object]", value).values()
    return cast("list[object]", value) if kind is list or kind is tuple else ()


def name_of_coroutine(text: object) -> str:
    """The function of a coroutine whose representation this text is, or ""."""
    match = _TEXT_OF_COROUTINE.fullmatch(text) if isinstance(text, str) else None
    return match[1] if match else ""


def bare_calls(code: str, tools: Collection[str]) -> set[int]:
    """Lines at which a statement is nothing but a call of a tool, so that nobody can ever wait for it."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        tree: ast.Module = compile(code, "script", "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    last = tree.body[-1] if tree.body else None
    return {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node is not last
        if _named(node.value.func) in tools
    }


def _named(function: ast.expr) -> str:
    """The name by which a tool would be called so: ``add``, ``tools.add`` or ``tools["add"]``."""
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute):
        return function.attr
    if isinstance(function, ast.Subscript) and isinstance(function.slice, ast.Constant):
        return str(function.slice.value)
    return ""

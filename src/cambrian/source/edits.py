"""Source: a Python script in which variables can be set from outside where it waits for a call. Pure text to text.

The script is changed so that nothing moves to another line and nothing happens otherwise::

    total = total + price(item)

becomes, all on one line::

    total = total + __seen__(price(item)); 'total' in __set__ and (total := __set__.pop('total'))

`__seen__` gives back what a call gave, unless that is an `edited` answer: then it takes the new values out of it, and
the next end of a simple statement at the script's top level puts them into the variables.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from cambrian.core.errors import UsageError

__all__ = ["MARK", "PRELUDE", "editable", "edited", "settable", "unedited"]

MARK = "__cambrian_set__"
"""The key by which an answer with new values is known."""

PRELUDE = f"""\
__set__ = {{}}
def __one__(got):
    if isinstance(got, dict) and {MARK!r} in got:
        __set__.update(got[{MARK!r}])
        return got["value"]
    return got
def __seen__(got):
    return [__one__(each) for each in got] if isinstance(got, list) else __one__(got)
"""
"""What has to run before an `editable` script, in the same variables."""

_SHOWN = 200
"""Characters of a line by which it is known again; drivers cut lines off."""

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
_LEAVING = (ast.Return, ast.Break, ast.Continue, ast.Raise, ast.Pass)
_INNER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def edited(value: object, variables: Mapping[str, object]) -> dict[str, object]:
    """A call's answer that also sets variables of an `editable` script."""
    return {MARK: dict(variables), "value": value}


def editable(code: str, tools: Mapping[str, bool]) -> str:
    """The script, with its calls and the ends of its statements prepared, to be run after `PRELUDE`. Lines stay.

    Args:
        code: source text.
        tools: name → whether it is awaited.

    Raises:
        SyntaxError: it is no Python.
        UsageError: a tool is used otherwise than by calling it (given to another function, say), so that its answer
            cannot be followed.
    """
    tree = ast.parse(code)
    if not tree.body:
        return code
    _refuse_values(tree, frozenset(tools))
    lines = [line.encode() for line in code.split("\n")]
    marks = [*_calls(tree, tools), *_ends(tree, sorted(settable(code)))]
    for mark in sorted(marks, reverse=True):
        old = lines[mark.line - 1]
        lines[mark.line - 1] = old[: mark.column] + mark.text.encode() + old[mark.column :]
    return b"\n".join(lines).decode()


class _Mark(NamedTuple):
    """A text to be put in at a line, from 1, and a column in bytes. At one place the lower order comes first."""

    line: int
    column: int
    order: int
    text: str


def _refuse_values(tree: ast.Module, tools: frozenset[str]) -> None:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in tools and id(node) not in called:
            raise UsageError(
                f"line {node.lineno}: the tool {node.id!r} is not called there but used as a value, so variables of "
                f"this script cannot be set; write {node.id}(…)"
            )


def _calls(tree: ast.Module, tools: Mapping[str, bool]) -> Iterator[_Mark]:
    """Around every call of a tool that blocks, and around everything that is awaited."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Await) or (isinstance(node, ast.Call) and _blocks(node.func, tools)):
            yield _Mark(node.lineno, node.col_offset, 0, "__seen__(")
            yield _Mark(node.end_lineno or 0, node.end_col_offset or 0, -2, ")")


def _blocks(function: ast.expr, tools: Mapping[str, bool]) -> bool:
    name = ""
    if isinstance(function, ast.Name):
        name = function.id
    elif isinstance(function, ast.Attribute) and _is_tools(function.value):
        name = function.attr
    elif isinstance(function, ast.Subscript) and _is_tools(function.value):
        name = str(getattr(function.slice, "value", ""))
    return tools.get(name) is False


def _is_tools(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "tools"


def _ends(tree: ast.Module, names: Collection[str]) -> Iterator[_Mark]:
    """After every simple statement of the top level but the last one, whose value is the script's."""
    text = "".join(f"; {name!r} in __set__ and ({name} := __set__.pop({name!r}))" for name in names)
    last = tree.body[-1]
    todo: list[ast.AST] = list(tree.body)
    while todo and text:
        node = todo.pop()
        if isinstance(node, _SCOPES):
            continue
        if isinstance(node, ast.stmt) and not isinstance(node, _COMPOUND) and node is not last:
            if not isinstance(node, _LEAVING):
                yield _Mark(node.end_lineno or 0, node.end_col_offset or 0, -1, text)
        elif isinstance(node, (*_COMPOUND, ast.ExceptHandler, ast.match_case)):
            todo += [each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.expr)]


def unedited(traceback: str, script: str, code: str) -> str:
    """A traceback of an `editable` script, with the lines that its author wrote.

    Args:
        traceback: text that shows lines of `script`, perhaps not to their ends.
        script: what ran.
        code: what it was made from.
    """
    pairs = zip(script.split("\n"), code.split("\n"), strict=False)
    written = {ran.strip()[:_SHOWN]: own.strip() for ran, own in pairs if ran != own}
    found: list[str] = []
    marked = False
    for line in traceback.split("\n"):
        own = written.get(line.strip()[:_SHOWN])
        if own is not None:
            found.append(line[: len(line) - len(line.lstrip())] + own)
        elif not (marked and line.strip() and not line.strip(" ^~")):  # marks under a line that is not there any more
            found.append(line)
        marked = own is not None
    return "\n".join(found)


def settable(code: str) -> frozenset[str]:
    """Variables that the script's top level assigns.

    Raises:
        SyntaxError: it is no Python.
    """
    found: set[str] = set()
    todo: list[ast.AST] = [ast.parse(code)]
    while todo:
        for child in ast.iter_child_nodes(todo.pop()):
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                found.add(child.id)
            elif not isinstance(child, (*_SCOPES, *_INNER)):
                todo.append(child)
    return frozenset(found)

"""Sandbox, inside, drivers: from a script's text to its value, and from its exceptions to what is told of them."""

from __future__ import annotations

import ast
import asyncio
import inspect
import linecache
import os
import sys
import traceback
from types import CodeType
from typing import Any, NamedTuple

from . import turns
from .turns import Turn

__all__ = ["Code", "bare", "run", "told"]

_HERE = os.path.dirname(__file__)
_FRAMES = 20


class Code(NamedTuple):
    """A compiled script.

    Args:
        body: everything but the last expression.
        last: the last expression, if the last statement is one.
    """

    body: CodeType
    last: CodeType | None

    @classmethod
    def of(cls, source: str, name: str) -> Code:
        """Compile; the source is shown in tracebacks from here on.

        Raises:
            SyntaxError: it cannot be compiled.
        """
        lines = [f"{line}\n" for line in source.splitlines()]  # without the last one marks are a column off
        linecache.cache[name] = (len(source), None, lines, name)
        try:
            return cls._compiled(source, name)
        except SyntaxError as error:
            if error.filename is None:  # a zero byte
                raise SyntaxError(str(error), (name, 1, 1, "")) from None
            raise
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error) or "the source is too deeply nested", (name, 1, 1, "")) from None

    @classmethod
    def _compiled(cls, source: str, name: str) -> Code:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        tree: ast.Module = compile(source, name, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        final = tree.body[-1] if tree.body else None
        if not isinstance(final, ast.Expr):
            return cls(compile(tree, name, "exec", flags, dont_inherit=True), None)
        tree.body.pop()
        last = compile(ast.Expression(final.value), name, "eval", flags, dont_inherit=True)
        return cls(compile(tree, name, "exec", flags, dont_inherit=True), last)

    @property
    def awaits(self) -> bool:
        """Whether it awaits at its top level."""
        return any(part is not None and part.co_flags & inspect.CO_COROUTINE for part in self)


def run(code: Code, variables: dict[str, object]) -> object:
    """The script's value. Whatever it raises comes out as it is."""
    if code.awaits:
        with asyncio.Runner() as runner:
            return runner.run(_awaited(code, variables))
    exec(code.body, variables)
    return None if code.last is None else eval(code.last, variables)


async def _awaited(code: Code, variables: dict[str, object]) -> object:
    value: Any = None
    for part in code:
        if part is not None:
            value = eval(part, variables)
            if part.co_flags & inspect.CO_COROUTINE:
                value = await value
    return value if code.last is not None else None


def told(error: BaseException, name: str) -> Turn:
    """What is told of an exception that left the script: its own frames and those that it called."""
    shown = traceback.TracebackException.from_exception(error, limit=-_FRAMES)
    _strip(shown, name)
    return turns.raised(type(error).__name__, _message(error), _text(shown), _line(error, name))


def bare(error: BaseException, name: str) -> BaseException:
    """The exception without the frames that led to the script."""
    inner = error.__traceback__
    while inner is not None and inner.tb_frame.f_code.co_filename != name:
        inner = inner.tb_next
    return error.with_traceback(inner)


def _message(error: BaseException) -> str:
    try:
        if isinstance(error, SyntaxError):
            return str(error.msg)
        return str(error.args[0]) if isinstance(error, KeyError) and len(error.args) == 1 else str(error)
    except Exception as failure:  # noqa: BLE001 - the boundary of the script: `__str__` is its code
        return f"<its str raised {type(failure).__name__}>"


def _text(shown: traceback.TracebackException) -> str:
    """The traceback; files of libraries are named as they are imported, not by where they lie here."""
    text = "".join(shown.format())
    for folder in sorted(filter(None, sys.path), key=len, reverse=True):
        text = text.replace(f'File "{folder}/', 'File "')
    return text


def _strip(shown: traceback.TracebackException, name: str) -> None:
    """Take the driver's frames out, and the event loop's that lead to the script."""
    seen: set[int] = set()
    todo: list[traceback.TracebackException | None] = [shown]
    while todo:
        each = todo.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        own = [index for index, frame in enumerate(each.stack) if frame.filename == name]
        kept = each.stack[own[0] if own else 0 :]
        each.stack = traceback.StackSummary.from_list([frame for frame in kept if not frame.filename.startswith(_HERE)])
        todo += [each.__cause__, each.__context__, *(each.exceptions or ())]


def _line(error: BaseException, name: str) -> int | None:
    """Where it was in the script, innermost."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return error.lineno
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == name]
    return lines[-1] if lines else None

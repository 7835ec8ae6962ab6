"""Sandbox, inside, drivers: the variables of a script that stands still in Monty, read from a copy of it."""

from __future__ import annotations

import ast

from pydantic_monty import (
    FunctionSnapshot,
    FutureSnapshot,
    Monty,
    MontyComplete,
    MontyError,
    NameLookupSnapshot,
    SyncSnapshot,
)

__all__ = ["variables"]

_MOST_HANDLERS = 20
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_INNER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def variables(pool: Monty, dump: bytes, code: str) -> dict[str, object]:
    """Name → value of the script's top level.

    Monty shows variables only between snippets, so the copy is interrupted where it stands. What handlers and
    ``finally`` blocks do when they are interrupted is seen too; a script that goes on in spite of it shows nothing.
    """
    with pool.checkout(limits={"max_feed_duration_secs": 1.0}) as copy:
        if not _interrupt(copy.load_snapshot(dump, print_callback=_ignore)):
            return {}
        found: dict[str, object] = {}
        for name in _assigned(code):
            seen = copy.feed_start(name, print_callback=_ignore)
            if isinstance(seen, MontyComplete):
                found[name] = seen.output
            elif isinstance(seen, NameLookupSnapshot):
                seen.resume(value=None)  # not set yet
        return found


def _interrupt(stopped: SyncSnapshot) -> bool:
    for _ in range(_MOST_HANDLERS):
        if isinstance(stopped, MontyComplete):
            return True
        try:
            stopped = _interrupted(stopped)
        except MontyError:
            return True
    return False


def _interrupted(stopped: FunctionSnapshot | FutureSnapshot | NameLookupSnapshot) -> SyncSnapshot:
    if isinstance(stopped, NameLookupSnapshot):
        return stopped.resume()
    if isinstance(stopped, FutureSnapshot):
        return stopped.resume({engine: {"exception": KeyboardInterrupt()} for engine in stopped.pending_call_ids})
    return stopped.resume({"exception": KeyboardInterrupt()})


def _assigned(code: str) -> list[str]:
    """Names that the top level binds, functions and classes among them, imports not; in order."""
    found: dict[str, None] = {}
    todo: list[ast.AST] = [ast.parse(code)]
    while todo:
        node = todo.pop(0)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, _SCOPES):
                found[child.name] = None
            elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                found[child.id] = None
            elif not isinstance(child, _INNER):
                todo.append(child)
    return list(found)


def _ignore(stream: str, text: str) -> None:
    del stream, text

"""Where in a Python file nothing may be written otherwise, whatever a rule finds there."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import has
from cambrian.source.tree import Problem, raw

from .rule import Rewrite, applied

__all__ = ["standing"]

_OWN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def standing(module: Module, rewrites: Iterable[Rewrite]) -> list[Rewrite]:
    """Those of the rewrites that leave Python behind, and touch no place where the text is seen or names mean others.

    ``f"{max(a, b)=}"`` shows its own text. In the body of a class a name that a rule adds becomes an attribute (of an
    enumeration, a member), and comprehensions and lambdas do not see the names that the body itself sees.
    """
    found = _readable(module, list(rewrites))
    closed = [*_shown(module), *_class_bodies(module)] if found else []
    return [
        one
        for one in found
        if not any(start <= splice.start and splice.stop <= stop for splice in one.splices for start, stop in closed)
    ]


def _readable(module: Module, rewrites: list[Rewrite]) -> list[Rewrite]:
    """Those after which the file still is Python: not what puts quotes between the quotes of an f-string."""
    written = [one for one in rewrites if one.splices]
    if not written or _parses(applied(module.text, written)):
        return rewrites
    return [one for one in rewrites if not one.splices or _parses(applied(module.text, [one]))]


def _parses(text: str) -> bool:
    return not isinstance(raw(text), Problem)


def _shown(module: Module) -> Iterator[tuple[int, int]]:
    """Expressions in f-strings that are shown with their text."""
    for value in module.of(ast.FormattedValue):
        start, stop = module.locator.range(value.value)
        if module.text[stop : stop + 200].lstrip(" \t\r\n)").startswith("="):
            yield start, stop


def _class_bodies(module: Module) -> Iterator[tuple[int, int]]:
    for node in module.of(ast.ClassDef):
        for statement in node.body:
            if not isinstance(statement, _OWN) and not has(statement, _OWN):
                yield module.locator.range(statement)

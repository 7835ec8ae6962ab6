"""How named repairs find their place in a text and write their fix. Pure."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from cambrian.source.edit import Splice, apply
from cambrian.source.repair.report import Failure, Fix, Pattern
from cambrian.source.repair.surface import Function, Site, Surface

__all__ = ["BUILTINS", "attribute_splice", "calls", "function", "importing", "made", "on_lines", "sites"]

BUILTINS = tuple(name for name in dir(builtins) if not name.startswith("_"))


def made(
    surface: Surface, splices: Splice | tuple[Splice, ...], what: str, cost: float, line: int, *,
    pattern: Pattern | None = None, named: bool = True,
) -> Fix:  # fmt: skip
    """A fix by splices."""
    every = (splices,) if isinstance(splices, Splice) else splices
    text = apply(surface.text, every)
    return Fix(text=text, what=what, cost=cost, line=line, pattern=pattern, named=named)


def on_lines(surface: Surface, failure: Failure) -> Iterator[tuple[int, Site]]:
    """Expressions of the line that failed, then of the lines on the way there; with how far away that is."""
    for distance, line in enumerate(dict.fromkeys((failure.line, *failure.lines))):
        for site in surface.sites:
            if site.node.lineno <= line <= (site.node.end_lineno or 0):
                yield distance, site


def sites(surface: Surface, name: str) -> list[Site]:
    """All reads of a name."""
    return [site for site in surface.sites if isinstance(site.node, ast.Name) and site.node.id == name]


def calls(surface: Surface, failure: Failure, name: str = "") -> Iterator[tuple[int, Site, ast.Call]]:
    """Calls on the lines of a failure, of a function of that last name if one is given."""
    for distance, site in on_lines(surface, failure):
        if isinstance(site.node, ast.Call):
            func = site.node.func
            own = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
            if not name or own == name:
                yield distance, site, site.node


def attribute_splice(surface: Surface, node: ast.Attribute, word: str) -> Splice:
    """Another attribute's name."""
    stop = surface.locator.range(node)[1]
    return Splice(stop - len(node.attr), stop, word)


def function(surface: Surface, name: str, *, owner: str = "") -> list[Function]:
    """Functions and methods of that name; those of a class only, if one is named."""
    if owner:
        return [
            node for each in ast.walk(surface.tree) if isinstance(each, ast.ClassDef) and each.name == owner
            for node in each.body if isinstance(node, Function) and node.name == name
        ]  # fmt: skip
    return [node for node in surface.functions if node.name == name]


def importing(surface: Surface, line: str) -> Splice:
    """An import at the top of a file: behind its docstring and what is imported from ``__future__``."""
    after = 0
    for node in surface.tree.body:
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (text or future):
            break
        after = node.end_lineno or 0
    at = surface.locator.line_start(after + 1) if after else _shebang(surface.text)
    return Splice(at, at, f"{line}{surface.newline}")


def _shebang(text: str) -> int:
    at = 0
    for line in text.splitlines(keepends=True)[:2]:
        if not line.startswith("#"):
            break
        at += len(line)
    return at

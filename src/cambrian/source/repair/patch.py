"""A possible repair: splices of a text, by which operator and where. Pure; nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from cambrian.source.edit import Splice, apply

from .surface import Site, Surface

__all__ = ["Operator", "Patch", "Tier", "atom", "clash", "enclosed", "patched", "replaced"]

Tier = Literal[1, 2, 3]
"""How often a change of this kind is what was wrong: 1 mistakes as people make them, 3 long shots."""


class Patch(NamedTuple):
    """Splices of one text. `cost` orders patches of a tier; `line` is 1-based."""

    splices: tuple[Splice, ...]
    operator: str
    tier: Tier
    line: int

    def on(self, text: str) -> str:
        """The text with it made."""
        return apply(text, self.splices)


class Operator(NamedTuple):
    """A kind of repair: its name, one line for people, and all the patches of a text that it can make."""

    name: str
    purpose: str
    tier: Tier
    patches: Callable[[Surface], Iterator[Patch]]


def clash(one: Patch, other: Patch) -> bool:
    """Whether two patches of one text touch the same characters, or insert at one place."""
    return any(
        (a.start == b.start and (a.start == a.stop or b.start == b.stop)) or (a.start < b.stop and b.start < a.stop)
        for a in one.splices
        for b in other.splices
    )


def patched(operator: str, tier: Tier, node: ast.AST, *splices: Splice) -> Patch:
    """A patch that begins at a node."""
    return Patch(splices, operator, tier, getattr(node, "lineno", 0))


def atom(node: ast.expr, text: str) -> str:
    """The text of an expression so that anything may stand beside it."""
    return text if isinstance(node, _CLOSED) else f"({text})"


def enclosed(site: Site, text: str, *, open_: bool) -> str:
    """New text for a site, in brackets unless it is closed or the place needs none."""
    return text if not open_ or _free(site) else f"({text})"


def replaced(surface: Surface, site: Site, text: str, operator: str, tier: Tier, *, open_: bool = True) -> Patch:
    """A patch that writes another expression for one.

    Args:
        surface: the text.
        site: the expression.
        text: the new one.
        operator: the operator's name.
        tier: see `Tier`.
        open_: the new text may need brackets.
    """
    return patched(operator, tier, site.node, surface.locator.splice(site.node, enclosed(site, text, open_=open_)))


_CLOSED = (
    ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.List, ast.Dict, ast.Set, ast.ListComp,
    ast.SetComp, ast.DictComp,
)  # fmt: skip
_FREE = (ast.Assign, ast.AugAssign, ast.Return, ast.If, ast.While, ast.For, ast.List, ast.keyword, ast.Expr)


def _free(site: Site) -> bool:
    """Whether any expression may stand there without brackets."""
    parent = site.parent
    if isinstance(parent, ast.Subscript):
        return parent.slice is site.node
    if isinstance(parent, ast.Call):
        return parent.func is not site.node
    return isinstance(parent, _FREE)

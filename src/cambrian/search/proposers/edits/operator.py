"""What an edit operator is, and how it replaces an expression by position. Pure; nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from random import Random
from typing import Literal, NamedTuple

from cambrian.source.edit import Splice

from .context import Context, Place, Scope, Site, clipped, unparse

Aim = Literal["value", "speed"]

_TRIES = 8


class Edit(NamedTuple):
    """A change of one file: the splices, what they do in a few words, where they begin."""

    splices: tuple[Splice, ...]
    what: str
    line: int
    scope: Scope

    def where(self, before: int = 0) -> str:
        """The place, for people: ``in solve() line 12``; `before` counts lines of the file above what was edited."""
        inside = "" if isinstance(self.scope, ast.Module) else f"in {self.scope.name}() "
        return f"{inside}line {before + self.line}"


class Operator(NamedTuple):
    """A kind of edit.

    `name` is what records say; `aim` is what it is mostly good for; `purpose` is one line for people; `apply` makes one
    edit of a file, or ``None`` if there is nothing for it to do.
    """

    name: str
    aim: Aim
    purpose: str
    apply: Callable[[Context, Random], Edit | None]


Rewrite = Callable[[Site, Context, Random], ast.expr | None]
PlaceEdit = Callable[[Place, Context, Random], Edit | None]


def rewriting(kinds: Sequence[type[ast.expr]], rewrite: Rewrite) -> Callable[[Context, Random], Edit | None]:
    """An operator's `apply` out of a function that rewrites one expression.

    Args:
        kinds: types of expressions that `rewrite` may be given; ``ast.expr`` for any.
        rewrite: the new expression, made of new nodes and of old ones unchanged, or ``None`` for "not this one".
    """

    def apply(context: Context, rng: Random) -> Edit | None:
        sites = context.of(*kinds)
        for site in rng.sample(sites, min(_TRIES, len(sites))):
            new = rewrite(site, context, rng)
            if new is not None and (edit := replace(site, new, context)) is not None:
                return edit
        return None

    return apply


def placing(kinds: Sequence[type[ast.stmt]], change: PlaceEdit) -> Callable[[Context, Random], Edit | None]:
    """An operator's `apply` out of a function that edits around one statement."""

    def apply(context: Context, rng: Random) -> Edit | None:
        places = context.at(*kinds)
        for place in rng.sample(places, min(_TRIES, len(places))):
            edit = change(place, context, rng)
            if edit is not None:
                return edit
        return None

    return apply


def replace(site: Site, new: ast.expr, context: Context) -> Edit | None:
    """Replace an expression, in brackets where the new one binds less tightly."""
    old = context.locator.segment(site.node)
    try:
        text = unparse(new)
    except ValueError:  # an f-string that Python 3.11 has no spelling for
        return None
    if "\n" in text or "\r" in text or text == old:
        return None
    if not (_closed(new) or _as_tight(new, site.node) or _open(site, new)):
        text = f"({text})"
    what = f"{clipped(old)!r} → {clipped(text)!r}"
    return Edit((context.locator.splice(site.node, text),), what, site.node.lineno, site.scope)


def edit_at(place: Place, splices: Sequence[Splice | None], what: str) -> Edit | None:
    """An edit around a statement; ``None`` if one of its splices could not be made."""
    kept = tuple(splice for splice in splices if splice is not None)
    if len(kept) != len(splices):
        return None
    return Edit(kept, what, place.node.lineno, place.scope)


def short(node: ast.AST) -> str:
    """A node in a few characters, for people."""
    return clipped(unparse(node))


def number(value: float) -> ast.expr:
    """A number as an expression."""
    if value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def name(word: str) -> ast.Name:
    """A variable that is read."""
    return ast.Name(word, ast.Load())


def call(function: str, *arguments: ast.expr) -> ast.Call:
    """A call of a function by its name."""
    return ast.Call(name(function), list(arguments), [])


def shifted(node: ast.expr, by: int) -> ast.expr:
    """An expression plus a whole number, folded where the sum is plain."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return number(node.value + by)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        folded = _fold(node, by)
        if folded is not None:
            return folded
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


def _fold(node: ast.BinOp, by: int) -> ast.expr | None:
    if not (isinstance(node.right, ast.Constant) and type(node.right.value) is int):
        return None
    total = by + (node.right.value if isinstance(node.op, ast.Add) else -node.right.value)
    if total == 0:
        return node.left
    return ast.BinOp(node.left, ast.Add() if total > 0 else ast.Sub(), ast.Constant(abs(total)))


def _closed(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, int | float | complex)  # ``1 .real`` and ``2 ** …`` are cared for by brackets
    return isinstance(
        node,
        ast.Name
        | ast.Call
        | ast.Attribute
        | ast.Subscript
        | ast.List
        | ast.Dict
        | ast.Set
        | ast.Tuple
        | ast.ListComp
        | ast.SetComp
        | ast.DictComp
        | ast.GeneratorExp,
    )


def _as_tight(new: ast.expr, old: ast.expr) -> bool:
    if isinstance(new, ast.Constant) and isinstance(old, ast.Constant):
        return True
    if isinstance(new, ast.BinOp) and isinstance(old, ast.BinOp):
        return _level(new.op) == _level(old.op)
    if isinstance(new, ast.BoolOp) and isinstance(old, ast.BoolOp):
        return type(new.op) is type(old.op)
    return isinstance(new, ast.Compare) and isinstance(old, ast.Compare)


def _level(operator: ast.operator) -> int:
    for level, kinds in enumerate((ast.Add | ast.Sub, ast.Mult | ast.Div | ast.FloorDiv | ast.Mod | ast.MatMult)):
        if isinstance(operator, kinds):
            return level
    return 2 + _BITWISE.index(type(operator))


_BITWISE: tuple[type[ast.operator], ...] = (ast.Pow, ast.BitAnd, ast.BitOr, ast.BitXor, ast.LShift, ast.RShift)


def _open(site: Site, new: ast.expr) -> bool:
    """Whether the place takes the expression without brackets."""
    parent = site.parent
    if isinstance(new, ast.NamedExpr | ast.Lambda):
        return False
    if isinstance(parent, ast.Subscript):
        return parent.slice is site.node
    if isinstance(parent, ast.Compare):
        return isinstance(new, ast.BinOp | ast.UnaryOp) and not isinstance(getattr(new, "op", None), ast.Not)
    return isinstance(
        parent, ast.Call | ast.Assign | ast.AugAssign | ast.Return | ast.If | ast.While | ast.List | ast.keyword
    )

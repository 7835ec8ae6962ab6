"""A Python text under repair: its expressions and statements in order, with where they stand. Nothing is executed.

Unlike `search.proposers.edits`, which draws one edit at random, repair goes through all of them in a fixed order.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, cast

from cambrian.source.edit import Locator, Splice
from cambrian.source.tree import Problem, parse

__all__ = ["Function", "Place", "Scope", "Site", "Surface"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Loop = ast.For | ast.AsyncFor | ast.While
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_BLOCKS = ("body", "orelse", "finalbody")
_AFTER = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_UNREPLACED = (ast.Slice, ast.Starred, ast.FormattedValue, ast.Yield, ast.YieldFrom, ast.Await)


class Scope(NamedTuple):
    """A function, or the module (`node` is `None`), with the names that it binds and, beside them, those it can see."""

    node: Function | None
    parameters: tuple[str, ...]
    own: tuple[str, ...]
    seen: tuple[str, ...]

    @property
    def visible(self) -> tuple[str, ...]:
        """Names that can be read in it, its own first; no builtins."""
        return self.own + tuple(name for name in self.seen if name not in self.own)


class Site(NamedTuple):
    """An expression that is read: its node, what it stands in and under which field, and its own text."""

    node: ast.expr
    parent: ast.AST
    field: str
    scope: Scope
    text: str


class Place(NamedTuple):
    """A statement that has its lines to itself.

    `first` and `stop` are character offsets of its lines, the last line's end included. `field` says which block of
    `owner` it stands in; `loops` are the loops around it in its function, innermost first.
    """

    node: ast.stmt
    block: list[ast.stmt]
    position: int
    owner: ast.AST
    field: str
    scope: Scope
    loops: tuple[Loop, ...]
    first: int
    stop: int
    indent: str

    @property
    def alone(self) -> bool:
        """Whether it is its block's only statement."""
        return len(self.block) == 1

    @property
    def last(self) -> bool:
        """Whether nothing follows it in its block."""
        return self.position == len(self.block) - 1


class Surface:
    """A Python text, parsed, with all its sites and places. Make with `read`.

    Args:
        text: a file.
        tree: its tree.
    """

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        self.locator = Locator(text)
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.sites: list[Site] = []
        self.places: list[Place] = []
        self.functions: list[Function] = [node for node in ast.walk(tree) if isinstance(node, Function)]
        self._place_of: dict[int, Place] = {}
        self._walk()

    @classmethod
    def read(cls, text: str, name: str = "program.py") -> Surface | Problem:
        """Parse a text; why not, if it does not parse."""
        tree = parse(text, name)
        return tree if isinstance(tree, Problem) else cls(text, tree)

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """A node's own text."""
        return self.locator.segment(node)

    def place(self, node: ast.AST) -> Place | None:
        """The place of a statement, if it has its lines to itself."""
        return self._place_of.get(id(node))

    def lines_of(self, place: Place) -> str:
        """The statement's lines, with their indentation."""
        return self.text[place.first : place.stop]

    @cached_property
    def unit(self) -> str:
        """One level of indentation, as this text has it."""
        for place in self.places:
            above = self._place_of.get(id(place.owner))
            if above is not None and len(place.indent) > len(above.indent):
                return place.indent[len(above.indent) :]
            if above is None and place.indent:
                return place.indent
        return "    "

    @cached_property
    def constants(self) -> tuple[str, ...]:
        """Texts of the constants in it, most frequent first."""
        counts: dict[str, int] = {}
        for site in self.sites:
            if isinstance(site.node, ast.Constant) and len(site.text) < 40 and "\n" not in site.text:
                counts[site.text] = counts.get(site.text, 0) + 1
        return tuple(sorted(counts, key=lambda word: (-counts[word], word)))

    def _walk(self) -> None:
        top = _scope(None, self.tree, ())
        self._block(self.tree, "body", self.tree.body, top, ())

    def _block(self, owner: ast.AST, field: str, block: list[ast.stmt], scope: Scope, loops: tuple[Loop, ...]) -> None:
        for position, node in enumerate(block):
            place = self._placed(node, block, position, owner, field, scope, loops)
            if place is not None:
                self.places.append(place)
                self._place_of[id(node)] = place
            self._statement(node, scope, loops)

    def _placed(
        self, node: ast.stmt, block: list[ast.stmt], position: int, owner: ast.AST, field: str, scope: Scope,
        loops: tuple[Loop, ...],
    ) -> Place | None:  # fmt: skip
        if is_text(node):
            return None
        start, stop = self.locator.range(node)
        first = self.locator.line_start(_first_line(node))
        indent = self.text[first : first + node.col_offset]
        rest = _AFTER.match(self.text, stop)
        if indent.strip() or rest is None or self.text.startswith("elif", start):
            return None
        return Place(node, block, position, owner, field, scope, loops, first, rest.end(), indent)

    def _statement(self, node: ast.stmt, scope: Scope, loops: tuple[Loop, ...]) -> None:
        inner, inside = scope, loops
        if isinstance(node, Function):
            inner, inside = _scope(node, node, scope.visible), ()
        elif isinstance(node, ast.ClassDef):
            inside = ()
        for name, value in ast.iter_fields(node):
            if name in _BLOCKS:
                within = (node, *loops) if isinstance(node, _LOOPS) and name == "body" else inside
                self._block(node, name, cast("list[ast.stmt]", value), inner, within)
            elif isinstance(node, ast.Try | ast.TryStar) and name == "handlers":
                for handler in node.handlers:
                    self._block(handler, "body", handler.body, inner, inside)
            elif name not in ("decorator_list", "returns", "annotation", "args", "bases", "keywords", "cases"):
                self._expressions(node, name, value, inner)

    def _expressions(self, parent: ast.AST, field: str, value: object, scope: Scope) -> None:
        if isinstance(value, list):
            for item in cast("list[object]", value):
                self._expressions(parent, field, item, scope)
            return
        if not isinstance(value, ast.AST) or isinstance(value, ast.expr_context):
            return
        if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and is_text(parent)):
            return  # Python 3.11 does not say where the parts of an f-string are
        if isinstance(value, ast.expr) and self._is_read(value):
            self.sites.append(Site(value, parent, field, scope, self.segment(value)))
        for name, part in ast.iter_fields(value):
            if name not in ("annotation", "returns"):
                self._expressions(value, name, part, scope)

    @staticmethod
    def _is_read(node: ast.expr) -> bool:
        return not isinstance(node, _UNREPLACED) and not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)

    def removal(self, place: Place) -> Splice:
        """Take a statement out; its ``else:`` too, if it was all that stood there; else ``pass`` stands for it."""
        if not place.alone:
            return Splice(place.first, place.stop, "")
        if place.field == "orelse" and isinstance(place.owner, ast.If | ast.For | ast.While):
            before = self.place(place.owner.body[-1])
            if before is not None:
                return Splice(before.stop, place.stop, "")
        return Splice(place.first, place.stop, f"{place.indent}pass{self.newline}")

    def before(self, place: Place, *lines: str) -> Splice:
        """Insert lines in front of a statement, at its indentation."""
        return Splice(place.first, place.first, self._written(place.indent, lines))

    def after(self, place: Place, *lines: str) -> Splice:
        """Insert lines behind a statement, at its indentation."""
        return Splice(place.stop, place.stop, self._written(place.indent, lines))

    def instead(self, place: Place, *lines: str) -> Splice:
        """Write other lines for a statement."""
        return Splice(place.first, place.stop, self._written(place.indent, lines))

    def _written(self, indent: str, lines: tuple[str, ...]) -> str:
        return "".join(f"{indent}{line}{self.newline}" for line in lines)

    def moved(self, place: Place, indent: str) -> str:
        """The statement's lines at another indentation."""
        return reindented(self.lines_of(place), place.indent, indent, self.newline)

    def head(self, place: Place) -> int | None:
        """Offset at which the block of a compound statement begins, its header line over; `None` for one-liners."""
        body: list[ast.stmt] | None = getattr(place.node, "body", None)
        inner = self.place(body[0]) if body else None
        return None if inner is None else inner.first


def reindented(text: str, old: str, new: str, newline: str) -> str:
    """Lines moved from one indentation to another. What stands further left, in a text over several lines, stays."""
    moved = [new + line[len(old) :] if line.startswith(old) else line for line in text.splitlines(keepends=True)]
    joined = "".join(moved)
    return joined if joined.endswith(("\n", "\r")) else joined + newline


def is_text(node: ast.AST) -> bool:
    """Whether a statement is a docstring, or a constant that stands about."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _scope(node: Function | None, root: ast.AST, outer: tuple[str, ...]) -> Scope:
    parameters: tuple[str, ...] = ()
    if node is not None:
        given = node.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        parameters = tuple(each.arg for each in every if each is not None)
    found = dict.fromkeys((*parameters, *_bound(root)))
    return Scope(node, parameters, tuple(found), outer)


def _bound(root: ast.AST) -> Iterator[str]:
    """Names bound in a function or module, not in functions within it; comprehension targets are left out."""
    todo: list[ast.AST] = list(ast.iter_child_nodes(root))
    while todo:
        node = todo.pop(0)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, Function | ast.ClassDef):
            yield node.name
            continue
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            continue
        todo += ast.iter_child_nodes(node)

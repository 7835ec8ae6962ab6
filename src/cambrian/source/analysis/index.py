"""The tree in the text: one walk notes parents and nodes by type; statements, blocks and loops are found from there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

from cambrian.source.edit import Locator, Splice

__all__ = ["Block", "Comprehension", "Function", "Index", "Loop", "Region", "within"]

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Loop: TypeAlias = ast.For | ast.AsyncFor | ast.While | Comprehension
Region: TypeAlias = ast.AST | Sequence[ast.AST]
"""A node, or several: a stretch of code."""
Node = TypeVar("Node", bound=ast.AST)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, *COMPREHENSIONS)
_SHARED = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
"""Nodes that the parser makes once and puts everywhere: they have no place."""
_BLANKS = re.compile(r"[ \t\f]*")


class Block(NamedTuple):
    """The statements that a statement stands among, and its place there."""

    statements: list[ast.stmt]
    place: int


class Index:
    """A tree with its text.

    Args:
        text: the file.
        tree: its tree, from `source.tree.parse`: of bounded depth.
    """

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        self.locator = Locator(text)
        self.newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
        self._parents: dict[ast.AST, ast.AST] = {}
        self._by_type: dict[type[ast.AST], list[ast.AST]] = {}
        self._walk(tree)

    def _walk(self, node: ast.AST) -> None:
        self._by_type.setdefault(type(node), []).append(node)
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, _SHARED):
                self._parents[child] = node
                self._walk(child)

    def of(self, *types: type[Node]) -> list[Node]:
        """All nodes of these types; of one type in the order of the tree."""
        return [node for kind in types for node in self._by_type.get(kind, ()) if isinstance(node, kind)]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that this one is a part of; ``None`` for the module, and for operators."""
        return self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Parent, its parent and so on, up to the module."""
        above = self._parents.get(node)
        while above is not None:
            yield above
            above = self._parents.get(above)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that the node is, or is a part of."""
        here: ast.AST | None = node
        while here is not None and not isinstance(here, ast.stmt):
            here = self._parents.get(here)
        assert here is not None, "a module is no statement"
        return here

    def block(self, statement: ast.stmt) -> Block:
        """The statements that this one stands among."""
        above = self._parents[statement]
        for name in ("body", "orelse", "finalbody"):
            statements: list[ast.stmt] | ast.expr | None = getattr(above, name, None)
            if isinstance(statements, list) and statement in statements:
                return Block(statements, statements.index(statement))
        raise AssertionError(f"{statement!r} stands in no block of {above!r}")

    def function(self, node: ast.AST) -> Function | None:
        """The innermost function or lambda in whose body the node is; ``None`` at the level of module or class."""
        below = node
        for above in self.ancestors(node):
            if isinstance(above, FUNCTIONS) and _in_body(above, below):
                return above
            if isinstance(above, ast.ClassDef) and below in above.body:
                return None
            below = above
        return None

    def qualname(self, node: ast.AST) -> str:
        """Dotted name of the functions and classes the node stands in (itself included), ``""`` at the top."""
        chain = (node, *self.ancestors(node))
        names = [n.name for n in chain if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
        return ".".join(reversed(names))

    def loops(self, node: ast.AST) -> list[Loop]:
        """Loops of the same function that evaluate the node on each turn, innermost first; comprehensions, too."""
        found: list[Loop] = []
        below = node
        for above in self.ancestors(node):
            if isinstance(above, FUNCTIONS) and _in_body(above, below):
                break
            if isinstance(above, ast.ClassDef) and below in above.body:
                break
            if isinstance(above, _LOOPS) and _each_turn(above, below, node):
                found.append(above)
            below = above
        return found

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """The node's own text."""
        return self.locator.segment(node)

    def splice(self, node: ast.expr | ast.stmt, text: str) -> Splice:
        """A splice that replaces the node by `text`."""
        return self.locator.splice(node, text)

    def indentation(self, statement: ast.stmt) -> str:
        """The blanks before a statement; of the line it stands on, if others stand before it there."""
        found = _BLANKS.match(self.locator.lines[statement.lineno - 1])
        return found[0] if found else ""

    def alone(self, statement: ast.stmt) -> bool:
        """Whether no other statement shares a line with this one, so that lines can be put before and behind it."""
        start, stop = self.locator.range(statement)
        before = self.text[self.locator.line_start(first_line(statement)) : start]
        behind = self.text[stop : self.locator.line_start((statement.end_lineno or 0) + 1)].strip()
        behind = behind.removeprefix(";").lstrip()  # as in C: it ends the line, and stays there
        behind = behind.removeprefix(";").lstrip()  # as people write who come from C
        continued = before.rstrip(" \t\f") == "" and self._continued(first_line(statement))
        if continued:
            return False
        if isinstance(statement, ast.If) and self.text.startswith("elif", start):
            return False
        return (not before.strip() or before.lstrip().startswith("@")) and (not behind or behind.startswith("#"))

    def _continued(self, line: int) -> bool:
        """Whether the line above ends with a backslash: nothing can be put between the two."""
        return line > 1 and self.locator.lines[line - 2].rstrip("\r\n").endswith("\\")

    def before(self, statement: ast.stmt, *new: str) -> Splice:
        """A splice that puts lines before a statement that is `alone`, indented as it is."""
        blanks = self.indentation(statement)
        at = self.locator.line_start(first_line(statement))
        return Splice(at, at, "".join(f"{blanks}{line}{self.newline}" for line in new))

    def after(self, statement: ast.stmt, *new: str) -> Splice:
        """A splice that puts lines behind a statement that is `alone`, indented as it is."""
        blanks = self.indentation(statement)
        at = self.locator.line_start((statement.end_lineno or 0) + 1)
        text = "".join(f"{blanks}{line}{self.newline}" for line in new)
        if at == len(self.text) and not self.text.endswith(("\n", "\r")):
            text = self.newline + text.removesuffix(self.newline)
        return Splice(at, at, text)


def first_line(statement: ast.stmt) -> int:
    """The 1-based line on which a statement begins, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def within(node: ast.AST, region: Region) -> bool:
    """Whether a node that has a place lies in a stretch of code."""
    spots = region if isinstance(region, Sequence) else (region,)
    return any(_inside(node, spot) for spot in spots)


def _inside(node: ast.AST, spot: ast.AST) -> bool:
    inner, outer = _extent(node), _extent(spot)
    return isinstance(spot, ast.Module) or (outer[0] <= inner[0] and inner[1] <= outer[1])


def _extent(node: ast.AST) -> tuple[tuple[int, int], tuple[int, int]]:
    start = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    return start, (getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0))


def _in_body(function: Function, child: ast.AST) -> bool:
    return child is function.body if isinstance(function, ast.Lambda) else child in function.body


def _each_turn(loop: Loop, child: ast.AST, node: ast.AST) -> bool:
    """Whether a loop's part is evaluated on each turn."""
    if isinstance(loop, ast.For | ast.AsyncFor):
        return child in loop.body or child is loop.target
    if isinstance(loop, ast.While):
        return child not in loop.orelse
    return child is not loop.generators[0] or not within(node, loop.generators[0].iter)

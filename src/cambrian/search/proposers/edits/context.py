"""A file under edit: which expressions and statements may change, and which names they can see. Read only; no I/O."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from cambrian.source.blocks import Span
from cambrian.source.cache import Cache
from cambrian.source.edit import Locator, Splice
from cambrian.source.reading import is_read
from cambrian.source.tree import Problem, parse, raw

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.Module

_DEFINITIONS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
    ast.Global,
    ast.Nonlocal,
)
_REST = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_BLOCKS = ("body", "orelse", "finalbody")
_LEFT_ALONE = "annotation returns decorator_list pattern type_params bases keywords"
_SKIPPED = frozenset(f"{_LEFT_ALONE} ctx op ops".split())
_UNREPLACED = (ast.Slice, ast.Starred, ast.FormattedValue, ast.Yield, ast.YieldFrom, ast.Await)
_PORTABLE = 60
"""Nodes of the largest statement that is copied elsewhere."""
_ROOM = 6_500_000
_FIXED, _PER_CHARACTER = 4_000, 110
"""Bytes that a context weighs, about."""


class Site(NamedTuple):
    """An expression that may be replaced as a whole."""

    node: ast.expr
    parent: ast.AST
    scope: Scope


class Place(NamedTuple):
    """A statement that may be removed, moved or rewritten: it has its lines to itself.

    `first` and `stop` are character offsets of its lines, the last line's end included; `indent` is its indentation.
    """

    node: ast.stmt
    block: list[ast.stmt]
    position: int
    scope: Scope
    owner: ast.AST
    first: int
    stop: int
    indent: str

    @property
    def alone(self) -> bool:
        """Whether it is its block's only statement."""
        return len(self.block) == 1


class Around(NamedTuple):
    """What a part of a file must know of the rest: its module's variables, all that it defines, the file's text."""

    variables: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    text: str = ""


NOTHING_AROUND = Around()


class Context:
    """A Python file, or whole statements of one, parsed, with what in it may change.

    Args:
        name: the file's path in its program.
        text: its text.
        tree: the tree of `text`, from `cambrian.source.syntax.parse`; never changed here.
        spans: its editable lines.
        around: the rest of the file, if the text is a part of it only.
    """

    def __init__(
        self, name: str, text: str, tree: ast.Module, spans: Sequence[Span], around: Around = NOTHING_AROUND
    ) -> None:
        self.name = name
        self.text = text
        self.tree = tree
        self.locator = Locator(text)
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self._span_of = _span_of(spans, len(self.locator.lines))
        self._around = around
        self._visible: dict[int, tuple[str, ...]] = {}
        self._usable: dict[int, frozenset[str]] = {}
        self._reads: dict[ast.AST, frozenset[str]] = {}
        self._sites_of: dict[tuple[type[ast.expr], ...], list[Site]] = {}
        self._places_at: dict[tuple[type[ast.stmt], ...], list[Place]] = {}
        self._tests: dict[int, list[Site]] = {}
        self._portable: dict[ast.stmt, bool] = {}
        self._blocks: list[tuple[list[ast.stmt], Scope, ast.AST]] = []
        self.sites: list[Site] = []
        self.functions: list[tuple[Function, bool]] = []
        """Functions of the file, each with whether all its lines are editable."""
        self._walk()

    def editable(self, node: ast.expr | ast.stmt) -> bool:
        """Whether all lines of a node may change."""
        span = self._span_of[first_line(node)]
        return span > 0 and span == self._span_of[node.end_lineno or node.lineno]

    @cached_property
    def places(self) -> list[Place]:
        """Statements that may be removed, moved or rewritten."""
        found: list[Place] = []
        for block, scope, owner in self._blocks:
            places = (self._place(block, index, scope, owner) for index in range(len(block)))
            found += (place for place in places if place is not None)
        return found

    def of(self, *kinds: type[ast.expr]) -> list[Site]:
        """Sites whose node is of one of the kinds."""
        if kinds not in self._sites_of:
            self._sites_of[kinds] = [site for site in self.sites if isinstance(site.node, kinds)]
        return self._sites_of[kinds]

    def at(self, *kinds: type[ast.stmt]) -> list[Place]:
        """Places whose statement is of one of the kinds."""
        if kinds not in self._places_at:
            self._places_at[kinds] = [place for place in self.places if isinstance(place.node, kinds)]
        return self._places_at[kinds]

    def tests(self, scope: Scope) -> list[Site]:
        """Comparisons of the file that a scope can make as well."""
        if id(scope) not in self._tests:
            self._tests[id(scope)] = [site for site in self.of(ast.Compare) if self.can_use(site.node, scope)]
        return self._tests[id(scope)]

    def portable(self, node: ast.stmt) -> bool:
        """Whether a statement of the file is small, and leaves no function or loop, so that it may stand elsewhere."""
        if node not in self._portable:
            parts = list(ast.walk(node))
            leaves = any(isinstance(part, ast.Return | ast.Break | ast.Continue) for part in parts)
            self._portable[node] = len(parts) <= _PORTABLE and not leaves
        return self._portable[node]

    def visible(self, scope: Scope) -> tuple[str, ...]:
        """Variables that a scope binds, and those of the module, in alphabetical order; no functions, no imports."""
        if id(scope) not in self._visible:
            names = self._around.variables.union(bound_names(scope), bound_names(self.tree))
            self._visible[id(scope)] = tuple(sorted(names))
        return self._visible[id(scope)]

    @cached_property
    def known(self) -> frozenset[str]:
        """Names that every scope of the file can use: what the module defines or imports."""
        names = {*self._around.known, *bound_names(self.tree)}
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        return frozenset(names)

    def can_use(self, node: ast.AST, scope: Scope) -> bool:
        """Whether everything that a node reads is bound in a scope, in the module or in it itself, or is a builtin."""
        if id(scope) not in self._usable:
            self._usable[id(scope)] = _BUILTINS.union(self.visible(scope), self.known)
        if isinstance(node, ast.Name):
            return node.id in self._usable[id(scope)]
        if node not in self._reads:
            names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
            stored = {part.id for part in names if isinstance(part.ctx, ast.Store)}
            self._reads[node] = frozenset(part.id for part in names if isinstance(part.ctx, ast.Load)) - stored
        return self._reads[node] <= self._usable[id(scope)]

    def fresh(self, stem: str) -> str:
        """A name with the stem that the file does not use."""
        name, number = stem, 1
        while re.search(rf"\b{name}\b", self._around.text or self.text):
            number += 1
            name = f"{stem}_{number}"
        return name

    def brief(self, node: ast.expr | ast.stmt) -> str:
        """A node of the file in a few characters, for people."""
        return clipped(self.locator.segment(node))

    def block_text(self, statements: Sequence[ast.stmt], indent: str) -> str | None:
        """Statements as lines at an indentation; ``None`` if they cannot be written so (multi-line strings)."""
        try:
            written = "\n".join(unparse(node) for node in statements)
        except ValueError:  # an f-string that Python 3.11 has no spelling for, or an integer too long to be spelled out
            return None
        if '"""' in written or "'''" in written:
            return None
        return "".join(f"{indent}{line}{self.newline}" for line in written.split("\n"))

    def before(self, place: Place, statements: Sequence[ast.stmt]) -> Splice | None:
        """Insert statements in front of a place."""
        text = self.block_text(statements, place.indent)
        return None if text is None else Splice(place.first, place.first, text)

    def instead(self, place: Place, statements: Sequence[ast.stmt]) -> Splice | None:
        """Statements in the place of a statement, whose comments go with it."""
        text = self.block_text(statements, place.indent)
        if text is None:
            return None
        ended = self.text[place.first : place.stop].endswith(("\n", "\r"))
        return Splice(place.first, place.stop, text if ended else text[: -len(self.newline)])

    def _walk(self) -> None:
        todo: list[tuple[ast.AST, ast.AST, Scope]] = [(self.tree, self.tree, self.tree)]
        while todo:
            node, parent, scope = todo.pop()
            if isinstance(node, ast.expr):
                if _replaceable(node, parent) and self.editable(node):
                    self.sites.append(Site(node, parent, scope))
            else:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    self.functions.append((node, self.editable(node)))
                    scope = node
                self._note_blocks(node, scope)
            _push(todo, node, scope)

    def _note_blocks(self, node: ast.AST, scope: Scope) -> None:
        for field in _BLOCKS:
            block: object = getattr(node, field, None)
            if isinstance(block, list):
                statements: list[ast.stmt] = block  # pyright: ignore[reportUnknownVariableType]
                self._blocks.append((statements, scope, node))

    def _place(self, block: list[ast.stmt], index: int, scope: Scope, owner: ast.AST) -> Place | None:
        node = block[index]
        if isinstance(node, _DEFINITIONS) or not self.editable(node) or is_docstring(node):
            return None
        start, end = self.locator.range(node)
        first = self.locator.line_start(node.lineno)
        indent = self.text[first:start]
        rest = _REST.match(self.text, end)
        if indent.strip() or rest is None:
            return None
        return Place(node, block, index, scope, owner, first, rest.end(), indent)


_CONTEXTS: Cache[tuple[str, str, tuple[Span, ...]], Context] = Cache(_ROOM)


def context_of(name: str, text: str, spans: Sequence[Span], around: Around = NOTHING_AROUND) -> Context | None:
    """The context of a text, made once and kept for a while; ``None`` if the text does not parse."""
    key = (name, text, tuple(spans))
    known = _CONTEXTS.get(key) if around is NOTHING_AROUND else None
    if known is not None:
        return known
    tree = raw(text, name) if is_read(text) else parse(text, name)  # what was read is not too deep
    if isinstance(tree, Problem):
        return None
    made = Context(name, text, tree, spans, around)
    return _CONTEXTS.put(key, made, _FIXED + _PER_CHARACTER * len(text)) if around is NOTHING_AROUND else made


def first_line(node: ast.expr | ast.stmt) -> int:
    """First line of a node, decorators included."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.decorator_list:
        return min(node.lineno, node.decorator_list[0].lineno)
    return node.lineno


def is_docstring(node: ast.stmt) -> bool:
    """Whether a statement is a bare constant: a docstring, or ``...``."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _span_of(spans: Sequence[Span], count: int) -> list[int]:
    """For each line, counted from 1, the number of the span that it lies in, counted from 1; 0 if in none."""
    found = [0] * (count + 1)
    for number, span in enumerate(spans, 1):
        lines = range(span.start, min(span.stop, count + 1))
        found[lines.start : lines.stop] = [number] * len(lines)
    return found


def clipped(text: str) -> str:
    """A text on one line, in a few characters."""
    line = " ".join(text[:400].split())
    return line if len(line) <= 60 else line[:57] + "…"


def unparse(node: ast.AST) -> str:
    """Source of a node that may be freshly made."""
    return ast.unparse(ast.fix_missing_locations(node))


def bound_names(scope: Scope) -> Iterator[str]:
    """Parameters and variables of a scope, not those of the functions and classes inside it."""
    if not isinstance(scope, ast.Module):
        arguments = scope.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            yield argument.arg
    todo: list[ast.AST] = list(scope.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | _COMPREHENSIONS):
            todo += ast.iter_child_nodes(node)


def stored_names(nodes: Sequence[ast.AST]) -> set[str]:
    """Names that the nodes bind, delete or change in place through a subscript, an attribute or a method call."""
    found: set[str] = set()
    for root in nodes:
        for node in ast.walk(root):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                found.add(node.id)
            elif isinstance(node, ast.arg):  # of a lambda: nothing that uses it may leave it
                found.add(node.arg)
            elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
                found |= loaded_names(node.value)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                found |= loaded_names(node.func.value) if node.func.attr in _MUTATORS else set()
    return found


def loaded_names(node: ast.AST) -> set[str]:
    """Names that a node reads."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}


def _push(todo: list[tuple[ast.AST, ast.AST, Scope]], node: ast.AST, scope: Scope) -> None:
    """Push a node's children so that they come off in order of the source, without what edits leave alone."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    fields = _FIELDS.get(node.__class__)
    for name in reversed(_fields(node.__class__) if fields is None else fields):
        value: object = getattr(node, name, None)
        if isinstance(value, ast.AST):
            todo.append((value, node, scope))
        elif isinstance(value, list):
            items: list[object] = value  # pyright: ignore[reportUnknownVariableType]
            todo += [(item, node, scope) for item in reversed(items) if isinstance(item, ast.AST)]


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.JoinedStr: (),  # Python 3.11 gives wrong positions inside f-strings
    ast.Name: (),
    ast.Constant: (),
}
"""Type of node → its fields with nodes that edits look at."""


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    skipped = _SKIPPED - {"keywords"} if kind is ast.Call else _SKIPPED
    _FIELDS[kind] = tuple(name for name in kind._fields if name not in skipped)
    return _FIELDS[kind]


def _replaceable(node: ast.expr, parent: ast.AST) -> bool:
    if isinstance(node, _UNREPLACED) or isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
        return False
    if isinstance(parent, ast.Call) and (parent.func is node or isinstance(node, ast.GeneratorExp)):
        return False  # a generator that is the only argument shares its brackets with the call
    if isinstance(parent, ast.Subscript) and isinstance(node, ast.Tuple):
        return False  # it may hold slices, which stand nowhere else
    return not isinstance(parent, ast.Delete | ast.MatchValue | ast.withitem)


_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_MUTATORS = frozenset(
    ("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard", "update", "popitem")
) | {"setdefault", "appendleft", "popleft", "extendleft"}
_BUILTINS = frozenset(dir(builtins))

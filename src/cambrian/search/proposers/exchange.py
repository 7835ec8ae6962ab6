"""What two parents could exchange: functions of one name, statements of one type in them. Read only; no I/O.

Parents are compared chunk by chunk (see `cambrian.source.chunk`), so only what differs between them is looked at, and
pairs of statements are numbered rather than listed: two long functions have millions of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from cambrian.source.blocks import Span
from cambrian.source.cache import Cache
from cambrian.source.edit import Splice, apply
from cambrian.source.reading import Reading
from cambrian.source.walk import Walk

from .edits.context import Context, Function, context_of, first_line

_EXCHANGED = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Assign, ast.AugAssign, ast.Return, ast.Expr)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_ROOM = 1_000_000
_FIXED, _PER_CHARACTER = 3_000, 60

_ByType = Mapping[type[ast.stmt], Sequence[ast.stmt]]


class Part:
    """A function of a chunk, as one that takes or gives.

    Args:
        node: the function.
        context: its chunk.
    """

    def __init__(self, node: Function, context: Context) -> None:
        self.node = node
        self.context = context
        self._meanings: dict[ast.stmt, str] = {}

    def meaning(self, node: ast.stmt) -> str:
        """The canonical text of the function or of a statement in it."""
        if node not in self._meanings:
            walk = Walk()
            walk.statements([node])
            self._meanings[node] = "".join(walk.parts)
        return self._meanings[node]

    @cached_property
    def statements(self) -> _ByType:
        """Its statements that may travel, by type."""
        return _by_type(node for node in _below(self.node) if isinstance(node, _EXCHANGED))

    @cached_property
    def places(self) -> _ByType:
        """Those of its statements that may be replaced, by type."""
        own = set(_below(self.node))
        return _by_type(place.node for place in self.context.at(*_EXCHANGED) if place.node in own)

    @cached_property
    def replaceable(self) -> bool:
        """Whether all its lines may change."""
        return self.context.editable(self.node)

    @cached_property
    def arity(self) -> tuple[int, int, int, bool, bool]:
        """How it may be called."""
        given = self.node.args
        positional = len(given.posonlyargs) + len(given.args)
        starred = given.vararg is not None, given.kwarg is not None
        return positional, len(given.defaults), len(given.kwonlyargs), *starred


class Half(NamedTuple):
    """A chunk with its functions by their qualified names."""

    context: Context
    parts: Mapping[str, Part]


class Exchange(NamedTuple):
    """Put a node of the second parent's function in the place of one of the first's."""

    taker: Part
    giver: Part
    old: ast.stmt
    new: ast.stmt
    word: str

    def what(self, before: int) -> str:
        """What travels, for people; `before` counts the lines of the giving file above its chunk."""
        if isinstance(self.new, ast.FunctionDef | ast.AsyncFunctionDef):
            return f"{self.word}()"
        return f"{type(self.new).__name__.lower()} statement of {self.word}() line {before + self.new.lineno}"

    def made(self) -> str | None:
        """The first parent's chunk with the exchange made; ``None`` if it would say the same or cannot be written."""
        if self.taker.meaning(self.old) == self.giver.meaning(self.new):
            return None
        locator, text = self.taker.context.locator, self.taker.context.text
        start = locator.line_start(first_line(self.old))
        indent = text[start : start + self.old.col_offset]
        written = None if indent.strip() else self._text(indent)
        return None if written is None else apply(text, [Splice(start, locator.range(self.old)[1], written)])

    def _text(self, indent: str) -> str | None:
        """The node as lines at an indentation: with its comments where it stood at the same one."""
        locator, text = self.giver.context.locator, self.giver.context.text
        start = locator.line_start(first_line(self.new))
        if text[start : start + self.new.col_offset] == indent:
            return text[start : locator.range(self.new)[1]]
        context = self.taker.context
        written = context.block_text([self.new], indent)
        return None if written is None else written[: -len(context.newline)]


class Pair:
    """Two chunks that define a name in common. Its exchanges have numbers below `count`.

    Args:
        taker: of the first parent.
        giver: of the second.
    """

    def __init__(self, taker: Half, giver: Half) -> None:
        self._taker, self._giver = taker, giver
        self._groups: list[tuple[int, str, type[ast.stmt] | None]] = []
        self.count = 0
        for word, old in taker.parts.items():
            new = giver.parts.get(word)
            if new is not None and old.meaning(old.node) != new.meaning(new.node):
                self._add(word, old, new)

    def _add(self, word: str, old: Part, new: Part) -> None:
        if old.replaceable and old.arity == new.arity:
            self._note(word, None, 1)
        for kind, places in old.places.items():
            self._note(word, kind, len(places) * len(new.statements.get(kind, ())))

    def _note(self, word: str, kind: type[ast.stmt] | None, count: int) -> None:
        if count:
            self._groups.append((self.count, word, kind))
            self.count += count

    def exchange(self, number: int) -> Exchange:
        """The exchange of a number."""
        first, word, kind = next(group for group in reversed(self._groups) if group[0] <= number)
        old, new = self._taker.parts[word], self._giver.parts[word]
        if kind is None:
            return Exchange(old, new, old.node, new.node, word)
        row, column = divmod(number - first, len(new.statements[kind]))
        return Exchange(old, new, old.places[kind][row], new.statements[kind][column], word)


_HALVES: Cache[tuple[str, str, tuple[Span, ...]], Half] = Cache(_ROOM)


def half_of(name: str, text: str, spans: tuple[Span, ...]) -> Half | None:
    """A chunk of a file as one side of an exchange; ``None`` if it does not parse.

    Args:
        name: the file.
        text: the chunk's text.
        spans: lines of the chunk that may change.
    """
    key = (name, text, spans)
    known = _HALVES.get(key)
    if known is not None:
        return known
    context = context_of(name, text, spans)
    if context is None:
        return None
    parts = {word: Part(node, context) for word, node in _functions(context.tree)}
    return _HALVES.put(key, Half(context, parts), _FIXED + _PER_CHARACTER * len(text))


def differing(one: Reading, other: Reading) -> list[tuple[int, int]]:
    """Numbers of the chunks, of the first file and of the second, that define a name in common and are not the same."""
    mine, theirs = {chunk.text for chunk in one.chunks}, {chunk.text for chunk in other.chunks}
    defined: dict[str, int] = {}
    for number, chunk in enumerate(other.chunks):
        if chunk.text not in mine:
            defined.update(dict.fromkeys(sorted(chunk.defined), number))
    found: dict[tuple[int, int], None] = {}
    for number, chunk in enumerate(one.chunks):
        if chunk.text not in theirs:
            found.update({(number, defined[word]): None for word in sorted(chunk.defined) if word in defined})
    return list(found)


def _below(node: ast.AST) -> Iterator[ast.stmt]:
    """All statements inside a statement."""
    for field in _BLOCKS:
        items: list[ast.AST] = getattr(node, field, [])
        for item in items:
            if isinstance(item, ast.stmt):
                yield item
            yield from _below(item)


def _by_type(nodes: Iterator[ast.stmt]) -> _ByType:
    found: dict[type[ast.stmt], list[ast.stmt]] = {}
    for node in nodes:
        found.setdefault(type(node), []).append(node)
    return found


def _functions(tree: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, Function]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")

"""How one Python text becomes another one: hunks, each a splice that may be left out, as small as the two allow.

Statements are paired along their order, most alike first; paired ones are compared inside, down to expressions. What
the person wrote stays to the character wherever the two agree. Pure; nothing is executed.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence

from cambrian.source.edit import Splice

from .correspondence import correspondence, renamed, shape
from .surface import Function, Place, Surface

__all__ = ["function_hunks", "inserted_function"]

_HEADED = (ast.If, ast.While, ast.For)


def function_hunks(surface: Surface, own: Function, peer: Function) -> tuple[Splice, ...] | None:
    """What makes our function do as the peer does, under our names; `None` where lines are shared between statements.

    Args:
        surface: the text in which our function stands.
        own: our function.
        peer: a function of another text, of the same purpose.
    """
    names = correspondence(peer, own)
    body = [renamed(each, names) for each in peer.body if not _is_docstring(each)]
    alignment = _Alignment(surface)
    mine = [each for each in own.body if not _is_docstring(each)]
    if not mine:
        return None
    try:
        alignment.arguments(own, peer, names)
        alignment.block(mine, body)
    except _SharedLines:
        return None
    return alignment.splices()


def inserted_function(surface: Surface, function: Function) -> Splice:
    """A whole function, written at the end of a text."""
    end = len(surface.text)
    lead = "" if surface.text.endswith("\n") or not surface.text else "\n"
    return Splice(end, end, f"{lead}\n\n{ast.unparse(function)}\n".replace("\n", surface.newline))


class _SharedLines(Exception):
    """A statement has not its lines to itself."""


class _Alignment:
    """Collects splices; those that insert at one place become one, in their order."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._made: list[Splice] = []
        self._shapes: dict[int, Counter[str]] = {}
        self._held: list[ast.AST] = []

    def splices(self) -> tuple[Splice, ...]:
        found: dict[tuple[int, int], str] = {}
        for start, stop, text in self._made:
            found[start, stop] = found.get((start, stop), "") + text
        return tuple(Splice(start, stop, text) for (start, stop), text in sorted(found.items()))

    def arguments(self, own: Function, peer: Function, names: dict[str, str]) -> None:
        if len(own.args.args) == len(peer.args.args):
            return
        start = self._surface.text.index("(", self._surface.locator.range(own)[0]) + 1
        first = self._surface.place(own.body[0])
        stop = self._surface.text.rindex(")", start, self._surface.locator.range(own.body[0])[0])
        if first is None:
            raise _SharedLines
        made = renamed(ast.FunctionDef(peer.name, peer.args, [ast.Pass()], [], lineno=1), names)
        assert isinstance(made, ast.FunctionDef)
        self._made.append(Splice(start, stop, ast.unparse(made.args)))

    def block(self, own: Sequence[ast.stmt], peer: Sequence[ast.stmt]) -> None:
        """Two blocks: pairs are compared inside, the rest goes or comes."""
        pairs = self._paired(own, peer)
        places = [self._placed(each) for each in own]
        if not pairs:
            text = self._text(peer, places[0].indent)
            self._made.append(Splice(places[0].first, places[-1].stop, text))
            return
        i = j = 0
        for a, b in [*pairs, (len(own), len(peer))]:
            for gone in places[i:a]:
                self._made.append(Splice(gone.first, gone.stop, ""))
            at = places[a].first if a < len(own) else places[-1].stop
            for new in peer[j:b]:
                self._made.append(Splice(at, at, self._text([new], places[0].indent)))
            if a < len(own):
                self._pair(own[a], peer[b], places[a])
            i, j = a + 1, b + 1

    def _placed(self, node: ast.stmt) -> Place:
        place = self._surface.place(node)
        if place is None:
            raise _SharedLines
        return place

    def _text(self, block: Sequence[ast.stmt], indent: str) -> str:
        lines = "\n".join(map(_unparsed, block)).split("\n")
        unit = self._surface.unit
        made = [indent + unit * ((len(line) - len(line.lstrip(" "))) // 4) + line.lstrip(" ") for line in lines]
        return self._surface.newline.join(made) + self._surface.newline

    def _paired(self, own: Sequence[ast.stmt], peer: Sequence[ast.stmt]) -> list[tuple[int, int]]:
        """Pairs in order, of greatest likeness in sum (Needleman and Wunsch, 1970)."""
        n, m = len(own), len(peer)
        best = [[0.0] * (m + 1) for _ in range(n + 1)]
        likeness = [[self._likeness(a, b) for b in peer] for a in own]
        for i in range(n - 1, -1, -1):
            for j in range(m - 1, -1, -1):
                best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + likeness[i][j])
        pairs: list[tuple[int, int]] = []
        i = j = 0
        while i < n and j < m:
            if likeness[i][j] > 0 and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
                pairs.append((i, j))
                i, j = i + 1, j + 1
            elif best[i][j] == best[i + 1][j]:
                i += 1
            else:
                j += 1
        return pairs

    def _likeness(self, a: ast.stmt, b: ast.stmt) -> float:
        """Nodes that two statements share, less those that they do not; 0 if they are no pair."""
        if type(a) is not type(b):
            return 0.0
        one, two = self._shape(a), self._shape(b)
        shared = (one & two).total()
        return max(0.0, shared - 0.5 * ((one | two).total() - shared)) + 0.5 * (type(a) is type(b))

    def _shape(self, node: ast.stmt) -> Counter[str]:
        found = self._shapes.get(id(node))
        if found is None:
            found = self._shapes[id(node)] = shape([node])
            self._held.append(node)
        return found

    def _pair(self, own: ast.stmt, peer: ast.stmt, place: Place) -> None:
        if ast.dump(own) == ast.dump(peer):
            return
        if isinstance(own, _HEADED) and isinstance(peer, _HEADED):
            self._headed(own, peer, place)
        elif isinstance(own, ast.FunctionDef | ast.With | ast.Try | ast.ClassDef | ast.Match):
            self._made.append(Splice(place.first, place.stop, self._text([peer], place.indent)))
        else:
            self._simple(own, peer, place)

    def _simple(self, own: ast.stmt, peer: ast.stmt, place: Place) -> None:
        pairs = _same_fields(own, peer)
        if pairs is None:
            text = self._text([peer], place.indent)
            self._made.append(Splice(place.first, place.stop, text))
            return
        for a, b in pairs:
            self._expression(a, b, top=True)

    def _headed(self, own: ast.If | ast.While | ast.For, peer: ast.If | ast.While | ast.For, place: Place) -> None:
        if isinstance(own, ast.For) and isinstance(peer, ast.For):
            self._expression(own.target, peer.target, top=True)
            self._expression(own.iter, peer.iter, top=True)
        elif not isinstance(own, ast.For) and not isinstance(peer, ast.For):
            self._expression(own.test, peer.test, top=True)
        self.block(_without_text(own.body), peer.body)
        self._otherwise(own, peer, place.indent)

    def _otherwise(self, own: ast.If | ast.While | ast.For, peer: ast.If | ast.While | ast.For, indent: str) -> None:
        a, b = own.orelse, peer.orelse
        if not a and not b:
            return
        if self._is_elif(a) and _is_chain(b):
            inner, other = a[0], b[0]
            assert isinstance(inner, ast.If)
            assert isinstance(other, ast.If)
            self._expression(inner.test, other.test, top=True)
            self.block(_without_text(inner.body), other.body)
            self._otherwise(inner, other, indent)
        elif a and b and not self._is_elif(a):
            self.block(_without_text(a), b)
        else:
            start = self._placed(own.body[-1]).stop
            stop = self._stop(a) if a else start
            self._made.append(Splice(start, stop, self._else_text(b, indent) if b else ""))

    def _is_elif(self, block: list[ast.stmt]) -> bool:
        return _is_chain(block) and self._surface.segment(block[0]).startswith("elif")

    def _stop(self, block: list[ast.stmt]) -> int:
        return self._surface.locator.line_start((block[-1].end_lineno or 0) + 1)

    def _else_text(self, block: list[ast.stmt], indent: str) -> str:
        if _is_chain(block):
            text = self._text(block, indent)
            return f"{indent}el{text[len(indent) :]}"
        return f"{indent}else:{self._surface.newline}{self._text(block, indent + self._surface.unit)}"

    def _expression(self, own: ast.expr, peer: ast.expr, *, top: bool = False) -> None:
        """The smallest parts in which two expressions differ."""
        if ast.dump(own) == ast.dump(peer):
            return
        pairs = _same_fields(own, peer)
        if pairs is None or isinstance(own, ast.JoinedStr) or not pairs:
            text = ast.unparse(peer)
            closed = top or isinstance(peer, _CLOSED)
            self._made.append(self._surface.locator.splice(own, text if closed else f"({text})"))
            return
        for a, b in pairs:
            self._expression(a, b)


_CLOSED = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.List, ast.Dict, ast.Set, ast.ListComp)


def _unparsed(node: ast.stmt) -> str:
    return ast.unparse(ast.fix_missing_locations(node))


def _without_text(block: Sequence[ast.stmt]) -> list[ast.stmt]:
    """A block without texts that stand about, unless there is nothing else."""
    return [each for each in block if not _is_docstring(each)] or list(block)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_chain(block: list[ast.stmt]) -> bool:
    return len(block) == 1 and isinstance(block[0], ast.If)


def _same_fields(own: ast.AST, peer: ast.AST) -> list[tuple[ast.expr, ast.expr]] | None:
    """Expressions in which two nodes may differ, if they are alike in everything else."""
    if type(own) is not type(peer):
        return None
    pairs: list[tuple[ast.expr, ast.expr]] = []
    for name, value in ast.iter_fields(own):
        mine, other = _listed(value), _listed(getattr(peer, name, None))
        if len(mine) != len(other):
            return None
        for a, b in zip(mine, other, strict=True):
            if isinstance(a, ast.Slice) or not (isinstance(a, ast.expr) and isinstance(b, ast.expr)):
                if _told(a) != _told(b):
                    return None
            else:
                pairs.append((a, b))
    return pairs


def _listed(value: object) -> list[object]:
    return [*value] if isinstance(value, list) else [value]


def _told(value: object) -> str:
    return ast.dump(value) if isinstance(value, ast.AST) else repr(value)

"""One walk over a tree that notes all that the checks ask of a program. Reads only; nothing is executed.

What it writes is the canonical text that `normalise` tells programs by; what it notes is what `names` needs to know.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import NamedTuple, cast

from .tree import MAX_DEPTH

_ESCAPE_NAMES = (
    "exec eval globals locals vars builtins __builtins__ __dict__ __main__ NameError modules f_globals _getframe "
    "install global_enum _convert_"
)
_ESCAPES = frozenset(_ESCAPE_NAMES.split())
"""Words whose presence means that names may come from anywhere. The last three are library functions that write into a
module: gettext's ``install``, enum's ``global_enum`` and ``_convert_``."""
_UNEVALUATED = frozenset(("annotation", "returns"))
_WITHOUT_MEANING = frozenset(("ctx", "type_comment", "type_ignores"))
_FAR = 1 << 60
_LONG_INTEGER = 10_000
"""Bits above which an integer is written in hexadecimal: Python refuses to write long ones in decimal."""


class TooDeep(Exception):
    """The tree has more levels than `MAX_DEPTH`."""


class Walk:
    """A walk over statements.

    `parts`: their canonical text, joined. `loads`: names read outside annotations and the line of the first read;
    `assigned`: names that assignment expressions bind; `attributes`: names set as attributes of something, perhaps of
    this very module; `open`: whether names may come from anywhere; `futures`: features asked of ``__future__``.

    Args:
        keep: a text that stands first in a block stays, since the program reads docstrings.
    """

    def __init__(self, *, keep: bool = False) -> None:
        self.parts: list[str] = []
        self.loads: dict[str, int] = {}
        self.assigned: set[str] = set()
        self.attributes: set[str] = set()
        self.open = False
        self.futures: set[str] = set()
        self._keep = keep

    def statements(self, items: Sequence[ast.stmt], level: int = 1, *, keep: bool = False) -> None:
        """Walk over the statements of a block; those without effect leave no text.

        Args:
            items: the statements.
            level: theirs in the tree, whose root has level 0.
            keep: a text that stands first stays.

        Raises:
            TooDeep: see there.
        """
        first = items[0] if keep and items and _is_text(items[0]) else None
        for item in items:
            if item is first or not _is_idle(item):
                self._node(item, level, True)
            elif level + 1 >= MAX_DEPTH:
                raise TooDeep
            elif isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):
                _note_text(self, item.value.value)

    def _node(self, node: ast.AST, level: int, live: bool) -> None:
        """Write a node; note it if it is `live`, that is, evaluated."""
        shape = _SHAPES.get(node.__class__) or _shape(node.__class__)
        if level + shape.context >= MAX_DEPTH:
            raise TooDeep
        if live and shape.note is not None:
            shape.note(self, node)
        write = self.parts.append
        if isinstance(node, ast.Name):  # these two are most of a tree
            write(f"Name({node.id!r},)")
        elif isinstance(node, ast.Constant):
            write(_constant(node.value))
        else:
            write(shape.head)
            level += 1
            for name, evaluated in shape.fields:
                value: object = getattr(node, name, None)
                if isinstance(value, ast.AST):
                    self._node(value, level, live and evaluated)
                elif isinstance(value, list):
                    self._list(value, level, live and evaluated)  # pyright: ignore[reportUnknownArgumentType]
                else:
                    write(f"{value!r},")
            write(")")

    def _list(self, items: list[object], level: int, live: bool) -> None:
        self.parts.append("[")
        if items and isinstance(items[0], ast.stmt):
            self.statements(cast("list[ast.stmt]", items), level, keep=self._keep)
        else:
            for item in items:
                if isinstance(item, ast.AST):
                    self._node(item, level, live)
                else:
                    self.parts.append(f"{item!r},")
        self.parts.append("]")


def _note_text(walk: Walk, value: object) -> None:
    if isinstance(value, str) and value.isidentifier():
        walk.attributes.add(value)  # setattr(module, "name", …)


def _note_name(walk: Walk, node: ast.AST) -> None:
    assert isinstance(node, ast.Name)
    word = node.id
    if word in _ESCAPES:
        walk.open = True
    if isinstance(node.ctx, ast.Load) and walk.loads.get(word, _FAR) > node.lineno:
        walk.loads[word] = node.lineno


def _note_attribute(walk: Walk, node: ast.AST) -> None:
    assert isinstance(node, ast.Attribute)
    walk.open |= node.attr in _ESCAPES
    if not isinstance(node.ctx, ast.Load):
        walk.attributes.add(node.attr)


def _note_assigned(walk: Walk, node: ast.AST) -> None:
    assert isinstance(node, ast.NamedExpr)
    walk.assigned.add(node.target.id)


def _note_alias(walk: Walk, node: ast.AST) -> None:
    assert isinstance(node, ast.alias)
    walk.open |= node.name == "*" or node.name.rpartition(".")[2] in _ESCAPES


def _note_constant(walk: Walk, node: ast.AST) -> None:
    assert isinstance(node, ast.Constant)
    _note_text(walk, node.value)


def _note_import(walk: Walk, node: ast.AST) -> None:
    assert isinstance(node, ast.ImportFrom)
    if node.module == "__future__":
        walk.futures.update(item.name for item in node.names)


_NOTES: dict[type[ast.AST], Callable[[Walk, ast.AST], None]] = {
    ast.Name: _note_name,
    ast.Attribute: _note_attribute,
    ast.NamedExpr: _note_assigned,
    ast.alias: _note_alias,
    ast.Constant: _note_constant,
    ast.ImportFrom: _note_import,
}


def evaluated(node: ast.AST) -> list[ast.AST]:
    """A node's children, but for annotations, operators and contexts."""
    shape = _SHAPES.get(node.__class__) or _shape(node.__class__)
    found: list[ast.AST] = []
    for name, live in shape.fields:
        value: object = getattr(node, name, None) if live else None
        if isinstance(value, list):
            items: list[object] = value  # pyright: ignore[reportUnknownVariableType]
            found += [item for item in items if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST) and value._fields:
            found.append(value)
    return found


class _Shape(NamedTuple):
    """A type of node: its head in the text, its fields and whether they are evaluated, levels of its context."""

    head: str
    fields: tuple[tuple[str, bool], ...]
    context: int
    note: Callable[[Walk, ast.AST], None] | None


_SHAPES: dict[type[ast.AST], _Shape] = {}


def _shape(kind: type[ast.AST]) -> _Shape:
    fields = tuple((name, name not in _UNEVALUATED) for name in kind._fields if name not in _WITHOUT_MEANING)
    shape = _Shape(f"{kind.__name__}(", fields, int("ctx" in kind._fields), _NOTES.get(kind))
    _SHAPES[kind] = shape
    return shape


def _constant(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > _LONG_INTEGER:
        return f"int:{value:#x};"
    return f"{type(value).__name__}:{value!r};"


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_idle(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))

"""What a parameter without a type hint may be taken for, by what is done with it: an assumption, to be told."""

from __future__ import annotations

import ast

from .index import Index
from .meaning import Meanings
from .scopes import Scopes, Variable
from .tables import CHANGING, READING, TELLING

__all__ = ["Guessing"]


class Guessing:
    """Guesses at parameters.

    Args:
        index: the file's tree.
        scopes: its scopes.
        meanings: what its names refer to.
    """

    def __init__(self, index: Index, scopes: Scopes, meanings: Meanings) -> None:
        self._index, self._scopes, self._meanings = index, scopes, meanings
        self._known: dict[tuple[Variable, str], bool] = {}

    def told(self, parameter: ast.arg) -> str:
        """The kind that the methods called on a bare parameter tell, if nothing speaks against it; else ``""``."""
        variable = self._bare(parameter)
        if variable is None:
            return ""
        names = {name for read in variable.reads if (name := self._told(read))}
        return name if len(names) == 1 and self._all_fit(variable, name := names.pop()) else ""

    def seems(self, node: ast.Name, name: str) -> bool:
        """Whether a variable is a bare parameter and nothing done with it speaks against a kind."""
        variable = self._scopes.variable(node)
        if variable is None or len(variable.bindings) != 1 or not isinstance(variable.bindings[0].node, ast.arg):
            return False
        return self._bare(variable.bindings[0].node) is not None and self._all_fit(variable, name)

    def _bare(self, parameter: ast.arg) -> Variable | None:
        variable = self._scopes.variable(parameter)
        plain = parameter.annotation is None and parameter.arg not in {"self", "cls"}
        return variable if plain and variable is not None and not variable.secret else None

    def _told(self, read: ast.Name) -> str:
        parent = self._index.parent(read)
        if isinstance(parent, ast.Attribute):
            return TELLING.get(parent.attr, "")
        return "int" if isinstance(parent, ast.Call) and self._meanings.of(parent.func) == "builtins.range" else ""

    def _all_fit(self, variable: Variable, name: str) -> bool:
        known = self._known.get((variable, name))
        if known is None:
            known = self._known[variable, name] = all(self._fits(read, name) for read in variable.reads)
        return known

    def _fits(self, read: ast.Name, name: str) -> bool:
        parent = self._index.parent(read)
        if isinstance(parent, ast.Attribute):
            return parent.attr in READING.get(name, {}) or parent.attr in CHANGING.get(name, frozenset[str]())
        if isinstance(parent, ast.Subscript) and parent.value is read:
            key = parent.slice
            text = isinstance(key, ast.JoinedStr) or (isinstance(key, ast.Constant) and isinstance(key.value, str))
            return name == "dict" or (not text and name != "int")
        if isinstance(parent, ast.Call) and parent.func is read:
            return False
        if isinstance(parent, ast.Call) and self._meanings.of(parent.func) == "builtins.isinstance":
            return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(parent))
        return True

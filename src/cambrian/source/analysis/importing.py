"""How to write a library's name in a file: by an import that is there, or by one that is put where it belongs."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from cambrian.source.edit import Splice

from .index import Index, first_line
from .scopes import Scopes

__all__ = ["Imported", "Importing"]

_WORD = re.compile(r"[^\W\d]\w*")


class Imported(NamedTuple):
    """How a name is written, and what has to be put in so that it means what it should."""

    spelling: str
    splices: tuple[Splice, ...]


class Importing:
    """Imports of a file, and names that are free.

    Args:
        index: the file's tree.
        scopes: its scopes.
    """

    def __init__(self, index: Index, scopes: Scopes) -> None:
        self._index = index
        self._scopes = scopes
        self._words: frozenset[str] | None = None
        self._given: set[str] = set()

    def words(self) -> frozenset[str]:
        """All words of the file, those in comments and strings included."""
        if self._words is None:
            self._words = frozenset(_WORD.findall(self._index.text))
        return self._words

    def fresh(self, *wishes: str) -> str:
        """A name that stands nowhere in the file: the first of those wished for that is free, or one made from it.

        None is given twice, so that rewrites of one file can be made together: each binds its own.
        """
        name = self._free(wishes, self._given)
        self._given.add(name)
        return name

    def _free(self, wishes: Sequence[str], given: Collection[str] = ()) -> str:
        for wish in wishes:
            if wish not in self.words() and wish not in given:
                return wish
        number = 2
        while (name := f"{wishes[0]}_{number}") in self.words() or name in given:
            number += 1
        return name

    def name(self, module: str, attribute: str) -> Imported:
        """How to write ``module.attribute`` in a function or statement of the file.

        An import at the top level of the file is used if nothing else has its name anywhere in the file; else a line is
        put behind docstring and ``from __future__``.
        """
        for statement in self._index.tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                for alias in statement.names:
                    spelling = self._spelling(statement, alias, module, attribute)
                    if spelling and self._only(alias):
                        return Imported(spelling, ())
        name = self._free((attribute, f"_{attribute}"))
        renamed = "" if name == attribute else f" as {name}"
        return Imported(name, (self._line(f"from {module} import {attribute}{renamed}"),))

    def builtin(self, name: str) -> Imported:
        """How to write a builtin: by its name, unless the file binds that anywhere."""
        scopes = self._scopes
        hidden = scopes.module.star or scopes.module.dynamic or any(name in scope.variables for scope in scopes.all)
        return self.name("builtins", name) if hidden else Imported(name, ())

    def _spelling(self, statement: ast.Import | ast.ImportFrom, alias: ast.alias, module: str, attribute: str) -> str:
        if isinstance(statement, ast.ImportFrom):
            here = statement.level == 0 and statement.module == module and alias.name == attribute
            return (alias.asname or alias.name) if here else ""
        if alias.name != module:
            return ""
        return f"{alias.asname or module}.{attribute}"

    def _only(self, alias: ast.alias) -> bool:
        """Whether no other variable of the file, in whatever scope, has the name that an import binds."""
        variable = self._scopes.variable(alias)
        if variable is None or len(variable.bindings) != 1 or variable.deletes or variable.secret:
            return False
        return all(scope.variables.get(variable.name, variable) is variable for scope in self._scopes.all)

    def _line(self, line: str) -> Splice:
        statements = self._index.tree.body
        place = 0
        while place < len(statements) and _leading(statements[place], place):
            place += 1
        newline = self._index.newline
        if place == len(statements):
            end = len(self._index.text)
            ended = not self._index.text or self._index.text.endswith(("\n", "\r"))
            return Splice(end, end, f"{'' if ended else newline}{line}{newline}")
        statement = statements[place]
        start = self._index.locator.offset(statement.lineno, statement.col_offset)
        if place and statements[place - 1].end_lineno == statement.lineno:
            return Splice(start, start, f"{line}; ")
        number = first_line(statement)
        at = self._index.locator.line_start(self._above_comments(number, statement))
        gap = 0 if isinstance(statement, ast.Import | ast.ImportFrom) else 1
        gap = 2 if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else gap
        return Splice(at, at, line + newline * (gap + 1))

    def _above_comments(self, number: int, statement: ast.stmt) -> int:
        """The line above the comments that stand right on a statement; the statement's own if they begin the file."""
        if isinstance(statement, ast.Import | ast.ImportFrom):
            return number
        lines = self._index.locator.lines
        top = number
        while top > 1 and lines[top - 2].startswith("#"):
            top -= 1
        return top if top > 1 and not lines[top - 2].strip() else number


def _leading(statement: ast.stmt, place: int) -> bool:
    """Whether a statement has to stay in front of all imports: the docstring, ``from __future__``."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__" and not statement.level
    return (
        place == 0
        and isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )

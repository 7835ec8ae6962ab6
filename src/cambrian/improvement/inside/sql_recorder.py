"""Runs in the jail: calls a function with a database that notes what it executes. Standard library only.

The database is SQLite in memory. Its tables are made up from what statements ask for, all columns of text, with the
same few rows each; so old and new text of a function meet the same data. Drivers and frameworks that are not installed
are stood in for by objects that answer anything.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import inspect
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import ModuleType
from typing import cast

VALUES = ("ann", "b", "42", "O Neil", "zed")
DATABASE = re.compile(
    r"(^|_)(db|conn|connection|con|cur|cursor|session|database|engine|c|tx|pool|dbh)$|conn|cursor", re.IGNORECASE
)
MOST = 200
TRIES = 30
_PLAIN = (list, tuple, dict, str, int, float)
Outcome = tuple[tuple[str, ...], str, str, str]


class Anything:
    """Answers to every name and every call; a decorator that leaves functions as they are."""

    def __call__(self, *given: object, **named: object) -> object:
        """A stand-in again."""
        if len(given) == 1 and not named and inspect.isfunction(given[0]):
            return given[0]
        return Anything()

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return connect if name == "connect" else Anything()

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        """Classes are derived from it as from nothing."""
        return ()


class StandIn(ModuleType):
    """A module that is not installed."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return connect if name == "connect" else Anything()


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what nobody else finds."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec:
        """A module that answers anything."""
        del path, target
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Make it."""
        return StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""
        module.__path__ = []


class Tables:
    """The tables that were asked for so far, with their columns, and a database that has them."""

    def __init__(self, real: Callable[[str], sqlite3.Connection]) -> None:
        self.real = real
        self.columns: dict[str, list[str]] = {}
        self.learning = True
        self.executed: list[str] = []
        self.inner = self.fresh()

    def fresh(self) -> sqlite3.Connection:
        """A new database with all tables that are known."""
        made = self.real(":memory:")
        for table, columns in self.columns.items():
            names = list(dict.fromkeys(name.lower() for name in columns))
            made.execute(f'CREATE TABLE "{table}" ({", ".join(f"{name} TEXT" for name in names)})')
            for value in VALUES:
                made.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(names))})', [value] * len(names))
        return made

    def run(self, text: str, values: object) -> sqlite3.Cursor:
        """Execute; where a table or a column is missing and may be made up, make it up."""
        for _ in range(TRIES):
            try:
                return self.inner.execute(text, values)  # pyright: ignore[reportArgumentType] - the program's own
            except sqlite3.OperationalError as error:
                if not self.learning or not self.learn(str(error)):
                    raise
                self.inner = self.fresh()
        raise sqlite3.OperationalError("too much is missing")

    def learn(self, message: str) -> bool:
        """Make up what is missing; false if it cannot be."""
        table = re.search(r"no such table: (?:main\.)?(\w+)$", message)
        column = re.search(r"no such column: (?:\w+\.)?(\w+)|has no column named (\w+)", message)
        if table:
            self.columns.setdefault(table[1], ["id"])
        elif column:
            for columns in self.columns.values():
                columns.append(column[1] or column[2])
        elif "values were supplied" in message:
            for columns in self.columns.values():
                columns.append(f"c{len(columns)}")
        else:
            return False
        return True

    def state(self) -> list[list[str]]:
        """All that is in the database."""
        return [sorted(map(repr, self.inner.execute(f'SELECT * FROM "{table}"'))) for table in self.columns]


TABLES = Tables(sqlite3.connect)


class Database:
    """Connection and cursor in one."""

    def __init__(self) -> None:
        self.answer: sqlite3.Cursor | None = None

    def execute(self, statement: object, parameters: object = (), *_: object) -> Database:
        """Note the statement, and execute it."""
        TABLES.executed.append(str(statement))
        self.answer = TABLES.run(*plain(str(statement), parameters))
        return self

    def executemany(self, statement: object, rows: Iterable[object], *_: object) -> Database:
        """The same for each row."""
        for row in list(rows)[:MOST]:
            self.execute(statement, row)
        return self

    def fetchall(self) -> list[object]:
        """What is left of the answer."""
        return [] if self.answer is None else self.answer.fetchall()

    def fetchone(self) -> object:
        """The next row."""
        return None if self.answer is None else self.answer.fetchone()

    def fetchmany(self, size: int = 10) -> list[object]:
        """The next rows."""
        return [] if self.answer is None else self.answer.fetchmany(size)

    def __iter__(self) -> Iterator[object]:
        return iter(self.fetchall())

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __getattr__(self, name: str) -> object:
        if name in {"lastrowid", "rowcount", "description"}:
            found: object = getattr(self.answer, name, None)
            return found
        if name.startswith("__"):
            raise AttributeError(name)
        return self.same

    def same(self, *_: object, **__: object) -> Database:
        """What commit, cursor, close and the like give."""
        return self


def connect(*_: object, **__: object) -> Database:
    """What drivers call so."""
    return Database()


def plain(statement: str, parameters: object) -> tuple[str, object]:
    """A statement as SQLite takes it, with its parameters."""
    if not parameters:
        return statement, ()
    if isinstance(parameters, dict):
        return re.sub(r"%\((\w+)\)s", r":\1", statement), cast("dict[str, object]", parameters)
    values = tuple(cast("Sequence[object]", parameters)) if isinstance(parameters, list | tuple) else parameters
    return statement.replace("%s", "?").replace("%%", "%"), values


def callee(scope: str) -> tuple[Callable[..., object], list[bool]]:
    """The function to call, and whether each of its parameters is a database."""
    subject = importlib.import_module("subject")
    owner, _, name = scope.rpartition(".")
    holder: object = subject
    if owner:
        kind: Callable[..., object] = getattr(subject, owner)
        holder = kind(
            *[Database() for each in inspect.signature(kind).parameters.values() if each.default is each.empty]
        )
    function: Callable[..., object] = getattr(holder, name)
    return function, [bool(DATABASE.search(each)) for each in inspect.signature(function).parameters]


def work(scope: str, values: Sequence[object], tables: Sequence[tuple[str, list[str]]]) -> list[object]:
    """Call a function with each value for all its parameters but the database.

    Args:
        scope: its qualified name in ``subject``.
        values: them.
        tables: to begin with; then no others are made up.

    Returns:
        For each value: the statements as they were executed, whether it raised, what it gave, what the database holds;
        then the tables as they are known now.
    """
    sys.meta_path.append(Finder())
    sqlite3.connect = connect
    if tables:
        TABLES.columns.update({name: list(columns) for name, columns in tables})
        TABLES.learning = False
    function, databases = callee(scope)
    if inspect.iscoroutinefunction(function) or all(databases):
        return [[], []]
    outcomes = [one(function, databases, value) for value in values]
    return [outcomes, [[name, list(columns)] for name, columns in TABLES.columns.items()]]


def one(function: Callable[..., object], databases: Sequence[bool], value: object) -> Outcome:
    """One call, on a fresh database."""
    TABLES.executed = []
    TABLES.inner = TABLES.fresh()
    how, told = "value", ""
    try:
        result = function(*[Database() if database else value for database in databases])
        told = repr(cast("object", result))[:20_000] if isinstance(result, _PLAIN) else ""
    except (sqlite3.Error, TypeError, ValueError, LookupError, AttributeError) as error:
        how, told = "raised", type(error).__name__
    return tuple(TABLES.executed), how, told, repr(TABLES.state())[:20_000]

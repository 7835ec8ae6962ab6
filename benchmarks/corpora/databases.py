"""Runs a program of the SQL corpus on a database in memory. Only for programs of the corpus and fixes of them.

A fix is good when every benign call gives what it gave, and every hostile one what a right program gives:

    wrong = [each for each in cases(database) if outcome(text, database, each) != expected(each)]
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import NamedTuple, cast

from .reading import Database, Query

Entry = Callable[..., object]


class Outcome(NamedTuple):
    """What a call gave: its result as JSON has it, or the error's type; then the rows that the state query shows."""

    result: object
    error: str | None
    state: list[list[object]] | None


def expected(query: Query) -> Outcome:
    """What a right program gives."""
    return Outcome(query.result, None, query.state)


def cases(database: Database) -> list[Query]:
    """Every call, benign ones first."""
    return [*database.benign, *database.hostile]


def outcome(text: str, database: Database, query: Query) -> Outcome:
    """What the program `text` makes of one call on a fresh database."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(database.schema)
        scope: dict[str, object] = {"__name__": "program"}
        exec(compile(text, "program.py", "exec", dont_inherit=True), scope)
        try:
            result, error = plain(_entry(scope, database.entry, connection)(*query.args)), None
        except (sqlite3.Error, sqlite3.Warning, ValueError, TypeError) as caught:
            result, error = None, type(caught).__name__
        state = None if database.state is None else connection.execute(database.state).fetchall()
        return Outcome(result, error, cast("list[list[object]] | None", plain(state)))
    finally:
        connection.close()


def plain(value: object) -> object:
    """A value as JSON has it: tuples are lists, keys are strings, sets are sorted lists."""
    return json.loads(json.dumps(value, default=_listed))


def _listed(value: object) -> object:
    if isinstance(value, set | frozenset):
        return sorted(cast("set[str]", value))
    raise TypeError(f"{value!r} has no form in JSON")


def _entry(scope: dict[str, object], entry: str, connection: sqlite3.Connection) -> Entry:
    name, _, method = entry.partition(".")
    found = cast("Entry", scope[name])
    if method:
        return cast("Entry", getattr(found(connection), method))
    return lambda *args: found(connection, *args)

"""How each database driver writes parameters (PEP 249, ``paramstyle``), and which one a file uses. Tables and text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

__all__ = ["ASSUMED", "STYLES", "Driver", "Style", "dialect_in_text", "driver_of", "style_in_text"]

Style = Literal["?", "%s", "$1", ":1", ":name", "{}"]
"""``{}`` is Django's and others' ``%s`` with a list; kept apart for `raw` and `extra`."""


class Driver(NamedTuple):
    """A driver.

    Args:
        name: what is imported.
        style: how it writes parameters.
        spread: whether they are handed over one by one instead of as a sequence.
        double_quotes: whether its database takes ``"…"`` as a string.
    """

    name: str
    style: Style
    spread: bool = False
    double_quotes: bool = False


_QUESTION = ("sqlite3", "aiosqlite", "pysqlite2", "apsw", "pyodbc", "duckdb", "sqlcipher3", "libsql", "pysqlite3")
_FORMAT = (
    "psycopg2", "psycopg", "MySQLdb", "pymysql", "mysql.connector", "mysql", "aiomysql", "aiopg", "mariadb", "pymssql",
    "pg8000", "django.db", "django", "psycopg_pool", "asyncmy", "flask_mysqldb", "flaskext.mysql",
    "snowflake.connector",
    "redshift_connector", "cymysql", "psycopg2cffi",
)  # fmt: skip
_NUMBERED = ("oracledb", "cx_Oracle")
_NAMED = ("sqlalchemy", "flask_sqlalchemy", "databases", "sqlmodel")
_LIKE_MYSQL = ("sqlite", "MySQL", "mysql", "mariadb", "pymysql", "asyncmy", "apsw", "cymysql")


def _driver(name: str, style: Style, *, spread: bool = False) -> Driver:
    return Driver(name, style, spread, any(word in name for word in _LIKE_MYSQL))


DRIVERS: dict[str, Driver] = {
    **{name: _driver(name, "?") for name in _QUESTION},
    **{name: _driver(name, "%s") for name in _FORMAT},
    **{name: _driver(name, ":1") for name in _NUMBERED},
    **{name: _driver(name, ":name") for name in _NAMED},
    "asyncpg": _driver("asyncpg", "$1", spread=True),
    "mariadb": _driver("mariadb", "?"),
}

_MARK = {"?": re.compile(r"(?<![?\w])\?(?![?|&])"), "%s": re.compile(r"%s"), "$1": re.compile(r"\$\d\b")}


def driver_of(tag: str, modules: Collection[str], hints: Iterable[str] = ()) -> Driver | None:
    """The driver behind an object, or the one driver that a file knows; ``None`` if neither tells.

    Args:
        tag: dotted name of the object, ``""`` if unknown.
        modules: what the file imports.
        hints: what other files that this one imports import, nearest first.
    """
    if tag:
        for name in sorted(DRIVERS, key=len, reverse=True):
            if tag == name or tag.startswith(f"{name}."):
                return DRIVERS[name]
    for names in (modules, list(hints)):
        found = {driver.style: driver for driver in (_imported(each) for each in names) if driver is not None}
        plain = {style: driver for style, driver in found.items() if style != ":name"} or found
        if len(plain) == 1:
            return next(iter(plain.values()))
        if plain:
            return None
    return None


def _imported(module: str) -> Driver | None:
    parts = module.split(".")
    for count in range(len(parts), 0, -1):
        driver = DRIVERS.get(".".join(parts[:count]))
        if driver is not None:
            return driver if count > 1 or driver.name != "django" or "db" in parts else None
    return None


_SQLITE = re.compile(
    r"\b(?:PRAGMA|AUTOINCREMENT|sqlite_master|INSERT\s+OR\s+(?:REPLACE|IGNORE)|GLOB|strftime|julianday|WITHOUT\s+ROWID)\b",
    re.IGNORECASE,
)
_SERVER = re.compile(
    r"\b(?:ILIKE|SERIAL|BIGSERIAL|jsonb|AUTO_INCREMENT|ON\s+DUPLICATE\s+KEY|NOW\(\)|DATE_FORMAT|STR_TO_DATE)\b|::\w|~\*",
    re.IGNORECASE,
)
ASSUMED = Driver("", "?", double_quotes=True)
"""Where nothing tells: that of the standard library."""


STYLES = {"qmark": ASSUMED, "format": Driver("", "%s", double_quotes=True)}
"""What a person may say of the driver, by PEP 249's names."""


def dialect_in_text(statement: str) -> Driver | None:
    """The driver that words of a statement point to which only one kind of database knows."""
    if _SERVER.search(statement):
        return Driver("", "%s")
    return ASSUMED if _SQLITE.search(statement) else None


def style_in_text(statements: Iterable[str]) -> Driver | None:
    """The driver that statements with parameters elsewhere in the file are written for, if they agree."""
    seen = {style for text in statements for style, mark in _MARK.items() if mark.search(text)}
    if seen == {"?"}:
        return Driver("", "?")
    if seen == {"%s"}:
        return Driver("", "%s")
    return None

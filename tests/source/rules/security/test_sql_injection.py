"""SQL injection, the rule: programs that are rewritten run on a database before and after; look-alikes stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.source.analysis.module import Module
from cambrian.source.rules.rule import applied
from cambrian.source.rules.security.python.sql_injection import RULE

HOSTILE = "x' OR '1'='1"
IN_LIST = "x') OR ('1'='1"
IN_PATTERN = "x' OR 1=1 OR name LIKE '"
SCHEMA = """
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER, s TEXT DEFAULT 'open');
INSERT INTO users (name, age) VALUES ('ann', 1), ('bob', 2), ('cyd', 3), ('Ann', 4);
"""


class Variant(NamedTuple):
    """A function ``f(db, *args)``, with harmless arguments and with hostile ones."""

    text: str
    benign: tuple[object, ...]
    hostile: tuple[object, ...]


VARIANTS: dict[str, Variant] = {
    "dict": Variant(
        """\
import sqlite3

def f(db, form):
    cur = db.cursor()
    cur.execute("SELECT * FROM users WHERE name = '%s' AND age > %d" % (form["name"], form["age"]))
    return cur.fetchall()
""",
        ({"name": "ann", "age": 1},),
        ({"name": HOSTILE, "age": 1},),
    ),
    "named": Variant(
        """\
import sqlite3

def f(db, name, age):
    return db.execute("SELECT * FROM users WHERE name = '{name}' AND age = {age}".format(name=name, age=age)).fetchall()
""",
        (
            "ann",
            1,
        ),
        (
            HOSTILE,
            1,
        ),
    ),
    "locals": Variant(
        """\
import sqlite3

def f(db, name, age):
    return db.execute("SELECT * FROM users WHERE name = '%(name)s' AND age = %(age)s" % locals()).fetchall()
""",
        (
            "ann",
            1,
        ),
        (
            HOSTILE,
            1,
        ),
    ),
    "concat": Variant(
        """\
import sqlite3

def f(db, name, age):
    sql = "SELECT * FROM users WHERE name = '" + name + "' AND age = " + str(age) + " ORDER BY id"
    return db.execute(sql).fetchall()
""",
        (
            "ann",
            1,
        ),
        (
            HOSTILE,
            1,
        ),
    ),
    "concat-multi": Variant(
        """\
import sqlite3

def f(db, name, age):
    sql = ("SELECT * FROM users"
           " WHERE name = '" + name + "'"
           " AND age = " + str(age))
    return db.execute(sql).fetchall()
""",
        (
            "ann",
            1,
        ),
        (
            HOSTILE,
            1,
        ),
    ),
    "concat-lines": Variant(
        """\
import sqlite3

def f(db, name, age):
    sql = "SELECT * FROM users WHERE name = '" + \\
        name + \\
        "' AND age > " + \\
        str(age)
    return db.execute(sql).fetchall()
""",
        (
            "ann",
            1,
        ),
        (
            HOSTILE,
            1,
        ),
    ),
    "triple": Variant(
        '''\
import sqlite3

def f(db, name, limit):
    rows = db.execute(f"""
        SELECT *
        FROM users
        WHERE name LIKE '%{name}%'   -- the name
        LIMIT {limit}
    """)
    return rows.fetchall()
''',
        (
            "nn",
            5,
        ),
        (
            IN_PATTERN,
            5,
        ),
    ),
    "clauses": Variant(
        """\
import sqlite3

def f(db, name=None, age=None):
    clauses = []
    if name:
        clauses.append(f"name = '{name}'")
    if age is not None:
        clauses.append("age >= " + str(age))
    sql = "SELECT * FROM users"
    if clauses:
        sql += " WHERE " + " AND ".join(clauses)
    return db.execute(sql).fetchall()
""",
        (
            "ann",
            1,
        ),
        (
            HOSTILE,
            1,
        ),
    ),
    "where": Variant(
        """\
import sqlite3

def f(db, name, age):
    where = f"name = '{name}'"
    if age:
        where += f" AND age = {age}"
    return db.execute(f"SELECT * FROM users WHERE {where} ORDER BY id").fetchall()
""",
        (
            "ann",
            1,
        ),
        (
            HOSTILE,
            1,
        ),
    ),
    "wrapper": Variant(
        """\
import sqlite3

def run(db, sql):
    cur = db.cursor()
    cur.execute(sql)
    return cur.fetchall()

def f(db, name):
    return run(db, f"SELECT * FROM users WHERE name = '{name}'")
""",
        ("ann",),
        (HOSTILE,),
    ),
    "builder": Variant(
        """\
import sqlite3

def build(name):
    return "SELECT * FROM users WHERE name = '" + name + "'"

def f(db, name):
    return db.execute(build(name)).fetchall()
""",
        ("ann",),
        (HOSTILE,),
    ),
    "builder2": Variant(
        """\
import sqlite3

def build(name):
    return "SELECT * FROM users WHERE name = '" + name + "'"

def f(db, name):
    sql = build(name)
    return db.execute(sql).fetchall()
""",
        ("ann",),
        (HOSTILE,),
    ),
    "const": Variant(
        """\
import sqlite3

QUERY = "SELECT * FROM users WHERE name = '%s'"
def f(db, name):
    return db.execute(QUERY % name).fetchall()
""",
        ("ann",),
        (HOSTILE,),
    ),
    "in": Variant(
        """\
import sqlite3

def f(db, names):
    joined = ",".join(f"'{n}'" for n in names)
    return db.execute(f"SELECT * FROM users WHERE name IN ({joined})").fetchall()
""",
        (["ann", "bob"],),
        ([IN_LIST],),
    ),
    "in2": Variant(
        """\
import sqlite3

def f(db, names):
    return db.execute("SELECT * FROM users WHERE name IN ('%s')" % "','".join(names)).fetchall()
""",
        (["ann", "bob"],),
        ([IN_LIST],),
    ),
    "in3": Variant(
        """\
import sqlite3

def f(db, names):
    return db.execute(f"SELECT * FROM users WHERE name IN {tuple(names)}").fetchall()
""",
        (["ann", "bob"],),
        ([HOSTILE, HOSTILE],),
    ),
    "rebind": Variant(
        """\
import sqlite3

def f(db, name):
    sql = f"SELECT * FROM users WHERE name = '{name}'"
    name = name.upper()
    return name, db.execute(sql).fetchall()
""",
        ("ann",),
        (HOSTILE,),
    ),
    "two": Variant(
        """\
import sqlite3

def f(db, name, age):
    sql = f"SELECT * FROM users WHERE name = '{name}'"
    a = db.execute(sql).fetchall()
    sql = f"SELECT * FROM users WHERE age = {age}"
    b = db.execute(sql).fetchall()
    return a, b
""",
        (
            "ann",
            1,
        ),
        (
            HOSTILE,
            1,
        ),
    ),
    "branch": Variant(
        """\
import sqlite3

def f(db, name, age):
    if name:
        sql = f"SELECT * FROM users WHERE name = '{name}'"
    else:
        sql = f"SELECT * FROM users WHERE age = {age}"
    return db.execute(sql).fetchall()
""",
        (
            "ann",
            1,
        ),
        (
            HOSTILE,
            1,
        ),
    ),
    "merge": Variant(
        """\
import sqlite3

def f(db, name, age):
    return db.execute(f"SELECT * FROM users WHERE age = ? AND name = '{name}' AND id > ?", (age, 0)).fetchall()
""",
        (
            "ann",
            1,
        ),
        (
            HOSTILE,
            1,
        ),
    ),
    "join": Variant(
        """\
import sqlite3

def f(db, name):
    sql = " ".join(["SELECT * FROM users", "WHERE name = '" + name + "'"])
    return db.execute(sql).fetchall()
""",
        ("ann",),
        (HOSTILE,),
    ),
    "loop": Variant(
        """\
import sqlite3

def f(db, pairs):
    sql = "SELECT * FROM users WHERE 1=1"
    for key, value in pairs:
        sql += " AND name != '" + value + "'"
    return db.execute(sql).fetchall()
""",
        ([("a", "ann")],),
        ([("a", HOSTILE)],),
    ),
    "pattern": Variant(
        """\
import sqlite3

def f(db, name):
    pattern = f"%{name}%"
    status = "open"
    if name: status = name
    return db.execute(f"SELECT * FROM users WHERE name LIKE '{pattern}' AND s = '{status}'").fetchall()
""",
        ("ann",),
        (HOSTILE,),
    ),
}


def fixed(text: str) -> str:
    """A text with all fixes made."""
    return applied(text, RULE.find(Module(text)))


def rows(text: str, arguments: tuple[object, ...]) -> object:
    """What a program's function gives on a small database."""
    database = sqlite3.connect(":memory:")
    try:
        database.executescript(SCHEMA)
        scope: dict[str, object] = {}
        exec(compile(text, "variant.py", "exec"), scope)
        return cast("Callable[..., object]", scope["f"])(database, *arguments)
    finally:
        database.close()


def flat(value: object) -> list[object]:
    """All that stands in nested lists and tuples."""

    def walk(part: object) -> Iterator[object]:
        if isinstance(part, list | tuple):
            for each in cast("list[object]", part):
                yield from walk(each)
        else:
            yield part

    return list(walk(value))


@pytest.mark.parametrize("name", VARIANTS)
def test_harmless_values_give_the_same_and_hostile_ones_no_more(name: str) -> None:
    variant = VARIANTS[name]
    text = fixed(variant.text)
    assert text != variant.text
    assert rows(text, variant.benign) == rows(variant.text, variant.benign)
    got = rows(text, variant.hostile)
    if name not in {"loop", "two"}:
        assert "bob" not in flat(got), f"the hostile value still reaches the statement in\n{text}"
    assert list(RULE.find(Module(text))) == [], "nothing is left to find"


@pytest.mark.parametrize("name", sorted(VARIANTS.keys() - {"loop", "two", "where", "clauses", "branch", "in3"}))
def test_the_variants_are_vulnerable(name: str) -> None:
    """Positive control: before, the hostile value gives rows, or an error of syntax."""
    try:
        got = rows(VARIANTS[name].text, VARIANTS[name].hostile)
    except sqlite3.Error:
        return
    assert flat(got)


@given(st.sampled_from(["ann", "bob"]) | st.text("abn'%-; ", max_size=12), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_a_parameter_is_taken_as_it_is(name: str, age: int) -> None:
    text = fixed(VARIANTS["concat"].text)
    wanted = [row for row in [(1, "ann", 1, "open"), (2, "bob", 2, "open")] if row[1:3] == (name, age)]
    assert rows(text, (name, age)) == wanted


DRIVERS: dict[str, tuple[str, str]] = {
    "psy": (
        """\
import psycopg2
def f(conn, name):
    with conn.cursor() as cur:
        cur.execute("SELECT to_char(d, '%Y') FROM t WHERE name = '" + name + "' AND x LIKE '%a%'")
""",
        "cur.execute(\"SELECT to_char(d, '%%Y') FROM t WHERE name = %s AND x LIKE '%%a%%'\", (name,))",
    ),
    "asyncpg": (
        """\
import asyncpg
async def f(conn, name, n):
    return await conn.fetch(f"SELECT * FROM users WHERE name = '{name}' LIMIT {n}")
""",
        'conn.fetch("SELECT * FROM users WHERE name = $1 LIMIT $2", name, n)',
    ),
    "sa": (
        """\
from sqlalchemy import text, create_engine
def f(session, name):
    stmt = text(f"SELECT * FROM users WHERE name = '{name}'")
    session.execute(stmt)
    return session.execute(text("SELECT * FROM users WHERE id = " + str(name))).all()
""",
        '{"name": name})',
    ),
    "django": (
        """\
from django.db import connection
from .models import User
def view(request):
    q = request.GET.get("q", "")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM t WHERE a LIKE '%{q}%'")
    return User.objects.raw("SELECT * FROM auth_user WHERE username = '%s'" % q)
""",
        '(f"%{q}%",)',
    ),
    "many": (
        """\
import sqlite3

def f(db, city, rows):
    db.executemany("INSERT INTO users (name, age, city) VALUES (?, ?, '%s')" % city, rows)
""",
        "[(*row, city) for row in rows]",
    ),
    "flask": (
        """\
from flask import Flask, request
import MySQLdb
app = Flask(__name__)
db = MySQLdb.connect("x")
@app.route("/u")
def u():
    uid = request.args.get("id")
    c = db.cursor()
    c.execute("SELECT * FROM users WHERE id = %s" % uid)
    return str(c.fetchone())
""",
        'WHERE id = %s", (uid,))',
    ),
}


@pytest.mark.parametrize("name", DRIVERS)
def test_parameters_are_written_as_the_driver_wants_them(name: str) -> None:
    before, expected = DRIVERS[name]
    assert expected in fixed(before)


SAFE = {
    "numbers": """\
import sqlite3
def f(db, n):
    return db.execute(f"SELECT * FROM t LIMIT {int(n)}")
""",
    "allowed": """\
import sqlite3

ALLOWED = {"name", "age"}
def f(db, col, n, ids):
    if col not in ALLOWED:
        raise ValueError(col)
    marks = ", ".join("?" for _ in ids)
    print(f"SELECT * FROM x WHERE {col}")
    db.execute(f"SELECT * FROM users WHERE id IN ({marks})", ids)
    return db.execute(f"SELECT {col} FROM users ORDER BY {col} LIMIT {int(n)}").fetchall()
""",
    "logged": """\
import logging
def f(name):
    logging.info(f"SELECT * FROM t WHERE name = '{name}'")
""",
    "dict": """\
import sqlite3
ORDERS = {"up": "name ASC", "down": "name DESC"}
def f(db, order):
    return db.execute("SELECT * FROM t ORDER BY " + ORDERS[order])
""",
    "other execute": """\
def f(robot, place):
    robot.execute(f"go to {place}")
""",
    "fullmatch": """\
import re
import sqlite3
def f(db, table):
    if not re.fullmatch(r"[a-z_]+", table):
        raise ValueError(table)
    return db.execute(f"SELECT * FROM {table}")
""",
}


@pytest.mark.parametrize("name", SAFE)
def test_look_alikes_are_left_alone(name: str) -> None:
    assert list(RULE.find(Module(SAFE[name]))) == []


@pytest.mark.parametrize(
    "clause", ["FROM {x}", "FROM t ORDER BY {x}", "FROM t_{x} WHERE a = 1", "FROM t WHERE {x} = 1", "FROM t WHERE {x}"]
)
def test_names_and_clauses_are_told_and_left(clause: str) -> None:
    found = list(RULE.find(Module(f'import sqlite3\n\n\ndef f(db, x):\n    return db.execute(f"SELECT * {clause}")\n')))
    assert [(each.splices, "cannot be" in each.advice) for each in found] == [((), True)]


def test_a_driver_that_nothing_tells_is_assumed_and_said_to_be() -> None:
    (found,) = RULE.find(Module('def f(db, x):\n    return db.cursor().execute(f"SELECT a FROM t WHERE b = {x}")\n'))
    assert found.splices
    assert "'?'" in found.assumes[0]

"""The rule against SQL injection in scripts: values of template literals and sums become parameters. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, severity_of

from .flow import Flow
from .ruling import ScriptRule
from .statement import Made, ScriptStatement
from .tree import Node, callee

__all__ = ["RULE", "ScriptSqlInjection"]

_METHODS = frozenset({
    "query", "execute", "run", "get", "all", "each", "exec", "prepare", "raw", "unsafe", "$queryRawUnsafe",
    "$executeRawUnsafe", "any", "one", "oneOrNone", "many", "none", "manyOrNone", "iterate", "pluck",
})  # fmt: skip
_DOLLAR = ("pg", "pg-promise", "postgres", "pg-pool", "@vercel/postgres", "@neondatabase/serverless")
_QUESTION = (
    "mysql",
    "mysql2",
    "mysql2/promise",
    "mariadb",
    "sqlite3",
    "better-sqlite3",
    "sqlite",
    "knex",
    "promise-mysql",
)
_ASSUMES = "the driver takes '{0}' for a parameter"


class ScriptSqlInjection(ScriptRule):
    """Statements that are put together from strings."""

    id = "js-sql-injection"
    title = "Values in SQL statements of scripts become parameters"
    why = (
        "A value that is written into a statement with a template literal or with + is read by the database as SQL. "
        "Handed over beside the statement it stays a value: as ? for MySQL and SQLite, as $1 for PostgreSQL, as "
        "replacements for Sequelize. Names of tables and columns cannot be parameters, and are told with advice."
    )
    cwe = "cwe-89"
    tags = ("cwe-89", "owasp-a03")
    severity = "critical"
    examples = (
        Example(
            before="""\
const mysql = require('mysql2');

function find(db, name) {
  return db.query(`SELECT * FROM users WHERE name = '${name}'`);
}
""",
            after="""\
const mysql = require('mysql2');

function find(db, name) {
  return db.query(`SELECT * FROM users WHERE name = ?`, [name]);
}
""",
            note="a template literal",
        ),
        Example(
            before="""\
import pg from 'pg';

export async function find(pool, id, city) {
  const sql = "SELECT * FROM users WHERE id = " + id + " AND city LIKE '" + city + "%'";
  return pool.query(sql);
}
""",
            after="""\
import pg from 'pg';

export async function find(pool, id, city) {
  const sql = "SELECT * FROM users WHERE id = $1 AND city LIKE $2";
  return pool.query(sql, [id, `${city}%`]);
}
""",
            note="a sum, carried in a variable",
        ),
        Example(
            before="""\
const Database = require('better-sqlite3');
const TABLE = 'users';

function find(db, id) {
  return db.prepare(`SELECT * FROM ${TABLE} WHERE id = ?`).get(id);
}
""",
            after=None,
            note="a constant and a parameter",
        ),
        Example(
            before="""\
const mysql = require('mysql2');

function find(db, id) {
  return db.query(`SELECT * FROM users WHERE id = ${Number(id)}`);
}
""",
            after=None,
            note="a number",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Calls that execute statements."""
        for call in flow.script.of("call_expression"):
            called = callee(call)
            method = called.children[-1].text if called.kind == "member_expression" else ""
            given = call.children[-1].parts if call.children[-1].kind == "arguments" else []
            if method not in _METHODS or not given:
                continue
            statement = ScriptStatement(flow, given[0])
            if statement.is_sql:
                yield self._told(flow, call, method, given, statement)

    def _told(self, flow: Flow, call: Node, method: str, given: list[Node], statement: ScriptStatement) -> Finding:
        style, sure = _style(flow, call, method)
        made = statement.made(style)
        splices = [] if made.why else _handed(flow, call, method, given, made)
        if splices is None:
            made, splices = Made([], [], why="the call has values already, and their order cannot be told"), []
        trust, step = statement.worst
        names = statement.names()
        what = f"{', '.join(map(repr, names))} {'is' if len(names) == 1 else 'are'} written into an SQL statement"
        end = flow.step(call, f"handed to {method}()", step)
        return self.found(
            flow, call, what, splices=[] if made.why else [*made.splices, *splices], step=end,
            advice=f"{made.why}; look names up in a list of those allowed, hand values over" if made.why else "",
            severity=severity_of(trust, step, self.severity),
            assumes=() if sure or made.why else (_ASSUMES.format(style if style == "?" else "$1"),),
        )  # fmt: skip


def _style(flow: Flow, call: Node, method: str) -> tuple[str, bool]:
    """How the driver writes parameters, and whether that is known for certain."""
    modules = flow.script.modules
    dollar, question = any(name in modules for name in _DOLLAR), any(name in modules for name in _QUESTION)
    if dollar != question:
        return ("$" if dollar else "?"), True
    if method == "prepare" or "sequelize" in callee(call).text.lower() or "sequelize" in modules:
        return "?", True
    if method.startswith("$"):
        return "$", False
    receiver = callee(call).children[0].text.lower()
    return ("$", False) if receiver.endswith(("pool", "client", "pg")) and method == "query" else ("?", False)


def _handed(flow: Flow, call: Node, method: str, given: list[Node], made: Made) -> list[Splice] | None:
    """The edits that hand the values over; ``None`` where there are others whose order cannot be told."""
    if not made.values and not made.carried:
        return []
    if method == "prepare":
        return _prepared(flow, call, made)
    sources = _sources(made)
    array = made.carried if made.carried and not made.values else f"[{', '.join(sources)}]"
    if "sequelize" in callee(call).text.lower() or "sequelize" in flow.script.modules:
        return _replaced(given, array)
    second = given[1] if len(given) > 1 else None
    if second is None and method.startswith("$"):
        return [Splice(given[0].stop, given[0].stop, ", " + ", ".join(sources))]
    if second is None or _is_callback(second):
        return [Splice(given[0].stop, given[0].stop, f", {array}")]
    return None if second.kind != "array" or made.carried else _merged(second, made)


def _merged(there: Node, made: Made) -> list[Splice]:
    old = [each.text for each in there.parts]
    merged: list[str] = []
    for rank in range(len(old) + 1):
        merged += [value.source for value in made.values if value.rank == rank]
        merged += old[rank : rank + 1]
    return [Splice(there.start, there.stop, f"[{', '.join(merged)}]")]


def _sources(made: Made) -> list[str]:
    return [*([f"...{made.carried}"] if made.carried else []), *(value.source for value in made.values)]


def _is_callback(node: Node) -> bool:
    return node.kind in {"arrow_function", "function_expression", "function"} or node.text in {
        "cb",
        "callback",
        "done",
        "next",
    }


def _replaced(given: list[Node], array: str) -> list[Splice] | None:
    """Sequelize takes values among its options."""
    if len(given) == 1:
        return [Splice(given[0].stop, given[0].stop, f", {{ replacements: {array} }}")]
    if given[1].kind != "object" or "replacements" in given[1].text:
        return None
    space = "" if given[1].text.startswith("{\n") else " "
    comma = "," if given[1].parts else ""
    return [Splice(given[1].start + 1, given[1].start + 1, f"{space}replacements: {array}{comma}")]


def _prepared(flow: Flow, call: Node, made: Made) -> list[Splice] | None:
    """A prepared statement takes values where it is run: in the same chain, or by the name it was given."""
    text = ", ".join(_sources(made))
    member = call.parent
    if member is not None and member.kind == "member_expression" and member.parent is not None:
        return _filled(member.parent, text, made)
    holder = next((each for each in call.above() if each.kind == "variable_declarator"), None)
    if holder is None or holder.children[-1] is not call:
        return None
    name, splices = holder.children[0].text, list[Splice]()
    for node in flow.script.of("member_expression"):
        if node.children[0].text == name and node.children[-1].text in {"get", "all", "run", "iterate", "each"}:
            filled = _filled(node.parent, text, made) if node.parent is not None else None
            if filled is None:
                return None
            splices += filled
    return splices or None


def _filled(call: Node, text: str, made: Made) -> list[Splice] | None:
    if call.kind != "call_expression" or call.children[-1].kind != "arguments":
        return None
    given = call.children[-1].parts
    if not given or _is_callback(given[0]):
        at = call.children[-1].start + 1
        return [Splice(at, at, text + (", " if given else ""))]
    if made.carried or any(value.rank != len(given) for value in made.values):
        return None
    return [Splice(given[-1].stop, given[-1].stop, f", {text}")]


RULE = ScriptSqlInjection()

"""The rule against SQL injection: values that are written into a statement are handed over beside it. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen, severity_of
from cambrian.source.rules.security.sql.assembly import Given, Parametrised, Statement
from cambrian.source.rules.security.sql.calling import Call, call_of, hand_over, marked_by
from cambrian.source.rules.security.sql.drivers import ASSUMED, Driver, driver_of, style_in_text
from cambrian.source.rules.security.sql.parameters import Refused
from cambrian.source.rules.security.sql.template import Hole, Reader
from cambrian.source.rules.security.sql.variables import Carriers
from cambrian.source.rules.security.sql.wrapping import Builder, Wrapper
from cambrian.source.taint.frame import Hit
from cambrian.source.taint.value import CLEAN, HOSTILE, OPAQUE, Step

__all__ = ["RULE", "SqlInjection"]

_Edits = Callable[[list[Given]], "list[Splice] | Refused"]
_ADVICE = {
    "identifier": "let the program choose the name: look it up in a dict or set of the names that are allowed",
    "value": "hand the values over as parameters of the call",
}
_ASSUMES = "the database's driver takes '?' for a parameter, as sqlite3 does (--paramstyle says which)"
_TRIES = 4
"""Variables inside of variables that turn out to be values."""
_TEXT = Driver("sqlalchemy", ":name")
_DJANGO = Driver("django", "{}")
_STATEMENTS = frozenset({"sql", "query", "statement", "stmt", "command", "q", "raw_sql", "text"})
_COMMON_WORDS = frozenset({"fetch", "scalar", "scalars", "raw", "extra", "run", "fetch_one", "fetch_all", "fetch_val"})


class SqlInjection(SecurityRule):
    """Statements that are put together from strings."""

    id = "sql-injection"
    title = "Values in SQL statements become parameters"
    why = (
        "A value that is written into a statement is read by the database as SQL: `x' OR '1'='1` gives all rows. "
        "Handed over beside the statement it stays a value. The guard takes the statement apart, over several lines "
        "and variables, and asks for every hole what stands there: a value becomes a parameter in the style of the "
        "driver; the name of a table or column cannot be one, and is told with advice. Left alone is what is written "
        "in the program, was made a number, or was found in a list of what is allowed."
    )
    cwe = "cwe-89"
    tags = ("cwe-89", "owasp-a03")
    severity = "critical"
    examples = (
        Example(
            before="""\
import sqlite3


def find(db: sqlite3.Connection, name):
    return db.execute(f"SELECT id FROM users WHERE name = '{name}'").fetchall()
""",
            after="""\
import sqlite3


def find(db: sqlite3.Connection, name):
    return db.execute("SELECT id FROM users WHERE name = ?", (name,)).fetchall()
""",
            note="a value in quotes",
        ),
        Example(
            before="""\
import psycopg2


def find(cursor, age, city):
    query = "SELECT * FROM people WHERE age > %s" % age
    if city:
        query += " AND city LIKE '" + city + "%'"
    cursor.execute(query)
""",
            after="""\
import psycopg2


def find(cursor, age, city):
    query = "SELECT * FROM people WHERE age > %s"
    params = [age]
    if city:
        query += " AND city LIKE %s"
        params.append(f"{city}%")
    cursor.execute(query, params)
""",
            note="put together over several lines",
        ),
        Example(
            before="""\
import sqlite3


def find(db, ids):
    return db.execute("SELECT * FROM t WHERE id IN (" + ",".join(map(str, ids)) + ")")
""",
            after="""\
import sqlite3


def find(db, ids):
    return db.execute("SELECT * FROM t WHERE id IN (" + ", ".join("?" * len(ids)) + ")", [*ids])
""",
            note="several values",
        ),
        Example(
            before="""\
import sqlite3

TABLE = "users"


def find(db, key):
    return db.execute(f"SELECT * FROM {TABLE} WHERE id = {int(key)}")
""",
            after=None,
            note="a constant, and a number",
        ),
        Example(
            before="""\
import sqlite3


def find(db, column):
    return db.execute(f"SELECT * FROM users ORDER BY {column}")
""",
            after=None,
            note="a name cannot be a parameter: told, with advice",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Statements with holes."""
        for hit, node in seen.calls("sql"):
            method = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            call = call_of(node, method)
            if call is not None and method == "extra":
                continue
            if call is not None:
                yield from self._look(seen, hit, call, method)
        yield from self._wrapped(seen)

    def _look(self, seen: Seen, hit: Hit, call: Call, method: str) -> Iterator[Finding]:
        found = _Examined(seen, call, hit, method)
        if isinstance(call.query, ast.Call) and found.is_text(call.query):
            return
        if found.statement.holes() and found.is_sql():
            yield self._told(found, found.fixed())
        elif found.whole():
            built = Builder.of(seen.module, call.query, found.carriers)
            if built is None:
                yield from self._unknown(found)
            else:
                yield from self._built(found, built)

    def _built(self, found: _Examined, built: Builder) -> Iterator[Finding]:
        """A statement that a function of the file gives."""
        inner = _Examined(
            found.seen, Call(found.call.node, built.returned, None), found.hit, found.method, at=built.returned
        )
        if inner.statement.holes() and inner.is_sql():
            driver = found.driver() or ASSUMED
            if found.call.given is not None:
                fixed: list[Splice] | Refused = Refused("the call has parameters already")
            else:
                fixed = inner.fixed_as(driver, lambda given: built.edits(found.call, given))
            yield self._told(inner, fixed)

    def _unknown(self, found: _Examined) -> Iterator[Finding]:
        trust, step = found.seen.worst(found.hit, 0)
        named = isinstance(found.call.query, ast.Name) and found.call.query.id in _STATEMENTS
        driver = driver_of(found.hit.receiver.tag, ())
        known = driver is not None and driver.style != ":name" and bool(found.hit.arguments.get(0, CLEAN).labels)
        if not trust or not (known or trust == HOSTILE):
            return
        what = (
            "a whole SQL statement comes from outside"
            if trust == HOSTILE
            else "executes whatever statement it is given"
        )
        quiet = trust < HOSTILE and (not named or self._is_called(found))
        yield self.found(
            found.seen, found.call.node, what, severity=severity_of(trust, step, "high") if trust == HOSTILE else "low",
            step=step, hit=found.hit, dormant=quiet, advice="execute statements of the program only",
        )  # fmt: skip

    def _is_called(self, found: _Examined) -> bool:
        """Whether somebody in the file calls the function: then it is looked at there."""
        name = found.hit.scope.rpartition(".")[2]
        return any(getattr(call.func, "attr", getattr(call.func, "id", "")) == name for call in found.seen.unit.wrapped)

    def _wrapped(self, seen: Seen) -> Iterator[Finding]:
        """Calls of functions that execute what they are given."""
        for node, reached in seen.unit.wrapped.items():
            for each, key in reached:
                if each.sink != "sql" or each.argument != 0:
                    continue
                query = node.args[key] if isinstance(key, int) else next(k.value for k in node.keywords if k.arg == key)
                hit = Hit("sql", node, "", "", None, {0: seen.unit.values[query]})
                found = _Examined(seen, Call(node, query, None), hit, "execute")
                if found.statement.holes() and found.is_sql():
                    wrapper = Wrapper.of(seen.module, seen.unit, each)
                    if wrapper is None:
                        fixed: list[Splice] | Refused = Refused("the function that executes it takes no parameters")
                    else:
                        fixed = found.through(wrapper, driver_of(wrapper.tag, seen.unit.modules, seen.hints) or ASSUMED)
                    yield self._told(found, fixed)

    def _told(self, found: _Examined, fixed: list[Splice] | Refused) -> Finding:
        trust, step = found.worst()
        kinds = {spot.role for spot in found.statement.spots}
        named = bool(kinds & {"identifier", "quoted-identifier", "clause"})
        names = list(dict.fromkeys(found.names())) or ["a value"]
        what = f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} written into an SQL statement"
        if isinstance(fixed, Refused):
            advice = f"{fixed.why}; {_ADVICE['identifier' if named else 'value']}"
            severity = severity_of(
                trust,
                step,
                "high" if named and kinds <= {"identifier", "quoted-identifier", "clause"} else self.severity,
            )
            return self.found(
                found.seen, found.call.node, what, severity=severity, step=step, hit=found.hit, advice=advice
            )
        return self.found(
            found.seen, found.call.node, what, severity=severity_of(trust, step, self.severity), step=step,
            hit=found.hit, splices=fixed, assumes=() if found.driver() is not None else (_ASSUMES,),
        )  # fmt: skip


class _Examined:
    """A call that executes a statement, taken apart."""

    def __init__(self, seen: Seen, call: Call, hit: Hit, method: str, at: ast.expr | None = None) -> None:
        self.seen = seen
        self.call = call
        self.hit = hit
        self.method = method
        self.carriers = Carriers(seen.module.index, at or call.node)
        self.statement = self._read(frozenset())
        for _ in range(_TRIES):
            torn = self.statement.torn()
            if torn:
                self.statement = self._read(self.statement.reader.closed | torn)

    def _read(self, closed: frozenset[str]) -> Statement:
        reader = Reader(self.seen.module.locator, self.carriers.events, self._constant, closed)
        driver = self.driver()
        double = driver is None or driver.double_quotes
        return Statement(self.call.query, self.carriers, reader, self._suspicious, double_quotes=double)

    def _constant(self, node: ast.expr) -> str | None:
        value = self.seen.unit.values.get(node)
        return value.text if value is not None and not value.trust else None

    def _suspicious(self, hole: Hole) -> bool:
        if hole.numeric:
            return False
        value = self.seen.unit.values.get(hole.node) if hole.node is not None else None
        return value is None or not value.harmless("sql")

    def names(self) -> Iterable[str]:
        """What is written into the statement, for people."""
        for hole in self.statement.holes():
            if hole.node is not None and not hole.source:
                text = " ".join(self.seen.module.segment(hole.node).split())
                yield f"'{text if len(text) <= 40 else text[:39] + '…'}'"

    def is_text(self, node: ast.Call) -> bool:
        """Whether an argument is SQLAlchemy's ``text(…)``: a finding of its own."""
        return ("sql", node) in self.seen.unit.hits

    def is_sql(self) -> bool:
        """Whether it is a statement, as far as its text tells."""
        text = self.statement.text
        return self.statement.is_sql or (
            not self.whole() and self.statement.continues and self.method not in _COMMON_WORDS and bool(text)
        )

    def whole(self) -> bool:
        """Whether all of it is one hole."""
        return len(self.statement.units) == 1 and self.statement.units[0].hole is not None

    def worst(self) -> tuple[int, Step | None]:
        """The least trusted of what is written into the statement."""
        trust, step = self.seen.worst(self.hit, 0)
        for hole in self.statement.holes():
            value = self.seen.unit.values.get(hole.node) if hole.node is not None else None
            if value is not None and value.trust > trust:
                trust, step = (
                    value.trust,
                    self.seen.unit.step(self.call.node, "written into an SQL statement", value.step),
                )
        return trust or OPAQUE, step

    def driver(self) -> Driver | None:
        """Whose placeholders the statement has to have."""
        unit = self.seen.unit
        if self.method in {"raw", "RawSQL", "extra"}:
            return _DJANGO
        if self.method == "text":
            return _TEXT
        found = driver_of(self.hit.receiver.tag, unit.modules, self.seen.hints)
        if found is not None:
            return found
        constants = [
            unit.values[node.args[0]].text
            for _, node in self.seen.calls("sql")
            if node.args and node.args[0] in unit.values
        ]
        return style_in_text([text for text in constants if text]) or self.seen.style

    def fixed(self) -> list[Splice] | Refused:
        """The edits, or why there are none."""
        driver = self.driver() or ASSUMED
        if self.method in {"exec_driver_sql", "executescript"}:
            return Refused(f"{self.method}() takes no parameters")
        if self.method == "text":
            return self._text()
        return self.fixed_as(driver, lambda given: self._hand_over(given, driver))

    def fixed_as(self, driver: Driver, edits: _Edits) -> list[Splice] | Refused:
        """The edits of the statement, with those that hand its parameters over."""
        made = self._parametrised(driver, first=self.call.given is None)
        if isinstance(made, Refused):
            return made
        handed = edits(made.given)
        return handed if isinstance(handed, Refused) else [*made.splices, *handed]

    def _parametrised(self, driver: Driver, *, first: bool, kept: tuple[str, ...] = ()) -> Parametrised | Refused:
        return self.statement.parametrised(driver, first=first, kept=kept or marked_by(self.call.given))

    def _hand_over(self, given: list[Given], driver: Driver) -> list[Splice] | Refused:
        locator = self.seen.module.locator
        marks = self.statement.marks(driver)
        handed = hand_over(self.call, given, driver, locator, marks)
        if (
            isinstance(handed, Refused)
            or driver.style != ":name"
            or not driver.name.startswith(("sqlalchemy", "flask_sqlalchemy", "sqlmodel"))
        ):
            return handed
        start, stop = locator.range(self.call.query)
        text = self.seen.module.importing("sqlalchemy", "text")
        return [*handed, *text.splices, Splice(start, start, f"{text.spelling}("), Splice(stop, stop, ")")]

    def _text(self) -> list[Splice] | Refused:
        """SQLAlchemy's ``text(…)``: parameters go to the call around it, or to the text itself."""
        index = self.seen.module.index
        outer = index.parent(self.call.node)
        executes = (
            isinstance(outer, ast.Call) and outer.args[:1] == [self.call.node] and isinstance(outer.func, ast.Attribute)
        )
        given = outer.args[1] if isinstance(outer, ast.Call) and executes and len(outer.args) > 1 else None
        made = self._parametrised(_TEXT, first=given is None, kept=tuple(marked_by(given)))
        if isinstance(made, Refused):
            return made
        if executes and isinstance(outer, ast.Call):
            around = Call(outer, self.call.node, given)
            handed = hand_over(around, made.given, _TEXT, self.seen.module.locator, 0)
            return handed if isinstance(handed, Refused) else [*made.splices, *handed]
        _, stop = self.seen.module.locator.range(self.call.node)
        bound = ", ".join(f"{each.name}={each.source}" for each in made.given)
        return [*made.splices, Splice(stop, stop, f".bindparams({bound})")]

    def through(self, wrapper: Wrapper, driver: Driver) -> list[Splice] | Refused:
        """The edits if a function of the file executes the statement."""
        if driver.spread or driver.style == ":name":
            return Refused("it cannot be told how the function that executes it takes parameters")
        return self.fixed_as(driver, lambda given: wrapper.edits(self.call.node, given, driver))


RULE = SqlInjection()

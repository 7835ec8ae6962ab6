"""Variables that carry a statement, or parts of it: what gives them their text, and what of it holds where it is used.

Reads the trees of one function; nothing is executed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from weakref import WeakKeyDictionary

from cambrian.source.analysis.index import Index

from .template import Event

__all__ = ["Carriers"]

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_TELLS = frozenset(
    {"print", "debug", "info", "warning", "error", "exception", "log", "critical", "warn", "len", "pformat"}
)
_MANY = 200
"""A variable that is given a value more often is not followed."""
_KNOWN: WeakKeyDictionary[Index, dict[ast.AST, dict[str, list[ast.AST]]]] = WeakKeyDictionary()
"""File → function → where it binds each name."""


class Carriers:
    """Variables of a function, as seen from one place in it.

    Args:
        index: of the file.
        sink: the call that gets the statement.
    """

    def __init__(self, index: Index, sink: ast.expr) -> None:
        self.index = index
        self.sink = index.statement(sink)
        function = index.function(sink)
        self.scope: ast.AST = index.tree if function is None or isinstance(function, ast.Lambda) else function
        self._chain = [self.sink, *index.ancestors(self.sink)]
        known = _KNOWN.setdefault(index, {})
        if self.scope not in known:
            known[self.scope] = _bound_in(self.scope)
        self._bound = known[self.scope]
        self.names = set(self._bound)

    def bindings(self, name: str) -> list[ast.AST]:
        """Every place in the function that gives a name a value."""
        return self._bound.get(name, [])

    def events(self, name: str) -> list[Event] | None:
        """What gives a name its text where the sink is, in the order of the file; ``None`` if it cannot be told."""
        found: list[Event] = []
        if name not in self.names:
            return None
        bound = self.bindings(name) or self._constants(name)
        if len(bound) > _MANY:
            return None
        for node in bound:
            event = self._event(node, name)
            if event is None:
                return None
            found.append(event)
        found += self._appended(name, found)
        return self._reaching(sorted(found, key=lambda event: event.statement.lineno))

    def _constants(self, name: str) -> list[ast.AST]:
        """A variable of the file that only this function reads, once."""
        everywhere = [node for node in self.index.of(ast.Name) if node.id == name]
        stores = [node for node in everywhere if isinstance(node.ctx, ast.Store)]
        return [*stores] if len(everywhere) == 2 and len(stores) == 1 else []

    def _event(self, node: ast.AST, name: str) -> Event | None:
        statement = self.index.parent(node)
        if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add) and statement.target is node:
            return Event(statement, statement.value, "add")
        if isinstance(statement, ast.AnnAssign) and statement.value is not None and statement.target is node:
            return Event(statement, statement.value, "set")
        if isinstance(statement, ast.Assign) and statement.targets == [node]:
            return Event(statement, statement.value, "add" if _extends(statement.value, name) else "set")
        return None

    def _appended(self, name: str, events: Sequence[Event]) -> list[Event]:
        """``name.append(text)`` of a list that begins as a display."""
        if not events or not all(isinstance(event.node, ast.List) for event in events if event.how == "set"):
            return []
        found: list[Event] = []
        for node in ast.walk(self.scope):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and len(node.value.args) == 1:
                function = node.value.func
                if (
                    isinstance(function, ast.Attribute)
                    and function.attr == "append"
                    and getattr(function.value, "id", "") == name
                ):
                    found.append(Event(node, node.value.args[0], "append"))
        return found

    def _reaching(self, events: list[Event]) -> list[Event] | None:
        """Those that can be in force at the sink."""
        loops = [above for above in self._chain if isinstance(above, ast.For | ast.AsyncFor | ast.While)]
        line = self.sink.lineno
        found: list[Event] = []
        for event in events:
            later = event.statement.lineno >= line and self.index.function(event.statement) is self.index.function(
                self.sink
            )
            if later and event.how != "set" and self._within(event.statement, loops):
                return None
            if later or self._excluded(event.statement):
                continue
            if event.how == "set" and self.dominates(event.statement):
                found = []
            found.append(event)
        if not found or found[0].how != "set":
            return None
        return found

    def _within(self, statement: ast.stmt, loops: Sequence[ast.AST]) -> bool:
        above = list(self.index.ancestors(statement))
        return any(loop in above for loop in loops)

    def dominates(self, statement: ast.stmt) -> bool:
        """Whether a statement has always been gone through when the sink is reached."""
        block = self.index.parent(statement)
        if block is None or block not in self._chain:
            return False
        mine = self._chain[self._chain.index(block) - 1]
        return any(statement in part and mine in part for part in _blocks(block))

    def _excluded(self, statement: ast.stmt) -> bool:
        """Whether it is in the other branch of a condition that the sink is in."""
        above: list[ast.AST] = [statement, *self.index.ancestors(statement)]
        for lower, upper in pairwise(above):
            if isinstance(upper, ast.If) and upper in self._chain:
                mine = self._chain[self._chain.index(upper) - 1]
                return (lower in upper.body and mine in upper.orelse) or (lower in upper.orelse and mine in upper.body)
        return False

    def steady(self, node: ast.expr, since: ast.stmt) -> bool:
        """Whether an expression is the same at the sink as right after a statement."""
        if any(isinstance(each, ast.Call | ast.Await | ast.NamedExpr) and not _reads(each) for each in ast.walk(node)):
            return False
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        start, end = since.end_lineno or since.lineno, self.sink.lineno
        for name in names:
            for binding in self.bindings(name):
                if start < getattr(binding, "lineno", 0) <= end and not isinstance(binding, ast.arg):
                    return False
        return True

    def leaks(self, name: str, known: Sequence[ast.AST], events: Sequence[ast.stmt]) -> bool:
        """Whether a variable is read where a statement without its parameters would do harm.

        Args:
            name: the variable.
            known: where it is read by the statement itself.
            events: what gives it the text that changes.
        """
        for node in ast.walk(self.scope):
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                chain = [node, *self.index.ancestors(node)]
                if any(each in chain for each in known) or _told(chain) or _tested(chain):
                    continue
                seen = Carriers(self.index, node).events(name)
                if seen is None or any(each.statement in events for each in seen):
                    return True
        return False

    def free(self, *wanted: str) -> str:
        """The first of these names that the function does not use, with a number if need be."""
        for name in wanted:
            if name not in self.names:
                return name
        number = 2
        while f"{wanted[-1]}_{number}" in self.names:
            number += 1
        return f"{wanted[-1]}_{number}"


def _bound_in(scope: ast.AST) -> dict[str, list[ast.AST]]:
    """All names in a function, with the places that give each a value."""
    found: dict[str, list[ast.AST]] = {}
    for node in ast.walk(scope):
        if isinstance(node, ast.Name):
            places = found.setdefault(node.id, [])
            if not isinstance(node.ctx, ast.Load):
                places.append(node)
        elif isinstance(node, ast.arg):
            found.setdefault(node.arg, []).append(node)
        elif isinstance(node, ast.alias):
            found.setdefault(node.asname or node.name, []).append(node)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            for name in node.names:
                found.setdefault(name, []).append(node)
    return found


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        part: object = getattr(node, name, None)
        if isinstance(part, list):
            yield part


def _extends(value: ast.expr, name: str) -> bool:
    """Whether a text begins with what the variable was: ``sql = sql + …``."""
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        value = value.left
    if isinstance(value, ast.JoinedStr) and value.values and isinstance(value.values[0], ast.FormattedValue):
        value = value.values[0].value
    return isinstance(value, ast.Name) and value.id == name


def _reads(node: ast.AST) -> bool:
    """A call that only reads: ``request.args.get("id")``, ``name.strip()``."""
    names = {
        "get",
        "strip",
        "lower",
        "upper",
        "title",
        "replace",
        "decode",
        "encode",
        "getlist",
        "lstrip",
        "rstrip",
        "str",
    }
    return isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in names


def _tested(chain: Sequence[ast.AST]) -> bool:
    """Whether a variable is only asked whether it is empty."""
    for lower, upper in pairwise(chain):
        if isinstance(upper, ast.If | ast.While | ast.IfExp):
            return lower is upper.test
        if not isinstance(upper, ast.BoolOp | ast.UnaryOp):
            return False
    return False


def _told(chain: Sequence[ast.AST]) -> bool:
    """Whether it is only told to people."""
    calls = [each for each in chain if isinstance(each, ast.Call)]
    return any(getattr(call.func, "attr", getattr(call.func, "id", "")) in _TELLS for call in calls)

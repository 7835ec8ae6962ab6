"""The values of variables, statement by statement: branches are joined, loops are gone through twice."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from .expressions import item_of
from .guards import Guards
from .value import CLEAN, OPAQUE, UNKNOWN, Value, joined

__all__ = ["Statements", "unlabelled"]

_Visit = Callable[["Statements", ast.stmt], bool]
_ENDS = frozenset({"abort", "exit", "_exit", "fail", "HttpResponseForbidden"})
_NUMBERS = frozenset({"int", "float", "UUID"})


def unlabelled(value: Value) -> Value:
    """A value for those outside of the function: its parameters are just unknown."""
    if not value.labels:
        return value
    return value._replace(level=max(value.level, OPAQUE), labels=frozenset())


_DEEP = 4
"""Loops in loops from which on one is gone through once: each level doubles what there is to do."""


class Statements(Guards):
    """Looks through statements. A method gives whether control never comes out at the end of the statement."""

    def block(self, statements: Sequence[ast.stmt]) -> bool:
        """Look through statements in order."""
        for statement in statements:
            visit = self._STATEMENTS.get(statement.__class__)
            if visit is not None and visit(self, statement):
                return True
        return False

    @abstractmethod
    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        """A function or class inside of the present scope."""

    @abstractmethod
    def imports(self, node: ast.Import | ast.ImportFrom) -> None:
        """Names that an import binds."""

    @abstractmethod
    def set_field(self, target: ast.Attribute, value: Value) -> None:
        """An attribute of an object gets a value."""

    def assign(self, target: ast.expr, value: Value) -> None:
        """Give what stands left of an assignment its value."""
        if isinstance(target, ast.Name):
            self._bind(target, value)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, value)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value.passing())
        elif isinstance(target, ast.Attribute):
            self.value(target.value)
            self.set_field(target, value)
        elif isinstance(target, ast.Subscript):
            self.value(target.slice)
            holder = target.value
            if isinstance(holder, ast.Name) and value.trust and holder.id in self.frame.variables:
                old = self.frame.variables[holder.id]
                self.frame.variables[holder.id] = joined((old, value))._replace(tag=old.tag, text=None)

    def _bind(self, target: ast.Name, value: Value) -> None:
        if value.trust and value.step is not None:
            value = value._replace(step=self.step(target, f"assigned to {target.id!r}", value.step))
        self.frame.variables[target.id] = value

    def _unpack(self, targets: list[ast.expr], value: Value) -> None:
        parts = value.parts
        if parts is not None and len(parts) == len(targets) and not any(isinstance(t, ast.Starred) for t in targets):
            for target, part in zip(targets, parts, strict=True):
                self.assign(target, part)
        else:
            for target in targets:
                self.assign(target, item_of(value))

    def _assign(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.Assign)
        value = self.value(node.value)
        for target in node.targets:
            self.assign(target, value)
        return False

    def _annotated(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.AnnAssign)
        if node.value is not None:
            self.assign(node.target, self.value(node.value))
        return False

    def _augmented(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.AugAssign)
        value = self.value(node.value)
        if isinstance(node.target, ast.Name):
            old = self.lookup(node.target.id)
            mixed = self.together([old, value]) if isinstance(node.op, ast.Add) else joined((old, value))
            self._bind(node.target, mixed._replace(parts=None))
        elif isinstance(node.target, ast.Attribute):
            self.set_field(node.target, value)
        return False

    def _expression(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.Expr)
        self.value(node.value)
        if not isinstance(node.value, ast.Call):
            return False
        function = node.value.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in _NUMBERS and node.value.args and isinstance(node.value.args[0], ast.Name):
            checked = node.value.args[0].id  # raises unless it is a number
            self.frame.variables[checked] = self.lookup(checked).cleaned("sql", "command", "path", "eval")
        return name in _ENDS

    def _return(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.Return)
        if node.value is not None:
            value = self.value(node.value)
            self.frame.returned.append(value)
            if (
                self.frame.handler
                and value.trust
                and isinstance(node.value, ast.JoinedStr | ast.BinOp | ast.Call | ast.Name)
            ):
                self.hit("answer", node.value, "return", {0: value})
        return True

    def _raise(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.Raise)
        if node.exc is not None:
            self.value(node.exc)
        return True

    def _leave(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.Break | ast.Continue)
        self.frame.left.append(dict(self.frame.variables))
        return True

    def _turn(self, body: list[ast.stmt], before: Mapping[str, Value]) -> None:
        """One turn of a loop, joined with having none."""
        kept, self.frame.left = self.frame.left, []
        self.frame.loops += 1
        self.block(body)
        self.frame.loops -= 1
        self._merge(before)
        for way in self.frame.left:
            self._merge(way)
        self.frame.left = kept

    def _rounds(self) -> int:
        """How often a loop is gone through: what its end does is seen at its beginning the second time."""
        return 2 if self.frame.loops < _DEEP else 1

    def _if(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.If)
        self.value(node.test)
        before = dict(self.frame.variables)
        self.frame.variables.update(self.narrowed(node.test, positive=True))
        ended = self.block(node.body)
        after = dict(self.frame.variables)
        self._restore(before)
        self.frame.variables.update(self.narrowed(node.test, positive=False))
        otherwise = self.block(node.orelse)
        if ended:
            return otherwise
        if otherwise:
            self._restore(after)
        else:
            self._merge(after)
        return False

    def _restore(self, variables: Mapping[str, Value]) -> None:
        self.frame.variables.clear()
        self.frame.variables.update(variables)

    def _merge(self, other: Mapping[str, Value]) -> None:
        """Join with what variables are on another way to here."""
        mine = self.frame.variables
        for name, value in other.items():
            present = mine.get(name)
            if present is None:
                mine[name] = value
            elif present is not value:
                mine[name] = joined((present, value))

    def _for(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.For | ast.AsyncFor)
        items = item_of(self.value(node.iter))
        for _ in range(self._rounds()):
            before = dict(self.frame.variables)
            self.each(node.target, node.iter, items)
            self._turn(node.body, before)
        self.block(node.orelse)
        return False

    def _while(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.While)
        for _ in range(self._rounds()):
            self.value(node.test)
            before = dict(self.frame.variables)
            self.frame.variables.update(self.narrowed(node.test, positive=True))
            self._turn(node.body, before)
        self.block(node.orelse)
        return False

    def _with(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.With | ast.AsyncWith)
        for item in node.items:
            value = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value)
        return self.block(node.body)

    def _try(self, node: ast.stmt) -> bool:
        body: list[ast.stmt] = getattr(node, "body", [])
        handlers: list[ast.ExceptHandler] = getattr(node, "handlers", [])
        before = dict(self.frame.variables)
        ended = self.block(body) or self.block(getattr(node, "orelse", []))
        after = dict(self.frame.variables)
        ways = [] if ended else [after]
        for handler in handlers:
            self._restore(after)
            self._merge(before)
            if handler.name:
                self.frame.variables[handler.name] = CLEAN
            if not self.block(handler.body):
                ways.append(dict(self.frame.variables))
        self._restore(ways[0] if ways else after)
        for way in ways[1:]:
            self._merge(way)
        return self.block(getattr(node, "finalbody", [])) or not ways

    def _match(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.Match)
        subject = self.value(node.subject)
        before = dict(self.frame.variables)
        ways: list[dict[str, Value]] = []
        for case in node.cases:
            self._restore(before)
            self._captured(case.pattern, subject, node.subject)
            if case.guard is not None:
                self.value(case.guard)
            if not self.block(case.body):
                ways.append(dict(self.frame.variables))
        self._restore(before)
        for way in ways:
            self._merge(way)
        return False

    def _captured(self, pattern: ast.pattern, subject: Value, node: ast.expr) -> None:
        constants = pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]
        if isinstance(node, ast.Name) and all(isinstance(each, ast.MatchValue) for each in constants):
            self.frame.variables[node.id] = CLEAN
        for each in ast.walk(pattern):
            name = getattr(each, "name", None) or getattr(each, "rest", None)
            if isinstance(name, str):
                self.frame.variables[name] = subject.passing()

    def _assert(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.Assert)
        self.value(node.test)
        self.frame.variables.update(self.narrowed(node.test, positive=True))
        return False

    def _delete(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.Delete)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.frame.variables[target.id] = UNKNOWN
        return False

    def _define(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        self.define(node)
        return False

    def _import(self, node: ast.stmt) -> bool:
        assert isinstance(node, ast.Import | ast.ImportFrom)
        self.imports(node)
        return False

    _STATEMENTS: ClassVar[dict[type[ast.AST], _Visit]] = {
        ast.Assign: _assign, ast.AnnAssign: _annotated, ast.AugAssign: _augmented, ast.Expr: _expression,
        ast.Return: _return, ast.Raise: _raise, ast.Break: _leave, ast.Continue: _leave, ast.If: _if, ast.For: _for,
        ast.AsyncFor: _for, ast.While: _while, ast.With: _with, ast.AsyncWith: _with, ast.Try: _try, ast.Match: _match,
        ast.TryStar: _try, ast.Assert: _assert, ast.Delete: _delete, ast.FunctionDef: _define,
        ast.AsyncFunctionDef: _define, ast.ClassDef: _define, ast.Import: _import, ast.ImportFrom: _import,
    }  # fmt: skip

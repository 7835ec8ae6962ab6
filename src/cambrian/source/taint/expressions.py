"""The value of an expression. Calls are left to `calls`; nothing is executed."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

from .frame import Frame
from .knowledge import BUILTINS, REQUEST_DATA, REQUESTS, SOURCES, is_constant_name
from .value import CLEAN, HOSTILE, KNOWN, UNKNOWN, Step, Value, joined

__all__ = ["Expressions"]

_Visit = Callable[["Expressions", ast.expr], Value]
_SHORT = 40


class Expressions(ABC):
    """Looks through expressions of one file.

    Args:
        file: its relative path.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.module: dict[str, Value] = {}
        """Variables of the file itself."""
        self.values: dict[ast.expr, Value] = {}
        """What is known of each expression; of one that was looked at several times, all of it."""
        self.frame = Frame(scope="", variables=self.module)

    @abstractmethod
    def call(self, node: ast.Call) -> Value:
        """The value of a call."""

    @abstractmethod
    def field(self, owner: tuple[str, str], name: str, instance: Value) -> Value | None:
        """The value of an attribute of an object of the program's own class; ``None`` if there is none known."""

    @abstractmethod
    def assign(self, target: ast.expr, value: Value) -> None:
        """Give a variable a value."""

    @abstractmethod
    def narrowed(self, test: ast.expr, *, positive: bool) -> Mapping[str, Value]:
        """What a condition that holds, or does not, says about variables."""

    def value(self, node: ast.expr) -> Value:
        """What is known of an expression at this point."""
        visit = self._VISITS.get(node.__class__)
        found = visit(self, node) if visit is not None else self._others(node)
        before = self.values.get(node)
        self.values[node] = found if before is None or before == found else joined((before, found))
        return found

    def step(self, node: ast.expr | ast.stmt | ast.arg, what: str, before: Step | None = None) -> Step:
        """A step at a node."""
        return Step(self.file, node.lineno, node.col_offset, what, before, 1 if before is None else before.length + 1)

    def lookup(self, name: str) -> Value:
        """The value of a name."""
        frame = self.frame
        if name in frame.variables:
            return frame.variables[name]
        for scope in frame.outer:
            if name in scope:
                return scope[name]
        if name in self.module:
            return self.module[name]
        return Value(tag=f"builtins.{name}") if name in BUILTINS else UNKNOWN

    def source(self, node: ast.expr, tag: str) -> Value | None:
        """The value of something that comes from outside, if it is that."""
        what = SOURCES.get(tag)
        if what is None:
            return None
        return Value(HOSTILE, self.step(node, f"{what} comes from outside"), tag=tag)

    def _others(self, node: ast.expr) -> Value:
        return joined([self.value(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)])

    def _constant(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.Constant)
        return Value(text=node.value) if isinstance(node.value, str) else CLEAN

    def _name(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.Name)
        return self.lookup(node.id)

    def _attribute(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.Attribute)
        return self.attribute(node, self.value(node.value))

    def attribute(self, node: ast.Attribute, base: Value) -> Value:
        """The value of an attribute of a value."""
        name = node.attr
        tag = f"{base.tag}.{name}" if base.tag else ""
        if base.tag in REQUESTS and name in REQUEST_DATA:
            what = f"{base.tag.rpartition('.')[2].lower().replace('httprequest', 'request')}.{name} comes from a client"
            return Value(HOSTILE, self.step(node, what), tag=tag)
        if base.own is not None:
            known = self.field(base.own, name, base)
            if known is not None:
                return known
        if tag in SOURCES:
            return self.source(node, tag) or CLEAN
        if base.trust == KNOWN or (is_constant_name(name) and base.level != HOSTILE):
            return CLEAN.tagged(tag)
        return base.passing().tagged(tag)

    def _subscript(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.Subscript)
        base = self.value(node.value)
        index = node.slice
        self.value(index)
        place = index.value if isinstance(index, ast.Constant) else None
        if base.parts is not None and isinstance(place, int) and -len(base.parts) <= place < len(base.parts):
            return base.parts[place]
        return base.passing()

    def _string(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.JoinedStr)
        return self.together([self.value(each) for each in node.values])

    def _formatted(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.FormattedValue)
        inner = self.value(node.value)
        spec = self.value(node.format_spec) if node.format_spec is not None else CLEAN
        if spec.text and spec.text[-1] in "dfgeExXobn%":
            return CLEAN  # only numbers can be written that way
        return inner._replace(tag="", parts=None)

    def together(self, values: list[Value]) -> Value:
        """A string put together from others."""
        texts = [each.text for each in values]
        if all(text is not None for text in texts):
            return Value(text="".join(text for text in texts if text is not None))
        return joined(values)._replace(tag="", text=None, own=None)

    def _operation(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.BinOp)
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Add):
            return self.together([left, right])
        if isinstance(node.op, ast.Div) and left.tag.startswith("pathlib."):
            return joined((left, right))._replace(tag="pathlib.Path()", text=None)
        if isinstance(node.op, ast.Mod) and left.text is not None and _only_numbers(left.text):
            return CLEAN
        if isinstance(node.op, ast.Sub | ast.Pow | ast.FloorDiv | ast.LShift | ast.RShift | ast.MatMult):
            return CLEAN  # not for strings
        return joined((left, right))._replace(tag="", text=None, own=None)

    def _display(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.Tuple | ast.List | ast.Set)
        parts = tuple([self.value(each) for each in node.elts])
        plain = not any(isinstance(each, ast.Starred) for each in node.elts)
        whole = joined(parts)._replace(tag="", text=None, own=None)
        return whole._replace(parts=parts) if plain and not isinstance(node, ast.Set) else whole

    def _dict(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.Dict)
        for key in node.keys:
            if key is not None:
                self.value(key)
        return joined([self.value(each) for each in node.values])._replace(tag="", text=None, own=None)

    def _clean(self, node: ast.expr) -> Value:
        self._others(node)
        return CLEAN

    def _either(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.IfExp)
        self.value(node.test)
        found: list[Value] = []
        for branch, positive in ((node.body, True), (node.orelse, False)):
            kept = dict(self.frame.variables)
            self.frame.variables.update(self.narrowed(node.test, positive=positive))
            found.append(self.value(branch))
            self.frame.variables.clear()
            self.frame.variables.update(kept)
        return joined(found)

    def _comprehension(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp)
        kept = dict(self.frame.variables)
        for each in node.generators:
            self.each(each.target, each.iter, item_of(self.value(each.iter)))
            for test in each.ifs:
                self.value(test)
                self.frame.variables.update(self.narrowed(test, positive=True))
        if isinstance(node, ast.DictComp):
            self.value(node.key)
            found = self.value(node.value)
        else:
            found = self.value(node.elt)
        self.frame.variables.clear()
        self.frame.variables.update(kept)
        return found._replace(tag="", text=None, parts=None, own=None)

    def each(self, target: ast.expr, iterable: ast.expr, item: Value) -> None:
        """Give the target of a loop its values; a position that is counted is harmless."""
        self.assign(target, item)
        counted = isinstance(iterable, ast.Call) and getattr(iterable.func, "id", "") == "enumerate"
        if counted and isinstance(target, ast.Tuple) and target.elts:
            self.assign(target.elts[0], CLEAN)

    def _lambda(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.Lambda)
        kept = dict(self.frame.variables)
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            self.frame.variables[argument.arg] = UNKNOWN
        self.value(node.body)
        self.frame.variables.clear()
        self.frame.variables.update(kept)
        return CLEAN

    def _named(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.NamedExpr)
        found = self.value(node.value)
        self.assign(node.target, found)
        return found

    def _inner(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.Await | ast.Starred)
        return self.value(node.value)

    def _yield(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.Yield | ast.YieldFrom)
        if node.value is not None:
            self.frame.returned.append(self.value(node.value))
        return UNKNOWN

    def _call(self, node: ast.expr) -> Value:
        assert isinstance(node, ast.Call)
        return self.call(node)

    _VISITS: ClassVar[dict[type[ast.AST], _Visit]] = {
        ast.Constant: _constant, ast.Name: _name, ast.Attribute: _attribute, ast.Subscript: _subscript,
        ast.JoinedStr: _string, ast.FormattedValue: _formatted, ast.BinOp: _operation, ast.Tuple: _display,
        ast.List: _display, ast.Set: _display, ast.Dict: _dict, ast.Compare: _clean, ast.UnaryOp: _clean,
        ast.IfExp: _either, ast.ListComp: _comprehension, ast.SetComp: _comprehension, ast.DictComp: _comprehension,
        ast.GeneratorExp: _comprehension, ast.Lambda: _lambda, ast.NamedExpr: _named, ast.Await: _inner,
        ast.Starred: _inner, ast.Yield: _yield, ast.YieldFrom: _yield, ast.Call: _call,
    }  # fmt: skip


def item_of(value: Value) -> Value:
    """What is known of an item of a value that is looped over."""
    if value.parts is not None:
        return joined(value.parts)
    return value.passing()


def _only_numbers(template: str) -> bool:
    """Whether all fields of a %-template take numbers only."""
    marks = [piece.lstrip("0123456789.+- #")[:1] for piece in template.replace("%%", "").split("%")[1:]]
    return bool(marks) and all(mark in "diouxXeEfFgG" and mark for mark in marks)

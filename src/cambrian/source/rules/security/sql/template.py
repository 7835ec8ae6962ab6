"""A Python expression as the text it gives: characters with their place in the file, and holes. Nothing is executed.

Follows the variables of a function: a statement that is put together over several lines is read as one text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from cambrian.source.edit import Locator

from .grammar import BEGIN, END, RESET
from .literals import Literal, characters, literals

__all__ = ["Event", "Fragment", "Hole", "Reader", "Unit"]

_MARK = re.compile(r"%(?:\((?P<name>[^)]*)\))?(?P<spec>[#0\- +]*[\d*]*(?:\.[\d*]+)?)(?P<kind>[diouxXeEfFgGcrsa%])")
_NUMBER_KINDS = frozenset("diouxXeEfFgG")
_FIELD = re.compile(r"\{(?P<name>[^{}!:]*)(?:!(?P<conversion>[rsa]))?(?::(?P<spec>[^{}]*))?\}")
_SAME_TEXT = frozenset({"strip", "lstrip", "rstrip"})
_DEPTH = 12


@dataclass(frozen=True, eq=False)
class Hole:
    """What is filled in.

    Args:
        node: the expression; ``None`` where it cannot be told.
        kind: how it is written: a field of an f-string, an operand of ``+``, a mark of ``%`` or of ``.format``.
        spec: how it is formatted, ``""`` for as it is.
        conversion: ``"r"`` for ``!r``.
        source: what it is in Python, where that is not the text of `node`: ``d["name"]``.
        numeric: whether only numbers can be written there.
        owner: the ``%`` or ``.format`` that fills it in.
    """

    node: ast.expr | None
    kind: str
    spec: str = ""
    conversion: str = ""
    source: str = ""
    numeric: bool = False
    owner: ast.expr | None = None


class Unit(NamedTuple):
    """A character, or a hole.

    Args:
        char: the character; empty for a hole.
        start: where it is written; -1 if it is written elsewhere, or not at all.
        stop: one past it.
        literal: number of the literal it stands in, -1 if in none.
        fragment: number of the fragment.
        hole: the hole.
    """

    char: str
    start: int
    stop: int
    literal: int
    fragment: int
    hole: Hole | None = None


class Event(NamedTuple):
    """A statement that gives a variable its text, or adds to it.

    Args:
        statement: it.
        node: the text that it gives.
        how: ``"set"``, ``"add"`` for text behind, ``"append"`` for an item of a list.
    """

    statement: ast.stmt
    node: ast.expr
    how: str


@dataclass
class Fragment:
    """A stretch of text that one statement gives.

    Args:
        node: the expression that gives it.
        variable: the variable that it goes to, ``""`` if it stands where it is used.
        event: the statement, if it goes to a variable.
        parent: number of the fragment that it is used in; its own, of the first.
        operators: ``%`` and ``.format`` in it, with what they fill in.
    """

    node: ast.expr
    variable: str
    event: Event | None
    parent: int = 0
    operators: list[ast.expr] = field(default_factory=list[ast.expr])


class Reader:
    """Reads expressions of one function.

    Args:
        locator: of the file.
        events: variable → what gives it its text; ``None`` if that cannot be followed.
        constant: name → the string that it certainly is, or ``None``.
        closed: variables that are not followed.
    """

    def __init__(
        self,
        locator: Locator,
        events: Callable[[str], list[Event] | None],
        constant: Callable[[ast.expr], str | None],
        closed: frozenset[str] = frozenset(),
    ) -> None:
        self.closed = closed
        self.locator = locator
        self.events = events
        self.constant = constant
        self.fragments: list[Fragment] = []
        self.literals: list[Literal] = []
        self.units: list[Unit] = []
        self.kept_fields: set[int] = set()
        """Literals with fields that are text put together before, and stay."""
        self._open: list[str] = []
        self._fragment = 0

    def read(self, node: ast.expr) -> list[Unit]:
        """The text that an expression gives."""
        self.fragments.append(Fragment(node, "", None))
        self._read(node, 0)
        return self.units

    def _read(self, node: ast.expr, depth: int) -> None:
        if depth > _DEPTH:
            self._operand(node)
            return
        match node:
            case ast.JoinedStr() | ast.Constant(value=str()):
                self._literal(node)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                self._read(left, depth + 1)
                self._read(right, depth + 1)
            case ast.BinOp(left=left, op=ast.Mod()) if self._is_text(left):
                self._percent(node, depth)
            case ast.Name():
                if not self._variable(node, depth):
                    self._operand(node)
            case ast.Call():
                self._call(node, depth)
            case ast.BoolOp(op=ast.Or(), values=[_, *others] as values) if _is_constant(others):
                self._versions(values, depth)
            case _:
                self._operand(node)

    def _versions(self, nodes: list[ast.expr], depth: int) -> None:
        """``" AND ".join(clauses) or "1"``: a text, or another one."""
        self._put(BEGIN)
        for place, node in enumerate(nodes):
            if place:
                self._put(RESET)
            self._read(node, depth + 1)
        self._put(END)

    def _put(self, char: str, start: int = -1, stop: int = -1, literal: int = -1, hole: Hole | None = None) -> None:
        self.units.append(Unit(char, start, stop, literal, self._fragment, hole))

    def _operand(self, node: ast.expr) -> None:
        text = self.constant(node)
        if text is not None:
            for char in text:
                self._put(char)
            return
        inner, conversion = _unwrapped(node)
        start, stop = self.locator.range(node)
        self._put("", start, stop, hole=Hole(inner, "operand", conversion=conversion))

    def _literal(self, node: ast.JoinedStr | ast.Constant) -> None:
        found = literals(self.locator.text, *self.locator.range(node))
        if found is None:
            self._operand(node)
            return
        fields = iter(
            [each for each in node.values if isinstance(each, ast.FormattedValue)]
            if isinstance(node, ast.JoinedStr)
            else []
        )
        for literal in found:
            self.literals.append(literal)
            for char, start, stop in characters(self.locator.text, literal):
                hole = None if char else _field_hole(next(fields, None))
                place = len(self.literals) - 1
                if hole is not None and isinstance(hole.node, ast.Name) and not hole.spec and self._followed(hole.node):
                    self.kept_fields.add(place)
                    continue
                self._put(char, start, stop, place, hole)

    def _followed(self, node: ast.Name) -> bool:
        """A field that is itself text put together before."""
        if self._variable(node, 1):
            return True
        text = self.constant(node)
        for char in text or "":
            self._put(char)
        return text is not None

    def _is_text(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            events = self.events(node.id) if node.id not in self._open else None
            return events is not None and len(events) == 1 and events[0].how == "set" and self._is_text(events[0].node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            return self._is_text(node.left) or self._is_text(node.right)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return self._is_text(node.func.value)
        return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))

    # --- variables -----------------------------------------------------------------------------------------------

    def _variable(self, node: ast.Name, depth: int) -> bool:
        """The text of a variable, put together by what gives it its value."""
        name = node.id
        if name in self._open:
            return True
        events = None if name in self.closed else self.events(name)
        if not events or any(each.how == "append" for each in events):
            return False
        self._open.append(name)
        kept = self._fragment
        before = len(self.units), len(self.literals), len(self.fragments)
        several = sum(each.how == "set" for each in events) > 1
        if several:
            self._put(BEGIN)
        for place, event in enumerate(events):
            if event.how == "set" and place:
                self._put(RESET)
            self._enter(event, name, kept)
            self._read(event.node, depth + 1)
        if several:
            self._put(END)
        self._fragment = kept
        self._open.pop()
        if _is_part(self.units[before[0] :]):
            return True
        del self.units[before[0] :], self.literals[before[1] :], self.fragments[before[2] :]
        return False

    def _enter(self, event: Event, variable: str, parent: int) -> None:
        self.fragments.append(Fragment(event.node, variable, event, parent))
        self._fragment = len(self.fragments) - 1

    def _joined(self, node: ast.Call, separator: str, depth: int) -> bool:
        """``" AND ".join(clauses)`` over a list that was filled before, or over a display."""
        items = node.args[0]
        if isinstance(items, ast.List | ast.Tuple):
            for place, each in enumerate(items.elts):
                if place:
                    self._separate(separator)
                self._read(each, depth + 1)
            return True
        if not isinstance(items, ast.Name) or items.id in self._open:
            return False
        events = self.events(items.id)
        if not events or not any(each.how == "append" for each in events):
            return False
        self._open.append(items.id)
        kept = self._fragment
        self._appended(events, items.id, separator, depth)
        self._fragment = kept
        self._open.pop()
        return True

    def _appended(self, events: list[Event], name: str, separator: str, depth: int) -> None:
        first, kept = True, self._fragment
        for event in events:
            nodes = event.node.elts if event.how == "set" and isinstance(event.node, ast.List) else [event.node]
            self._enter(event, name, kept)
            for each in nodes:
                if not first:
                    self._separate(separator)
                first = False
                self._read(each, depth + 1)

    def _separate(self, separator: str) -> None:
        for char in separator:
            self._put(char)

    # --- formatting ----------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call, depth: int) -> None:
        function = node.func
        if isinstance(function, ast.Attribute):
            name, holder = function.attr, function.value
            if name == "format" and self._is_text(holder):
                self._format(node, holder, depth)
                return
            if name in _SAME_TEXT and not node.args and self._is_text(holder):
                self._read(holder, depth + 1)
                return
            separator = self.constant(holder) if name == "join" and len(node.args) == 1 else None
            if separator is not None and self._joined(node, separator, depth):
                return
        name = getattr(function, "attr", getattr(function, "id", ""))
        if name in {"dedent", "cleandoc", "SQL"} and len(node.args) == 1:
            self._read(node.args[0], depth + 1)
            return
        self._operand(node)

    def _percent(self, node: ast.BinOp, depth: int) -> None:
        """``"… %s …" % given``."""
        begin = len(self.units)
        self._read(node.left, depth + 1)
        template = self.units[begin:]
        del self.units[begin:]
        self.fragments[self._fragment].operators.append(node)
        given = _percent_arguments(node.right)
        text = "".join(unit.char or "\ue010" for unit in template)
        at = 0
        for match in _MARK.finditer(text):
            self.units += template[at : match.start()]
            at = match.end()
            first, last = template[match.start()], template[match.end() - 1]
            if match["kind"] == "%":
                self.units.append(first._replace(char="%", stop=last.stop))
                continue
            hole = _mark_hole(match, given, node)
            self.units.append(Unit("", first.start, last.stop, first.literal, first.fragment, hole))
        self.units += template[at:]

    def _format(self, node: ast.Call, holder: ast.expr, depth: int) -> None:
        """``"… {} …".format(given)``."""
        begin = len(self.units)
        self._read(holder, depth + 1)
        template = self.units[begin:]
        del self.units[begin:]
        self.fragments[self._fragment].operators.append(node)
        text = "".join(unit.char or "\ue010" for unit in template)
        number = at = 0
        while at < len(text):
            if text.startswith(("{{", "}}"), at):
                self.units.append(template[at]._replace(stop=template[at + 1].stop))
                at += 2
                continue
            match = _FIELD.match(text, at)
            if match is None:
                self.units.append(template[at])
                at += 1
                continue
            first, last = template[at], template[match.end() - 1]
            hole = _format_hole(match, number, node)
            number += match["name"] == ""
            self.units.append(Unit("", first.start, last.stop, first.literal, first.fragment, hole))
            at = match.end()


def _is_constant(nodes: list[ast.expr]) -> bool:
    return all(isinstance(node, ast.Constant) and isinstance(node.value, str) for node in nodes)


def _is_part(units: list[Unit]) -> bool:
    """Whether a variable carries a part of a statement, and not just a value."""
    holes = [unit.hole for unit in units if unit.hole is not None]
    plain = [unit for unit in units if unit.char not in {BEGIN, RESET, END}]
    if len(plain) == 1 and holes:
        node = holes[0].node
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"
    return any(unit.char in {"=", "(", "?"} or unit.char.isspace() for unit in units if unit.char)


def _unwrapped(node: ast.expr) -> tuple[ast.expr, str]:
    """What is converted to text: ``str(x)`` is ``x``."""
    if not (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords
    ):
        return node, ""
    if node.func.id in {"str", "repr"} and not isinstance(node.args[0], ast.Starred):
        return node.args[0], "r" if node.func.id == "repr" else "s"
    return node, ""


def _field_hole(node: ast.FormattedValue | None) -> Hole:
    if node is None:
        return Hole(None, "field")
    spec = ""
    if isinstance(node.format_spec, ast.JoinedStr):
        parts = [each.value for each in node.format_spec.values if isinstance(each, ast.Constant)]
        spec = "".join(str(part) for part in parts) if len(parts) == len(node.format_spec.values) else "…"
    conversion = chr(node.conversion) if node.conversion > 0 else ""
    inner, wrapped = _unwrapped(node.value)
    return Hole(inner, "field", spec, conversion or wrapped, numeric=bool(spec) and spec[-1] in "dfgeExXobn%")


def _percent_arguments(node: ast.expr) -> Callable[[str | None, int], tuple[ast.expr | None, str]]:
    """By name or position → the expression, or the text of one."""

    def given(name: str | None, position: int) -> tuple[ast.expr | None, str]:
        if name is None:
            if isinstance(node, ast.Tuple):
                plain = not any(isinstance(each, ast.Starred) for each in node.elts)
                return (node.elts[position], "") if plain and position < len(node.elts) else (None, "")
            return (node, "") if position == 0 else (None, "")
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name:
                    return value, ""
            return None, ""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "locals":
            return ast.copy_location(ast.Name(name, ast.Load()), node), name
        return (node, f'{{}}["{name}"]') if isinstance(node, ast.Name) else (None, "")

    positions = iter(range(1000))
    return lambda name, _: given(name, next(positions) if name is None else -1)


def _mark_hole(
    match: re.Match[str], given: Callable[[str | None, int], tuple[ast.expr | None, str]], owner: ast.BinOp
) -> Hole:
    node, source = given(match["name"], -1)
    kind = match["kind"]
    if isinstance(owner.right, ast.Name) and node is owner.right and source:
        source = source.format(owner.right.id)
    inner, wrapped = (node, "") if node is None else _unwrapped(node)
    conversion = kind if kind in "ra" else wrapped
    return Hole(inner, "mark", match["spec"], conversion, source, kind in _NUMBER_KINDS, owner)


def _format_hole(match: re.Match[str], number: int, call: ast.Call) -> Hole:
    name = match["name"]
    base = re.match(r"\w*", name)
    key, rest = (base[0], name[base.end() :]) if base is not None else (name, "")
    node = _format_argument(key, number, call)
    spec = match["spec"] or ""
    numeric = bool(spec) and spec[-1] in "dfgeExXobn%"
    source = ""
    if node is None and key:
        node, source = _spread(key, call)
    inner, wrapped = (node, "") if node is None or rest or source else _unwrapped(node)
    if rest and inner is not None and not source:
        source = f"{ast.unparse(inner)}{rest}" if rest.startswith(".") else ""
        inner = inner if source else None
    return Hole(inner, "format", spec, match["conversion"] or wrapped, source, numeric, call)


def _format_argument(key: str, number: int, call: ast.Call) -> ast.expr | None:
    if any(isinstance(each, ast.Starred) for each in call.args):
        return None
    if not key or key.isdigit():
        place = int(key) if key else number
        return call.args[place] if place < len(call.args) else None
    return next((each.value for each in call.keywords if each.arg == key), None)


def _spread(key: str, call: ast.Call) -> tuple[ast.expr | None, str]:
    """``.format(**locals())`` and ``.format(**given)``."""
    for each in call.keywords:
        if each.arg is None:
            if isinstance(each.value, ast.Call) and getattr(each.value.func, "id", "") == "locals":
                return ast.copy_location(ast.Name(key, ast.Load()), each.value), key
            if isinstance(each.value, ast.Name):
                return each.value, f'{each.value.id}["{key}"]'
    return None, ""


def holes(units: list[Unit]) -> Iterator[tuple[int, Unit, Hole]]:
    """The holes of a text, with their places in it."""
    for place, unit in enumerate(units):
        if unit.hole is not None:
            yield place, unit, unit.hole

"""SQL in template literals and sums of strings of a script: characters with their places, and holes. Text only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cambrian.source.edit import Locator, Splice
from cambrian.source.rules.security.sql.grammar import HOLE, OPAQUE, Spot, looks_like_sql, spots, takes_parameters
from cambrian.source.rules.security.sql.literals import Literal
from cambrian.source.rules.security.sql.rewriting import Rewriting
from cambrian.source.rules.security.sql.template import Fragment, Hole, Unit
from cambrian.source.taint.value import KNOWN, Step
from cambrian.source.taint.value import OPAQUE as UNSURE

from .flow import Flow
from .tree import Node, Tree

__all__ = ["Argument", "Made", "ScriptStatement"]

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_EACH = r"(?:(?P=each)|`'?\$\{(?P=each)\}'?`|['\"]'['\"] \+ (?P=each) \+ ['\"]'['\"]|(?:String|Number)\((?P=each)\))"
_JOINED = re.compile(
    rf"(?P<items>[\w$.]+)(?:\.map\(\(?(?P<each>\w+)\)? => {_EACH}\)|\.map\((?:String|Number)\))?"
    r"\.join\((?P<sign>['\"`]) *'?, ?'? *(?P=sign)\)$"
)
"""Values joined by commas, each as it is or in quotes."""
_DEPTH = 10


class Argument(NamedTuple):
    """A value that is handed over beside the statement: its text, and how many placeholders stand before it."""

    source: str
    rank: int


class Made(NamedTuple):
    """The edits of a statement, and its values; or why there are none."""

    splices: list[Splice]
    values: list[Argument]
    carried: str = ""
    why: str = ""


class ScriptStatement:
    """A statement that a call executes.

    Args:
        flow: of the script.
        node: the expression that gives it.
    """

    def __init__(self, flow: Flow, node: Node) -> None:
        self.flow = flow
        self.script: Tree = flow.script
        self.locator = Locator(self.script.text)
        self.units: list[Unit] = []
        self.literals: list[Literal] = []
        self.fragments: list[Fragment] = []
        self.kept_fields: set[int] = set()
        self._nodes: dict[int, Node] = {}
        self._statements: list[Node | None] = [None]
        self.worst: tuple[int, Step | None] = (KNOWN, None)
        self._fragment = 0
        self._read(node, 0)
        text = "".join(unit.char if unit.hole is None else self._mark(place) for place, unit in enumerate(self.units))
        self.text = text
        self.spots: list[Spot] = spots(text, double_quotes=True)

    def _mark(self, place: int) -> str:
        trust, step = self.flow.trust(self._nodes[place])
        if trust > self.worst[0]:
            self.worst = trust, step
        return HOLE if trust >= UNSURE else OPAQUE

    @property
    def is_sql(self) -> bool:
        """Whether the text begins as statements do, and something doubtful is in it."""
        return looks_like_sql(self.text) and HOLE in self.text

    def names(self) -> list[str]:
        """What is written into it."""
        found = [self._nodes[place].text for place, char in enumerate(self.text) if char == HOLE]
        return [" ".join(each.split())[:40] for each in dict.fromkeys(found)]

    # --- reading -------------------------------------------------------------------------------------------------

    def _read(self, node: Node, depth: int) -> None:
        if node.kind in {"string", "template_string"}:
            self._literal(node)
        elif node.kind == "parenthesized_expression" and len(node.parts) == 1:
            self._read(node.parts[0], depth + 1)
        elif node.kind == "binary_expression" and node.children[1].text == "+" and depth < _DEPTH:
            self._read(node.children[0], depth + 1)
            self._read(node.children[2], depth + 1)
        elif not (node.kind == "identifier" and depth < _DEPTH and self._variable(node, depth)):
            self._hole(node, node.start, node.stop, "operand", -1)

    def _literal(self, node: Node) -> None:
        quote = node.text[0]
        self.literals.append(Literal(node.start, node.start + 1, node.stop - 1, node.stop, "", quote))
        number = len(self.literals) - 1
        for part in node.children[1:-1]:
            if part.kind == "template_substitution":
                inner = part.parts[0] if part.parts else part
                if inner.kind == "identifier" and self._lists(inner):
                    continue
                self._hole(part.parts[0] if part.parts else part, part.start, part.stop, "field", number)
            elif part.kind == "escape_sequence":
                char = _ESCAPES.get(part.text[1:2], part.text[1:2])
                self.units.append(Unit(char, part.start, part.stop, number, self._fragment))
            else:
                for place in range(part.start, part.stop):
                    char = self.script.text[place]
                    self.units.append(Unit(char, place, place + 1, number, self._fragment))

    def _lists(self, node: Node) -> bool:
        value = self.flow.single(node)
        name = self.flow.bindings(node)[0][0] if value is not None else node
        return value is not None and _JOINED.match(value.text) is not None and self._listed(name, value)

    def _hole(self, node: Node, start: int, stop: int, kind: str, literal: int) -> None:
        self._nodes[len(self.units)] = node
        self.units.append(Unit("", start, stop, literal, self._fragment, Hole(None, kind, source=node.text)))

    def _variable(self, node: Node, depth: int) -> bool:
        """A variable that carries the text, or is added to line by line."""
        found = self.flow.bindings(node)
        values = [value for _, value in found]
        if len(values) == 1 and values[0] is not None and _JOINED.match(values[0].text):
            return self._listed(found[0][0], values[0])
        if not found or any(value is None or not _is_text(value) for value in values):
            return False
        texts = [value for value in values if value is not None]
        if any(text.start > node.start for text in texts):
            return False
        kept = self._fragment
        for name, value in zip((name for name, _ in found), texts, strict=True):
            added = name.parent is not None and name.parent.kind == "augmented_assignment_expression"
            if value is not texts[0] and not added:
                return False
            self._statements.append(_statement_of(name))
            self._fragment = len(self._statements) - 1
            self._read(value, depth + 1)
        self._fragment = kept
        return True

    def _listed(self, name: Node, value: Node) -> bool:
        """A variable that holds values joined by commas."""
        kept = self._fragment
        self._statements.append(_statement_of(name))
        self._fragment = len(self._statements) - 1
        self._hole(value, value.start, value.stop, "operand", -1)
        self._fragment = kept
        return True

    # --- writing -------------------------------------------------------------------------------------------------

    def made(self, style: str, *, before: int = 0) -> Made:
        """Turn the holes into placeholders.

        Args:
            style: ``"?"`` or ``"$"``.
            before: placeholders that the statement has already.
        """
        roles = {spot.role for spot in self.spots}
        if roles & {"identifier", "quoted-identifier", "clause"}:
            return Made([], [], why="the name of a table or column, or a clause, cannot be a parameter")
        if "open" in roles or not takes_parameters(self.text):
            return Made([], [], why="the text around the value is put together elsewhere")
        rewriting = Rewriting(self, percent=False, first=False)  # type: ignore[arg-type]
        values: list[tuple[int, Argument]] = []
        for spot in self.spots:
            value = self._placed(spot, rewriting, style, before + len(values) + 1)
            if value is None:
                return Made([], [], why="the value stands across several texts")
            values.append((self.units[spot.start].fragment, Argument(value, self.text.count("?", 0, spot.start))))
        return self._carried(rewriting.splices, values)

    def _placed(self, spot: Spot, rewriting: Rewriting, style: str, number: int) -> str | None:
        inside = range(spot.start + 1, spot.stop - 1) if spot.quoted else range(spot.start, spot.stop)
        only = self._nodes.get(inside[0]) if len(inside) == 1 else None
        match = _JOINED.match(only.text) if only is not None else None
        if match is not None:
            return self._list(spot, rewriting, style, number, match["items"])
        if only is not None and only.kind == "call_expression" and only.text.endswith(")") and ".join(" in only.text:
            return None
        placeholder = "?" if style == "?" else f"${number}"
        if not rewriting.replace(spot.start, spot.stop, placeholder):
            return None
        if only is not None:
            return only.text
        parts = [
            f"${{{self._nodes[place].text}}}" if place in self._nodes else self.units[place].char for place in inside
        ]
        return "`" + "".join(part if part.startswith("${") else part.replace("`", "\\`") for part in parts) + "`"

    def _list(self, spot: Spot, rewriting: Rewriting, style: str, number: int, items: str) -> str | None:
        mark = "() => '?'" if style == "?" else f"(_, i) => '$' + (i + {number})"
        unit = self.units[spot.start + 1 if spot.quoted else spot.start]
        source = f"{items}.map({mark}).join(', ')"
        written = f"${{{source}}}" if unit.hole is not None and unit.hole.kind == "field" else source
        if spot.quoted:
            edges = (self.units[spot.start], self.units[spot.stop - 1])
            rewriting.splices += [Splice(edge.start, edge.stop, "") for edge in edges]
        rewriting.splices.append(Splice(unit.start, unit.stop, written))
        return f"...{items}"

    def _carried(self, splices: list[Splice], values: Sequence[tuple[int, Argument]]) -> Made:
        """Values of a text that is put together line by line stand in an array of their own."""
        several = len(self._statements) > 2
        if not several:
            return Made(splices, [value for _, value in values])
        name = next(each for each in ("params", "sqlParams", "queryParams") if each not in self.script.text)
        for number, statement in enumerate(self._statements[1:], 1):
            mine = [value.source for fragment, value in values if fragment == number]
            if statement is None:
                return Made([], [], why="the statement is put together in a way that cannot be followed")
            line = f"const {name} = [{', '.join(mine)}];" if number == 1 else f"{name}.push({', '.join(mine)});"
            if number == 1 or mine:
                splices.append(Splice(statement.stop, statement.stop, f"\n{self._indent(statement)}{line}"))
        mine = [value for fragment, value in values if fragment == 0]
        return Made(splices, mine, carried=name)

    def _indent(self, node: Node) -> str:
        start = self.script.text.rfind("\n", 0, node.start) + 1
        line = self.script.text[start : node.start]
        return line[: len(line) - len(line.lstrip())]


def _is_text(node: Node) -> bool:
    if node.kind in {"string", "template_string"}:
        return " " in node.text
    return node.kind == "binary_expression" and node.children[1].text == "+" and any(map(_is_text, node.children[::2]))


def _statement_of(name: Node) -> Node | None:
    kinds = {"lexical_declaration", "variable_declaration", "expression_statement"}
    return next((each for each in name.above() if each.kind in kinds), None)

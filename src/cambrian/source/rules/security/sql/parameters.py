"""From a hole in a statement to the value that is handed over beside it. Text only."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .drivers import Style
from .grammar import Spot
from .template import Hole, Unit

__all__ = ["Numbering", "Parameter", "Refused", "parameter"]

_PLAIN = re.compile(r"[^'\"\\\n{}#]*$")
_SIMPLE = (ast.Name, ast.Attribute, ast.Subscript)


class Refused(NamedTuple):
    """Why there is no parameter for a hole."""

    why: str


class Parameter(NamedTuple):
    """A value that is handed over beside the statement.

    Args:
        source: the expression.
        many: it is a sequence of which each item is one.
        name: what it is called where parameters have names.
        brackets: whether the placeholders need ``( )`` around them.
    """

    source: str
    many: bool = False
    name: str = ""
    brackets: bool = False


class Numbering:
    """Writes placeholders, in the order of the statement.

    Args:
        style: of the driver.
        taken: names that parameters have already.
    """

    def __init__(self, style: Style, taken: Sequence[str] = (), first: int = 1) -> None:
        self.style = style
        self._taken = list(taken)
        self._next = first

    def place(self, parameter: Parameter) -> tuple[str, str]:
        """A placeholder, and the name that it has, if it has one."""
        if self.style in ("$1", ":1"):
            self._next += 1
            return f"{self.style[0]}{self._next - 1}", ""
        if self.style != ":name":
            return self.style if self.style != "{}" else "%s", ""
        name, count = parameter.name or "value", 2
        while name in self._taken:
            name, count = f"{parameter.name or 'value'}_{count}", count + 1
        self._taken.append(name)
        return f":{name}", name


def parameter(spot: Spot, units: Sequence[Unit], segment: Callable[[ast.expr], str]) -> Parameter | Refused:
    """What a spot of a statement becomes.

    Args:
        spot: it.
        units: the statement.
        segment: the text of an expression.
    """
    if spot.role not in ("value", "list"):
        return Refused(_REASONS[spot.role])
    inside = units[spot.start + 1 : spot.stop - 1] if spot.quoted else units[spot.start : spot.stop]
    only = inside[0].hole if len(inside) == 1 else None
    if only is not None and only.node is not None and (_is_join(only.node) or spot.role == "list"):
        return _several(spot, only, segment)
    if any(unit.hole is not None and unit.hole.node is None for unit in inside):
        return Refused("it cannot be told which value is filled in")
    why = "" if only is None or only.node is None else _not_one_value(spot, units, only.node)
    if why:
        return Refused(why)
    if only is not None and not only.spec:
        return Parameter(_source(only, segment, quoted=spot.quoted), name=_name(only))
    return _mixed(inside, segment)


def _several(spot: Spot, only: Hole, segment: Callable[[ast.expr], str]) -> Parameter | Refused:
    items = _items(only, segment)
    if items is not None:
        return items._replace(brackets=spot.role == "list" and not spot.quoted)
    if only.node is not None and _is_join(only.node):
        return Refused("several values are joined to a text; write one placeholder for each")
    return _listed(only, segment)


_REASONS = {
    "identifier": "the name of a table or column, or a keyword, cannot be a parameter",
    "quoted-identifier": "a quoted name of a table or column cannot be a parameter",
    "clause": "a condition or clause cannot be a parameter",
    "open": "the quotes around it are not in one place",
}


def _source(hole: Hole, segment: Callable[[ast.expr], str], *, quoted: bool) -> str:
    assert hole.node is not None
    text = segment(_unescaped(hole.node)) if quoted and _is_escaped(hole.node) else hole.source or segment(hole.node)
    if hole.conversion == "r" and quoted:
        return f"repr({text})"
    if hole.conversion == "s" and quoted and hole.kind in ("operand", "field"):
        return f"str({text})"
    return text if not isinstance(hole.node, ast.NamedExpr | ast.Yield | ast.Starred) else f"({text})"


def _not_one_value(spot: Spot, units: Sequence[Unit], node: ast.expr) -> str:
    """Why what is filled in without quotes may be more, or other, than one value; "" if nothing speaks for that."""
    if spot.quoted:
        return ""
    before = "".join(unit.char if unit.hole is None else "x" for unit in units[: spot.start]).rstrip()
    after = "".join(unit.char if unit.hole is None else "x" for unit in units[spot.stop :]).lstrip()
    if re.search(r"\bin\s*\($", before, re.IGNORECASE) and after.startswith(")"):
        return "it may hold several values of IN, with commas; write one placeholder for each"
    texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    quotes = any(isinstance(text, str) and text[:1] in {"'", '"'} and text[:1] == text[-1:] for text in texts)
    return "it brings quotes of its own, which a parameter must not have" if quotes else ""


def _is_escaped(node: ast.expr) -> bool:
    """``text.replace("'", "''")``: what a parameter needs no more."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "replace"):
        return False
    given = [part.value for part in node.args if isinstance(part, ast.Constant)]
    return len(given) == len(node.args) and given in (["'", "''"], ["'", "\\'"])


def _unescaped(node: ast.expr) -> ast.expr:
    while _is_escaped(node) and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return node


def _name(hole: Hole) -> str:
    node = hole.node
    while isinstance(node, ast.Call):
        arguments = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if arguments and arguments[0].isidentifier():
            return arguments[0]
        node = node.args[0] if node.args else node.func
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value if node.slice.value.isidentifier() else ""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _listed(hole: Hole, segment: Callable[[ast.expr], str]) -> Parameter | Refused:
    """``IN {tuple(ids)}``: Python writes a tuple as SQL does, more or less."""
    node = hole.node
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tuple" and len(node.args) == 1:
        node = node.args[0]
    if isinstance(node, _SIMPLE):
        return Parameter(segment(node), many=True, brackets=True)
    return Refused("the values of IN cannot be told apart; write one placeholder for each")


def _is_join(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"


def _items(hole: Hole, segment: Callable[[ast.expr], str]) -> Parameter | None:
    """``", ".join(…)`` over values: the values."""
    node = hole.node
    if not (isinstance(node, ast.Call) and _is_join(node) and len(node.args) == 1):
        return None
    assert isinstance(node.func, ast.Attribute)
    separator = node.func.value
    if not (isinstance(separator, ast.Constant) and str(separator.value).strip().strip("'\"").strip() == ","):
        return None
    items = node.args[0]
    if isinstance(items, ast.Call) and getattr(items.func, "id", "") == "map" and len(items.args) == 2:
        if getattr(items.args[0], "id", "") not in {"str", "repr"}:
            return None
        items = items.args[1]
    elif isinstance(items, ast.GeneratorExp | ast.ListComp):
        items = _each(items)
    return Parameter(segment(items), many=True) if isinstance(items, _SIMPLE) else None


def _each(items: ast.GeneratorExp | ast.ListComp) -> ast.expr | None:
    """What is looped over, if each item is written as it is, or in quotes."""
    match items.generators:
        case [ast.comprehension(target=ast.Name(id=name), iter=source, ifs=[], is_async=0)]:
            return source if _writes(items.elt, name) else None
        case _:
            return None


def _writes(node: ast.expr, item: str) -> bool:
    """Whether an expression writes one variable, and quotes around it."""
    parts = list(ast.walk(node))
    names = [each.id for each in parts if isinstance(each, ast.Name) and each.id not in {"str", "repr"}]
    quotes = [each.value for each in parts if isinstance(each, ast.Constant)]
    if names != [item] or not all(isinstance(each, _WRITES) for each in parts):
        return False
    return all(str(text).strip("'\"") in {"", "%s", "{}", "-1"} for text in quotes)


_WRITES = (
    ast.Name, ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.BinOp, ast.Add, ast.Mod, ast.Call, ast.Attribute,
    ast.Load, ast.Tuple,
)  # fmt: skip


def _mixed(inside: Sequence[Unit], segment: Callable[[ast.expr], str]) -> Parameter | Refused:
    """Text and holes in one literal: ``'%{x}%'``."""
    if any(unit.hole is None and len(unit.char) != 1 for unit in inside):
        return Refused("the literal cannot be read")
    parts = _joined(inside)
    holes = [hole for _, hole in parts if hole is not None]
    texts = [text.replace("''", "'") for text, hole in parts if hole is None]
    sources = [_source(hole, segment, quoted=False) for hole in holes]
    if any("\ue000" <= text <= "\ue0ff" for text in texts):
        return Refused("the quotes around it are not in one place")
    if all(map(_PLAIN.match, [*sources, *texts])):
        return Parameter(_formatted(parts, segment), name=_name(holes[0]))
    if any(hole.spec for hole in holes):
        return Refused("a formatted value stands in a literal with quotes")
    if any('"' in text or "\\" in text for text in texts):
        return Refused("the literal has quotes in it")
    return Parameter(" + ".join(_piece(*part, segment) for part in parts), name=_name(holes[0]))


def _joined(inside: Sequence[Unit]) -> list[tuple[str, Hole | None]]:
    """Holes, and the texts between them as wholes."""
    parts: list[tuple[str, Hole | None]] = []
    for unit in inside:
        if unit.hole is not None:
            parts.append(("", unit.hole))
        elif parts and parts[-1][1] is None:
            parts[-1] = (parts[-1][0] + unit.char, None)
        else:
            parts.append((unit.char, None))
    return parts


def _piece(text: str, hole: Hole | None, segment: Callable[[ast.expr], str]) -> str:
    if hole is not None:
        return f"str({_source(hole, segment, quoted=False)})"
    return repr(text.replace("''", "'")).replace("'", '"')


def _formatted(parts: Sequence[tuple[str, Hole | None]], segment: Callable[[ast.expr], str]) -> str:
    written = ""
    for text, hole in parts:
        if hole is None:
            written += text.replace("''", "'")
        else:
            conversion = f"!{hole.conversion}" if hole.conversion in ("r", "a") else ""
            spec = f":{hole.spec}" if hole.spec else ""
            written += "{" + _source(hole, segment, quoted=False) + conversion + spec + "}"
    return f'f"{written}"'

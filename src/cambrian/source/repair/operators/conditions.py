"""Repairs of conditions: comparisons, boundaries, negation, `and` and `or`. Pure; nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from cambrian.source.mistakes import FLIPPED, OPPOSITE, SYMBOLS, TOUCHING
from cambrian.source.repair.patch import Operator, Patch, atom, replaced
from cambrian.source.repair.surface import Site, Surface

__all__ = ["OPERATORS"]

_VALUES = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_TESTED = (ast.If, ast.While, ast.IfExp)


def _compared(surface: Surface) -> Iterator[tuple[Site, ast.Compare, int]]:
    for site in surface.sites:
        if isinstance(site.node, ast.Compare):
            for which in range(len(site.node.ops)):
                yield site, site.node, which


def _with(surface: Surface, node: ast.Compare, which: int, kind: type[ast.cmpop]) -> str:
    parts = [surface.segment(node.left)]
    for index, (op, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
        parts += (SYMBOLS[kind if index == which else type(op)], surface.segment(right))
    return " ".join(parts)


def _table(name: str, table: dict[type[ast.cmpop], type[ast.cmpop]], surface: Surface) -> Iterator[Patch]:
    for site, node, which in _compared(surface):
        new = table.get(type(node.ops[which]))
        if new is not None:
            yield replaced(surface, site, _with(surface, node, which, new), name, 1)


def boundary(surface: Surface) -> Iterator[Patch]:
    """``<`` and ``<=``, ``>`` and ``>=``."""
    yield from _table("boundary", TOUCHING, surface)


def opposite(surface: Surface) -> Iterator[Patch]:
    """The contrary comparison."""
    yield from _table("opposite", OPPOSITE, surface)


def direction(surface: Surface) -> Iterator[Patch]:
    """``<`` and ``>``."""
    yield from _table("direction", FLIPPED, surface)


def comparison(surface: Surface) -> Iterator[Patch]:
    """Any other comparison of values."""
    for site, node, which in _compared(surface):
        old = type(node.ops[which])
        known = {old, TOUCHING.get(old), OPPOSITE.get(old), FLIPPED.get(old)}
        kinds: Sequence[type[ast.cmpop]] = _VALUES if old in _VALUES else (ast.Eq,) if old is ast.Is else ()
        for kind in (*kinds, *((ast.In,) if old is ast.Eq else ()), *((ast.Eq,) if old is ast.In else ())):
            if kind not in known:
                yield replaced(surface, site, _with(surface, node, which, kind), "comparison", 1)


def negation(surface: Surface) -> Iterator[Patch]:
    """A condition negated, or a ``not`` too many."""
    for site in surface.sites:
        node = site.node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield replaced(surface, site, surface.segment(node.operand), "negation", 1)
        elif (site.field == "test" or isinstance(site.parent, ast.BoolOp)) and not isinstance(node, ast.Compare):
            yield replaced(surface, site, f"not {atom(node, site.text)}", "negation", 2)


def logic(surface: Surface) -> Iterator[Patch]:
    """``and`` and ``or``; a part of either too many."""
    for site in surface.sites:
        node = site.node
        if not isinstance(node, ast.BoolOp):
            continue
        parts = [_operand(surface, part) for part in node.values]
        word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        yield replaced(surface, site, f" {other} ".join(parts), "logic", 1)
        for index in range(len(parts)):
            rest = parts[:index] + parts[index + 1 :]
            yield replaced(surface, site, f" {word} ".join(rest), "condition_part", 1)
        yield from _distributed(surface, site, node, word)


def _operand(surface: Surface, node: ast.expr) -> str:
    text = surface.segment(node)
    return f"({text})" if isinstance(node, ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr) else text


def _distributed(surface: Surface, site: Site, node: ast.BoolOp, word: str) -> Iterator[Patch]:
    """``x == a or b`` means ``x == a or x == b`` to those who write it."""
    first = node.values[0]
    if not (isinstance(first, ast.Compare) and len(first.ops) == 1):
        return
    left, symbol = surface.segment(first.left), SYMBOLS[type(first.ops[0])]
    rest = [part for part in node.values[1:] if not isinstance(part, ast.Compare | ast.BoolOp)]
    if rest and len(rest) == len(node.values) - 1:
        parts = [surface.segment(first), *(f"{left} {symbol} {atom(part, surface.segment(part))}" for part in rest)]
        yield replaced(surface, site, f" {word} ".join(parts), "distributed", 1)


def operand(surface: Surface) -> Iterator[Patch]:
    """The two sides of a comparison swapped."""
    for site, node, _ in _compared(surface):
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
            left, right = surface.segment(node.left), surface.segment(node.comparators[0])
            text = f"{atom(node.comparators[0], right)} {SYMBOLS[type(node.ops[0])]} {atom(node.left, left)}"
            yield replaced(surface, site, text, "operands", 2)


def extended(surface: Surface) -> Iterator[Patch]:
    """A condition that another one of the same function joins, by ``and`` or ``or``."""
    tests = [site for site in surface.sites if isinstance(site.node, ast.Compare)]
    for site in surface.sites:
        if not (isinstance(site.parent, _TESTED) and site.field == "test"):
            continue
        others = {other.text for other in tests if other.scope.node is site.scope.node and other.text not in site.text}
        for text in (*sorted(others), *_emptiness(site)):
            own = f"({site.text})" if isinstance(site.node, ast.BoolOp | ast.IfExp) else site.text
            for joined in (f"{own} and {text}", f"{text} and {own}", f"{own} or {text}", f"{text} or {own}"):
                yield replaced(surface, site, joined, "extended_condition", 3)


def _emptiness(site: Site) -> Iterator[str]:
    for name in site.scope.parameters:
        yield f"not {name}"


def constant_condition(surface: Surface) -> Iterator[Patch]:
    """A condition that always holds, or never."""
    for site in surface.sites:
        if site.field == "test" and isinstance(site.parent, _TESTED) and not isinstance(site.node, ast.Constant):
            for word in ("True", "False"):
                yield replaced(surface, site, word, "constant_condition", 2, open_=False)


OPERATORS: tuple[Operator, ...] = (
    Operator("boundary", "'<' and '<=', '>' and '>='", 1, boundary),
    Operator("opposite", "the opposite comparison", 1, opposite),
    Operator("direction", "'<' and '>'", 1, direction),
    Operator("comparison", "another comparison", 1, comparison),
    Operator("negation", "a condition negated", 1, negation),
    Operator("logic", "'and' and 'or', a part left out, 'x == a or b'", 1, logic),
    Operator("operands", "the sides of a membership test swapped", 2, operand),
    Operator("constant_condition", "a condition that always or never holds", 2, constant_condition),
    Operator("extended_condition", "a condition joined by another one", 3, extended),
)

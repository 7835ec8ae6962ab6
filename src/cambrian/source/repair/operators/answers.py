"""Repairs of what a function answers: missing, of the wrong thing, for the simple cases. Pure; nothing is executed."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.repair.patch import Operator, Patch, Tier, patched
from cambrian.source.repair.surface import Function, Place, Scope, Surface

from .values import pool

__all__ = ["OPERATORS"]

_BUILTINS = frozenset(dir(builtins))
_WORDS = ("True", "False", "0", "[]", "None", "''", "()", "1", "-1")


def _answers(surface: Surface, scope: Scope) -> list[tuple[str, Tier]]:
    """What a function may answer: its names, what it returns elsewhere, plain values, lengths."""
    returned = [
        surface.segment(place.node.value)
        for place in surface.places
        if isinstance(place.node, ast.Return) and place.node.value is not None and place.scope.node is scope.node
    ]
    found: dict[str, Tier] = {}
    for text in returned:
        if "\n" not in text:
            found.setdefault(text, 1)
    contrary = {"True": "False", "False": "True"}
    for text in list(found):
        if text in contrary:
            found.setdefault(contrary[text], 1)
    for name in scope.own:
        found.setdefault(name, 1)
    for name in scope.parameters:
        found.setdefault(f"len({name})", 2)
    for word in _WORDS:
        found.setdefault(word, 2)
    return list(found.items())


def _scopes(surface: Surface) -> Iterator[tuple[Function, Scope, Place]]:
    """Functions with the last statement of their body that has its lines to itself."""
    for function in surface.functions:
        places = [place for place in map(surface.place, function.body) if place is not None]
        if places:
            yield function, places[-1].scope, places[-1]


def ending(surface: Surface) -> Iterator[Patch]:
    """A ``return`` at the end of a function; also behind each loop and block, where one is missing."""
    for function, scope, last in _scopes(surface):
        if isinstance(last.node, ast.Return):
            continue
        line = surface.instead if isinstance(last.node, ast.Pass) else surface.after
        for text, tier in _answers(surface, scope):
            yield patched("missing_return", tier, function, line(last, f"return {text}"))


def inner_ending(surface: Surface) -> Iterator[Patch]:
    """A ``return`` at the end of an inner block, or in an ``else``."""
    for place in surface.places:
        inner = place.scope.node is not None and place.owner is not place.scope.node
        if not (inner and place.last) or isinstance(place.node, ast.Return | ast.Break | ast.Continue | ast.Raise):
            continue
        for text, tier in _answers(surface, place.scope):
            later: Tier = 2 if tier == 1 else 3
            yield patched("missing_return", later, place.node, surface.after(place, f"return {text}"))


def returned(surface: Surface) -> Iterator[Patch]:
    """A value that is computed or printed, and not returned."""
    for place in surface.places:
        node = place.node
        if place.scope.node is None:
            continue
        if isinstance(node, ast.Expr):
            value = node.value
            text = surface.segment(value)
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "print":
                text = ", ".join(surface.segment(arg) for arg in value.args) or "None"
            yield patched("returned", 1, node, surface.locator.splice(node, f"return {text}"))
        elif isinstance(node, ast.Assign) and place.last:
            text = surface.segment(node.value)
            yield patched("returned", 2, node, surface.locator.splice(node, f"return {text}"))


def other_answer(surface: Surface) -> Iterator[Patch]:
    """Another answer at a ``return``."""
    for place in surface.places:
        if isinstance(place.node, ast.Return):
            own = "" if place.node.value is None else surface.segment(place.node.value)
            for text, tier in _answers(surface, place.scope):
                if text != own:
                    splice = surface.locator.splice(place.node, f"return {text}")
                    yield patched("answer", tier, place.node, splice)


def base_case(surface: Surface) -> Iterator[Patch]:
    """The empty and the simplest input, answered first."""
    for function, scope, _ in _scopes(surface):
        first = next((place for place in map(surface.place, function.body) if place is not None), None)
        if first is None:
            continue
        for name in scope.parameters:
            likely = (text for text, tier in _answers(surface, scope) if tier == 1)
            answers = dict.fromkeys([*_WORDS[:4], name, *likely])
            for test in (f"not {name}", f"len({name}) == 1", f"{name} <= 1"):
                tier: Tier = 1 if test.startswith("not") else 3
                for text in answers:
                    lines = (f"if {test}:", f"{surface.unit}return {text}")
                    yield patched("base_case", tier, function, surface.before(first, *lines))


def early(surface: Surface) -> Iterator[Patch]:
    """An answer given early, in a loop, under a condition that the function has."""
    for place in surface.places:
        if not place.loops or place.position != 0:
            continue
        tests = [site for site in surface.sites if isinstance(site.node, ast.Compare)]
        texts = {site.text for site in tests if site.scope.node is place.scope.node and "\n" not in site.text}
        for test in sorted(texts):
            for text, tier in _answers(surface, place.scope):
                if tier == 1:
                    lines = (f"if {test}:", f"{surface.unit}return {text}")
                    yield patched("early_return", 3, place.node, surface.before(place, *lines))


def missing_else(surface: Surface) -> Iterator[Patch]:
    """An ``else`` with a statement that moves something on, or leaves."""
    for place in surface.places:
        node = place.node
        if not isinstance(node, ast.If) or node.orelse or place.scope.node is None:
            continue
        last = surface.place(node.body[-1])
        if last is None:
            continue
        lines = ["break"] if place.loops else []
        lines += [f"{name} {symbol} 1" for name in place.scope.own for symbol in ("+=", "-=")] if place.loops else []
        lines += [f"return {text}" for text, tier in _answers(surface, place.scope) if tier == 1]
        for line in lines:
            text = f"{place.indent}else:{surface.newline}{last.indent}{line}{surface.newline}"
            yield patched("missing_else", 2, node, Splice(last.stop, last.stop, text))


def assigned(surface: Surface) -> Iterator[Patch]:
    """A variable set to a plain value before a loop, or at the beginning of a loop's round."""
    for place in surface.places:
        node = place.node
        if not isinstance(node, ast.For | ast.While) or place.scope.node is None:
            continue
        inner = surface.place(node.body[0])
        names = _unset(surface, place)
        for name in names:
            for word in ("0", "[]", "''", "None", "True", "False", *place.scope.parameters):
                if word != name:
                    yield patched("initialised", 2, node, surface.before(place, f"{name} = {word}"))
        for name in place.scope.own if inner is not None else ():
            if name not in place.scope.parameters and inner is not None:
                for word in ("0", "[]", "True", "False"):
                    yield patched("initialised", 3, node, surface.before(inner, f"{name} = {word}"))


def _unset(surface: Surface, place: Place) -> list[str]:
    """Names used in a loop that nothing binds, or that are bound there alone."""
    used = [each.id for each in ast.walk(place.node) if isinstance(each, ast.Name)]
    before = {
        each.id
        for each in ast.walk(place.scope.node or surface.tree)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and each.lineno < place.node.lineno
    }
    known = before | set(place.scope.parameters) | set(place.scope.seen) | _BUILTINS
    return [name for name in dict.fromkeys(used) if name not in known]


def donated(surface: Surface) -> Iterator[Patch]:
    """Any expression of the function as its answer."""
    for site in surface.sites:
        if isinstance(site.parent, ast.Return):
            for text in pool(surface, site):
                if text != site.text:
                    splice = surface.locator.splice(site.node, text)
                    yield patched("answer", 2, site.node, splice)


OPERATORS: tuple[Operator, ...] = (
    Operator("missing_return", "a return at the end", 1, ending),
    Operator("returned", "a value that is computed or printed, returned", 1, returned),
    Operator("answer", "another answer", 1, other_answer),
    Operator("base_case", "the simplest input answered first", 1, base_case),
    Operator("inner_return", "a return at the end of a block", 2, inner_ending),
    Operator("missing_else", "an else that was missing", 2, missing_else),
    Operator("initialised", "a variable set before it is used", 2, assigned),
    Operator("donated_answer", "an expression from elsewhere as the answer", 2, donated),
    Operator("early_return", "an answer given early", 3, early),
)

"""Repairs of values: constants, names, indices, bounds, slices, arithmetic. Pure; nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from cambrian.source.edit import Splice
from cambrian.source.repair.patch import Operator, Patch, atom, patched, replaced
from cambrian.source.repair.surface import Site, Surface

__all__ = ["OPERATORS", "pool"]

_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
}  # fmt: skip
_LONG = 60
"""Characters of the longest expression that is put elsewhere."""


def constant(surface: Surface) -> Iterator[Patch]:
    """Another constant: a neighbour, one of the usual ones, or another one of the text."""
    for site in surface.sites:
        if isinstance(site.node, ast.Constant):
            for text in _near(site.node.value, surface):
                if text != site.text:
                    yield replaced(surface, site, text, "constant", 1, open_=text.startswith("-"))


def _near(value: object, surface: Surface) -> Sequence[str]:
    if isinstance(value, bool):
        return (repr(not value),)
    if isinstance(value, int):
        every = (value + 1, value - 1, 0, 1, -1, 2, -value)
        return tuple(dict.fromkeys(map(repr, every)))
    if isinstance(value, str):
        others = [word for word in surface.constants if word[:1] in "'\""]
        return ("''", "' '", *others[:6])
    return ("0", "[]", "True", "False", "''") if value is None else ()


def emptied(surface: Surface) -> Iterator[Patch]:
    """Another empty value to begin with: ``()``, ``[]``, ``0``, ``''``, ``{}``, ``set()``."""
    words = ("[]", "0", "''", "{}", "()", "set()", "1", "None", "True", "False")
    for site in surface.sites:
        if isinstance(site.parent, ast.Assign | ast.Return) and _blank(site.node):
            for word in words:
                if word != site.text:
                    yield replaced(surface, site, word, "initial_value", 1, open_=False)


def _blank(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Dict):
        return not (node.keys if isinstance(node, ast.Dict) else node.elts)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Call) and not node.args)


def variable(surface: Surface) -> Iterator[Patch]:
    """Another variable of the same scope."""
    for site in surface.sites:
        if isinstance(site.node, ast.Name) and not _is_called(site):
            for word in site.scope.visible:
                if word != site.text:
                    tier = 1 if word in site.scope.own else 2
                    yield replaced(surface, site, word, "variable", tier, open_=False)


def called(surface: Surface) -> Iterator[Patch]:
    """Another function of the file, or of its neighbours, is called."""
    names = [node.name for node in surface.functions]
    for site in surface.sites:
        if isinstance(site.node, ast.Name) and _is_called(site):
            for word in names:
                if word != site.text:
                    yield replaced(surface, site, word, "function", 2, open_=False)


def _is_called(site: Site) -> bool:
    return isinstance(site.parent, ast.Call) and site.parent.func is site.node


def shifted(surface: Surface) -> Iterator[Patch]:
    """An index, a bound of a slice or a range, a side of a comparison, or an answer, off by one."""
    for site in surface.sites:
        if not _counts(site):
            continue
        node, text = site.node, site.text
        done = False
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and _is_one(node.right):
            yield replaced(surface, site, surface.segment(node.left), "off_by_one", 1)
            done = isinstance(node.op, ast.Sub)
            other = "+" if done else "-"
            yield replaced(surface, site, f"{surface.segment(node.left)} {other} 1", "off_by_one", 1)
        if isinstance(node, ast.Constant):
            continue
        own = atom(node, text) if not isinstance(node, ast.BinOp) else text
        for sign in ("+", "-"):
            yield replaced(surface, site, f"{own} {sign} 1", "off_by_one", 1)


def _counts(site: Site) -> bool:
    parent = site.parent
    if isinstance(site.node, ast.BoolOp | ast.Compare | ast.List | ast.Tuple | ast.Dict | ast.Lambda | ast.ListComp):
        return False
    ranged = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "range"
    indexed = isinstance(parent, ast.Subscript) and parent.slice is site.node
    given = isinstance(parent, ast.Call) and site.field == "args"
    return ranged or indexed or given or isinstance(parent, ast.Slice | ast.Compare | ast.Return | ast.Assign)


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1 and type(node.value) is int


def arithmetic(surface: Surface) -> Iterator[Patch]:
    """Another arithmetic operator, operands swapped, or one of the two alone."""
    for site in surface.sites:
        node = site.node
        if not isinstance(node, ast.BinOp) or type(node.op) not in _ARITHMETIC:
            continue
        left, right = surface.segment(node.left), surface.segment(node.right)
        near = {ast.Add: "-", ast.Sub: "+", ast.Div: "//", ast.FloorDiv: "/"}.get(type(node.op))  # type: ignore[call-overload]
        a, b = atom(node.left, left), atom(node.right, right)
        for symbol in _ARITHMETIC.values():
            if symbol != _ARITHMETIC[type(node.op)]:
                yield replaced(surface, site, f"{a} {symbol} {b}", "arithmetic", 1 if symbol == near else 2)
        yield replaced(surface, site, left, "part", 1)
        yield replaced(surface, site, right, "part", 1)
        if not isinstance(node.op, ast.Mult):
            yield replaced(surface, site, f"{b} {_ARITHMETIC[type(node.op)]} {a}", "operands", 2)


def part(surface: Surface) -> Iterator[Patch]:
    """A part of an expression instead of all of it."""
    for site in surface.sites:
        for piece in _parts(site.node):
            yield replaced(surface, site, surface.segment(piece), "part", 2)


def _parts(node: ast.expr) -> Sequence[ast.expr]:
    match node:
        case ast.UnaryOp(op=ast.USub()):
            return (node.operand,)
        case ast.IfExp():
            return (node.body, node.orelse)
        case ast.Call():
            own = [arg for arg in node.args if not isinstance(arg, ast.Starred | ast.GeneratorExp)]
            return [*own, *((node.func.value,) if isinstance(node.func, ast.Attribute) else ())]
        case ast.Subscript() | ast.Attribute():
            return (node.value,)
        case ast.List() | ast.Tuple() if len(node.elts) == 1:
            return node.elts
        case _:
            return ()


def indexed(surface: Surface) -> Iterator[Patch]:
    """An item of a value instead of the value; a variable's item at another variable."""
    for site in surface.sites:
        node = site.node
        if not isinstance(node, ast.Name | ast.Subscript) or _is_called(site) or isinstance(site.parent, ast.Subscript):
            continue
        for word in ("0", "1", "-1"):
            yield replaced(surface, site, f"{site.text}[{word}]", "item", 2, open_=False)
        for word in site.scope.own if isinstance(node, ast.Name) else ():
            if word != site.text:
                yield replaced(surface, site, f"{word}[{site.text}]", "item", 2, open_=False)


def sliced(surface: Surface) -> Iterator[Patch]:
    """A bound of a slice left out or put in, and the slice's complement."""
    for site in surface.sites:
        node = site.node
        if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.slice.step is None):
            continue
        value = surface.segment(node.value)
        low = "" if node.slice.lower is None else surface.segment(node.slice.lower)
        high = "" if node.slice.upper is None else surface.segment(node.slice.upper)
        every = [("", high), (low, ""), (high, low), (low, "-1"), ("1", high)]
        every += [(low, word) for word in site.scope.parameters] + [(word, high) for word in site.scope.parameters]
        for a, b in dict.fromkeys(every):
            if (a, b) != (low, high):
                yield replaced(surface, site, f"{value}[{a}:{b}]", "slice", 1, open_=False)
        yield replaced(surface, site, f"{value}[{low}:{high}:-1]", "slice", 2, open_=False)


def copied(surface: Surface) -> Iterator[Patch]:
    """A copy, where a list is walked or kept while it changes; or in the reverse order."""
    for site in surface.sites:
        walked = isinstance(site.parent, ast.For) and site.field == "iter"
        kept = isinstance(site.parent, ast.Assign)
        if isinstance(site.node, ast.Name) and (walked or kept) and not _is_called(site):
            yield replaced(surface, site, f"{site.text}[:]", "copy", 1, open_=False)
            yield replaced(surface, site, f"{site.text}[::-1]", "copy", 2, open_=False)


def pool(surface: Surface, scope_of: Site) -> list[str]:
    """Expressions of a function that can stand elsewhere in it, shorter ones first, without its plain names."""
    found: dict[str, None] = {}
    for site in surface.sites:
        fits = site.scope.node is scope_of.scope.node and len(site.text) <= _LONG and "\n" not in site.text
        if fits and not isinstance(site.node, ast.Name | ast.Lambda) and not _is_called(site):
            found.setdefault(site.text)
    for word in scope_of.scope.parameters:
        found.setdefault(f"len({word})")
    return sorted(found, key=len)


def elsewhere(surface: Surface) -> Iterator[Patch]:
    """Another expression of the function in the place of one."""
    pools: dict[int, list[str]] = {}
    for site in surface.sites:
        if isinstance(site.parent, ast.Attribute) or _is_called(site) or len(site.text) > _LONG:
            continue
        key = id(site.scope.node)
        for text in pools.setdefault(key, pool(surface, site)):
            if text != site.text:
                yield replaced(surface, site, text, "expression", 3)


def augmented(surface: Surface) -> Iterator[Patch]:
    """``=`` and ``+=``, ``+=`` and ``-=``, ``x = y`` and ``x = x + y``."""
    for place in surface.places:
        node = place.node
        if isinstance(node, ast.AugAssign):
            target, value = surface.segment(node.target), surface.segment(node.value)
            for symbol in ("=", "+=", "-=", "*=", "//="):
                if symbol != f"{_ARITHMETIC.get(type(node.op), '?')}=":
                    splice = Splice(*surface.locator.range(node), f"{target} {symbol} {value}")
                    yield patched("accumulator", 1, node, splice)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            text = f"{node.targets[0].id} += {surface.segment(node.value)}"
            yield patched("accumulator", 2, node, surface.locator.splice(node, text))


OPERATORS: tuple[Operator, ...] = (
    Operator("constant", "another constant", 1, constant),
    Operator("initial_value", "another value to begin with", 1, emptied),
    Operator("variable", "another variable of the same scope", 1, variable),
    Operator("off_by_one", "an index or a bound shifted by one", 1, shifted),
    Operator("slice", "other bounds of a slice", 1, sliced),
    Operator("copy", "a copy of what changes meanwhile", 1, copied),
    Operator("arithmetic", "another arithmetic operator", 1, arithmetic),
    Operator("accumulator", "another assignment to an accumulator", 1, augmented),
    Operator("part", "a part of an expression", 2, part),
    Operator("item", "an item of a value", 2, indexed),
    Operator("function", "another function is called", 2, called),
    Operator("expression", "an expression from elsewhere", 3, elsewhere),
)

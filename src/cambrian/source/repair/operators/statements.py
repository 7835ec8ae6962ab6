"""Repairs of whole statements: left out, moved in and out of blocks, copied, guarded. Pure; nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.edit import Splice, apply
from cambrian.source.repair.patch import Operator, Patch, Tier, patched
from cambrian.source.repair.surface import Function, Place, Surface, reindented

__all__ = ["OPERATORS"]

_LEAVING = (ast.Return, ast.Break, ast.Continue, ast.Raise)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_SMALL = 400
"""Characters of the longest statement that is copied."""


def _every(surface: Surface) -> Iterator[Place]:
    """Statements, definitions left out; those of functions first."""
    every = [place for place in surface.places if not isinstance(place.node, _DEFINITIONS)]
    yield from sorted(every, key=lambda place: place.scope.node is None)


def removed(surface: Surface) -> Iterator[Patch]:
    """Without a statement."""
    for place in _every(surface):
        if not isinstance(place.node, ast.Pass):
            yield patched("removed", 1, place.node, surface.removal(place))


def swapped(surface: Surface) -> Iterator[Patch]:
    """A statement and the next in the other order."""
    for place in _every(surface):
        after = None if place.last else surface.place(place.block[place.position + 1])
        if after is not None and surface.lines_of(after).endswith("\n"):
            yield patched("swapped", 1, place.node, Splice(place.first, place.stop, surface.lines_of(after)),
                Splice(after.first, after.stop, surface.lines_of(place)),
            )  # fmt: skip


def outdented(surface: Surface) -> Iterator[Patch]:
    """The last statements of a block, moved behind it; also behind the loop around it."""
    for place in _every(surface):
        owner = surface.place(place.owner)
        if owner is None or isinstance(place.node, ast.Pass) or isinstance(place.owner, _DEFINITIONS):
            continue
        for outer in _around(surface, place):
            text = surface.moved(place, outer.indent)
            tier: Tier = 1 if place.last or isinstance(place.node, ast.Return) else 2
            if place.stop == outer.stop:
                removal = surface.removal(place)
                yield patched("outdented", tier, place.node, removal._replace(text=removal.text + text))
            else:
                splices = (surface.removal(place), Splice(outer.stop, outer.stop, text))
                yield patched("outdented", tier, place.node, *splices)
        if not place.last:
            yield from _tail_outdented(surface, place, owner)


def _around(surface: Surface, place: Place) -> Iterator[Place]:
    """Compound statements around a statement, innermost first, as far as its function goes."""
    above = surface.place(place.owner)
    while above is not None and not isinstance(above.node, _DEFINITIONS):
        yield above
        above = surface.place(above.owner)


def _tail_outdented(surface: Surface, place: Place, owner: Place) -> Iterator[Patch]:
    """From this statement on, everything of its block."""
    last = surface.place(place.block[-1])
    if last is None or last.stop != owner.stop or place.position == 0:
        return
    tail = surface.text[place.first : last.stop]
    text = reindented(tail, place.indent, owner.indent, surface.newline)
    yield patched("outdented", 1, place.node, Splice(place.first, last.stop, text))


def indented(surface: Surface) -> Iterator[Patch]:
    """A statement moved to the end of the block before it."""
    for place in _every(surface):
        before = None if place.position == 0 else surface.place(place.block[place.position - 1])
        if before is None:
            continue
        for inner in _ends(surface, before):
            text = surface.moved(place, inner.indent)
            rest = surface.removal(place)
            yield patched("indented", 1, place.node, Splice(inner.stop, rest.start, text), rest)


def _ends(surface: Surface, place: Place) -> Iterator[Place]:
    """Last statements of the blocks of a compound statement that end where it ends, outer ones first."""
    node = place.node
    while isinstance(node, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.FunctionDef | ast.AsyncFunctionDef):
        block: list[ast.stmt] = getattr(node, "finalbody", []) or getattr(node, "orelse", []) or node.body
        last = block[-1]
        inner = surface.place(last)
        if inner is None:
            return
        yield inner
        node = last


def unwrapped(surface: Surface) -> Iterator[Patch]:
    """The body of a condition, or its other branch, without the condition."""
    for place in _every(surface):
        node = place.node
        if isinstance(node, ast.If | ast.While | ast.With):
            for block in (node.body, getattr(node, "orelse", [])):
                first, last = (surface.place(block[0]), surface.place(block[-1])) if block else (None, None)
                if first is not None and last is not None:
                    text = surface.text[first.first : last.stop]
                    text = reindented(text, first.indent, place.indent, surface.newline)
                    yield patched("unwrapped", 2, node, Splice(place.first, place.stop, text))


def branches(surface: Surface) -> Iterator[Patch]:
    """``elif`` as ``if``, ``if`` as ``elif``; an ``else`` left out; ``if`` and ``while``; the two branches swapped."""
    for place in _every(surface):
        node = place.node
        start = place.first + len(place.indent)
        if isinstance(node, ast.If):
            yield from _chained(place, node)
            if not node.orelse:
                yield patched("repeated", 2, node, Splice(start, start + 2, "while"))
            yield from _exchanged(surface, node)
        elif isinstance(node, ast.While):
            yield patched("repeated", 2, node, Splice(start, start + 5, "if"))
        yield from _without_else(surface, node)
    for node in ast.walk(surface.tree):
        if isinstance(node, ast.If) and surface.locator.segment(node).startswith("elif"):
            start, _ = surface.locator.range(node)
            yield patched("branch", 1, node, Splice(start, start + 4, "if"))


def _chained(place: Place, node: ast.If) -> Iterator[Patch]:
    before = None if place.position == 0 else place.block[place.position - 1]
    if isinstance(before, ast.If):
        start = place.first + len(place.indent)
        yield patched("branch", 1, node, Splice(start, start + 2, "elif"))


def _exchanged(surface: Surface, node: ast.If) -> Iterator[Patch]:
    if not node.orelse or (len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)):
        return
    ends = [surface.place(each) for each in (node.body[0], node.body[-1], node.orelse[0], node.orelse[-1])]
    a, b, c, d = ends
    if a is None or b is None or c is None or d is None or a.indent != c.indent:
        return
    body, other = surface.text[a.first : b.stop], surface.text[c.first : d.stop]
    if body.endswith("\n") and other.endswith("\n"):
        splices = (Splice(a.first, b.stop, other), Splice(c.first, d.stop, body))
        yield patched("branches_swapped", 1, node, *splices)


def _without_else(surface: Surface, node: ast.stmt) -> Iterator[Patch]:
    """``else:`` taken away: what stood in it follows."""
    if not isinstance(node, ast.If | ast.For | ast.While) or not node.orelse:
        return
    end, first, last = surface.place(node.body[-1]), surface.place(node.orelse[0]), surface.place(node.orelse[-1])
    head = surface.place(node)
    if end is None or first is None or last is None or head is None:
        return
    text = reindented(surface.text[first.first : last.stop], first.indent, head.indent, surface.newline)
    yield patched("else_removed", 1, node, Splice(end.stop, last.stop, text))
    if isinstance(node, ast.If):
        yield patched("branch_removed", 2, node, Splice(end.stop, last.stop, ""))


def leaving(surface: Surface) -> Iterator[Patch]:
    """``break``, ``continue``, ``pass`` and ``return`` for one another; a ``break`` put in."""
    for place in _every(surface):
        node = place.node
        if isinstance(node, ast.Break | ast.Continue | ast.Pass):
            for word in ("break", "continue", "pass"):
                if word != surface.segment(node) and (place.loops or word == "pass"):
                    yield patched("leaving", 1, node, surface.instead(place, word))
        elif isinstance(node, ast.Return) and place.loops:
            yield patched("leaving", 2, node, surface.instead(place, "break"))
            yield patched("leaving", 2, node, surface.instead(place, "continue"))
        elif place.loops and place.last and not isinstance(place.owner, ast.For | ast.While):
            yield patched("leaving", 2, node, surface.after(place, "break"))
            yield patched("leaving", 3, node, surface.after(place, "continue"))


def moved(surface: Surface) -> Iterator[Patch]:
    """A simple statement in front of another one of its function."""
    for place in _every(surface):
        if not isinstance(place.node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return | ast.If):
            continue
        for other in _every(surface):
            apart = not place.first <= other.first <= place.stop
            if apart and other.scope.node is place.scope.node:
                text = Splice(other.first, other.first, surface.moved(place, other.indent))
                tier: Tier = 2 if isinstance(place.node, ast.Assign | ast.AugAssign | ast.Return) else 3
                yield patched("moved", tier, place.node, surface.removal(place), text)


def copied(surface: Surface) -> Iterator[Patch]:
    """A simple statement of the file once more, in front of another one or behind it."""
    donors: dict[str, Place] = {}
    for place in _every(surface):
        if isinstance(place.node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return | ast.Break | ast.Continue):
            donors.setdefault(surface.segment(place.node), place)
    for place in _every(surface):
        for text, donor in donors.items():
            if "\n" in text or donor.node is place.node or len(text) > _SMALL or not _fits(donor, place):
                continue
            yield patched("copied", 3, place.node, surface.before(place, text))
            if place.last:
                yield patched("copied", 3, place.node, surface.after(place, text))


def _fits(donor: Place, place: Place) -> bool:
    if isinstance(donor.node, ast.Break | ast.Continue) and not place.loops:
        return False
    return donor.scope.node is place.scope.node


def stepped(surface: Surface) -> Iterator[Patch]:
    """A counter that is never moved on in a loop, or never set before it."""
    for place in _every(surface):
        node = place.node
        if isinstance(node, ast.While):
            names = sorted({each.id for each in ast.walk(node.test) if isinstance(each, ast.Name)})
            last, first = surface.place(node.body[-1]), surface.place(node.body[0])
            for name in names:
                for symbol in ("+=", "-="):
                    for end in (last, first):
                        if end is not None:
                            at = surface.after if end is last else surface.before
                            yield patched("step", 1, node, at(end, f"{name} {symbol} 1"))


def guarded(surface: Surface) -> Iterator[Patch]:
    """A statement only under a condition that the function has."""
    tests: dict[str, object] = {}
    for site in surface.sites:
        if isinstance(site.node, ast.Compare):
            tests.setdefault(site.text, site.scope.node)
    for place in _every(surface):
        if isinstance(place.node, ast.Pass | ast.Return):
            continue
        for text, function in tests.items():
            if function is place.scope.node and "\n" not in text:
                body = surface.moved(place, place.indent + surface.unit)
                head = f"{place.indent}if {text}:{surface.newline}"
                yield patched("guarded", 3, place.node, Splice(place.first, place.stop, head + body))


def sibling(surface: Surface) -> Iterator[Patch]:
    """The body of another function of the file that takes as many arguments, with this one's names."""
    for function in surface.functions:
        for other in surface.functions:
            if other is not function and _alike(function, other):
                yield from _body_of(surface, function, other)


def _alike(one: Function, other: Function) -> bool:
    return len(one.args.args) == len(other.args.args) and one.col_offset == other.col_offset


def _body_of(surface: Surface, function: Function, other: Function) -> Iterator[Patch]:
    ends = [surface.place(each) for each in (function.body[0], function.body[-1], other.body[0], other.body[-1])]
    a, b, c, d = ends
    if a is None or b is None or c is None or d is None:
        return
    names = {old.arg: new.arg for old, new in zip(other.args.args, function.args.args, strict=True)}
    splices: list[Splice] = []
    for site in surface.sites:
        start, stop = surface.locator.range(site.node)
        if isinstance(site.node, ast.Name) and site.node.id in names and c.first <= start < d.stop:
            splices.append(Splice(start - c.first, stop - c.first, names[site.node.id]))
    text = reindented(apply(surface.text[c.first : d.stop], splices), c.indent, a.indent, surface.newline)
    yield patched("sibling", 2, function, Splice(a.first, b.stop, text))


OPERATORS: tuple[Operator, ...] = (
    Operator("removed", "without a statement", 1, removed),
    Operator("swapped", "two neighbours swapped", 1, swapped),
    Operator("outdented", "a statement moved out of its block", 1, outdented),
    Operator("indented", "a statement moved into the block before it", 1, indented),
    Operator("branch", "'if', 'elif', 'else' and 'while' for one another", 1, branches),
    Operator("leaving", "'break', 'continue', 'pass' and 'return' for one another", 1, leaving),
    Operator("step", "a counter moved on", 1, stepped),
    Operator("unwrapped", "a body without its condition", 2, unwrapped),
    Operator("moved", "a statement moved elsewhere", 2, moved),
    Operator("sibling", "the body of a function that is much like it", 2, sibling),
    Operator("guarded", "a statement under a condition", 3, guarded),
    Operator("copied", "a statement copied from elsewhere", 3, copied),
)

"""Repairs of attributes that an object does not have. Pure; nothing is executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from cambrian.source.edit import Splice
from cambrian.source.repair.foreign import CALLS, MEMBERS, METHODS
from cambrian.source.repair.patch import atom
from cambrian.source.repair.report import Failure, Fix, Pattern
from cambrian.source.repair.spelling import similar
from cambrian.source.repair.surface import Function, Site, Surface

from .writing import attribute_splice, importing, made, on_lines

__all__ = ["awaiting", "fixes", "rare"]


_SHORT, _FEW = 2, 2.0
"""Letters of a name that is like any other; edits of one that is like another."""


def fixes(surface: Surface, failure: Failure) -> Iterator[Fix]:
    """For AttributeError."""
    if failure.type != "AttributeError":
        return
    name = failure.name or _named(failure.message)
    for distance, site in on_lines(surface, failure):
        if isinstance(site.node, ast.Attribute) and site.node.attr == name:
            for fix in _at(surface, failure, site, site.node):
                yield _further(fix, distance)
    yield from _defined(surface, failure, name)
    yield from _stored(surface, name)
    if "coroutine" in failure.owner or "coroutine" in failure.message:
        yield from awaiting(surface, failure)


def _further(fix: Fix, distance: int) -> Fix:
    from msgspec.structs import replace

    return replace(fix, cost=fix.cost + 0.2 * distance) if distance else fix


def _named(message: str) -> str:
    match = re.search(r"attribute '(\w+)'", message)
    return match[1] if match else ""


def _at(surface: Surface, failure: Failure, site: Site, node: ast.Attribute) -> Iterator[Fix]:
    name, members = node.attr, failure.members
    public = [each for each in (*members, *_own_members(surface, failure.owner)) if not each.startswith("__")]
    likely = similar(name, public)
    likely += [(word, 0.6 + 0.2 * rank) for rank, word in enumerate(METHODS.get(name, ())) if word in public]
    for word, cost in likely:
        pattern = Pattern(failure.type, failure.owner, name, word)
        splice = attribute_splice(surface, node, word)
        yield made(surface, splice, f".{name} → .{word}", cost, node.lineno, pattern=pattern)
        called = isinstance(site.parent, ast.Call) and site.parent.func is node
        if not called and word in METHODS.get(name, ()):
            yield made(surface, splice._replace(text=f"{word}()"), f".{name} → .{word}()", cost, node.lineno)
    yield from _around(surface, site, node)
    yield from _receivers(surface, failure, node)


def _own_members(surface: Surface, owner: str) -> list[str]:
    """What a class of this text has, as far as the text says: its methods, fields, and what is set on ``self``."""
    found: dict[str, None] = {}
    for node in ast.walk(surface.tree):
        if not isinstance(node, ast.ClassDef) or node.name != owner:
            continue
        for each in ast.walk(node):
            if isinstance(each, Function):
                found.setdefault(each.name)
            elif isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store):
                found.setdefault(each.attr)
            elif isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                found.setdefault(each.target.id)
    return list(found)


def _around(surface: Surface, site: Site, node: ast.Attribute) -> Iterator[Fix]:
    """What other languages have as a method, and Python as a function or an operator."""
    call = site.parent if isinstance(site.parent, ast.Call) and site.parent.func is node else None
    whole: ast.expr = call or node
    value = atom(node.value, surface.segment(node.value))
    plain = surface.segment(node.value)
    arguments = [surface.segment(arg) for arg in call.args] if call else []
    for form in CALLS.get(node.attr, ()) if not arguments else ():
        text = form.format(value=value if form.startswith("{") else plain)
        yield made(surface, surface.locator.splice(whole, text), f".{node.attr} → {text}", 0.4, node.lineno)
    for form in MEMBERS.get(node.attr, ()) if len(arguments) == 1 else ():
        text = form.format(value=value, argument=arguments[0])
        yield made(surface, surface.locator.splice(whole, text), f".{node.attr} → {text}", 0.5, node.lineno)
    if node.attr in ("substring", "slice", "substr") and len(arguments) == 2:
        text = f"{value}[{arguments[0]}:{arguments[1]}]"
        yield made(surface, surface.locator.splice(whole, text), f".{node.attr} → {text}", 0.5, node.lineno)
    if node.attr == "forEach" and call is not None and arguments:
        text = f"[({arguments[0]})(item) for item in {plain}]"
        yield made(surface, surface.locator.splice(whole, text), f".forEach → {text}", 1.0, node.lineno)


def _receivers(surface: Surface, failure: Failure, node: ast.Attribute) -> Iterator[Fix]:
    """Another variable has it; or what the receiver gives when it is called."""
    start, stop = surface.locator.range(node.value)
    own = surface.text[start:stop]
    near = {word for word, _ in similar(own, failure.holders)}
    for holder in failure.holders:
        if holder != own:
            cost = 0.8 if holder in near else 1.6
            yield made(
                surface, Splice(start, stop, holder), f"{own}.{node.attr} → {holder}.{node.attr}", cost, node.lineno
            )
    if failure.owner in ("function", "method", "builtin_function_or_method", "type"):
        yield made(surface, Splice(stop, stop, "()"), f"{own} → {own}()", 0.5, node.lineno)
    if failure.owner == "module":
        line = f"import {own}.{node.attr}"
        yield made(surface, importing(surface, line), line, 0.9, node.lineno)
        inner = f"{own}.{own.rpartition('.')[2]}"
        yield made(surface, Splice(start, stop, inner), f"{own} → {inner}", 0.7, node.lineno)
    if failure.owner in ("list", "tuple", "dict", "str") and isinstance(node.value, ast.Name):
        yield made(surface, Splice(stop, stop, "[0]"), f"{own} → {own}[0]", 2.2, node.lineno, named=False)


def _defined(surface: Surface, failure: Failure, name: str) -> Iterator[Fix]:
    """The name is right, and the method is misspelled where it is defined; ``__init__`` above all."""
    for owner in ast.walk(surface.tree):
        if not isinstance(owner, ast.ClassDef) or (failure.owner and owner.name != failure.owner):
            continue
        for node in owner.body:
            if isinstance(node, Function):
                for word, cost in similar(node.name, (name, "__init__")):
                    start = surface.text.index(node.name, surface.locator.range(node)[0] + 3)
                    splice = Splice(start, start + len(node.name), word)
                    yield made(
                        surface,
                        splice,
                        f"def {node.name} → def {word}",
                        cost + (0.2 if word == "__init__" else 1.0),
                        node.lineno,
                    )


def _stored(surface: Surface, name: str) -> Iterator[Fix]:
    """The name is right, and it is misspelled where the attribute is set."""
    for node in ast.walk(surface.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            for word, cost in similar(node.attr, (name,)):
                splice = attribute_splice(surface, node, word)
                yield made(surface, splice, f".{node.attr} = → .{word} =", cost + 0.2, node.lineno)
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            target = node.targets[0]
            if target.id == name and _in_method(surface, node):
                splice = surface.locator.splice(target, f"self.{name}")
                yield made(surface, splice, f"{name} = → self.{name} =", 0.7, node.lineno)


def rare(surface: Surface) -> Iterator[Fix]:
    """Nothing failed: an attribute that stands once and is like another; one that is set without ``self``."""
    found: dict[str, list[ast.Attribute]] = {}
    for node in ast.walk(surface.tree):
        if isinstance(node, ast.Attribute):
            found.setdefault(node.attr, []).append(node)
    for name, nodes in found.items():
        for word, cost in similar(name, found) if len(nodes) == 1 and len(name) > _SHORT else ():
            if cost <= _FEW:
                splice = attribute_splice(surface, nodes[0], word)
                yield made(surface, splice, f".{name} → .{word}", 0.8 + 0.4 * cost, nodes[0].lineno, named=False)
    yield from _set_without_self(surface, found)


def _set_without_self(surface: Surface, attributes: Collection[str]) -> Iterator[Fix]:
    """A variable of a method that nobody reads, called as an attribute is."""
    read = {site.node.id for site in surface.sites if isinstance(site.node, ast.Name)}
    for node in ast.walk(surface.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name) as target]) if name in attributes and name not in read:
                if _in_method(surface, node):
                    splice = surface.locator.splice(target, f"self.{name}")
                    yield made(surface, splice, f"{name} = → self.{name} =", 0.7, target.lineno, named=False)
            case _:
                pass


def _in_method(surface: Surface, node: ast.Assign) -> bool:
    place = surface.place(node)
    function = place.scope.node if place else None
    return function is not None and bool(function.args.args) and function.args.args[0].arg == "self"


_TAKERS = (
    "gather", "run", "create_task", "ensure_future", "wait_for", "wait", "shield", "as_completed", "run_until_complete",
    "timeout_at", "start_soon", "run_coroutine_threadsafe", "append", "add",
)  # fmt: skip
"""Functions that want what is not awaited yet."""


def _takes_it(site: Site) -> bool:
    """Whether a call is the argument of one that awaits it itself."""
    if not isinstance(site.parent, ast.Call) or site.parent.func is site.node:
        return isinstance(site.parent, ast.Starred)
    func = site.parent.func
    return (func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")) in _TAKERS


def awaiting(surface: Surface, failure: Failure) -> Iterator[Fix]:
    """Calls of coroutine functions that nobody awaits: in the function that failed first, then everywhere."""
    waiting = {node.name for node in surface.functions if isinstance(node, ast.AsyncFunctionDef)} | {
        *failure.unawaited,
        "sleep",
        "gather",
        "wait_for",
    }
    awaited = {id(node.value) for node in ast.walk(surface.tree) if isinstance(node, ast.Await)}
    everywhere: list[Splice] = []
    for site in surface.sites:
        node = site.node
        if (
            not isinstance(node, ast.Call)
            or id(node) in awaited
            or not isinstance(site.scope.node, ast.AsyncFunctionDef)
        ):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in waiting or _takes_it(site):
            continue
        text = f"await {site.text}"
        needs = isinstance(site.parent, ast.Attribute | ast.Subscript | ast.BinOp | ast.Call | ast.Compare)
        splice = surface.locator.splice(node, f"({text})" if needs else text)
        everywhere.append(splice)
        near = node.lineno in (failure.line, *failure.lines)
        yield made(surface, splice, text, 0.1 if near or name in failure.unawaited else 0.4, node.lineno)
    if len(everywhere) > 1:
        yield made(surface, tuple(everywhere), "await in all places", 0.6, failure.line)

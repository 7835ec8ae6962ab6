"""Faster loops of (nearly) the same meaning. Pure; nothing is executed."""

from __future__ import annotations

import ast
from random import Random
from typing import TypeGuard

from cambrian.source.edit import Splice

from .context import Context, Place, Site, loaded_names, stored_names
from .operator import Edit, Operator, edit_at, name, placing, rewriting, shifted, short

_LOOPS = (ast.For, ast.While)


def _hoist(place: Place, context: Context, rng: Random) -> Edit | None:
    """Compute an expression that no pass changes once, before the loop."""
    loop = place.node
    assert isinstance(loop, ast.For | ast.While)
    changed = stored_names([loop])
    start, stop = place.first, place.stop
    worth: list[Site] = []
    for site in context.sites:
        inside = start <= context.locator.range(site.node)[0] < stop and site.scope is place.scope
        repeated = not (isinstance(loop, ast.For) and site.node is loop.iter)
        if inside and repeated and _worth_hoisting(site) and not loaded_names(site.node) & changed:
            worth.append(site)
    if not worth:
        return None
    chosen = rng.choice(worth)
    word = context.fresh("hoisted")
    kept = context.before(place, [ast.Assign([ast.Name(word, ast.Store())], chosen.node)])
    same = [site for site in worth if ast.dump(site.node) == ast.dump(chosen.node)]
    splices = [kept, *(context.locator.splice(site.node, word) for site in same)]
    return edit_at(place, splices, f"{context.brief(chosen.node)!r} before the loop")


def _worth_hoisting(site: Site) -> bool:
    if isinstance(site.node, ast.Call):
        return not any(isinstance(node, ast.Lambda) for node in ast.walk(site.node))
    return isinstance(site.node, ast.Attribute | ast.BinOp | ast.Subscript | ast.ListComp | ast.List)


def _search_set(place: Place, context: Context, rng: Random) -> Edit | None:
    """Search a set made before the loop instead of a list."""
    loop = place.node
    changed = stored_names([loop])
    found: list[tuple[Site, str]] = []
    for site in context.of(ast.Name):
        parent = site.parent
        searched = (
            isinstance(parent, ast.Compare)
            and parent.comparators[-1] is site.node
            and isinstance(parent.ops[-1], ast.In | ast.NotIn)
        )
        word = site.node.id if isinstance(site.node, ast.Name) else ""
        inside = place.first <= context.locator.range(site.node)[0] < place.stop
        if searched and inside and word not in changed and site.scope is place.scope:
            found.append((site, word))
    if not found:
        return None
    site, word = rng.choice(found)
    fresh = context.fresh(f"{word}_set")
    made = ast.Assign([ast.Name(fresh, ast.Store())], ast.Call(name("set"), [name(word)], []))
    splices = [context.before(place, [made]), context.locator.splice(site.node, fresh)]
    return edit_at(place, splices, f"search set({word}) instead of {word}")


def _seen_set(place: Place, context: Context, _rng: Random) -> Edit | None:
    """A set beside a list that is both appended to and searched: ``if x not in out: out.append(x)``."""
    node = place.node
    assert isinstance(node, ast.If)
    test = node.test
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.NotIn)):
        return None
    searched = test.comparators[0]
    loop = next((p for p in context.places if p.node is place.owner), None)
    if not (isinstance(searched, ast.Name) and loop is not None and isinstance(loop.node, _LOOPS)):
        return None
    added = [_appended(statement, searched.id) for statement in node.body]
    if not any(item is not None and ast.dump(item) == ast.dump(test.left) for item in added):
        return None
    word = context.fresh("seen")
    add = ast.Expr(ast.Call(ast.Attribute(name(word), "add", ast.Load()), [test.left], []))
    guarded = ast.If(ast.Compare(test.left, test.ops, [name(word)]), [add, *node.body], node.orelse)
    made = ast.Assign([ast.Name(word, ast.Store())], ast.Call(name("set"), [name(searched.id)], []))
    splices = [context.before(loop, [made]), context.instead(place, [guarded])]
    return edit_at(place, splices, f"remember members of {searched.id} in a set")


def _appended(node: ast.stmt, word: str) -> ast.expr | None:
    """What a statement appends to a list of this name, if that is all it does."""
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and len(node.value.args) == 1):
        return None
    match node.value.func:
        case ast.Attribute(value=ast.Name(id=listed), attr="append") if listed == word:
            return node.value.args[0]
        case _:
            return None


def _comprehension(place: Place, context: Context, _rng: Random) -> Edit | None:
    """``out = []`` and a loop that only appends → a comprehension."""
    loop = place.node
    assert isinstance(loop, ast.For)
    start = _previous(place, context)
    if start is None or len(loop.body) != 1 or loop.orelse:
        return None
    target = start.node.targets[0] if isinstance(start.node, ast.Assign) else None
    empty = isinstance(start.node, ast.Assign) and isinstance(start.node.value, ast.List) and not start.node.value.elts
    if not (empty and isinstance(target, ast.Name)):
        return None
    inner, tests = loop.body[0], list[ast.expr]()
    if isinstance(inner, ast.If) and len(inner.body) == 1 and not inner.orelse:
        inner, tests = inner.body[0], [inner.test]
    item = _appended(inner, target.id)
    if item is None or target.id in loaded_names(item) | {word for test in tests for word in loaded_names(test)}:
        return None
    new = ast.Assign([target], ast.ListComp(item, [ast.comprehension(loop.target, loop.iter, tests, 0)]))
    return _merged(start, place, new, context, "a comprehension instead of a loop")


def _join(place: Place, context: Context, _rng: Random) -> Edit | None:
    """``s = ""`` and a loop of ``s += x`` → parts in a list, joined once."""
    loop = place.node
    assert isinstance(loop, ast.For | ast.While)
    start = _previous(place, context)
    if start is None or not isinstance(start.node, ast.Assign) or not isinstance(start.node.targets[0], ast.Name):
        return None
    value, word = start.node.value, start.node.targets[0].id
    if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        return None
    grown = [p for p in context.at(ast.AugAssign) if place.first <= p.first < place.stop and _grows(p.node, word)]
    uses = sum(isinstance(node, ast.Name) and node.id == word for node in ast.walk(loop))
    if not grown or uses != len(grown):
        return None
    parts = context.fresh("parts")
    splices = [context.instead(start, [ast.Assign([ast.Name(parts, ast.Store())], ast.List([value], ast.Load()))])]
    for item in grown:
        assert isinstance(item.node, ast.AugAssign)
        append = ast.Call(ast.Attribute(name(parts), "append", ast.Load()), [item.node.value], [])
        splices.append(context.instead(item, [ast.Expr(append)]))
    joined = ast.Call(ast.Attribute(ast.Constant(""), "join", ast.Load()), [name(parts)], [])
    after = context.block_text([ast.Assign([ast.Name(word, ast.Store())], joined)], place.indent)
    if after is None or not context.text[place.first : place.stop].endswith(("\n", "\r")):
        return None
    splices.append(_insert(place.stop, after))
    return edit_at(place, splices, f"parts of {word} joined once")


def _grows(node: ast.stmt, word: str) -> bool:
    if not (isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add)):
        return False
    return isinstance(node.target, ast.Name) and node.target.id == word


def _append(place: Place, context: Context, _rng: Random) -> Edit | None:
    """``a = a + [x]`` and ``a += [x]`` → ``a.append(x)``."""
    node = place.node
    item: ast.expr | None = None
    target: ast.expr | None = None
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        target, item = node.target, node.value
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Add):
        target, item = node.targets[0], node.value.right
        if ast.unparse(target) != ast.unparse(node.value.left):
            return None
    if not (isinstance(target, ast.Name) and isinstance(item, ast.List) and len(item.elts) == 1):
        return None
    new = ast.Expr(ast.Call(ast.Attribute(name(target.id), "append", ast.Load()), item.elts, []))
    return edit_at(place, [context.instead(place, [new])], f"{short(node)!r} → {short(new)!r}")


def _enumerate(place: Place, context: Context, _rng: Random) -> Edit | None:
    """``for i in range(len(a))`` with ``a[i]`` → ``for i, item in enumerate(a)``."""
    loop = place.node
    assert isinstance(loop, ast.For)
    word = _indexed(loop)
    if word is None or not isinstance(loop.target, ast.Name) or word in stored_names([loop]):
        return None
    index = loop.target.id
    sites = [
        site
        for site in context.of(ast.Subscript)
        if place.first <= context.locator.range(site.node)[0] < place.stop
        and ast.unparse(site.node) == f"{word}[{index}]"
    ]
    if not sites or index in stored_names(loop.body):
        return None
    item = context.fresh("item")
    head = f"{index}, {item}"
    splices = [context.locator.splice(loop.target, head), context.locator.splice(loop.iter, f"enumerate({word})")]
    splices += [context.locator.splice(site.node, item) for site in sites]
    return edit_at(place, splices, f"enumerate({word}) instead of indices")


def _indexed(loop: ast.For) -> str | None:
    """The list's name in ``range(len(name))``."""
    match loop.iter:
        case ast.Call(
            func=ast.Name(id="range"), args=[ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=word)], keywords=[])]
        ):
            return word
        case _:
            return None


def _range(site: Site, _context: Context, rng: Random) -> ast.expr | None:
    """Other bounds, another direction or another step of a range."""
    node = site.node
    assert isinstance(node, ast.Call)
    if not (isinstance(node.func, ast.Name) and node.func.id == "range" and 1 <= len(node.args) <= 2):
        return None
    low, high = (ast.Constant(0), node.args[0]) if len(node.args) == 1 else node.args
    options: tuple[list[ast.expr], ...] = (
        [low, shifted(high, 1)],
        [low, shifted(high, -1)],
        [shifted(low, 1), high],
        [shifted(high, -1), shifted(low, -1), ast.UnaryOp(ast.USub(), ast.Constant(1))],
        [low, high, ast.Constant(2)],
        [low, ast.BinOp(high, ast.FloorDiv(), ast.Constant(2))],
    )
    return ast.Call(node.func, rng.choice(options), [])


def _stop_at_flag(place: Place, context: Context, _rng: Random) -> Edit | None:
    """Leave a loop as soon as it has set a flag: ``found = True`` is followed by ``break``."""
    node = place.node
    if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and place.indent):
        return None
    if place.position + 1 < len(place.block) or not isinstance(node.value.value, bool):
        return None
    text = context.text[place.first : place.stop]
    if not text.endswith(("\n", "\r")):
        return None
    after = f"{place.indent}break{context.newline}"
    return edit_at(place, [_insert(place.stop, after)], f"break after {context.brief(node)!r}")


def _previous(place: Place, context: Context) -> Place | None:
    for other in context.places:
        if other.block is place.block and other.position == place.position - 1 and _single_assignment(other.node):
            return other
    return None


def _single_assignment(node: ast.stmt) -> TypeGuard[ast.Assign]:
    return isinstance(node, ast.Assign) and len(node.targets) == 1


def _merged(first: Place, second: Place, new: ast.stmt, context: Context, what: str) -> Edit | None:
    """One statement in the place of two."""
    return edit_at(second, [_insert(first.first, "", first.stop), context.instead(second, [new])], what)


def _insert(start: int, text: str, stop: int | None = None) -> Splice:
    return Splice(start, start if stop is None else stop, text)


OPERATORS: tuple[Operator, ...] = (
    Operator("hoist", "speed", "an expression computed before the loop", placing(_LOOPS, _hoist)),
    Operator("search_set", "speed", "a set searched instead of a list", placing(_LOOPS, _search_set)),
    Operator("seen_set", "speed", "a set beside a list without duplicates", placing((ast.If,), _seen_set)),
    Operator("comprehension", "speed", "a comprehension for a loop", placing((ast.For,), _comprehension)),
    Operator("join", "speed", "text joined once", placing(_LOOPS, _join)),
    Operator("append", "speed", "append for concatenation", placing((ast.Assign, ast.AugAssign), _append)),
    Operator("enumerate", "speed", "items for indices", placing((ast.For,), _enumerate)),
    Operator("stop_at_flag", "speed", "a loop left when its flag is set", placing((ast.Assign,), _stop_at_flag)),
    Operator("range", "value", "other bounds of a range", rewriting((ast.Call,), _range)),
)

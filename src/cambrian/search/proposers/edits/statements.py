"""Edits of whole statements. Pure; nothing is executed."""

from __future__ import annotations

import ast
from random import Random

from cambrian.source.edit import Splice

from .context import Context, Function, Place
from .operator import Edit, Operator, edit_at, name, placing, short

_LOOPS = (ast.For, ast.While)
_ANY = (ast.stmt,)


def _delete(place: Place, context: Context, _rng: Random) -> Edit | None:
    if isinstance(place.node, ast.Pass):
        return None
    splice = context.instead(place, [ast.Pass()]) if place.alone else Splice(place.first, place.stop, "")
    return edit_at(place, [splice], f"without {context.brief(place.node)!r}")


def _swap(place: Place, context: Context, _rng: Random) -> Edit | None:
    """Swap a statement with the next."""
    following = _next(place, context)
    if following is None:
        return None
    lines = context.text
    if not lines[following.first : following.stop].endswith(("\n", "\r")):
        return None
    splices = (
        Splice(place.first, place.stop, lines[following.first : following.stop]),
        Splice(following.first, following.stop, lines[place.first : place.stop]),
    )
    return edit_at(place, splices, f"{context.brief(following.node)!r} before {context.brief(place.node)!r}")


def _next(place: Place, context: Context) -> Place | None:
    for other in context.places:
        if other.block is place.block and other.position == place.position + 1 and other.indent == place.indent:
            return other
    return None


def _move(place: Place, context: Context, rng: Random) -> Edit | None:
    """Move a statement in front of another one of the same function."""
    if place.alone or isinstance(place.node, ast.Return):
        return None
    targets = [
        other
        for other in context.places
        if other.scope is place.scope and not place.first <= other.first < place.stop and other.first != place.stop
    ]
    if not targets:
        return None
    target = rng.choice(targets)
    splices = (Splice(place.first, place.stop, ""), context.before(target, [place.node]))
    return edit_at(place, splices, f"{context.brief(place.node)!r} moved to line {target.node.lineno}")


def _donor(place: Place, context: Context, rng: Random) -> Edit | None:
    """Copy a statement of the file in front of this one, or over it."""
    others = [other for other in context.places if _fits(other, place, context)]
    for other in rng.sample(others, min(6, len(others))):
        if context.can_use(other.node, place.scope):
            over = rng.random() < 0.3 and other.node is not place.node
            splice = (context.instead if over else context.before)(place, [other.node])
            return edit_at(place, [splice], f"{context.brief(other.node)!r} copied from line {other.node.lineno}")
    return None


def _fits(donor: Place, place: Place, context: Context) -> bool:
    inside = donor.scope is place.scope or not isinstance(place.scope, ast.Module)
    return inside and context.portable(donor.node)


def _guard(place: Place, context: Context, rng: Random) -> Edit | None:
    """Run a statement under a condition only."""
    test = _condition(place, context, rng)
    if test is None or isinstance(place.node, ast.Pass | ast.Return):
        return None
    guarded = ast.If(test, [place.node], [])
    return edit_at(place, [context.instead(place, [guarded])], f"{context.brief(place.node)!r} only if {short(test)!r}")


def _unguard(place: Place, context: Context, rng: Random) -> Edit | None:
    """Keep one branch of a condition, or a loop's body."""
    node = place.node
    assert isinstance(node, ast.If | ast.For | ast.While)
    if not isinstance(node, ast.If):
        escapes = any(isinstance(part, ast.Break | ast.Continue) for part in ast.walk(node))
        if escapes or isinstance(node, ast.For):
            return None
    kept = node.orelse if node.orelse and rng.random() < 0.5 else node.body
    return edit_at(place, [context.instead(place, kept)], f"{context.brief(kept[0])!r} unconditionally")


def _leave(place: Place, context: Context, rng: Random) -> Edit | None:
    """Leave a loop or a function early, under a condition of the program."""
    test = _condition(place, context, rng)
    exits = _exits(place, context)
    if test is None or not exits:
        return None
    exit_ = rng.choice(exits)
    splice = context.before(place, [ast.If(test, [exit_], [])])
    return edit_at(place, [splice], f"{short(exit_)!r} if {short(test)!r}")


def _exits(place: Place, context: Context) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    if isinstance(place.scope, Function):
        returns = [node for node in ast.walk(place.scope) if isinstance(node, ast.Return)]
        found += [node for node in returns if context.can_use(node, place.scope)]
    if isinstance(place.owner, _LOOPS):
        found += [ast.Break(), ast.Continue()]
    return found


def _condition(place: Place, context: Context, rng: Random) -> ast.expr | None:
    """A condition made of the function's own comparisons and variables."""
    tests = context.tests(place.scope)
    words = context.visible(place.scope)
    if tests and rng.random() < 0.7:
        test = rng.choice(tests).node
        return ast.UnaryOp(ast.Not(), test) if rng.random() < 0.2 else test
    if not words:
        return None
    word: ast.expr = name(rng.choice(words))
    return ast.UnaryOp(ast.Not(), word) if rng.random() < 0.5 else word


def _accumulate(place: Place, context: Context, rng: Random) -> Edit | None:
    """An assignment adds to its variable, or an addition replaces it."""
    node = place.node
    if isinstance(node, ast.AugAssign):
        new: ast.stmt = ast.Assign([node.target], node.value)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        new = ast.AugAssign(node.targets[0], rng.choice((ast.Add, ast.Sub, ast.Mult))(), node.value)
    else:
        return None
    return edit_at(place, [context.instead(place, [new])], f"{short(node)!r} → {short(new)!r}")


def _operator(place: Place, context: Context, rng: Random) -> Edit | None:
    """Another operator in an augmented assignment."""
    node = place.node
    assert isinstance(node, ast.AugAssign)
    kinds: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv)
    kind = rng.choice([kind for kind in kinds if not isinstance(node.op, kind)])
    new = ast.AugAssign(node.target, kind(), node.value)
    return edit_at(place, [context.instead(place, [new])], f"{short(node)!r} → {short(new)!r}")


def _repeat(place: Place, context: Context, _rng: Random) -> Edit | None:
    """``if`` becomes ``while``, and the other way round."""
    node = place.node
    if isinstance(node, ast.If) and not node.orelse:
        new: ast.stmt = ast.While(node.test, node.body, [])
    elif isinstance(node, ast.While) and not any(isinstance(n, ast.Break | ast.Continue) for n in ast.walk(node)):
        new = ast.If(node.test, node.body, [])
    else:
        return None
    return edit_at(place, [context.instead(place, [new])], f"{short(node)!r} → {short(new)!r}")


OPERATORS: tuple[Operator, ...] = (
    Operator("delete", "value", "without a statement", placing(_ANY, _delete)),
    Operator("swap_statements", "value", "two neighbours swapped", placing(_ANY, _swap)),
    Operator("move", "value", "a statement moved", placing(_ANY, _move)),
    Operator("statement_donor", "value", "a statement copied from elsewhere", placing(_ANY, _donor)),
    Operator("guard", "value", "a statement under a condition", placing(_ANY, _guard)),
    Operator("unguard", "value", "a branch taken always", placing((ast.If, ast.While), _unguard)),
    Operator("leave", "value", "a loop or function left early", placing(_ANY, _leave)),
    Operator("accumulate", "value", "assignment and addition", placing((ast.Assign, ast.AugAssign), _accumulate)),
    Operator("augmented", "value", "another augmented assignment", placing((ast.AugAssign,), _operator)),
    Operator("repeat", "value", "'if' and 'while'", placing((ast.If, ast.While), _repeat)),
)

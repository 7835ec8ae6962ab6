"""Where something may be worked out once instead of on each turn of a loop."""

from __future__ import annotations

import ast
from collections.abc import Callable

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import Loop, Region

__all__ = ["at_once", "outside", "turns", "unbound", "unchanging"]

_EATERS = frozenset(
    f"builtins.{name}"
    for name in ("sum", "any", "all", "list", "set", "sorted", "min", "max", "dict", "tuple", "frozenset")
)
_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr, ast.If, ast.For, ast.Assert)


def at_once(module: Module, generator: ast.GeneratorExp) -> bool:
    """Whether a generator is gone through where it stands, before anything else happens."""
    call = module.parent(generator)
    if not isinstance(call, ast.Call) or not call.args or call.args[0] is not generator:
        return False
    if len(call.args) > 1 and not module.calls(call, "builtins.sum"):
        return False  # the smaller one of several, of which it is one
    joins = isinstance(call.func, ast.Attribute) and call.func.attr == "join"
    return joins or module.calls(call, *_EATERS)


def turns(module: Module, loop: Loop) -> Region:
    """All code that runs from where a loop is reached until it is left; its ``else`` apart."""
    if isinstance(loop, ast.For | ast.AsyncFor):
        return [loop.iter, loop.target, *loop.body]
    if isinstance(loop, ast.While):
        return [loop.test, *loop.body]
    return _head(module.statement(loop))


def unbound(module: Module, name: ast.Name) -> set[str]:
    """What has to be trusted for a variable to be read before a loop that may have no turn: that it has a value."""
    return set() if module.bound(name) else {f"{name.id!r} has a value before the loop"}


def _head(statement: ast.stmt) -> Region:
    """What a statement evaluates itself: not the blocks below it."""
    if isinstance(statement, ast.For):
        return [statement.iter]
    return [statement.test] if isinstance(statement, ast.If) else statement


def outside(module: Module, node: ast.expr, steady: Callable[[Loop, Region], bool]) -> ast.stmt | None:
    """The outermost statement in front of which something may be worked out that `node` needs on each turn.

    Args:
        module: the file.
        node: an expression in one or more loops.
        steady: whether it is the same through all turns of a loop, which runs this code.

    Returns:
        A statement that lines can be put before, in the function of `node`; ``None`` if there is none.
    """
    found: ast.stmt | None = None
    if isinstance(module.function(node), ast.Lambda):
        return None
    for loop in module.loops(node):
        if isinstance(loop, ast.GeneratorExp) and not at_once(module, loop):
            break
        if not steady(loop, turns(module, loop)):
            break
        statement = loop if isinstance(loop, ast.stmt) else module.statement(loop)
        if module.alone(statement) and (statement is loop or isinstance(statement, _SIMPLE)):
            found = statement
    return found


def unchanging(module: Module, items: ast.expr, assumes: set[str]) -> Callable[[Loop, Region], bool]:
    """What `outside` asks where a container alone must stay the same; `assumes` takes what has to be trusted."""

    def steady(loop: Loop, region: Region) -> bool:
        del loop
        trusted: set[str] = set()
        fine = module.unchanged(items, region, trusted)
        assumes.update(trusted if fine else ())
        return fine

    return steady

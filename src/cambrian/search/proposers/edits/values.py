"""Edits of expressions that change what a program computes. Pure; nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from random import Random

from cambrian.source.mistakes import OPPOSITE, TOUCHING, TWINS

from .context import Context, Site
from .operator import Operator, call, name, number, rewriting, shifted

_ORDER: tuple[type[ast.cmpop], ...] = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_EQUALITY: tuple[type[ast.cmpop], ...] = (ast.Eq, ast.NotEq)
_ARITHMETIC: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_BITS: tuple[type[ast.operator], ...] = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.LShift, ast.RShift)
_WRAPPERS = ("abs", "sorted", "sum", "len", "list", "set", "min", "max", "round", "int", "float")


def _boundary(site: Site, _context: Context, rng: Random) -> ast.expr | None:
    return _compared(site.node, rng, TOUCHING)


def _negated_comparison(site: Site, _context: Context, rng: Random) -> ast.expr | None:
    return _compared(site.node, rng, OPPOSITE)


def _compared(node: ast.expr, rng: Random, change: dict[type[ast.cmpop], type[ast.cmpop]]) -> ast.expr | None:
    assert isinstance(node, ast.Compare)
    which = rng.randrange(len(node.ops))
    new = change.get(type(node.ops[which]))
    return None if new is None else _with_operator(node, which, new)


def _comparison(site: Site, _context: Context, rng: Random) -> ast.expr | None:
    node = site.node
    assert isinstance(node, ast.Compare)
    which = rng.randrange(len(node.ops))
    old = type(node.ops[which])
    others = [kind for kind in (*_ORDER, *_EQUALITY) if kind is not old]
    if old not in _ORDER + _EQUALITY:
        return None
    return _with_operator(node, which, rng.choice(others))


def _with_operator(node: ast.Compare, which: int, kind: type[ast.cmpop]) -> ast.Compare:
    operators = [kind() if index == which else old for index, old in enumerate(node.ops)]
    return ast.Compare(node.left, operators, node.comparators)


def _arithmetic(site: Site, _context: Context, rng: Random) -> ast.expr | None:
    node = site.node
    assert isinstance(node, ast.BinOp)
    family = _ARITHMETIC if isinstance(node.op, _ARITHMETIC) else _BITS
    others = [kind for kind in family if not isinstance(node.op, kind)]
    return ast.BinOp(node.left, rng.choice(others)(), node.right)


def _logic(site: Site, _context: Context, _rng: Random) -> ast.expr | None:
    node = site.node
    assert isinstance(node, ast.BoolOp)
    return ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _negate(site: Site, _context: Context, _rng: Random) -> ast.expr | None:
    """Negate a condition, or take a negation away."""
    node, parent = site.node, site.parent
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return node.operand
    tested = isinstance(parent, ast.If | ast.While | ast.IfExp) and parent.test is node
    return ast.UnaryOp(ast.Not(), node) if tested or isinstance(parent, ast.BoolOp) else None


def _constant(site: Site, _context: Context, rng: Random) -> ast.expr | None:
    value = site.node.value if isinstance(site.node, ast.Constant) else None
    if isinstance(value, bool):
        return ast.Constant(not value)
    if isinstance(value, int):
        options = [value + 1, value - 1, value * 2, value // 2, -value, 0, 1, 2]
        return number(rng.choice([option for option in options if option != value]))
    if isinstance(value, float):
        return number(_near(value, rng))
    return None


def _near(value: float, rng: Random) -> float:
    options = (value * 2, value / 2, value * 10, value / 10, -value, value + rng.gauss(0, 1), 0.0, 1.0, 0.5)
    wide = rng.choice(options)
    close = value * (1 + rng.gauss(0, 0.1))
    chosen = float(f"{close if rng.random() < 0.5 else wide:.6g}")
    return chosen if abs(chosen) < 1e300 else 1.0


def _off_by_one(site: Site, _context: Context, rng: Random) -> ast.expr | None:
    """Shift an index, a bound of a slice or a range, or a side of a comparison by one."""
    node, parent = site.node, site.parent
    counted = isinstance(parent, ast.Slice | ast.Compare) or (
        isinstance(parent, ast.Subscript) and parent.slice is node
    )
    ranged = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "range"
    returned = isinstance(parent, ast.Return | ast.Assign) and isinstance(node, ast.BinOp | ast.Name | ast.Call)
    if not (counted or ranged or returned) or (isinstance(node, ast.Constant) and type(node.value) is not int):
        return None
    return shifted(node, rng.choice((1, -1)))


def _swap_operands(site: Site, _context: Context, rng: Random) -> ast.expr | None:
    match site.node:
        case ast.BinOp(left, kind, right) if not isinstance(kind, ast.Mult):
            return ast.BinOp(right, kind, left)
        case ast.Compare(left, [kind], [right]):
            return ast.Compare(right, [kind], [left])
        case ast.Call(function, arguments, keywords) if len(arguments) >= 2:
            i, j = rng.sample(range(len(arguments)), 2)
            swapped = [arguments[{i: j, j: i}.get(index, index)] for index in range(len(arguments))]
            return ast.Call(function, swapped, keywords)
        case ast.IfExp(test, body, orelse):
            return ast.IfExp(test, orelse, body)
        case _:
            return None


def _variable(site: Site, context: Context, rng: Random) -> ast.expr | None:
    node = site.node
    assert isinstance(node, ast.Name)
    names = context.visible(site.scope)
    if node.id not in names:
        return None
    others = [word for word in names if word != node.id]
    return name(rng.choice(others)) if others else None


def _subexpression(site: Site, _context: Context, rng: Random) -> ast.expr | None:
    """Keep a part of an expression only."""
    parts = _parts(site.node)
    if not parts:
        return None
    if isinstance(site.node, ast.BoolOp) and len(parts) > 2:
        kept = list(parts)
        kept.pop(rng.randrange(len(kept)))
        return ast.BoolOp(site.node.op, kept)
    return rng.choice(parts)


def _parts(node: ast.expr) -> Sequence[ast.expr]:
    found: Sequence[ast.expr] = ()
    match node:
        case ast.BinOp():
            found = (node.left, node.right)
        case ast.BoolOp():
            found = node.values
        case ast.UnaryOp():
            found = (node.operand,)
        case ast.IfExp():
            found = (node.body, node.orelse)
        case ast.Call():
            found = [part for part in node.args if not isinstance(part, ast.Starred | ast.GeneratorExp)]
        case ast.Subscript():
            found = (node.value,)
        case _:
            pass
    return found


def _twin(site: Site, context: Context, rng: Random) -> ast.expr | None:
    """Call a function's counterpart: `max` for `min`, `all` for `any`, `cos` for `sin`."""
    node = site.node
    assert isinstance(node, ast.Call)
    word = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
    options = [b if a == word else a for a, b in TWINS if word in {a, b}]
    if not options:
        return None
    new = rng.choice(options)
    if isinstance(node.func, ast.Attribute):
        function: ast.expr = ast.Attribute(node.func.value, new, ast.Load())
    else:
        function = name(new)
        if not context.can_use(function, site.scope):
            return None
    return ast.Call(function, node.args, node.keywords)


def _wrap(site: Site, context: Context, rng: Random) -> ast.expr | None:
    """Call a small builtin on an expression."""
    node = site.node
    if isinstance(node, ast.Constant | ast.Lambda | ast.Tuple | ast.List | ast.Dict):
        return None
    function = rng.choice(_WRAPPERS)
    if function in {"min", "max"}:
        others = [word for word in context.visible(site.scope) if not (isinstance(node, ast.Name) and node.id == word)]
        other = name(rng.choice(others)) if others and rng.random() < 0.6 else number(rng.choice((0, 1)))
        return call(function, node, other)
    return call(function, node)


def _donor(site: Site, context: Context, rng: Random) -> ast.expr | None:
    """Put another expression of the file in the place of this one."""
    others = [other for other in context.sites if isinstance(other.node, type(site.node)) or rng.random() < 0.3]
    for other in rng.sample(others, min(6, len(others))):
        apart = other.node is not site.node and not isinstance(other.node, ast.Lambda)
        if apart and context.can_use(other.node, site.scope):
            return other.node
    return None


def _choice(site: Site, context: Context, rng: Random) -> ast.expr | None:
    """Make a value depend on a condition of the program."""
    tests = [other for other in context.of(ast.Compare) if other.scope is site.scope]
    values = [other for other in context.sites if other.scope is site.scope]
    if not tests or not isinstance(site.parent, ast.Assign | ast.Return | ast.AugAssign | ast.Call):
        return None
    test, value = rng.choice(tests).node, rng.choice(values).node
    if not (context.can_use(test, site.scope) and context.can_use(value, site.scope)):
        return None
    return ast.IfExp(test, site.node, value) if rng.random() < 0.5 else ast.IfExp(test, value, site.node)


_ANY = (ast.expr,)

OPERATORS: tuple[Operator, ...] = (
    Operator("boundary", "value", "'<' and '<=', '>' and '>='", rewriting((ast.Compare,), _boundary)),
    Operator("comparison", "value", "another comparison", rewriting((ast.Compare,), _comparison)),
    Operator("opposite", "value", "the opposite comparison", rewriting((ast.Compare,), _negated_comparison)),
    Operator("arithmetic", "value", "another arithmetic operator", rewriting((ast.BinOp,), _arithmetic)),
    Operator("logic", "value", "'and' and 'or'", rewriting((ast.BoolOp,), _logic)),
    Operator("negate", "value", "a condition negated", rewriting(_ANY, _negate)),
    Operator("constant", "value", "another number", rewriting((ast.Constant,), _constant)),
    Operator("off_by_one", "value", "an index or a bound shifted by one", rewriting(_ANY, _off_by_one)),
    Operator(
        "swap_operands",
        "value",
        "operands, arguments or branches swapped",
        rewriting((ast.BinOp, ast.Compare, ast.Call, ast.IfExp), _swap_operands),
    ),
    Operator("variable", "value", "another variable of the same scope", rewriting((ast.Name,), _variable)),
    Operator("subexpression", "value", "a part of an expression", rewriting(_ANY, _subexpression)),
    Operator("twin", "value", "a function's counterpart", rewriting((ast.Call,), _twin)),
    Operator("wrap", "value", "a small builtin around an expression", rewriting(_ANY, _wrap)),
    Operator("expression_donor", "value", "an expression from elsewhere", rewriting(_ANY, _donor)),
    Operator("choice", "value", "a value that depends on a condition", rewriting(_ANY, _choice)),
)

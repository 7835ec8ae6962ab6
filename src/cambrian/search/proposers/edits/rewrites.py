"""Faster expressions of (nearly) the same meaning. Pure; nothing is executed."""

from __future__ import annotations

import ast
from random import Random

from cambrian.source.edit import Splice

from .context import Context, Function, Site, first_line
from .operator import Edit, Operator, call, rewriting

_REDUCERS = frozenset(("sum", "any", "all", "min", "max", "set", "sorted", "tuple", "list", "dict", "frozenset"))


def _power(site: Site, _context: Context, _rng: Random) -> ast.expr | None:
    """``x ** 2`` and ``x * x``; ``x ** 0.5`` stays, it needs an import."""
    node = site.node
    assert isinstance(node, ast.BinOp)
    if isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant) and node.right.value == 2:
        simple = isinstance(node.left, ast.Name | ast.Attribute | ast.Subscript)
        return ast.BinOp(node.left, ast.Mult(), node.left) if simple else None
    if isinstance(node.op, ast.Mult) and ast.dump(node.left) == ast.dump(node.right):
        return ast.BinOp(node.left, ast.Pow(), ast.Constant(2))
    return None


def _halve(site: Site, _context: Context, _rng: Random) -> ast.expr | None:
    """Division by a constant as a product, and ``// 2`` as a shift."""
    node = site.node
    assert isinstance(node, ast.BinOp)
    if not (isinstance(node.right, ast.Constant) and isinstance(node.right.value, int | float)):
        return None
    value = node.right.value
    if isinstance(node.op, ast.Div) and value in {2, 4, 8}:
        return ast.BinOp(node.left, ast.Mult(), ast.Constant(1 / value))
    if isinstance(node.op, ast.FloorDiv) and value in {2, 4, 8}:
        return ast.BinOp(node.left, ast.RShift(), ast.Constant(int(value).bit_length() - 1))
    if isinstance(node.op, ast.Mod) and value == 2:
        return ast.BinOp(node.left, ast.BitAnd(), ast.Constant(1))
    return None


def _lazy(site: Site, _context: Context, _rng: Random) -> ast.expr | None:
    """``any([… for …])`` → ``any(… for …)``: no list, and an early end."""
    node = site.node
    assert isinstance(node, ast.Call)
    if not (isinstance(node.func, ast.Name) and node.func.id in _REDUCERS and node.args):
        return None
    inner = node.args[0]
    if isinstance(inner, ast.ListComp):
        rest: ast.expr = ast.GeneratorExp(inner.elt, inner.generators)
    elif isinstance(inner, ast.GeneratorExp) and node.func.id in {"sum", "min", "max", "sorted"}:
        rest = ast.ListComp(inner.elt, inner.generators)
    else:
        return None
    return ast.Call(node.func, [rest, *node.args[1:]], node.keywords)


def _extreme(site: Site, _context: Context, _rng: Random) -> ast.expr | None:
    """``sorted(x)[0]`` → ``min(x)``, ``sorted(x)[-1]`` → ``max(x)``."""
    node = site.node
    assert isinstance(node, ast.Subscript)
    inner = node.value
    if not (isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "sorted"):
        return None
    if any(keyword.arg != "key" for keyword in inner.keywords):
        return None
    which = {"0": "min", "-1": "max"}.get(ast.unparse(node.slice))
    return None if which is None else ast.Call(call(which).func, inner.args, inner.keywords)


def _membership(site: Site, _context: Context, _rng: Random) -> ast.expr | None:
    """``x in [1, 2]`` → ``x in {1, 2}``; ``x in d.keys()`` → ``x in d``; ``x in y`` → ``x in set(y)``."""
    node = site.node
    assert isinstance(node, ast.Compare)
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.In | ast.NotIn):
        return None
    inner = node.comparators[0]
    if isinstance(inner, ast.List | ast.Tuple) and all(isinstance(item, ast.Constant) for item in inner.elts):
        new: ast.expr = ast.Set(inner.elts) if inner.elts else inner
    elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr == "keys":
        new = inner.func.value
    elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "list" and inner.args:
        new = inner.args[0]
    else:
        return None
    return ast.Compare(node.left, node.ops, [new])


def _integer_power(site: Site, _context: Context, _rng: Random) -> ast.expr | None:
    """``a ** b % m`` → ``pow(a, b, m)``."""
    node = site.node
    assert isinstance(node, ast.BinOp)
    if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Pow):
        return call("pow", node.left.left, node.left.right, node.right)
    return None


def _factor(site: Site, _context: Context, _rng: Random) -> ast.expr | None:
    """``a * b + a * c`` → ``a * (b + c)``."""
    node = site.node
    assert isinstance(node, ast.BinOp)
    left, right = node.left, node.right
    if not (isinstance(node.op, ast.Add | ast.Sub) and isinstance(left, ast.BinOp) and isinstance(right, ast.BinOp)):
        return None
    if not (isinstance(left.op, ast.Mult) and isinstance(right.op, ast.Mult)):
        return None
    for a, b in ((left.left, left.right), (left.right, left.left)):
        for c, d in ((right.left, right.right), (right.right, right.left)):
            if ast.dump(a) == ast.dump(c):
                return ast.BinOp(a, ast.Mult(), ast.BinOp(b, node.op, d))
    return None


def _cache(context: Context, rng: Random) -> Edit | None:
    """``@functools.cache`` on a function that calls itself or that loops call, and that takes arguments."""
    chosen = [function for function, free in context.functions if free and _cacheable(function)]
    if not chosen:
        return None
    function = rng.choice(chosen)
    start = context.locator.line_start(first_line(function))
    indent = context.text[start : start + function.col_offset]
    if indent.strip():
        return None
    word = context.fresh("cache")
    imported = "cache" if word == "cache" else f"cache as {word}"
    text = "".join(f"{indent}{line}{context.newline}" for line in (f"from functools import {imported}", f"@{word}"))
    return Edit((Splice(start, start, text),), f"@{word} on {function.name}()", function.lineno, function)


def _cacheable(function: Function) -> bool:
    """Whether its answers may be kept: it is called with arguments that can be hashed, as far as one can see."""
    arguments = function.args
    if isinstance(function, ast.AsyncFunctionDef) or function.decorator_list or not arguments.args:
        return False
    if arguments.args[0].arg in {"self", "cls"}:
        return False
    hints = [ast.unparse(item.annotation) for item in arguments.args if item.annotation is not None]
    if any(hint.startswith(("list", "dict", "set", "List", "Dict", "Set", "np.", "numpy.")) for hint in hints):
        return False
    return not any(
        isinstance(node, ast.Yield | ast.YieldFrom | ast.Global | ast.Nonlocal) for node in ast.walk(function)
    )


OPERATORS: tuple[Operator, ...] = (
    Operator("power", "speed", "x ** 2 and x * x", rewriting((ast.BinOp,), _power)),
    Operator("halve", "speed", "cheaper division by a power of two", rewriting((ast.BinOp,), _halve)),
    Operator("factor", "speed", "a common factor taken out", rewriting((ast.BinOp,), _factor)),
    Operator("modular_power", "speed", "pow() with a modulus", rewriting((ast.BinOp,), _integer_power)),
    Operator("lazy", "speed", "generator and list in a reduction", rewriting((ast.Call,), _lazy)),
    Operator("extreme", "speed", "min() and max() for a sorted end", rewriting((ast.Subscript,), _extreme)),
    Operator("membership", "speed", "a set or a dict for a search", rewriting((ast.Compare,), _membership)),
    Operator("cache", "speed", "answers of a function kept", _cache),
)

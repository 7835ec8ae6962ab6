"""Features of Python scripts that engines get wrong without an error: laziness, and methods that the language calls.

An engine that makes a list of a generator expression, or has no use for ``__bool__``, gives another answer rather than
an error; so the need is named before anything runs. Nothing is executed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

__all__ = ["METHODS", "methods", "needs_of_laziness"]

_CALLED = (
    "__len__ __bool__ __lt__ __le__ __gt__ __ge__ __eq__ __hash__ __iter__ __getitem__ __setitem__ __delitem__ "
    "__contains__ __call__ __getattr__ __setattr__ __new__ __reversed__ __format__ __iadd__ __isub__ __imul__ __ior__ "
    "__iand__"
)
METHODS = frozenset(_CALLED.split())
"""Methods of a class that the language calls, and that engines of a part of Python may ignore."""
_GENERATOR, _MAP = "syntax:lazy-generator", "builtin:lazy-map"
_TAKERS = (
    "sum min max list tuple set frozenset dict sorted join update extend fromkeys prod fsum mean median Counter deque "
    "OrderedDict"
)
_TAKE_ALL = frozenset(_TAKERS.split())
"""Functions that go through the whole of what they are given before anything else happens."""
_STOP = frozenset(("any", "all"))
_ON = frozenset(("map", "filter", "zip", "enumerate"))
_ENDLESS = frozenset(("count", "cycle", "repeat"))


def methods(node: ast.ClassDef) -> Iterator[str]:
    """The methods of `METHODS` that a class has."""
    for part in node.body:
        if isinstance(part, ast.FunctionDef):
            names = [part.name]
        elif isinstance(part, ast.Assign):
            names = [target.id for target in part.targets if isinstance(target, ast.Name)]
        else:
            names = []
        yield from (name for name in names if name in METHODS)


def needs_of_laziness(nodes: Iterable[ast.AST], *, tools: bool) -> set[str]:
    """Which lazy things a script uses such that it matters that they are.

    It does not where all items are taken at once: ``sum(x * x for x in y)``.

    Args:
        nodes: all of the script.
        tools: whether the script may call any; what stops early then makes fewer calls.
    """
    taken: set[int] = set()
    asked: dict[int, str] = {}
    for node in nodes:
        taken.update(map(id, _taken(node, tools)))
        if isinstance(node, ast.GeneratorExp):
            asked[id(node)] = _GENERATOR
        elif isinstance(node, ast.Call) and _called(node) in ("map", "filter") and isinstance(node.func, ast.Name):
            asked[id(node)] = _MAP
        if _is_endless(node):  # whoever takes it; no node has such a key
            asked[-id(node)] = _GENERATOR if isinstance(node, ast.GeneratorExp) else _MAP
    return {need for key, need in asked.items() if key not in taken}


def _taken(node: ast.AST, tools: bool) -> Iterable[ast.AST]:
    """What of a node's parts is gone through as a whole."""
    if isinstance(node, ast.Starred):
        return (node.value,)
    if isinstance(node, ast.For | ast.comprehension):
        return () if isinstance(node.iter, ast.GeneratorExp) else (node.iter,)
    if not isinstance(node, ast.Call):
        return ()
    name = _called(node)
    if name in _TAKE_ALL or (name in _STOP and not tools):
        return node.args
    if name in _ON:
        return [part for part in node.args if not isinstance(part, ast.GeneratorExp)]
    return ()


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _is_endless(node: ast.AST) -> bool:
    """Whether it goes through something without an end, which only a lazy one survives."""
    if isinstance(node, ast.GeneratorExp):
        sources = [part.iter for part in node.generators]
    elif isinstance(node, ast.Call) and _called(node) in ("map", "filter"):
        sources = node.args
    else:
        return False
    return any(isinstance(source, ast.Call) and _called(source) in _ENDLESS for source in sources)

"""``list(filter(lambda x: x > 0, xs))``: a lambda that is called for each item is a comprehension."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_DISPLAYS = {"builtins.list": "[]", "builtins.set": "{}"}
_WHOLE = frozenset(["builtins.tuple", "builtins.sorted"])
_THROUGH = frozenset(["builtins.sum", "builtins.min", "builtins.max"])
_KEPT = ("list", "tuple", "str", "set", "dict", "deque", "bytes")
"""What holds its items in memory: a list of as many is no more of a burden."""
_LATER = (ast.Lambda, ast.GeneratorExp, ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)


class LambdaComprehension(PythonRule):
    """`map` and `filter` with a lambda, gathered at once, are a comprehension."""

    id = "lambda-comprehension"
    title = "Write a comprehension where `map` or `filter` calls a lambda"
    why = (
        "A lambda is a function: for each item a frame is made for it. A comprehension evaluates the same expression "
        "where it stands, about twice as fast. The guard sees that the result is gathered at once, that the lambda "
        "takes its arguments by position and has no defaults, and that nothing in it is kept for later, which would "
        "see the last item."
    )
    words = ("lambda",)
    examples = (
        Example(
            note="filtered, mapped, counted, summed up",
            before=(
                "def told(values: list[int], others: list[int]):\n"
                "    kept = list(filter(lambda v: v > 0, values))\n"
                "    both = tuple(map(lambda a, b: a * b + 1, values, others))\n"
                "    return kept, both, len(list(filter(lambda v: v % 2, values))), sum(map(lambda v: v * v, values))\n"
            ),
            after=(
                "def told(values: list[int], others: list[int]):\n"
                "    kept = [v for v in values if v > 0]\n"
                "    both = tuple([a * b + 1 for a, b in zip(values, others)])\n"
                "    return kept, both, len([v for v in values if v % 2]), sum([v * v for v in values])\n"
            ),
            calls=("told([1, -2, 3], [4, 5])", "told([], [])"),
        ),
        Example(
            note="one in the other; a choice",
            before=(
                "def told(words: list[str]):\n"
                "    return set(map(lambda w: w.lower() if w else '-', words)), ' '.join(map(lambda w: w[:2], words))\n"
            ),
            after=(
                "def told(words: list[str]):\n"
                "    return {w.lower() if w else '-' for w in words}, ' '.join([w[:2] for w in words])\n"
            ),
            calls=("told(['Abc', ''])", "told([])"),
        ),
        Example(
            note="what is not gathered at once, or kept for later; what may end it; defaults",
            before=(
                "def told(values: list[int], source):\n"
                "    later = map(lambda v: v + 1, values)\n"
                "    makers = list(map(lambda v: lambda: v, values))\n"
                "    some = any(map(lambda v: v > 3, values))\n"
                "    read = list(map(lambda v: next(source), values))\n"
                "    return later, makers, some, read, list(map(lambda v, w=1: v + w, values))\n"
            ),
            after=None,
        ),
        Example(
            note="another function by that name; a sum over what is not in memory",
            before=(
                "def map(function, values):\n    return [values]\n\n\n"
                "def told(values, count: int):\n"
                "    return list(map(lambda v: v + 1, values)), sum(filter(lambda v: v % 3 == 0, range(count)))\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of(ast.Call):
            made = call.args[0] if call.args else None
            if not isinstance(made, ast.Call) or made.keywords or "#" in parsed.segment(call):
                continue
            assumes: set[str] = set()
            inner = _comprehension(parsed, made)
            if inner is None or not _gathers(parsed, call, made, assumes):
                continue
            display = _DISPLAYS.get(parsed.meaning(call.func))
            node, brackets = (call, display) if display is not None else (made, "[]")
            function = made.args[0]
            assert isinstance(function, ast.Lambda)
            if not parsed.pure(function.body, set()):
                if parsed.calls(call, *_THROUGH):
                    continue  # an error of a sum ends it before the next call
                assumes.add("no call in the lambda raises StopIteration, which ends a map but not a comprehension")
            if any(isinstance(above, ast.JoinedStr) for above in parsed.ancestors(call)):
                continue
            splices = (parsed.splice(node, f"{brackets[0]}{inner[0]}{brackets[1]}"), *inner[1])
            what = "a lambda is called for each item"
            yield self.at(parsed, node, what, splices, assumes=assumes, gain=1.9)


def _gathers(module: Module, call: ast.Call, made: ast.Call, assumes: set[str]) -> bool:
    if module.calls(call, *_WHOLE):
        return len(call.args) == 1
    if len(call.args) > 1 or call.keywords:
        return False
    if module.calls(call, *_DISPLAYS):
        return True
    if module.calls(call, *_THROUGH):
        return module.taken(made.args[1], *_KEPT, assumes=assumes) is not None
    func = call.func
    return isinstance(func, ast.Attribute) and func.attr == "join" and module.is_kind(func.value, "str")


def _comprehension(module: Module, made: ast.Call) -> tuple[str, tuple[Splice, ...]] | None:
    """What stands between a comprehension's brackets, and what it needs."""
    maps = module.calls(made, "builtins.map")
    if len(made.args) < 2 or not (maps or module.calls(made, "builtins.filter")):
        return None
    function, items = made.args[0], made.args[1:]
    if not isinstance(function, ast.Lambda) or any(isinstance(one, ast.Starred | ast.NamedExpr) for one in items):
        return None
    names = _names(module, function)
    fits = len(set(names)) == len(names) == len(items) and (maps or len(items) == 1)
    if not fits or module.scope(module.statement(made)).kind == "class":
        return None
    if len(items) > 1:
        zipped = module.builtin("zip")
        text = ", ".join(module.segment(one) for one in items)
        text = f"{module.segment(function.body)} for {', '.join(names)} in {zipped.spelling}({text})"
        return text, tuple(zipped.splices)
    source = _closed(module, items[0])
    if maps:
        return f"{module.segment(function.body)} for {names[0]} in {source}", ()
    return f"{names[0]} for {names[0]} in {source} if {_closed(module, function.body)}", ()


def _closed(module: Module, node: ast.expr) -> str:
    """An expression as it may stand behind ``in`` or ``if``."""
    return f"({module.segment(node)})" if isinstance(node, ast.IfExp) else module.segment(node)


def _names(module: Module, function: ast.Lambda) -> list[str]:
    """The parameters of a lambda, if its expression means the same elsewhere; else none."""
    given = function.args
    if given.defaults or given.kwonlyargs or given.vararg or given.kwarg:
        return []
    for part in ast.walk(function.body):
        if isinstance(part, _LATER) or (isinstance(part, ast.Call) and module.calls(part, "builtins.next")):
            return []
        if isinstance(part, ast.Name) and part.id in {"super", "__class__", "locals", "vars", "eval", "exec"}:
            return []
    return [one.arg for one in (*given.posonlyargs, *given.args)]


RULE = LambdaComprehension()

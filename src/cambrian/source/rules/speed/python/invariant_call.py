"""A call that gives the same on every turn of a loop is made once, before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import Loop, Region
from cambrian.source.analysis.tables import IMMUTABLE
from cambrian.source.rules.hoisting import outside
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_HEAVY = frozenset(f"builtins.{name}" for name in ("sum", "min", "max", "sorted", "set", "frozenset", "any", "all"))
_CHEAP = frozenset(
    f"builtins.{name}" for name in ("len", "isinstance", "type", "range", "id", "ord", "chr", "slice", "bool")
)
_WALKING = frozenset(
    ["split", "rsplit", "splitlines", "replace", "count", "index", "find", "join", "translate", "copy"]
)


class _Found(NamedTuple):
    node: ast.Call
    place: ast.stmt
    assumes: set[str]


class InvariantCall(PythonRule):
    """Loop-invariant code motion for calls, as compilers do it (Muchnick 1997, §13.2)."""

    id = "invariant-call"
    title = "Make a call once, not on every turn of a loop"
    why = (
        "A call whose function has no effects, and whose arguments are the same on every turn, gives the same each "
        "time: `max(values)` in a loop over the values makes it quadratic. It is made before the loop. The guard sees "
        "that the function only computes (builtins, methods of known kinds, functions of the file that change "
        "nothing), that nothing changes its arguments meanwhile, and that nobody changes or keeps a result that can be "
        "changed. A loop may have no turn: unless the call cannot fail, that it does not is an assumption."
    )
    words = ("for ", "while ")
    examples = (
        Example(
            note="a builtin that goes through a list",
            before=(
                "def scaled(text):\n"
                "    values = [len(word) for word in text.split()]\n"
                "    out = []\n"
                "    for value in values:\n"
                "        out.append(value / max(values))\n"
                "    return out\n"
            ),
            after=(
                "def scaled(text):\n"
                "    values = [len(word) for word in text.split()]\n"
                "    out = []\n"
                "    max_values = max(values)\n"
                "    for value in values:\n"
                "        out.append(value / max_values)\n"
                "    return out\n"
            ),
            calls=("scaled('a bb cccc')",),
        ),
        Example(
            note="a function of the file",
            before=(
                "def weight(n):\n"
                "    total = 0\n"
                "    for i in range(n):\n"
                "        total += i * i\n"
                "    return total\n"
                "\n"
                "\n"
                "def table(n: int):\n"
                "    return [i * weight(n) for i in range(n)]\n"
            ),
            after=(
                "def weight(n):\n"
                "    total = 0\n"
                "    for i in range(n):\n"
                "        total += i * i\n"
                "    return total\n"
                "\n"
                "\n"
                "def table(n: int):\n"
                "    weight_n = weight(n)\n"
                "    return [i * weight_n for i in range(n)]\n"
            ),
            calls=("table(5)", "table(0)"),
        ),
        Example(
            note="the list changes in the loop",
            before=(
                "def drain(text):\n"
                "    values = text.split()\n"
                "    out = []\n"
                "    while values:\n"
                "        least = min(values)\n"
                "        values.remove(least)\n"
                "        out.append(least)\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="each turn keeps a list of its own",
            before=(
                "def rows(text, n):\n"
                "    out = []\n"
                "    for _ in range(n):\n"
                "        out.append(sorted(text))\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="a function with an effect",
            before=(
                "calls = []\n\n\ndef noted(n):\n    calls.append(n)\n    return n\n\n\n"
                "def table(n):\n    return [i * noted(n) for i in range(n)]\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        groups: dict[tuple[str, ast.stmt], list[_Found]] = {}
        taken: set[ast.AST] = set()
        for node in parsed.of(ast.Call):
            if any(above in taken for above in parsed.ancestors(node)):
                continue
            found = self._call(parsed, node) if self._pays(parsed, node) and parsed.loops(node) else None
            if found is not None:
                taken.add(node)
                groups.setdefault((parsed.segment(node), found.place), []).append(found)
        for calls in groups.values():
            yield self._rewrite(parsed, calls)

    def _pays(self, module: Module, node: ast.Call) -> bool:
        """Whether the call takes longer than reading a variable, by far."""
        meaning = module.meaning(node.func)
        if meaning in _HEAVY:
            return bool(node.args) and not isinstance(
                node.args[0], ast.Constant | ast.GeneratorExp | ast.List | ast.Tuple
            )
        if meaning:
            return meaning not in _CHEAP and meaning.split(".")[0] in {"math", "re", "heapq"}
        if isinstance(node.func, ast.Attribute):
            return node.func.attr in _WALKING and not isinstance(node.func.value, ast.Constant)
        return module.own_function(node.func) is not None and not self._inside(module, node)

    def _inside(self, module: Module, node: ast.Call) -> bool:
        """Whether a function calls itself there."""
        function = module.own_function(node.func)
        return function is not None and any(above is function for above in module.ancestors(node))

    def _call(self, module: Module, node: ast.Call) -> _Found | None:
        assumes: set[str] = set()

        def steady(loop: Loop, region: Region) -> bool:
            del loop
            trusted: set[str] = set()
            fine = module.constant(node, region, trusted)
            assumes.update(trusted if fine else ())
            return fine

        place = outside(module, node, steady)
        if place is None:
            return None
        kind = module.kind(node)
        if (kind is None or kind.name not in IMMUTABLE) and module.use(node) != "read":
            return None
        module.safe(node, assumes)
        return _Found(node, place, assumes)

    def _rewrite(self, module: Module, calls: list[_Found]) -> Rewrite:
        first = calls[0]
        text = module.segment(first.node)
        func = first.node.func
        callee = func.attr if isinstance(func, ast.Attribute) else module.segment(func)
        read = [part for part in ast.walk(first.node) if isinstance(part, ast.Name) and not module.meaning(part)]
        others = [part.id for part in read if part.id != callee]
        name = module.fresh(f"{callee}_{others[0]}" if others else f"{callee}_once", f"{callee}_before")
        splices = [module.before(first.place, f"{name} = {text}")] + [module.splice(one.node, name) for one in calls]
        assumes = set[str]().union(*(one.assumes for one in calls))
        what = f"'{' '.join(text.split())}' gives the same on every turn of the loop"
        own = module.own_function(first.node.func) is not None
        gain = 30.0 if own or module.meaning(first.node.func) in _HEAVY else 2.0
        return self.at(module, first.node, what, splices, assumes=assumes, gain=gain)


RULE = InvariantCall()

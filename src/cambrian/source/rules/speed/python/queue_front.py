"""``queue.pop(0)`` in a loop: a `collections.deque` takes from its front in constant time."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module, Variable
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import lasting
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_ENDS = (0, -1)
_FREE = frozenset({"append", "extend", "clear"})


class QueueFront(PythonRule):
    """A list that is taken from at its front is a queue."""

    id = "queue-front"
    title = "Take from the front of a deque, not of a list"
    why = (
        "`queue.pop(0)` and `queue.insert(0, x)` move all other items. A `collections.deque` takes and puts at both "
        "ends in constant time. The guard sees every use of the list: it must be made here, stay in the function, and "
        "nothing may be done with it that a deque does otherwise (slices, sorting, comparing, printing, returning it)."
    )
    words = (".pop(0)", ".insert(0")
    examples = (
        Example(
            note="breadth first",
            before=(
                "def reached(links, start):\n"
                "    seen = {start}\n"
                "    todo = [start]\n"
                "    while todo:\n"
                "        here = todo.pop(0)\n"
                "        for other in links.get(here, ()):\n"
                "            if other not in seen:\n"
                "                seen.add(other)\n"
                "                todo.append(other)\n"
                "    return sorted(seen)\n"
            ),
            after=(
                "from collections import deque\n\n\n"
                "def reached(links, start):\n"
                "    seen = {start}\n"
                "    todo = deque([start])\n"
                "    while todo:\n"
                "        here = todo.popleft()\n"
                "        for other in links.get(here, ()):\n"
                "            if other not in seen:\n"
                "                seen.add(other)\n"
                "                todo.append(other)\n"
                "    return sorted(seen)\n"
            ),
            calls=("reached({1: [2, 3], 3: [4, 1]}, 1)", "reached({}, 5)"),
        ),
        Example(
            note="the list is given back",
            before=(
                "def rest(text, n):\n"
                "    words = text.split()\n"
                "    for _ in range(n):\n"
                "        words.pop(0)\n"
                "    return words\n"
            ),
            after=None,
        ),
        Example(
            note="the list is a parameter: the caller sees what is taken",
            before=(
                "def drained(words):\n"
                "    out = []\n"
                "    while words:\n"
                "        out.append(words.pop(0))\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="a slice of it is taken",
            before=(
                "def pairs(text):\n"
                "    words = text.split()\n"
                "    out = []\n"
                "    while len(words) > 1:\n"
                "        out.append(words[:2])\n"
                "        words.pop(0)\n"
                "    return out\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        done: set[Variable] = set()
        for call in parsed.of(ast.Call):
            func = call.func
            if not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name) or not _front(call, func):
                continue
            variable = parsed.variable(func.value)
            if variable is None or variable in done or not parsed.loops(call):
                continue
            done.add(variable)
            splices = self._splices(parsed, func.value, variable)
            if splices is not None:
                what = f"{func.value.id!r} is a list that is taken from at its front: all other items move each time"
                yield self.at(parsed, call, what, splices, gain=30.0)

    def _splices(self, module: Module, name: ast.Name, variable: Variable) -> list[Splice] | None:
        if not lasting(variable) or not variable.bindings:
            return None
        deque = module.importing("collections", "deque")
        splices = list(deque.splices)
        for binding in variable.bindings:
            value = binding.value
            fresh = binding.how == "assign" and not binding.path and value is not None
            if (
                not fresh
                or not isinstance(value, ast.List | ast.Call | ast.ListComp)
                or not module.is_kind(value, "list")
            ):
                return None
            if isinstance(module.parent(binding.node), ast.NamedExpr):
                return None
            splices.append(module.splice(value, f"{deque.spelling}({module.segment(value)})"))
        if not module.owned(name):
            return None
        for read in variable.reads:
            own = self._use(module, read)
            if own is None:
                return None
            splices += own
        return splices

    def _use(self, module: Module, read: ast.Name) -> list[Splice] | None:  # noqa: PLR0911 - one per kind of use
        """What has to be written otherwise where the list is used; ``None`` if a deque does not do there."""
        parent = module.parent(read)
        if isinstance(parent, ast.Attribute):
            call = module.parent(parent)
            return self._method(module, parent, call) if isinstance(call, ast.Call) and call.func is parent else None
        if isinstance(parent, ast.Subscript):
            return [] if parent.value is read and _constant(parent.slice) in _ENDS else None
        if isinstance(parent, ast.Call):
            return [] if module.calls(parent, "builtins.len", "builtins.bool") else None
        if isinstance(parent, ast.Compare):
            return [] if parent.comparators == [read] and isinstance(parent.ops[0], ast.In | ast.NotIn) else None
        if isinstance(parent, ast.While | ast.If | ast.IfExp):
            return [] if parent.test is read else None
        if isinstance(parent, ast.BoolOp):
            return [] if self._tested(module, parent) else None
        return [] if isinstance(parent, ast.UnaryOp) or self._walked(module, parent, read) else None

    def _tested(self, module: Module, node: ast.expr) -> bool:
        """Whether only the truth of an expression matters."""
        above = module.parent(node)
        if isinstance(above, ast.BoolOp):
            return self._tested(module, above)
        return isinstance(above, ast.While | ast.If) and above.test is node

    def _walked(self, module: Module, loop: ast.AST | None, read: ast.Name) -> bool:
        """Whether it is gone through while it does not change: a deque does not allow that, a list does."""
        if not isinstance(loop, ast.For) or loop.iter is not read:
            return False
        variable = module.variable(read)
        inside = [other for other in (variable.reads if variable else ()) if within(other, loop) and other is not read]
        return all(module.use(other) == "read" for other in inside)

    def _method(self, module: Module, method: ast.Attribute, call: ast.Call) -> list[Splice] | None:
        owner = module.segment(method.value)
        if _front(call, method) and method.attr == "pop":
            return [module.splice(call, f"{owner}.popleft()")]
        if _front(call, method):
            return [module.splice(call, f"{owner}.appendleft({module.segment(call.args[1])})")]
        return [] if method.attr in _FREE or (method.attr == "pop" and not call.args) else None


def _front(call: ast.Call, func: ast.Attribute) -> bool:
    if call.keywords or not call.args or _constant(call.args[0]) != 0:
        return False
    return (func.attr == "pop" and len(call.args) == 1) or (func.attr == "insert" and len(call.args) == 2)


def _constant(node: ast.expr) -> object:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return -1 if node.operand.value == 1 else None
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


RULE = QueueFront()

"""A list that is sorted again each time it has grown: `insort` keeps it in order, a heap gives the least."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module, Variable
from cambrian.source.analysis.index import Block, Loop, within
from cambrian.source.analysis.ownership import local
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Method(NamedTuple):
    """``xs.name(…)``, a statement of its own or a value."""

    name: str
    call: ast.Call


class SortedGrowing(PythonRule):
    """Insertion by bisection (Knuth 1973, volume 3, §5.2.1), and priority queues (§5.2.3)."""

    id = "sorted-growing"
    title = "Keep a growing list in order by bisect.insort or heapq instead of sorting it again"
    why = (
        "`xs.append(x); xs.sort()` in a loop goes through the whole list each time. If the list is in order before, "
        "`insort(xs, x)` finds the place in some steps. Where the loop sorts only to take the least, `xs.sort(); "
        "xs.pop(0)`, a heap gives it, and takes new items, in some steps as well. The guard sees that the list begins "
        "empty or sorted, and that nothing else puts items into it; for a heap, that nobody looks at the other items. "
        "It is assumed that items have one order, and for a heap that equal ones are alike."
    )
    words = (".sort()",)
    examples = (
        Example(
            note="in order all along",
            before=(
                "def medians(values: list[int]):\n"
                "    seen, out = [], []\n"
                "    for value in values:\n"
                "        out.append(value)\n"
                "    kept = []\n"
                "    for value in values:\n"
                "        kept.append(value)\n"
                "        kept.sort()\n"
                "        out.append(kept[len(kept) // 2])\n"
                "    return seen, out\n"
            ),
            after=(
                "from bisect import insort\n\n\n"
                "def medians(values: list[int]):\n"
                "    seen, out = [], []\n"
                "    for value in values:\n"
                "        out.append(value)\n"
                "    kept = []\n"
                "    for value in values:\n"
                "        insort(kept, value)\n"
                "        out.append(kept[len(kept) // 2])\n"
                "    return seen, out\n"
            ),
            calls=("medians([3, 1, 2, 5, 4])", "medians([])"),
        ),
        Example(
            note="the least of what is still to be done",
            before=(
                "def order(jobs: list[int], step: int):\n"
                "    waiting = sorted(jobs)\n"
                "    done = []\n"
                "    while waiting:\n"
                "        waiting.sort()\n"
                "        job = waiting.pop(0)\n"
                "        done.append(job)\n"
                "        if job > step:\n"
                "            waiting.append(job - step)\n"
                "    return done\n"
            ),
            after=(
                "from heapq import heapify\n"
                "from heapq import heappop\n"
                "from heapq import heappush\n\n\n"
                "def order(jobs: list[int], step: int):\n"
                "    waiting = sorted(jobs)\n"
                "    done = []\n"
                "    heapify(waiting)\n"
                "    while waiting:\n"
                "        job = heappop(waiting)\n"
                "        done.append(job)\n"
                "        if job > step:\n"
                "            heappush(waiting, job - step)\n"
                "    return done\n"
            ),
            calls=("order([5, 3, 8, 3], 2)", "order([], 1)", "order([7], 3)"),
        ),
        Example(
            note="not in order before",
            before=(
                "def merged(kept: list[int], values: list[int]):\n"
                "    for value in values:\n"
                "        kept.append(value)\n"
                "        kept.sort()\n"
                "    return kept\n"
            ),
            after=None,
        ),
        Example(
            note="other items come in, at another place",
            before=(
                "def mixed(values: list[int]):\n"
                "    kept = []\n"
                "    for value in values:\n"
                "        kept.append(value)\n"
                "        kept.sort()\n"
                "        kept.insert(0, 99)\n"
                "    return kept\n"
            ),
            after=None,
        ),
        Example(
            note="in another order; the others are looked at; sorted once",
            before=(
                "def some(words: list[str], jobs: list[int]):\n"
                "    kept = []\n"
                "    for word in words:\n"
                "        kept.append(word)\n"
                "        kept.sort(key=len)\n"
                "    waiting = list(jobs)\n"
                "    while waiting:\n"
                "        waiting.sort()\n"
                "        job = waiting.pop(0)\n"
                "        print(job, waiting[-1:])\n"
                "    once = []\n"
                "    once.append(1)\n"
                "    once.sort()\n"
                "    return kept, once\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Attribute):
            call, items = parsed.parent(node), node.value
            if node.attr != "sort" or not isinstance(items, ast.Name) or not isinstance(call, ast.Call):
                continue
            statement = parsed.statement(call)
            loops = parsed.loops(call)
            variable = parsed.variable(items)
            bare = isinstance(statement, ast.Expr) and statement.value is call and not call.args and not call.keywords
            if not bare or not loops or variable is None or not _own(parsed, variable, items):
                continue
            found = self._inserted(parsed, statement, items, variable) or self._heap(
                parsed, statement, items, variable, loops[0]
            )
            if found is not None:
                yield found

    def _inserted(self, module: Module, statement: ast.stmt, items: ast.Name, variable: Variable) -> Rewrite | None:
        put = _neighbour(module.block(statement), -1)
        item = None if put is None else _put(module, put, variable)
        if put is None or item is None or not module.alone(put) or not module.alone(statement):
            return None
        others = (read for read in variable.reads if not within(read, [put, statement]))
        if not _begins_sorted(module, variable) or not all(_keeps_order(module, read) for read in others):
            return None
        insort = module.importing("bisect", "insort")
        text = f"{insort.spelling}({items.id}, {module.segment(item)})"
        (start, end), (begin, stop) = module.locator.range(put), module.locator.range(statement)
        between = module.text[end : start if start > stop else begin]
        if between.strip():
            return None
        assumes = {f"what {items.id!r} holds has one order"}
        what = f"{items.id!r} is sorted again for each new item"
        return self.at(module, statement, what, [*insort.splices, Splice(start, stop, text)], assumes=assumes, gain=3.0)

    def _heap(
        self, module: Module, statement: ast.stmt, items: ast.Name, variable: Variable, loop: Loop
    ) -> Rewrite | None:
        if not isinstance(loop, ast.While | ast.For) or statement not in loop.body or not module.alone(loop):
            return None
        behind = _neighbour(module.block(statement), 1)
        if behind is None or not module.alone(statement) or not module.alone(behind):
            return None
        taken = _heap_uses(module, statement, variable, loop, behind)
        if taken is None or any(within(one.node, [loop, *module.loops(loop)]) for one in variable.bindings):
            return None
        return self._as_heap(module, statement, items, loop, *taken)

    def _as_heap(
        self, module: Module, statement: ast.stmt, items: ast.Name, loop: ast.While | ast.For, pop: ast.Call,
        puts: list[ast.Call],
    ) -> Rewrite:  # fmt: skip
        made = [module.importing("heapq", name) for name in ("heapify", "heappop", "heappush")]
        line = module.locator.line_start(statement.lineno)
        splices = [splice for one in made[: 3 if puts else 2] for splice in one.splices]
        splices += [module.before(loop, f"{made[0].spelling}({items.id})")]
        splices += [Splice(line, module.locator.line_start((statement.end_lineno or 0) + 1), "")]
        splices += [module.splice(pop, f"{made[1].spelling}({items.id})")]
        splices += [
            module.splice(one, f"{made[2].spelling}({items.id}, {module.segment(one.args[0])})") for one in puts
        ]
        assumes = {f"what {items.id!r} holds has one order, and equal items are alike"}
        what = f"{items.id!r} is sorted on each turn for its least item"
        return self.at(module, statement, what, splices, assumes=assumes, gain=3.0)


def _own(module: Module, variable: Variable, items: ast.Name) -> bool:
    """Whether a list was made in the function and nobody else holds it."""
    if not local(variable):
        return False
    return len(variable.bindings) == 1 and module.is_kind(items, "list") and module.owned(items)


def _neighbour(block: Block, step: int) -> ast.stmt | None:
    """The statement before or behind one in its block."""
    place = block.place + step
    return block.statements[place] if 0 <= place < len(block.statements) else None


def _put(module: Module, statement: ast.stmt, variable: Variable) -> ast.expr | None:
    """What a statement appends to the list."""
    match _method_of(module, statement, variable):
        case _Method(name="append", call=ast.Call(args=[item])):
            return item
        case _:
            return None


def _heap_uses(
    module: Module, statement: ast.stmt, variable: Variable, loop: ast.While | ast.For, behind: ast.stmt
) -> tuple[ast.Call, list[ast.Call]] | None:
    """The ``pop(0)`` right behind the sorting, and the calls in the loop that put items in, if that is all."""
    pops, puts = list[ast.Call](), list[ast.Call]()
    for read in variable.reads:
        inside = within(read, loop)
        if within(read, statement) or not (inside or _behind(read, loop) or within(read, module.loops(loop))):
            continue
        match _called(module, read):
            case _Method(name="append", call=call) if isinstance(module.parent(call), ast.Expr):
                puts += [call] if inside else []
            case _Method(name="pop", call=call) if within(call, behind):
                pops.append(call)
            case _ if not _asks_only_whether_empty(module, read):
                return None
            case _:
                pass
    match pops:
        case [ast.Call(args=[first], keywords=[]) as pop] if ast.unparse(first) == "0":
            return pop, puts
        case _:
            return None


def _called(module: Module, read: ast.Name) -> _Method | None:
    """The method of the list that is called where it is read."""
    method = module.parent(read)
    call = module.parent(method) if isinstance(method, ast.Attribute) else None
    if not isinstance(method, ast.Attribute) or not isinstance(call, ast.Call) or call.func is not method:
        return None
    return _Method(method.attr, call)


def _method_of(module: Module, statement: ast.stmt, variable: Variable) -> _Method | None:
    call = statement.value if isinstance(statement, ast.Expr) else None
    func = call.func if isinstance(call, ast.Call) else None
    if not isinstance(call, ast.Call) or not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name):
        return None
    return _Method(func.attr, call) if module.variable(func.value) is variable and not call.keywords else None


def _begins_sorted(module: Module, variable: Variable) -> bool:
    value = variable.bindings[0].value
    if isinstance(value, ast.List) and not variable.bindings[0].path:
        return len(value.elts) <= 1 and not any(isinstance(one, ast.Starred) for one in value.elts)
    if not isinstance(value, ast.Call) or variable.bindings[0].path:
        return False
    if module.calls(value, "builtins.list"):
        return not value.args
    return module.calls(value, "builtins.sorted") and not value.keywords


def _keeps_order(module: Module, read: ast.Name) -> bool:
    """Whether a use of the list leaves it in order: it is read, or loses items."""
    method = _called(module, read)
    if method is not None:
        return method.name in {"pop", "remove", "clear", "index", "count", "copy"}
    if module.use(read) == "read" or module.use(read) == "return":
        return True
    above = module.parent(read)
    return isinstance(above, ast.Subscript) and isinstance(above.ctx, ast.Del)


def _behind(node: ast.AST, loop: ast.While | ast.For) -> bool:
    """Whether a node stands behind a loop in the text, or the loop runs again and again."""
    return getattr(node, "lineno", 0) > (loop.end_lineno or 0)


def _asks_only_whether_empty(module: Module, read: ast.Name) -> bool:
    above = module.parent(read)
    if isinstance(above, ast.While | ast.If) and above.test is read:
        return True
    return module.calls(above, "builtins.len") and isinstance(above, ast.Call) and above.args == [read]


RULE = SortedGrowing()

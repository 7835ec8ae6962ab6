"""``for x in xs: if p(x): n += 1``, ``sum(1 for x in xs if p(x))``: what fits is gathered, and its length is taken."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import followed
from cambrian.source.analysis.shapes import lone_test, only, only_argument
from cambrian.source.rules.containing import kept_in
from cambrian.source.rules.loops import outlives
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_KEPT = ("list", "tuple", "str", "set", "dict", "deque", "bytes")
"""What holds its items in memory: a list of as many is no more of a burden."""
_BOUND_TO_LOOP = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda, ast.GeneratorExp)


class CountedLoop(PythonRule):
    """Counting by hand is the length of a comprehension."""

    id = "counted-loop"
    title = "Count what fits by the length of a comprehension"
    why = (
        "`count += 1` makes a new number and assigns it each time; a comprehension appends in one instruction, and "
        "`len` is free: 1.2 to 1.5 times as fast, also in place of `sum(1 for …)`. The guard sees that the loop does "
        "nothing but count, that nobody looks at the counter meanwhile, nor at the loop's variable afterwards, and "
        "that the items are in memory anyway, so that a list of some of them is no burden."
    )
    words = ("for ",)
    examples = (
        Example(
            note="by a loop, and by a generator",
            before=(
                "def told(values: list[int], text: str):\n"
                "    count = 0\n"
                "    for value in values:\n"
                "        if value % 3 == 1:\n"
                "            count += 1\n"
                "    return count, sum(1 for sign in text if sign.isupper())\n"
            ),
            after=(
                "def told(values: list[int], text: str):\n"
                "    count = 0\n"
                "    count += len([value for value in values if value % 3 == 1])\n"
                "    return count, len([sign for sign in text if sign.isupper()])\n"
            ),
            calls=("told([1, 2, 4], 'aBC')", "told([], '')"),
        ),
        Example(
            note="the counter decides; the variable is read afterwards; a long range; more is done",
            before=(
                "def told(values: list[int], n: int):\n"
                "    a = b = c = d = 0\n"
                "    for value in values:\n"
                "        if value > a:\n            a += 1\n"
                "    for last in values:\n"
                "        if last > 1:\n            b += 1\n"
                "    for i in range(n):\n"
                "        if i * i % 7 == 1:\n            c += 1\n"
                "    for value in values:\n"
                "        if value > 1:\n            d += 1\n        else:\n            d -= 1\n"
                "    return a, b, c, d, last\n"
            ),
            after=None,
        ),
        Example(
            note="other sums; a generator of what is not in memory",
            before=(
                "def told(values: list[int], lines):\n"
                "    return sum(2 for v in values if v), sum(1 for line in open(lines) if line)\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            assumes: set[str] = set()
            text = _looped(parsed, loop, assumes)
            if text:
                made = parsed.builtin("len")
                splices = [parsed.splice(loop, text.replace("len(", f"{made.spelling}(", 1)), *made.splices]
                yield self.at(parsed, loop, "a loop counts what fits", splices, assumes=assumes, gain=1.4)
        for call in parsed.of(ast.Call):
            assumes = set[str]()
            node = _summed(parsed, call, assumes)
            if node is not None:
                inner = _fitting(parsed, node.generators[0])
                made = parsed.builtin("len")
                splices = [parsed.splice(call, f"{made.spelling}([{inner}])"), *made.splices]
                yield self.at(parsed, call, "ones are summed up to count", splices, assumes=assumes, gain=1.3)


def _looped(module: Module, loop: ast.For, assumes: set[str]) -> str:
    test = lone_test(loop.body)
    if test is None or loop.orelse or not isinstance(loop.target, ast.Name):
        return ""
    match only(test.body):
        case ast.AugAssign(target=ast.Name() as counter, op=ast.Add(), value=value) if _one(value):
            return _length(module, loop, loop.target, counter, test.test, assumes)
        case _:
            return ""


def _length(
    module: Module, loop: ast.For, target: ast.Name, counter: ast.Name, test: ast.expr, assumes: set[str]
) -> str:
    """The length of what a loop counts."""
    text = module.segment(test)
    if _simple(test) or "#" in module.segment(loop) or not _movable(test) or "\n" in text:
        return ""
    unseen = _whole(module, counter, loop) and _unseen(module, loop, target, counter)
    if not unseen or module.taken(loop.iter, *_KEPT, assumes=assumes) is None:
        return ""
    condition = f"({text})" if isinstance(test, ast.IfExp) else text
    name = target.id
    return f"{counter.id} += len([{name} for {name} in {module.segment(loop.iter)} if {condition}])"


def _simple(test: ast.expr) -> bool:
    """Whether it compares with a constant: that is `list.count`, which another rule writes."""
    return isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq) and isinstance(
        test.left, ast.Name) and isinstance(test.comparators[0], ast.Constant)  # fmt: skip


def _one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value == 1


def _movable(test: ast.expr) -> bool:
    """Whether a condition means the same in a comprehension."""
    return not any(
        isinstance(part, _BOUND_TO_LOOP) or (isinstance(part, ast.Name) and part.id in {"super", "__class__"})
        for part in ast.walk(test)
    )


def _whole(module: Module, counter: ast.Name, loop: ast.For) -> bool:
    """Whether the counter is a whole number when the loop begins."""
    for binding in module.reaching(counter):
        value = binding.value
        if within(binding.node, loop) or binding.how == "augment":
            continue
        plain = binding.how == "assign" and not binding.path and value is not None
        if not plain or value is None or not module.is_kind(value, "int"):
            return False
    return True


def _unseen(module: Module, loop: ast.For, target: ast.Name, counter: ast.Name) -> bool:
    """Whether nobody sees the counter while the loop runs, nor the loop's variable afterwards."""
    item = module.variable(target)
    if not followed(item) or item.scope.kind != "function" or not module.bound(counter):
        return False
    if outlives(module, target, loop):
        return False
    return kept_in(module, counter, loop, [counter]) and kept_in(module, target, loop, [target, *item.reads])


def _summed(module: Module, call: ast.Call, assumes: set[str]) -> ast.GeneratorExp | ast.ListComp | None:
    """``sum(1 for …)`` over what is in memory."""
    if not module.calls(call, "builtins.sum") or "#" in module.segment(call):
        return None
    match only_argument(call):
        case (ast.GeneratorExp(elt=item, generators=[part]) | ast.ListComp(elt=item, generators=[part])) as node:
            return node if _one(item) and _counts(module, part, assumes) else None
        case _:
            return None


def _counts(module: Module, part: ast.comprehension, assumes: set[str]) -> bool:
    """Whether a loop with conditions goes over what is in memory."""
    if part.is_async or not part.ifs or not isinstance(part.target, ast.Name) or _simple(part.ifs[0]):
        return False
    if not all(_movable(test) and module.pure(test, assumes) for test in part.ifs):
        return False
    return module.taken(part.iter, *_KEPT, assumes=assumes) is not None


def _fitting(module: Module, part: ast.comprehension) -> str:
    name = module.segment(part.target)
    tests = " ".join(f"if {_bracketed(module, test)}" for test in part.ifs)
    return f"{name} for {name} in {_bracketed(module, part.iter)} {tests}"


def _bracketed(module: Module, node: ast.expr) -> str:
    """An expression as it may stand in a comprehension, whatever brackets it had."""
    text = module.segment(node)
    return f"({text})" if isinstance(node, ast.IfExp) else text


RULE = CountedLoop()

"""``if x not in seen: seen.append(x)`` in a loop: a set is kept in step with the list."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Kind, Module, Variable
from cambrian.source.analysis.index import within
from cambrian.source.analysis.shapes import has
from cambrian.source.rules.hashing import hashed
from cambrian.source.rules.hoisting import turns
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class MembershipGrowing(PythonRule):
    """The list stays, for its order; the set beside it answers."""

    id = "membership-growing"
    title = "Keep a set in step with a list that grows and is searched"
    why = (
        "To search a list for what was seen before, while it grows, takes time like the square of the turns. "
        "A set beside the list answers in constant time; whatever is appended to the one is added to the other. The "
        "guard sees that the list is made in the same function, that nothing else holds it, and that in the loop it "
        "only grows, by `append`."
    )
    words = (".append(",)
    examples = (
        Example(
            note="no duplicates",
            before=(
                "def unique(text):\n"
                "    out = []\n"
                "    for word in text.split():\n"
                "        if word not in out:\n"
                "            out.append(word)\n"
                "    return out\n"
            ),
            after=(
                "def unique(text):\n"
                "    out = []\n"
                "    out_set = set(out)\n"
                "    for word in text.split():\n"
                "        if word not in out_set:\n"
                "            out.append(word)\n"
                "            out_set.add(word)\n"
                "    return out\n"
            ),
            calls=("unique('b a b c a')", "unique('')"),
        ),
        Example(
            note="what was seen; the loop has other work, too",
            before=(
                "def first_repeated(values):\n"
                "    seen = [0]\n"
                "    for value in values:\n"
                "        if value in seen:\n"
                "            return value\n"
                "        seen.append(value)  # from now on\n"
                "    return None\n"
            ),
            after=(
                "def first_repeated(values):\n"
                "    seen = [0]\n"
                "    seen_set = set(seen)\n"
                "    for value in values:\n"
                "        if value in seen_set:\n"
                "            return value\n"
                "        seen.append(value)  # from now on\n"
                "        seen_set.add(value)\n"
                "    return None\n"
            ),
            calls=("first_repeated([3, 1, 3])", "first_repeated([1, 0.0])", "first_repeated([])"),
        ),
        Example(
            note="the list shrinks, too",
            before=(
                "def toggled(values):\n"
                "    on = []\n"
                "    for value in values:\n"
                "        if value in on:\n"
                "            on.remove(value)\n"
                "        else:\n"
                "            on.append(value)\n"
                "    return on\n"
            ),
            after=None,
        ),
        Example(
            note="others hold the list",
            before=(
                "def unique(values, out):\n"
                "    for value in values:\n"
                "        if value not in out:\n"
                "            out.append(value)\n"
                "    return out\n"
            ),
            after=None,
        ),
        Example(
            note="lists cannot be hashed",
            before=(
                "def unique(text):\n"
                "    out = []\n"
                "    for line in text.splitlines():\n"
                "        words = line.split()\n"
                "        if words not in out:\n"
                "            out.append(words)\n"
                "    return out\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        done: set[Variable] = set()
        for node in parsed.of(ast.Compare):
            searched = node.comparators[0]
            if (
                len(node.ops) != 1
                or not isinstance(node.ops[0], ast.In | ast.NotIn)
                or not isinstance(searched, ast.Name)
            ):
                continue
            variable = parsed.variable(searched)
            if variable is not None and variable not in done and parsed.owned(searched):
                loop = self._loop(parsed, node, searched, variable)
                found = None if loop is None else self._rewrite(parsed, searched, variable, loop)
                if found is not None:
                    done.add(variable)
                    yield found

    def _loop(
        self, module: Module, node: ast.Compare, name: ast.Name, variable: Variable
    ) -> ast.For | ast.While | None:
        """The outermost loop through which the list is the same one, if it grows there."""
        kind = module.kind(name)
        if kind is None or kind.name != "list":
            return None
        found = None
        for loop in module.loops(node):
            if not isinstance(loop, ast.For | ast.While) or module.rebound(name, turns(module, loop)):
                break
            if module.alone(loop) and module.scope(loop) is variable.scope:
                found = loop
        return found

    def _rewrite(self, module: Module, name: ast.Name, variable: Variable, loop: ast.For | ast.While) -> Rewrite | None:
        inside = [read for read in variable.reads if within(read, loop)]
        grown: list[tuple[ast.stmt, ast.expr]] = []
        for read in inside:
            if module.use(read) == "read":
                continue
            added = self._appended(module, read)
            if added is None:
                return None
            grown.append(added)
        tests = [
            test for read in inside if isinstance(test := module.parent(read), ast.Compare) and _searches(test, read)
        ]
        if not grown or any(module.scope(test).frame is not variable.scope.frame for test in tests):
            return None
        return self._made(module, name, loop, grown, tests)

    def _appended(self, module: Module, read: ast.Name) -> tuple[ast.stmt, ast.expr] | None:
        """The statement ``read.append(x)`` and x, if x may be written twice."""
        method = module.parent(read)
        call = module.parent(method) if isinstance(method, ast.Attribute) else None
        statement = module.parent(call) if isinstance(call, ast.Call) else None
        if (
            not isinstance(method, ast.Attribute)
            or not isinstance(call, ast.Call)
            or not isinstance(statement, ast.Expr)
        ):
            return None
        fine = method.attr == "append" and len(call.args) == 1 and not call.keywords and module.alone(statement)
        added = call.args[0] if fine else None
        return (statement, added) if added is not None and _repeatable(added) else None

    def _made(
        self, module: Module, name: ast.Name, loop: ast.For | ast.While, grown: list[tuple[ast.stmt, ast.expr]],
        tests: list[ast.Compare],
    ) -> Rewrite | None:  # fmt: skip
        assumes: set[str] = set()
        if not _hashable(module, name, [value for _, value in grown], [test.left for test in tests], assumes):
            return None
        mirror = module.fresh(f"{name.id}_set", f"{name.id}_as_set")
        made = module.builtin("set")
        splices = [*made.splices, module.before(loop, f"{mirror} = {made.spelling}({name.id})")]
        splices += [module.splice(test.comparators[0], mirror) for test in tests]
        for line, value in grown:  # worked out once: of two results of `a - a` none need be equal to the other
            text = f"{name.id}[-1]" if has(value, ast.BinOp) else module.segment(value)
            splices.append(module.after(line, f"{mirror}.add({text})"))
        what = f"{name.id!r} is searched from its start while it grows"
        return self.at(module, tests[0], what, splices, assumes=assumes, gain=40.0)


def _searches(test: ast.Compare, read: ast.Name) -> bool:
    return test.comparators == [read] and isinstance(test.ops[0], ast.In | ast.NotIn)


def _repeatable(node: ast.expr) -> bool:
    """Whether evaluating an expression twice in a row costs nothing and gives the same."""
    if isinstance(node, ast.Tuple):
        return all(_repeatable(item) for item in node.elts)
    if isinstance(node, ast.BinOp):
        return _repeatable(node.left) and _repeatable(node.right)
    return isinstance(node, ast.Name | ast.Constant)


def _hashable(module: Module, name: ast.Name, grown: list[ast.expr], sought: list[ast.expr], assumes: set[str]) -> bool:
    """Whether all that the list holds, or that is sought in it, can be hashed: certainly, or so assumed."""
    kind, values = module.kind(name), [*grown, *sought]
    item = kind.item if kind is not None else None
    if any(_unhashable(module.kind(value, set())) for value in values) or _unhashable(item):
        return False
    start = module.value(name)
    empty = isinstance(start, ast.List) and not start.elts
    if not empty or item is None:
        hashed(module, name, None if empty else item, assumes, f"what {name.id!r} holds")
    for value in values:
        hashed(module, value, module.kind(value, assumes), assumes)
    return True


def _unhashable(kind: Kind | None) -> bool:
    if kind is not None and kind.name == "tuple":
        return _unhashable(kind.item)
    return kind is not None and kind.name in {"list", "dict", "set", "deque", "Counter", "defaultdict", "bytearray"}


RULE = MembershipGrowing()

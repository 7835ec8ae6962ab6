"""A list that only grows until its length is asked for: a number would do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Binding, Module, Variable
from cambrian.source.analysis.ownership import local
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Growth(NamedTuple):
    """A statement that puts items into the list."""

    statement: ast.stmt
    items: list[ast.expr]


class CountedList(PythonRule):
    """A counter instead of a list."""

    id = "counted-list"
    title = "Count what is only counted instead of keeping it"
    why = (
        "`found.append((a, b))` makes a tuple and stores it; if all that is ever asked of the list is `len(found)`, a "
        "number is as good, takes no memory, and lets other rules see that the loop counts. The guard sees that the "
        "list begins empty, that it is named nowhere else, and that what is put in has no effects."
    )
    words = ("len(",)
    examples = (
        Example(
            note="pairs",
            before=(
                "def close(values: list[int]):\n"
                "    found = []\n"
                "    for a in values:\n"
                "        for b in values:\n"
                "            if abs(a - b) == 1:\n"
                "                found.append((a, b))\n"
                "    return len(found)\n"
            ),
            after=(
                "def close(values: list[int]):\n"
                "    found_count = 0\n"
                "    for a in values:\n"
                "        for b in values:\n"
                "            if abs(a - b) == 1:\n"
                "                found_count += 1\n"
                "    return found_count\n"
            ),
            calls=("close([1, 2, 3])", "close([])"),
        ),
        Example(
            note="by +=, two at a time",
            before=(
                "def ends(words: list[str]):\n"
                "    ans = list()\n"
                "    for word in words:\n"
                "        if word:\n"
                "            ans += [word, word]\n"
                "    return 0 if len(ans) == 0 else len(ans) / 2\n"
            ),
            after=(
                "def ends(words: list[str]):\n"
                "    ans_count = 0\n"
                "    for word in words:\n"
                "        if word:\n"
                "            ans_count += 2\n"
                "    return 0 if ans_count == 0 else ans_count / 2\n"
            ),
            calls=("ends(['a', '', 'b'])", "ends([])"),
        ),
        Example(
            note="it is looked at, or given away, or emptied",
            before=(
                "def some(words, told):\n"
                "    one, two, three = [], [], []\n"
                "    four = []\n"
                "    five = []\n"
                "    for word in words:\n"
                "        four.append(word)\n"
                "        five.append(word)\n"
                "        if len(four) > 3:\n"
                "            four.pop()\n"
                "    told(five)\n"
                "    return len(four), len(five)\n"
            ),
            after=None,
        ),
        Example(
            note="what is put in has an effect, or items are taken from something",
            before=(
                "def asked(n, more):\n"
                "    answers = []\n"
                "    others = []\n"
                "    for _ in range(n):\n"
                "        answers.append(input())\n"
                "        others += more\n"
                "    return len(answers), len(others)\n"
            ),
            after=None,
        ),
        Example(
            note="no loop; an inner function",
            before=(
                "def one(a):\n"
                "    out = []\n"
                "    out.append(a)\n"
                "    return len(out)\n\n\n"
                "def counter(xs):\n"
                "    seen = []\n"
                "    for x in xs:\n"
                "        seen.append(x)\n"
                "    return lambda: len(seen)\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for statement in parsed.of(ast.Assign):
            target = statement.targets[0]
            if len(statement.targets) != 1 or not isinstance(target, ast.Name) or not _empty(parsed, statement.value):
                continue
            variable = parsed.variable(target)
            found = None if variable is None else self._at(parsed, statement, target, variable)
            if found is not None:
                yield found

    def _at(self, module: Module, made: ast.Assign, target: ast.Name, variable: Variable) -> Rewrite | None:
        assumes: set[str] = set()
        growths = _growths(module, target, variable)
        if growths is None or not any(module.loops(one.statement) for one in growths):
            return None
        for item in (item for one in growths for item in one.items):
            if not module.pure(item, assumes):
                return None
            if not isinstance(item, ast.Constant):
                module.safe(item, assumes)
        asked = [call for read in variable.reads if (call := _length(module, read)) is not None]
        if not asked:
            return None
        name = module.fresh(f"{target.id}_count", f"{target.id}_number")
        splices: list[Splice] = [module.splice(made, f"{name} = 0")]
        splices += [module.splice(one.statement, f"{name} += {len(one.items)}") for one in growths]
        splices += [module.splice(call, name) for call in asked]
        what = f"{target.id!r} keeps what is only counted"
        return self.at(module, made, what, splices, assumes=assumes, gain=1.5)


def _empty(module: Module, node: ast.expr) -> bool:
    if isinstance(node, ast.List):
        return not node.elts
    return module.calls(node, "builtins.list") and isinstance(node, ast.Call) and not node.args and not node.keywords


def _growths(module: Module, target: ast.Name, variable: Variable) -> list[_Growth] | None:
    """All statements that put items in; ``None`` if anything else is done to the list but asking for its length."""
    if not local(variable):
        return None
    found: list[_Growth] = []
    for binding in variable.bindings:
        growth = _extended(module, binding)
        if binding.node is not target and growth is None:
            return None
        found += [growth] if growth is not None and binding.node is not target else []
    for read in variable.reads:
        statement = module.statement(read)
        item = _appended(module, read, statement)
        if item is None and not _harmless(module, read, statement):
            return None
        found += [_Growth(statement, [item])] if item is not None else []
    return None if any(isinstance(item, ast.Starred) for one in found for item in one.items) else found


def _extended(module: Module, binding: Binding) -> _Growth | None:
    """``items += [one, other]``."""
    match module.statement(binding.node), binding.value:
        case ast.AugAssign(op=ast.Add()) as statement, ast.List(elts=items):
            return _Growth(statement, items)
        case _:
            return None


def _harmless(module: Module, read: ast.Name, statement: ast.stmt) -> bool:
    """Whether the list is asked for its length there, or is what a growth was found to be of."""
    return _length(module, read) is not None or (isinstance(statement, ast.AugAssign) and statement.target is read)


def _appended(module: Module, read: ast.Name, statement: ast.stmt) -> ast.expr | None:
    """What is put in by ``xs.append(item)``, a statement of its own."""
    method = module.parent(read)
    call = None if method is None else module.parent(method)
    if not isinstance(method, ast.Attribute) or method.attr != "append" or not isinstance(call, ast.Call):
        return None
    whole = isinstance(statement, ast.Expr) and statement.value is call and call.func is method
    return call.args[0] if whole and len(call.args) == 1 and not call.keywords else None


def _length(module: Module, read: ast.Name) -> ast.Call | None:
    call = module.parent(read)
    fits = module.calls(call, "builtins.len") and isinstance(call, ast.Call) and len(call.args) == 1
    return call if fits and isinstance(call, ast.Call) and not call.keywords else None


RULE = CountedList()

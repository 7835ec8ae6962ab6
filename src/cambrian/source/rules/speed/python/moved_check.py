"""``if depth < 0: return False`` after both branches: a bound is checked where the number comes nearer to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module, Variable
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import followed
from cambrian.source.analysis.scopes import Binding
from cambrian.source.edit import Splice
from cambrian.source.rules.catching import caught
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Check(NamedTuple):
    """``if name < limit: …`` as a statement of a loop; `sign` is -1 if the number must not be less, 1 if not more."""

    name: ast.Name
    limit: int
    sign: int
    node: ast.If


class MovedCheck(PythonRule):
    """A number that only one branch takes nearer to its bound is checked in that branch."""

    id = "moved-check"
    title = "Check a bound in the branch that may cross it"
    why = (
        "Where one branch counts up and the other down, `if depth < 0: return False` behind them asks on every turn, "
        "though only counting down can get there. The guard sees that the number keeps the bound when the loop "
        "begins, that each turn which goes on has kept it, and that all other steps of the loop lead away from it."
    )
    words = ("-=", "+=", "- ", "+ ")
    examples = (
        Example(
            note="brackets that close before they open",
            before=(
                "def balanced(text: str):\n"
                "    depth = 0\n"
                "    for sign in text:\n"
                "        if sign == '(':\n"
                "            depth += 1\n"
                "        else:\n"
                "            depth -= 1\n"
                "        if depth < 0:\n"
                "            return False\n"
                "    return depth == 0\n"
            ),
            after=(
                "def balanced(text: str):\n"
                "    depth = 0\n"
                "    for sign in text:\n"
                "        if sign == '(':\n"
                "            depth += 1\n"
                "        else:\n"
                "            depth -= 1\n"
                "            if depth < 0:\n"
                "                return False\n"
                "    return depth == 0\n"
            ),
            calls=("[balanced(t) for t in ('', '()', ')(', '(()', '())(')]",),
        ),
        Example(
            note="a third way; written out; more than one statement",
            before=(
                "def first_empty(moves: list[str]):\n"
                "    level, last = 3, ''\n"
                "    level = 3\n"
                "    for move in moves:\n"
                "        if move == 'up':\n"
                "            level = level + 2\n"
                "        elif move == 'down':\n"
                "            level = level - 1\n"
                "        if level <= 0:\n"
                "            last = move\n"
                "            break\n"
                "    return level, last\n"
            ),
            after=(
                "def first_empty(moves: list[str]):\n"
                "    level, last = 3, ''\n"
                "    level = 3\n"
                "    for move in moves:\n"
                "        if move == 'up':\n"
                "            level = level + 2\n"
                "        elif move == 'down':\n"
                "            level = level - 1\n"
                "            if level <= 0:\n"
                "                last = move\n"
                "                break\n"
                "    return level, last\n"
            ),
            calls=("first_empty(['up'] + ['down'] * 9)", "first_empty([])", "first_empty(['x', 'down'])"),
        ),
        Example(
            note="it does not begin within the bound; another step leads there, too; the loop goes on below it",
            before=(
                "def told(text: str, depth: int):\n"
                "    for sign in text:\n"
                "        if sign == '(':\n            depth += 1\n        else:\n            depth -= 1\n"
                "        if depth < 0:\n            return False\n"
                "    low = 0\n"
                "    for sign in text:\n"
                "        if sign == '(':\n            low += depth\n        else:\n            low -= 1\n"
                "        if low < 0:\n            return False\n"
                "    worst = level = 0\n"
                "    for sign in text:\n"
                "        if sign == '(':\n            level += 1\n        else:\n            level -= 1\n"
                "        if level < 0:\n            worst += 1\n"
                "    return worst\n"
            ),
            after=None,
        ),
        Example(
            note="a third branch sets it anew",
            before=(
                "def told(text: str):\n"
                "    depth = 0\n"
                "    for sign in text:\n"
                "        if sign == '(':\n            depth += 1\n"
                "        elif sign == '.':\n            depth = int(sign)\n"
                "        else:\n            depth -= 1\n"
                "        if depth < 0:\n            return False\n"
                "    return True\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For, ast.While):
            if caught(parsed, loop):
                continue
            for place, statement in enumerate(loop.body[1:], 1):
                check = _check(statement)
                branches = loop.body[place - 1]
                if check is None or not isinstance(branches, ast.If) or not _safe_text(parsed, loop, check):
                    continue
                step = _step(parsed, loop, branches, check)
                if step is not None:
                    what = f"{check.name.id!r} is checked on turns that cannot have brought it there"
                    yield self.at(parsed, check.node, what, _splices(parsed, check, step), gain=1.3)


def _check(node: ast.stmt) -> _Check | None:
    if not isinstance(node, ast.If) or node.orelse or not isinstance(node.test, ast.Compare):
        return None
    test = node.test
    limit = test.comparators[0]
    if not isinstance(test.left, ast.Name) or len(test.ops) != 1 or not isinstance(limit, ast.Constant):
        return None
    if type(limit.value) is not int or not isinstance(node.body[-1], ast.Return | ast.Break | ast.Raise):
        return None
    sign = -1 if isinstance(test.ops[0], ast.Lt | ast.LtE) else 1 if isinstance(test.ops[0], ast.Gt | ast.GtE) else 0
    strict = isinstance(test.ops[0], ast.Lt | ast.Gt)
    bound = limit.value if strict else limit.value - sign  # the last number that is well
    return _Check(test.left, bound, sign, node) if sign else None


def _safe_text(module: Module, loop: ast.For | ast.While, check: _Check) -> bool:
    """Whether the variable is the function's own, keeps the bound at the loop's begin, and the lines can be moved."""
    variable = module.variable(check.name)
    if not followed(variable) or variable.scope.kind != "function":
        return False
    if not module.alone(check.node) or "\n\n" in module.segment(check.node) or '"""' in module.segment(check.node):
        return False
    if any(within(binding.node, check.node) for binding in variable.bindings):
        return False
    begun = [one for one in module.reaching(check.name) if not within(one.node, loop)]
    return all(_keeps(one, check) for one in begun) and not _again(module, loop, check, variable)


def _again(module: Module, loop: ast.For | ast.While, check: _Check, variable: Variable) -> bool:
    """Whether the loop may be left with the number beyond its bound, and begin once more with that."""
    if not isinstance(check.node.body[-1], ast.Break) or not module.loops(loop):
        return False
    block = module.block(loop)
    before = block.statements[: block.place]
    return not any(module.statement(one.node) in before for one in variable.bindings)


def _keeps(binding: Binding, check: _Check) -> bool:
    """Whether a variable is given a number that keeps the bound."""
    value = binding.value
    if binding.how != "assign" or binding.path or not isinstance(value, ast.Constant) or type(value.value) is not int:
        return False
    return (value.value - check.limit) * check.sign <= 0


def _step(module: Module, loop: ast.For | ast.While, branches: ast.If, check: _Check) -> ast.stmt | None:
    """The only statement of the loop that takes the number nearer to its bound: a part of a branch, the last one."""
    variable = module.variable(check.name)
    nearer: list[ast.stmt] = []
    for binding in variable.bindings if variable is not None else ():
        if not within(binding.node, loop):
            continue
        statement = module.statement(binding.node)
        change = _change(module, statement, check.name.id)
        if change == 0:
            return None
        if change * check.sign > 0:
            nearer.append(statement)
    if len(nearer) != 1 or not within(nearer[0], branches) or not module.alone(nearer[0]):
        return None
    block = module.block(nearer[0])
    return nearer[0] if block.statements[-1] is nearer[0] and _own(branches, block.statements) else None


def _own(branches: ast.If, statements: list[ast.stmt]) -> bool:
    """Whether a block is one of the branches themselves, not of a loop in one of them."""
    if statements is branches.body or statements is branches.orelse:
        return not (len(statements) == 1 and isinstance(statements[0], ast.If))
    return any(isinstance(one, ast.If) and _own(one, statements) for one in branches.orelse[:1])


def _change(module: Module, statement: ast.stmt, name: str) -> int:
    """By how much a statement changes a number; 0 if that is not known."""
    if isinstance(statement, ast.AugAssign):
        op, value = statement.op, statement.value
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.value, ast.BinOp):
        op, value = statement.value.op, statement.value.right
        left = statement.value.left
        if not isinstance(left, ast.Name) or left.id != name or not isinstance(statement.targets[0], ast.Name):
            return 0
    else:
        return 0
    if not isinstance(value, ast.Constant) or type(value.value) is not int or not module.alone(statement):
        return 0
    return value.value if isinstance(op, ast.Add) else -value.value if isinstance(op, ast.Sub) else 0


def _splices(module: Module, check: _Check, step: ast.stmt) -> list[Splice]:
    """The check behind the step, and no more where it was."""
    start, stop = module.locator.range(check.node)
    first = module.text.rfind("\n", 0, start) + 1
    last = module.text.find("\n", stop) + 1 or len(module.text)
    indent, inner = module.indentation(check.node), module.indentation(step)
    lines = module.text[first:last].splitlines()
    moved = [inner + line[len(indent) :] if line.strip() else line for line in lines]
    behind = module.text.find("\n", module.locator.range(step)[1])
    moved_text = "".join(f"{module.newline}{line}" for line in moved)
    end = behind - 1 if behind and module.text[behind - 1] == "\r" else behind
    return [Splice(end, end, moved_text), Splice(first, last, "")]


RULE = MovedCheck()

"""A loop that only sets a flag goes on after it is set: it ends there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.analysis.ownership import followed
from cambrian.source.rules.catching import caught
from cambrian.source.rules.loops import names_in
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_LISTED = ("list", "tuple", "range", "str", "set", "frozenset", "dict", "view", "deque", "bytes", "Counter")


class FlagBreak(PythonRule):
    """Leaves a loop where all that it finds out is found out."""

    id = "flag-break"
    title = "Leave a loop once its flag is set"
    why = (
        "`for x in xs: if test(x): found = True` goes through all items, also when the first one decides. Setting "
        "the flag again changes nothing, so a `break` behind it saves the rest. The guard sees that the loop does "
        "nothing else, that the test has no effects and does not hang on the flag, that nobody reads the loop's "
        "variables afterwards, and that no iterator is left half used. That the tests left out raise no error is "
        "assumed unless the text shows it."
    )
    words = ("for ",)
    examples = (
        Example(
            note="one flag",
            before=(
                "def has(words: list[str], sought: str):\n"
                "    found = False\n"
                "    for word in words:\n"
                "        if word == sought:\n"
                "            found = True  # there it is\n"
                "    return found\n"
            ),
            after=(
                "def has(words: list[str], sought: str):\n"
                "    found = False\n"
                "    for word in words:\n"
                "        if word == sought:\n"
                "            found = True  # there it is\n"
                "            break\n"
                "    return found\n"
            ),
            calls=("has(['a', 'b', 'a'], 'a')", "has([], 'a')", "has(['b'], 'a')"),
        ),
        Example(
            note="numbers of a range",
            before=(
                "def prime(n: int):\n"
                "    good = n > 1\n"
                "    for i in range(2, n):\n"
                "        if n % i == 0:\n"
                "            good = False\n"
                "    return good\n"
            ),
            after=(
                "def prime(n: int):\n"
                "    good = n > 1\n"
                "    for i in range(2, n):\n"
                "        if n % i == 0:\n"
                "            good = False\n"
                "            break\n"
                "    return good\n"
            ),
            calls=("[prime(n) for n in range(30)]",),
        ),
        Example(
            note="the last one that fits is kept",
            before=(
                "def last(words: list[str]):\n"
                "    found = None\n"
                "    for word in words:\n"
                "        if len(word) > 3:\n"
                "            found = word\n"
                "    return found\n"
            ),
            after=None,
        ),
        Example(
            note="the test hangs on the flag",
            before=(
                "def twice(words: list[str]):\n"
                "    state = 0\n"
                "    for word in words:\n"
                "        if word == 'a' or state == 1:\n"
                "            state = 1\n"
                "    return state, word\n"
            ),
            after=None,
        ),
        Example(
            note="an iterator: others go on with it",
            before=(
                "def has(words, sought):\n"
                "    found = False\n"
                "    for word in iter(words):\n"
                "        if word == sought:\n"
                "            found = True\n"
                "    return found\n"
            ),
            after=None,
        ),
        Example(
            note="the test does something",
            before=(
                "def any_left(jobs: list):\n"
                "    left = False\n"
                "    for job in jobs:\n"
                "        if job.run():\n"
                "            left = True\n"
                "    return left\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            test = loop.body[0]
            if len(loop.body) == 1 and isinstance(test, ast.If) and not test.orelse and not loop.orelse:
                found = self._at(parsed, loop, test)
                if found is not None:
                    yield found

    def _at(self, module: Module, loop: ast.For, test: ast.If) -> Rewrite | None:
        assumes: set[str] = set()
        flags = _flags(test.body)
        if not flags or not module.alone(test.body[-1]) or not _whole(module, loop.iter, assumes):
            return None
        if _asked(module, test.test, flags) or any(_read_behind(module, name, loop) for name in _names(loop.target)):
            return None
        if not module.pure(test.test, assumes) or (caught(module, loop) and not module.safe(test.test)):
            return None
        module.safe(test.test, assumes)
        splices = [module.after(test.body[-1], "break")]
        what = "a loop goes on after its flag is set"
        return self.at(module, loop, what, splices, assumes=assumes, gain=2.0)


def _flags(body: list[ast.stmt]) -> list[ast.Name]:
    """The variables that a block gives constants to, if it does nothing else."""
    found: list[ast.Name] = []
    for one in body:
        if not isinstance(one, ast.Assign) or not isinstance(one.value, ast.Constant) or len(one.targets) != 1:
            return []
        target = one.targets[0]
        if not isinstance(target, ast.Name):
            return []
        found.append(target)
    return found


def _whole(module: Module, items: ast.expr, assumes: set[str]) -> bool:
    """Whether a loop goes through something that is no iterator, and making it has no effects."""
    if module.calls(items, "builtins.enumerate", "builtins.zip", "builtins.reversed") and isinstance(items, ast.Call):
        return bool(items.args) and all(_whole(module, one, assumes) for one in items.args)
    return module.taken(items, *_LISTED, assumes=assumes) is not None and module.pure(items, assumes)


def _shared(module: Module, flag: ast.Name) -> bool:
    """Whether others may see a flag, or it is part of what the loop goes through."""
    variable = module.variable(flag)
    return not followed(variable)


def _asked(module: Module, test: ast.expr, flags: Sequence[ast.Name]) -> bool:
    """Whether the condition, or other code, reads a flag."""
    asked = {module.variable(name) for name in names_in(test)}
    return any(module.variable(flag) in asked or _shared(module, flag) for flag in flags)


def _names(target: ast.expr) -> list[ast.Name]:
    return [part for part in ast.walk(target) if isinstance(part, ast.Name)]


def _read_behind(module: Module, name: ast.Name, loop: ast.For) -> bool:
    """Whether a variable of the loop is read as the loop left it."""
    variable = module.variable(name)
    if not followed(variable):
        return True
    behind = [read for read in variable.reads if not within(read, loop.body)]
    return any(one.node is name for read in behind for one in module.reaching(read))


RULE = FlagBreak()

"""``xs = sorted(xs)``: a second list, although the first one is gone a moment later."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.sparing import MemoryRule


class OwnSort(MemoryRule):
    """A list of one's own is sorted in place."""

    id = "own-sort"
    title = "Sort a list of your own where it is"
    why = (
        "`xs = sorted(xs)` makes a second list as long as the first, and then lets the first one go. `xs.sort()` needs "
        "no second list. The guard sees that the list was made here and that nothing else holds it, that the key does "
        "not look at it, and that no error is caught which would show a list half sorted."
    )
    tags = ("memory",)
    words = ("sorted(",)
    examples = (
        Example(
            note="a list that was made here",
            before="def ranked(n: int):\n    found = [i * 7 % 10 for i in range(n)]\n"
            "    found = sorted(found, reverse=True)\n    return found\n",
            after="def ranked(n: int):\n    found = [i * 7 % 10 for i in range(n)]\n"
            "    found.sort(reverse=True)\n    return found\n",
            calls=("ranked(6)", "ranked(0)"),
        ),
        Example(
            note="the caller's list",
            before="def ranked(values: list[int]):\n    values = sorted(values)\n    return values\n",
            after=None,
        ),
        Example(
            note="no list, and a list that has another name",
            before=(
                "def ranked(n: int):\n"
                "    found = {i for i in range(n)}\n"
                "    found = sorted(found)\n"
                "    other = [n]\n"
                "    kept = other\n"
                "    other = sorted(other)\n"
                "    return found, kept, other\n"
            ),
            after=None,
        ),
        Example(
            note="a key that looks at the list",
            before=(
                "def ranked(n: int):\n"
                "    found = [i for i in range(n)]\n"
                "    found = sorted(found, key=lambda each: len(found) - each)\n"
                "    return found\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Assign):
            call, target = node.value, node.targets[0]
            if len(node.targets) > 1 or not isinstance(target, ast.Name) or not isinstance(call, ast.Call):
                continue
            if not parsed.calls(call, "builtins.sorted") or len(call.args) != 1 or "#" in parsed.segment(node):
                continue
            own = call.args[0]
            if not isinstance(own, ast.Name) or own.id != target.id or not _own(parsed, own, call, node):
                continue
            words = ", ".join(f"{word.arg}={parsed.segment(word.value)}" for word in call.keywords)
            what = f"{own.id!r} is sorted into a second list, and then let go"
            yield self.at(parsed, node, what, [parsed.splice(node, f"{own.id}.sort({words})")], gain=2.0)


def _own(module: Module, own: ast.Name, call: ast.Call, node: ast.Assign) -> bool:
    variable = module.variable(own)
    if variable is None or variable.captured or not module.is_kind(own, "list") or not module.owned(own):
        return False
    if any(word.arg not in ("key", "reverse") for word in call.keywords):
        return False
    within = (part for word in call.keywords for part in ast.walk(word.value))
    if any(isinstance(part, ast.Name) and part.id == own.id for part in within):
        return False
    return not any(isinstance(above, ast.Try | ast.TryStar | ast.With) for above in module.ancestors(node))


RULE = OwnSort()

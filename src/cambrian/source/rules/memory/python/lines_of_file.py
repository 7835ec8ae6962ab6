"""``for line in file.readlines()``: a whole file in memory, to look at its lines one by one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.sparing import EATERS, MemoryRule, given_whole

_MEANWHILE = "nothing writes to the file while its lines are read"


class LinesOfFile(MemoryRule):
    """A file is gone through line by line."""

    id = "lines-of-file"
    title = "Go through a file's lines, not through a list of them"
    why = (
        "`file.readlines()` holds all lines of a file at once; a loop over the file itself holds one, and begins at "
        "once. The guard sees that it is a file that was opened here, and that the loop does not use it otherwise: "
        "reading on or closing it in between would do something else."
    )
    tags = ("memory",)
    words = ("readlines",)
    examples = (
        Example(
            note="a loop",
            before=(
                "def longest(path):\n"
                "    best = 0\n"
                "    with open(path) as file:\n"
                "        for line in file.readlines():\n"
                "            best = max(best, len(line))\n"
                "    return best\n"
            ),
            after=(
                "def longest(path):\n"
                "    best = 0\n"
                "    with open(path) as file:\n"
                "        for line in file:\n"
                "            best = max(best, len(line))\n"
                "    return best\n"
            ),
            calls=("longest('/dev/null')",),
        ),
        Example(
            note="what goes through them once",
            before=(
                "def lines(path):\n    with open(path) as file:\n        return sum(len(x) for x in file.readlines())\n"
            ),
            after="def lines(path):\n    with open(path) as file:\n        return sum(len(x) for x in file)\n",
            calls=("lines('/dev/null')",),
        ),
        Example(
            note="the loop reads on by itself; lines that are kept",
            before=(
                "def pairs(path):\n"
                "    with open(path) as file:\n"
                "        for line in file.readlines():\n"
                "            print(line, file.tell())\n"
                "        return file.readlines()\n"
            ),
            after=None,
        ),
        Example(
            note="nobody knows what this is",
            before="def told(stream):\n    for line in stream.readlines():\n        print(line)\n",
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Call):
            func = node.func
            if not isinstance(func, ast.Attribute) or func.attr != "readlines" or node.args or node.keywords:
                continue
            if not isinstance(func.value, ast.Name) or not _opened(parsed, func.value):
                continue
            if not _once(parsed, node, func.value.id):
                continue
            what = f"all lines of {func.value.id!r} are held at once"
            splices = [parsed.splice(node, func.value.id)]
            yield self.at(parsed, node, what, splices, assumes={_MEANWHILE}, gain=100.0)


def _opened(module: Module, name: ast.Name) -> bool:
    """Whether a name is certainly a file that was opened here."""
    bindings = module.reaching(name)
    return len(bindings) == 1 and (
        module.is_kind(name, "file") or _with(module, bindings[0].node)
    )  # fmt: skip


def _with(module: Module, node: ast.AST) -> bool:
    item = module.parent(node)
    return (
        isinstance(item, ast.withitem)
        and item.optional_vars is node
        and module.calls(item.context_expr, "builtins.open", "io.open")
    )


def _once(module: Module, node: ast.Call, name: str) -> bool:
    """Whether lines are gone through once where they stand, and the file is not used meanwhile."""
    parent = module.parent(node)
    if isinstance(parent, ast.For) and parent.iter is node:
        return not _mentions([parent.target, *parent.body], name)
    if isinstance(parent, ast.comprehension) and parent.iter is node:
        made = module.parent(parent)
        if not isinstance(made, ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp):
            return False
        whole = not isinstance(made, ast.GeneratorExp) or given_whole(module, made, *EATERS) is not None
        others = [part for part in ast.iter_child_nodes(made) if part is not parent]
        return whole and made.generators[0] is parent and not _mentions([*others, *parent.ifs], name)
    return given_whole(module, node, *EATERS) is not None


def _mentions(region: list[ast.AST], name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for node in region for part in ast.walk(node))


RULE = LinesOfFile()

"""``out.insert(0, x)`` in a loop: append, and turn round once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.rules.containing import kept_in
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class InsertFront(PythonRule):
    """What was put in front, one by one, is the reverse of what is appended."""

    id = "insert-front"
    title = "Append in the loop and reverse once, instead of inserting at the front"
    why = (
        "`out.insert(0, x)` moves all other items on each turn: quadratic. Appending and one `reverse()` give the same "
        "list. The guard sees that the list is made empty right before the loop, that the loop does nothing else with "
        "it, and that no error in the loop can show the unfinished list to anybody."
    )
    words = (".insert(0",)
    examples = (
        Example(
            before=(
                "def digits(n):\n"
                "    out = []\n"
                "    while n > 0:\n"
                "        out.insert(0, n % 2)\n"
                "        n //= 2\n"
                "    return out\n"
            ),
            after=(
                "def digits(n):\n"
                "    out = []\n"
                "    while n > 0:\n"
                "        out.append(n % 2)\n"
                "        n //= 2\n"
                "    out.reverse()\n"
                "    return out\n"
            ),
            calls=("digits(6)", "digits(0)"),
            note="the digits of a number",
        ),
        Example(
            before=(
                "def digits(n):\n"
                "    out = []\n"
                "    while n > 0:\n"
                "        out.insert(0, n % 2)\n"
                "        if len(out) > 8:\n"
                "            break\n"
                "        n //= 2\n"
                "    return out\n"
            ),
            after=None,
            note="the loop reads the list",
        ),
        Example(
            before=(
                "def backwards(words):\n"
                "    out = ['']\n"
                "    for word in words:\n"
                "        out.insert(0, word)\n"
                "    return out\n"
            ),
            after=None,
            note="the list is not empty at first",
        ),
        Example(
            before=(
                "def parsed(words):\n"
                "    out = []\n"
                "    try:\n"
                "        for word in words:\n"
                "            out.insert(0, int(word))\n"
                "    except ValueError:\n"
                "        pass\n"
                "    return out\n"
            ),
            after=None,
            note="an error leaves the loop, and the list is read",
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of(ast.Call):
            name = _inserted(call)
            loops = parsed.loops(call) if name is not None and isinstance(parsed.parent(call), ast.Expr) else []
            loop = loops[-1] if loops else None
            if name is None or not isinstance(loop, ast.For | ast.While) or not self._fits(parsed, name, loop):
                continue
            new = f"{name.id}.append({parsed.segment(call.args[1])})"
            splices = [parsed.splice(call, new), parsed.after(loop, f"{name.id}.reverse()")]
            what = f"each item is put in front of {name.id!r}, which moves all others"
            yield self.at(parsed, call, what, splices, gain=20.0)

    def _fits(self, module: Module, name: ast.Name, loop: ast.For | ast.While) -> bool:
        """Whether the list is empty when the loop begins, and seen nowhere else in it."""
        variable = module.variable(name)
        if variable is None or loop.orelse or not module.owned(name) or not kept_in(module, name, loop, {name}):
            return False
        block = module.block(loop)
        for before in reversed(block.statements[: block.place]):
            made = before.targets[0] if isinstance(before, ast.Assign) and len(before.targets) == 1 else None
            if isinstance(made, ast.Name) and module.variable(made) is variable:
                assert isinstance(before, ast.Assign)
                return isinstance(before.value, ast.List) and not before.value.elts
            if any(within(place, before) for place in [*variable.reads, *(one.node for one in variable.bindings)]):
                return False
        return False


def _inserted(call: ast.Call) -> ast.Name | None:
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr != "insert" or not isinstance(func.value, ast.Name):
        return None
    loose = (ast.Starred, ast.Yield, ast.YieldFrom)  # a `yield` needs brackets of its own
    fits = len(call.args) == 2 and not call.keywords and not any(isinstance(one, loose) for one in call.args)
    first = call.args[0] if fits else None
    return func.value if isinstance(first, ast.Constant) and first.value == 0 and type(first.value) is int else None


RULE = InsertFront()

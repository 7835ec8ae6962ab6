"""``for key in d: … d[key]``: keys and values are gone through together. ``x in d.keys()``: the dict is asked."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import Region, within
from cambrian.source.rules.hashing import hashable
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_DICTS = ("dict", "Counter", "OrderedDict", "defaultdict")


class DictLookup(PythonRule):
    """Items of a dict without a second look-up."""

    id = "dict-lookup"
    title = "Go through the items of a dict, and ask the dict for a key"
    why = (
        "`for key in d` with `d[key]` in the loop looks each key up again; `d.items()` gives both. `key in d.keys()` "
        "makes a view for each question, and `key in list(d)` a list of all keys. The guard sees that it is a dict, "
        "that the loop changes neither the dict nor the key, and that `d[key]` is only read."
    )
    words = ("for ", ".keys()")
    examples = (
        Example(
            before=(
                "def shares(text: str):\n"
                "    counts = {}\n"
                "    for c in text:\n"
                "        counts[c] = counts.get(c, 0) + 1\n"
                "    return [(c, counts[c] / len(text)) for c in counts]\n"
            ),
            after=(
                "def shares(text: str):\n"
                "    counts = {}\n"
                "    for c in text:\n"
                "        counts[c] = counts.get(c, 0) + 1\n"
                "    return [(c, c_value / len(text)) for c, c_value in counts.items()]\n"
            ),
            calls=("shares('abca')", "shares('')"),
            note="keys and values",
        ),
        Example(
            before=(
                "def known(words: list[str], seen: dict[str, int]):\n"
                "    return [w for w in words if w in seen.keys()]\n"
            ),
            after="def known(words: list[str], seen: dict[str, int]):\n    return [w for w in words if w in seen]\n",
            calls=("known(['a', 'b'], {'b': 1})",),
            note="a key",
        ),
        Example(
            before=(
                "def doubled():\n"
                "    counts = {1: 2}\n"
                "    for key in counts:\n"
                "        counts[key] *= 2\n"
                "        print(counts[key])\n"
                "    return counts\n"
            ),
            after=None,
            note="the loop changes the dict",
        ),
        Example(
            before="def first(rows):\n    return [rows[row] for row in rows]\n",
            after=None,
            note="nothing says that it is a dict",
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For, ast.comprehension):
            found = self._items(parsed, loop)
            if found is not None:
                yield found
        for node in parsed.of(ast.Compare):
            view = node.comparators[-1]
            if isinstance(node.ops[-1], ast.In | ast.NotIn) and isinstance(view, ast.Call):
                yield from self._keys(parsed, node, view)

    def _items(self, module: Module, loop: ast.For | ast.comprehension) -> Rewrite | None:
        owner, key = _without_keys(loop.iter), loop.target
        if not isinstance(owner, ast.Name) or not isinstance(key, ast.Name):
            return None
        assumes: set[str] = set()
        region = loop.body if isinstance(loop, ast.For) else [module.parent(loop) or loop]
        if not module.is_kind(owner, *_DICTS, assumes=assumes) or not _set_once(module, key, loop):
            return None
        looked_up = _looked_up(module, owner, key, region)
        if not looked_up or not module.unchanged(owner, region, assumes):
            return None
        frame = module.scope(owner).frame
        if any(module.scope(one).frame is not frame or not isinstance(one.ctx, ast.Load) for one in looked_up):
            return None
        value = module.fresh(f"{key.id}_value", f"{key.id}_item")
        splices = [module.splice(key, f"{key.id}, {value}"), module.splice(loop.iter, f"{owner.id}.items()")]
        splices += [module.splice(found, value) for found in looked_up]
        what = f"each key of {owner.id!r} is looked up again"
        return self.at(module, key, what, splices, assumes=assumes, gain=1.2)

    def _keys(self, module: Module, node: ast.Compare, view: ast.Call) -> Iterator[Rewrite]:
        owner = _without_keys(view)
        if owner is view and module.calls(view, "builtins.list") and len(view.args) == 1 and not view.keywords:
            owner = _without_keys(view.args[0])
        assumes: set[str] = set()
        if owner is view or not isinstance(owner, ast.Name | ast.Attribute):
            return
        if module.taken(owner, *_DICTS, assumes=assumes) is not None:
            what = f"what is asked of {module.segment(owner)!r} needs no view or list of its keys"
            gain = 20.0 if module.calls(view, "builtins.list") else 1.3
            if gain > 2 and not hashable(module.kind(node.left)):
                assumes.add(f"{module.segment(node.left)!r} can be hashed")
            yield self.at(module, node, what, [module.splice(view, module.segment(owner))], assumes=assumes, gain=gain)


def _set_once(module: Module, key: ast.Name, loop: ast.For | ast.comprehension) -> bool:
    """Whether a loop's variable keeps its value through a turn."""
    if isinstance(loop, ast.For):
        return not module.rebound(key, loop.body)
    variable = module.variable(key)
    return variable is None or len(variable.bindings) <= 1


def _looked_up(module: Module, owner: ast.Name, key: ast.Name, region: Region) -> list[ast.Subscript]:
    """Where an item of this key stands."""
    variable, its = module.variable(owner), module.variable(key)
    if variable is None or its is None:
        return []
    above = [(read, module.parent(read)) for read in variable.reads if within(read, region)]
    return [
        found for read, found in above
        if isinstance(found, ast.Subscript) and found.value is read
        and isinstance(found.slice, ast.Name) and module.variable(found.slice) is its
    ]  # fmt: skip


def _without_keys(node: ast.expr) -> ast.expr:
    """``d`` of ``d.keys()``; else the expression itself."""
    called = isinstance(node, ast.Call) and not node.args and not node.keywords
    func = node.func if isinstance(node, ast.Call) and called else None
    return func.value if isinstance(func, ast.Attribute) and func.attr == "keys" else node


RULE = DictLookup()

"""``copy.deepcopy(grid)`` of a list of lists of numbers: copies of the rows will do."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Kind, Module
from cambrian.source.analysis.tables import SCALARS
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class DeepCopy(PythonRule):
    """Copies by the containers themselves."""

    id = "deep-copy"
    title = "Copy lists of plain values by slices, not by deepcopy"
    why = (
        "`copy.deepcopy` looks at each item, keeps a table of all it has seen, and calls back into Python for each: "
        "fifty times the work of `[row[:] for row in grid]`. The guard asks that type hints or the text say what the "
        "lists hold, down to numbers and text. That no row stands in it twice (deepcopy would keep them one row) is "
        "assumed."
    )
    words = ("deepcopy",)
    examples = (
        Example(
            note="rows of numbers",
            before=(
                "import copy\n\n\n"
                "def moves(grid: list[list[int]], places: list[int]):\n"
                "    out = []\n"
                "    for place in places:\n"
                "        new = copy.deepcopy(grid)\n"
                "        new[0][place] = 1\n"
                "        out.append(new)\n"
                "    return out\n"
            ),
            after=(
                "import copy\n\n\n"
                "def moves(grid: list[list[int]], places: list[int]):\n"
                "    out = []\n"
                "    for place in places:\n"
                "        new = [row[:] for row in grid]\n"
                "        new[0][place] = 1\n"
                "        out.append(new)\n"
                "    return out\n"
            ),
            calls=("moves([[0, 0], [0, 0]], [0, 1])", "moves([[0]], [])"),
        ),
        Example(
            note="one list, a dict",
            before=(
                "from copy import deepcopy\n\n\n"
                "def both(names: list[str], ages: dict[str, int]):\n"
                "    return deepcopy(names), deepcopy(ages)\n"
            ),
            after=(
                "from copy import deepcopy\n\n\n"
                "def both(names: list[str], ages: dict[str, int]):\n"
                "    return names[:], ages.copy()\n"
            ),
            calls=("both(['a'], {'b': 1})",),
        ),
        Example(
            note="objects, or nobody knows what",
            before=(
                "from copy import deepcopy\n\n\n"
                "class Cell:\n"
                "    pass\n\n\n"
                "def same(cells: list[Cell], anything, things: list):\n"
                "    return deepcopy(cells), deepcopy(anything), deepcopy(things)\n"
            ),
            after=None,
        ),
        Example(
            note="a table that copies know of already",
            before=(
                "from copy import deepcopy\n\n\n"
                "def same(cells: list[int], known: dict):\n"
                "    return deepcopy(cells, known)\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of(ast.Call):
            if not parsed.calls(call, "copy.deepcopy") or len(call.args) != 1 or call.keywords:
                continue
            given, assumes = call.args[0], set[str]()
            kind = parsed.kind(given, assumes) if isinstance(given, ast.Name | ast.Attribute) else None
            text = None if kind is None else _copied(parsed, parsed.segment(given), kind, assumes)
            if text is not None:
                what = f"{parsed.segment(given)!r} is copied item by item, though all it holds are plain values"
                yield self.at(parsed, call, what, [parsed.splice(call, text)], assumes=assumes, gain=30.0)


def _copied(module: Module, name: str, kind: Kind, assumes: set[str]) -> str | None:
    """How a container of plain values is copied."""
    if kind.name == "dict":
        plain = _plain(kind.item) and _plain(kind.value)
        return f"{name}.copy()" if plain else None
    if kind.name != "list" or kind.item is None:
        return None
    if _plain(kind.item):
        return f"{name}[:]"
    if kind.item.name == "list" and _plain(kind.item.item):
        row = module.fresh("row", "line")
        assumes.add(f"no row stands in {name!r} twice")
        return f"[{row}[:] for {row} in {name}]"
    return None


def _plain(kind: Kind | None) -> bool:
    """Whether a value cannot be changed: its copy is itself."""
    return kind is not None and (kind.name in SCALARS or kind.name == "number")


RULE = DeepCopy()

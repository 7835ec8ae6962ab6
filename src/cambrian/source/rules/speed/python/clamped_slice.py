"""``s[i:min(j, len(s))]``: a slice ends with the sequence anyway."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import has
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_BINDING = (ast.NamedExpr, ast.Lambda, ast.Yield, ast.YieldFrom, ast.Await)
_SLICED = ("list", "tuple", "str", "bytes", "range")


class ClampedSlice(PythonRule):
    """The end of a slice is not compared with the length."""

    id = "clamped-slice"
    title = "Let a slice end with its sequence, without `min` and `len`"
    why = (
        "A slice of a list, tuple or text ends where the sequence ends, however far it is asked to go, so "
        "`s[i:min(j, len(s))]` makes two calls for nothing. A negative end is smaller than the length, and stays as it "
        "is. The guard sees that it is the length of the same sequence."
    )
    words = ("min",)
    examples = (
        Example(
            note="groups of three",
            before=(
                "def groups(text: str):\n"
                "    return [text[3 * i:min((3 * i + 3), len(text))] for i in range((len(text) + 2) // 3)]\n"
            ),
            after="def groups(text: str):\n    return [text[3 * i:3 * i + 3] for i in range((len(text) + 2) // 3)]\n",
            calls=("groups('abcdefg')", "groups('')"),
        ),
        Example(
            note="the length first",
            before="def chunk(rows: list[int], a: int, b: int):\n    return rows[a:min(len(rows), a + b)]\n",
            after="def chunk(rows: list[int], a: int, b: int):\n    return rows[a:a + b]\n",
            calls=("chunk([1, 2, 3], 1, 5)", "chunk([1, 2, 3], 0, -1)", "chunk([], 0, 1)"),
        ),
        Example(
            note="another one's length; an index; a beginning; a step",
            before=(
                "def told(a: list[int], b: list[int], n: int):\n"
                "    return a[: min(n, len(b))], a[min(n, len(a))], a[min(n, len(a)) :], a[: min(n, len(a)) : -1]\n"
            ),
            after=None,
        ),
        Example(
            note="a class of its own may take it otherwise",
            before=(
                "class Rows:\n"
                "    def __getitem__(self, key):\n        return key\n\n"
                "    def first(self, n):\n        return self[: min(n, len(self))]\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Subscript):
            end = node.slice.upper if isinstance(node.slice, ast.Slice) else None
            if not isinstance(end, ast.Call) or not isinstance(node.slice, ast.Slice) or node.slice.step is not None:
                continue
            other = _other(parsed, end, node.value)
            assumes: set[str] = set()
            if other is None or not isinstance(node.ctx, ast.Load) or "#" in parsed.segment(end):
                continue
            if parsed.taken(node.value, *_SLICED, assumes=assumes) is None:
                continue
            kind = parsed.kind(other, assumes)
            if kind is not None and kind.name not in {"int", "bool"}:
                continue
            if kind is None:
                assumes.add(f"{' '.join(parsed.segment(other).split())!r} is a whole number")
            what = "the end of a slice is compared with the length"
            yield self.at(parsed, end, what, [parsed.splice(end, parsed.segment(other))], assumes=assumes, gain=2.0)


def _other(module: Module, call: ast.Call, owner: ast.expr) -> ast.expr | None:
    """What is compared with the length of a sequence that has a name."""
    if (
        not module.calls(call, "builtins.min")
        or len(call.args) != 2
        or call.keywords
        or not isinstance(owner, ast.Name)
    ):
        return None
    rest = [one for one in call.args if not _length(module, one, owner)]
    good = len(rest) == 1 and not isinstance(rest[0], ast.Starred) and not has(rest[0], _BINDING)
    return rest[0] if good else None


def _length(module: Module, node: ast.expr, owner: ast.Name) -> bool:
    if not isinstance(node, ast.Call) or not module.calls(node, "builtins.len") or len(node.args) != 1:
        return False
    return isinstance(node.args[0], ast.Name) and node.args[0].id == owner.id


RULE = ClampedSlice()

"""``x in ["a", "b", …]``: a set of constants is made once, when the file is compiled."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.hashing import hashed
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_MANY = 5


class MembershipLiteral(PythonRule):
    """CPython keeps a set display of constants, in a test, as a frozenset."""

    id = "membership-literal"
    title = "Search constants in a set display"
    why = (
        "`x in [1, 2, 3]` compares x with one constant after the other. CPython makes a set display of constants in a "
        "test once, when it compiles the file, and answers in constant time. It pays from about five constants on. "
        "What is looked for must be hashable: if its kind is not known, that is an assumption."
    )
    words = (" in ",)
    examples = (
        Example(
            before=(
                "def vowels(text: str):\n"
                '    return [c for c in text if c in ["a", "e", "i", "o", "u"]]  # no y\n'
            ),
            after=(
                "def vowels(text: str):\n"
                '    return [c for c in text if c in {"a", "e", "i", "o", "u"}]  # no y\n'
            ),
            calls=("vowels('adieu')", "vowels('')"),
            note="letters",
        ),
        Example(
            before="def small(n: int):\n    return n not in (\n        1, 2, 3,\n        5, 8,\n    )\n",
            after="def small(n: int):\n    return n not in {\n        1, 2, 3,\n        5, 8,\n    }\n",
            calls=("small(3)", "small(4)"),
            note="numbers, over several lines",
        ),
        Example(before="def few(n: int):\n    return n in [1, 2]\n", after=None, note="too few to pay"),
        Example(
            before="def pair(n: list[int]):\n    return n in [[1], [2], [3], [4], [5]]\n", after=None,
            note="lists cannot be hashed",
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Compare):
            searched = node.comparators[0]
            if len(node.ops) != 1 or not isinstance(node.ops[0], ast.In | ast.NotIn):
                continue
            if not isinstance(searched, ast.List | ast.Tuple) or not _worth(searched):
                continue
            start, stop = parsed.locator.range(searched)
            if parsed.text[start] not in "[(" or parsed.is_kind(node.left, "list", "dict", "set", assumes=set()):
                continue
            assumes: set[str] = set()
            hashed(parsed, node.left, parsed.kind(node.left, assumes), assumes)
            splices = [Splice(start, start + 1, "{"), Splice(stop - 1, stop, "}")]
            what = f"{len(searched.elts)} constants are compared one after the other"
            yield self.at(parsed, node, what, splices, assumes=assumes, gain=len(searched.elts) / 4)


def _worth(node: ast.List | ast.Tuple) -> bool:
    return len(node.elts) >= _MANY and all(isinstance(item, ast.Constant) for item in node.elts)


RULE = MembershipLiteral()

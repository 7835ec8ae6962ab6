"""``any([…])`` makes a whole list before it looks at the first item."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class EarlyExit(PythonRule):
    """A generator, which ends where the answer is known."""

    id = "early-exit"
    title = "Let any() and all() stop at the first answer"
    why = (
        "`any([test(x) for x in items])` makes all tests and a list of the answers; `any(test(x) for x in items)` "
        "stops at the first that is true. The guard sees that tests have no effects that would now be missing, and "
        "that none can fail behind the one that decides, or says that this is assumed. (`sum`, `min`, `max` need all "
        "items: for them a list is the faster way.)"
    )
    tags = ("memory",)
    words = ("any(", "all(")
    examples = (
        Example(
            before="def long(text: str):\n    return any([len(word) > 3 for word in text.split()])  # some\n",
            after="def long(text: str):\n    return any(len(word) > 3 for word in text.split())  # some\n",
            calls=("long('a bcde')", "long('')"),
            note="any",
        ),
        Example(
            before="def even(n: int):\n    return all([\n        i % 2 == 0\n        for i in range(n)\n    ])\n",
            after="def even(n: int):\n    return all(\n        i % 2 == 0\n        for i in range(n)\n    )\n",
            calls=("even(1)", "even(5)"),
            note="all, over several lines",
        ),
        Example(
            before="def told(words):\n    return any([print(word) for word in words])\n",
            after=None,
            note="printing is an effect",
        ),
        Example(
            before="async def ready(jobs):\n    return all([await job for job in jobs])\n",
            after=None,
            note="each await is an effect",
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Call):
            if parsed.calls(node, "builtins.any", "builtins.all") and len(node.args) == 1 and not node.keywords:
                made = node.args[0]
                if isinstance(made, ast.ListComp):
                    found = self._at(parsed, node, made)
                    if found is not None:
                        yield found

    def _at(self, module: Module, node: ast.Call, made: ast.ListComp) -> Rewrite | None:
        assumes: set[str] = set()
        if not module.pure(made, assumes):
            return None
        parts = [made.elt, *(test for one in made.generators for test in one.ifs)]
        parts += [one.iter for one in made.generators[1:]]
        for part in parts:
            module.safe(part, assumes)
        start, stop = module.locator.range(made)
        rest = module.text[stop : module.locator.range(node)[1]].strip()
        if module.text[start] != "[" or rest.startswith(","):
            return None
        splices = [Splice(start, start + 1, ""), Splice(stop - 1, stop, "")]
        name = module.segment(node.func)
        return self.at(
            module, node, f"a whole list is made before {name}() looks at it", splices, assumes=assumes, gain=3.0
        )


RULE = EarlyExit()

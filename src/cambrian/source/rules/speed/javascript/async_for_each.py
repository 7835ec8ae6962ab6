"""``array.forEach(async …)``: nobody waits for what it begins, and nobody hears of its errors."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cambrian.source.edit import Splice
from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, callee


class AsyncForEach(JavaScriptRule):
    """Waits for all of them."""

    id = "async-for-each"
    title = "Wait for what is begun for each item"
    why = (
        "`forEach` does not wait: what comes after it runs before the work is done, and an error in it ends the "
        "process or is lost. `await Promise.all(array.map(…))` begins the same work at the same time and waits for all "
        "of it. That is another program, so that a person has to want it."
    )
    ground = "changes"
    tags = ("async",)
    words = ("forEach(",)
    examples = (
        Example(
            before="async function save(rows) {\n  rows.forEach(async (row) => {\n    await store(row);\n  });\n}\n",
            after=(
                "async function save(rows) {\n  await Promise.all(rows.map(async (row) => {\n    await store(row);\n"
                "  }));\n}\n"
            ),
            note="work for each item",
        ),
        Example(
            before="async function f(rows) {\n  rows.forEach((row) => {\n    row.n += 1;\n  });\n}\n",
            after=None,
            note="nothing to wait for",
        ),
        Example(
            before="function f(rows) {\n  rows.forEach(async (row) => {\n    await store(row);\n  });\n}\n",
            after=None,
            note="the function itself cannot wait: this is told, not changed",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for call in parsed.of("call_expression"):
            owner, given = callee(call, "forEach"), arguments(call)
            if owner is None or len(given) != 1 or not parsed.is_async(given[0]):
                continue
            around = parsed.function(call)
            alone = call.parent is not None and call.parent.kind == "expression_statement"
            splices: list[Splice] = []
            if around is not None and parsed.is_async(around) and alone:
                splices = [
                    Splice(call.start, given[0].start, f"await Promise.all({owner.text}.map("),
                    Splice(given[0].stop, call.stop, "))"),
                ]
            found = self.at(
                parsed, call, "nobody waits for what 'forEach' begins", splices, gain=1.0,
                advice="wait for it: await Promise.all(array.map(async …)), or a loop with await in it",
            )  # fmt: skip
            yield msgspec.structs.replace(found, ground="changes")


RULE = AsyncForEach()

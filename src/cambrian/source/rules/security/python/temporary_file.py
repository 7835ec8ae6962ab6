"""The rule insecure-temporary-file: a temporary name is made before its file. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen

__all__ = ["RULE", "TemporaryFile"]


class TemporaryFile(SecurityRule):
    """A temporary name is made before its file."""

    id = "insecure-temporary-file"
    title = "A temporary name is made before its file"
    why = (
        "Between mktemp and open somebody else can put a link in that place. The fix makes the file at "
        "once, with rights for its owner only; the file is there then, empty, until it is deleted."
    )
    cwe = "cwe-377"
    tags = ("cwe-377", "owasp-a01")
    severity = "medium"
    examples = (
        Example(
            before="""\
import tempfile


def place():
    return tempfile.mktemp(suffix=".txt")
""",
            after="""\
import tempfile


def place():
    return tempfile.NamedTemporaryFile(suffix=".txt", delete=False).name
""",
            note="a name only",
        ),
        Example(
            before="""\
import tempfile


def place():
    return tempfile.mkstemp()
""",
            after=None,
            note="a file",
        ),
        Example(
            before="""\
def mktemp():
    return "x"


def place():
    return mktemp()
""",
            after=None,
            note="a function of its own",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Calls of `tempfile.mktemp`."""
        for hit, call in seen.calls("temporary"):
            fix: list[Splice] = []
            if hit.tag == "tempfile.mktemp" and isinstance(call.func, ast.Attribute) and not call.args:
                _, stop = seen.module.locator.range(call)
                comma = ", " if call.keywords else ""
                name = f"{seen.module.segment(call.func.value)}.NamedTemporaryFile"
                fix = [seen.module.splice(call.func, name), Splice(stop - 1, stop, f"{comma}delete=False).name")]
            yield self.found(
                seen,
                call,
                f"{hit.tag}() gives a name that another may take first",
                splices=fix,
                advice="use tempfile.NamedTemporaryFile or tempfile.mkstemp",
            )


RULE = TemporaryFile()

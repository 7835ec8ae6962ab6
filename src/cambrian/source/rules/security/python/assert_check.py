"""The rule assert-for-access: an assert decides who may do something. Trees only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen

__all__ = ["RULE", "AssertCheck"]

_RIGHTS = re.compile(
    r"is_(?:admin|authenticated|superuser|staff|owner)|has_(?:perm|role|access)|permission|authoriz|can_(?:edit|delete|view)"
)


class AssertCheck(SecurityRule):
    """An assert decides who may do something."""

    id = "assert-for-access"
    title = "An assert decides who may do something"
    why = (
        "With python -O, or PYTHONOPTIMIZE, asserts are left out, and with them the check. The fix raises "
        "PermissionError instead, always. Told only where the condition names users, rights or roles, and "
        "not in tests."
    )
    cwe = "cwe-617"
    tags = ("cwe-617", "owasp-a01")
    severity = "medium"
    examples = (
        Example(
            before="""\
def delete(user, item):
    assert user.is_admin, "not allowed"
    item.delete()
""",
            after="""\
def delete(user, item):
    if not user.is_admin:
        raise PermissionError("not allowed")
    item.delete()
""",
            note="who may delete",
        ),
        Example(
            before="""\
def mean(values):
    assert values, "no values"
    return sum(values) / len(values)
""",
            after=None,
            note="no matter of rights",
        ),
        Example(
            before="""\
def test_admin(user):
    assert user.is_admin
""",
            after=None,
            note="a test",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Asserts about rights."""
        for node in seen.module.of(ast.Assert):
            scope = seen.module.qualname(node)
            if "test" in scope.lower() or "test" in seen.module.name.lower():
                continue
            names = {getattr(each, "attr", getattr(each, "id", "")) for each in ast.walk(node.test)}
            if any(_RIGHTS.search(str(name)) for name in names):
                yield self.found(seen, node, "an assert decides who may go on", splices=self._fix(seen, node))

    def _fix(self, seen: Seen, node: ast.Assert) -> list[Splice]:
        module = seen.module
        if not module.alone(node):
            return []
        test = module.segment(node.test)
        plain = isinstance(node.test, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
        negated = f"not {test}" if plain else f"not ({test})"
        message = module.segment(node.msg) if node.msg is not None else ""
        blanks = module.indentation(node)
        step = "\t" if blanks.startswith("\t") else "    "
        if "\n" in test:
            return []
        return [module.splice(node, f"if {negated}:{module.newline}{blanks}{step}raise PermissionError({message})")]


RULE = AssertCheck()

"""The rule insecure-cookie: a cookie goes over open connections, or to scripts. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen

__all__ = ["RULE", "InsecureCookie"]


class InsecureCookie(SecurityRule):
    """A cookie goes over open connections, or to scripts."""

    id = "insecure-cookie"
    title = "A cookie goes over open connections, or to scripts"
    why = (
        "Without secure=True a cookie is sent over connections that anybody can read; without httponly=True "
        "scripts of the page read it. The fix is made where the call says False; elsewhere nothing is told, "
        "as frameworks have settings for it."
    )
    cwe = "cwe-614"
    tags = ("cwe-614", "owasp-a05")
    severity = "medium"
    examples = (
        Example(
            before="""\
def answer(response, value):
    response.set_cookie("session", value, secure=False, httponly=True)
""",
            after="""\
def answer(response, value):
    response.set_cookie("session", value, secure=True, httponly=True)
""",
            note="turned off",
        ),
        Example(
            before="""\
def answer(response, value):
    response.set_cookie("session", value, secure=True, httponly=True)
""",
            after=None,
            note="on",
        ),
        Example(
            before="""\
def answer(response, value):
    response.set_cookie("language", value)
""",
            after=None,
            note="left to settings",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Calls of `set_cookie`."""
        for _, call in seen.calls("cookie"):
            for each in call.keywords:
                off = isinstance(each.value, ast.Constant) and each.value.value is False
                if off and each.arg in {"secure", "httponly"}:
                    fix = [seen.module.splice(each.value, "True")]
                    yield self.found(seen, call, f"a cookie is set with {each.arg}=False", splices=fix)


RULE = InsecureCookie()

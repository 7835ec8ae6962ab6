"""The rule js-jwt-verification: a token is read without its signature being checked. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding

from .calls import calls
from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptJwtVerification"]


class ScriptJwtVerification(ScriptRule):
    """A token is read without its signature being checked."""

    id = "js-jwt-verification"
    title = "A token is read without its signature being checked"
    why = (
        "jwt.decode reads a token without checking its signature, and algorithms with none accept one that "
        "has no signature. Told only: which key is meant is for the program to say."
    )
    cwe = "cwe-347"
    tags = ("cwe-347", "owasp-a02")
    severity = "high"
    examples = (
        Example(
            before="""\
const jwt = require('jsonwebtoken');

const user = (token) => jwt.decode(token).sub;
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
const jwt = require('jsonwebtoken');

const user = (token, key) => jwt.verify(token, key, { algorithms: ['HS256'] }).sub;
""",
            after=None,
            note="checked",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Calls of `decode`, and algorithms without a signature."""
        if not {"jsonwebtoken", "jwt-simple", "jose"} & flow.script.modules:
            return
        for call, given in calls(flow, r"^(?:jwt|jsonwebtoken|jose)\.(?:decode|decodeJwt|verify)$"):
            text = " ".join(each.text for each in given[1:]).lower()
            if not call.children[0].text.endswith("verify") or "'none'" in text or '"none"' in text:
                yield self.found(
                    flow, call, "the signature of the token is not checked", advice="use jwt.verify with a key"
                )


RULE = ScriptJwtVerification()

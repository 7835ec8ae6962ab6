"""The rule js-tls-verification: certificates are not verified. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding

from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptTlsVerification"]


class ScriptTlsVerification(ScriptRule):
    """Certificates are not verified."""

    id = "js-tls-verification"
    title = "Certificates are not verified"
    why = (
        "With rejectUnauthorized: false anybody on the way can read and change what is exchanged. The fix "
        "verifies; a server with a certificate of its own needs that one named (ca)."
    )
    cwe = "cwe-295"
    tags = ("cwe-295", "owasp-a07")
    severity = "high"
    examples = (
        Example(
            before="""\
const https = require('https');

const agent = new https.Agent({ rejectUnauthorized: false });
""",
            after="""\
const https = require('https');

const agent = new https.Agent({ rejectUnauthorized: true });
""",
            note="turned off",
        ),
        Example(
            before="""\
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
""",
            after="""\
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '1';
""",
            note="for the whole process",
        ),
        Example(
            before="""\
const options = { rejectUnauthorized: true };
""",
            after=None,
            note="on",
        ),
        Example(
            before="""\
const options = { reject: false };
""",
            after=None,
            note="another option",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Options and variables that turn verification off."""
        for pair in flow.script.of("pair"):
            key, value = pair.children[0], pair.children[-1]
            if key.text.strip("'\"") in {"rejectUnauthorized", "strictSSL"} and value.text == "false":
                yield self.found(
                    flow,
                    pair,
                    f"{key.text}: false: certificates are not verified",
                    splices=[Splice(value.start, value.stop, "true")],
                )
        for node in flow.script.of("assignment_expression"):
            value = node.children[-1]
            if "NODE_TLS_REJECT_UNAUTHORIZED" in node.children[0].text and value.text.strip("'\"`") == "0":
                quote = value.text[0] if value.kind == "string" else ""
                yield self.found(
                    flow,
                    node,
                    "certificates are not verified in the whole process",
                    splices=[Splice(value.start, value.stop, f"{quote}1{quote}")],
                )


RULE = ScriptTlsVerification()

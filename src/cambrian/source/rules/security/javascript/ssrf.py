"""The rule js-ssrf: a request goes where somebody outside wants it. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding

from .calls import reached
from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptSsrf"]


class ScriptSsrf(ScriptRule):
    """A request goes where somebody outside wants it."""

    id = "js-ssrf"
    title = "A request goes where somebody outside wants it"
    why = (
        "Who chooses the address of a request that a server makes reaches what only the server reaches. "
        "Told where the address comes from a request for certain: compare the host with a list."
    )
    cwe = "cwe-918"
    tags = ("cwe-918", "owasp-a10")
    severity = "high"
    examples = (
        Example(
            before="""\
const express = require('express');
const app = express();

app.get('/proxy', async (req, res) => res.send(await (await fetch(req.query.url)).text()));
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
const express = require('express');
const app = express();

app.get('/proxy', async (req, res) => res.send(await (await fetch('https://example.org/')).text()));
""",
            after=None,
            note="an address of the program",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Calls that a value reaches."""
        for call, step, severity in reached(
            flow,
            "^(?:fetch|axios(?:\\.(?:get|post|put|delete|request))?|got(?:\\.\\w+)?|https?\\.(?:get|request)|needle|superagent\\.\\w+)$",
            0,
            self.severity,
        ):
            yield self.found(
                flow, call, "a request goes to an address that comes from a client", step=step, severity=severity,
                advice="compare the host with a list of those that are allowed",
            )  # fmt: skip


RULE = ScriptSsrf()

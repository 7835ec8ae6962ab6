"""The rule js-open-redirect: a redirect goes where somebody outside wants it. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding

from .calls import reached
from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptOpenRedirect"]


class ScriptOpenRedirect(ScriptRule):
    """A redirect goes where somebody outside wants it."""

    id = "js-open-redirect"
    title = "A redirect goes where somebody outside wants it"
    why = (
        "A link to a site that is trusted leads on to one that is not. Told where the target comes from a "
        "request for certain: compare it with a list, or allow paths of your own only."
    )
    cwe = "cwe-601"
    tags = ("cwe-601", "owasp-a01")
    severity = "medium"
    examples = (
        Example(
            before="""\
const express = require('express');
const app = express();

app.get('/go', (req, res) => res.redirect(req.query.next));
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
const express = require('express');
const app = express();

app.get('/go', (req, res) => res.redirect('/home'));
""",
            after=None,
            note="an address of the program",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Calls that a value reaches."""
        for call, step, severity in reached(flow, "\\bres(?:ponse)?\\.redirect$", -1, self.severity):
            yield self.found(
                flow, call, "a redirect goes to an address that comes from a request", step=step, severity=severity,
                advice="redirect to addresses of your own only",
            )  # fmt: skip


RULE = ScriptOpenRedirect()

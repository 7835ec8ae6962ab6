"""The rule js-code-evaluation: text from outside is run as code. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding

from .calls import reached
from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptCodeEvaluation"]


class ScriptCodeEvaluation(ScriptRule):
    """Text from outside is run as code."""

    id = "js-code-evaluation"
    title = "Text from outside is run as code"
    why = (
        "eval, new Function, and timers that are given a text run whatever the text says. Told where it "
        "comes from a request for certain; data are read with JSON.parse."
    )
    cwe = "cwe-95"
    tags = ("cwe-95", "owasp-a03")
    severity = "critical"
    examples = (
        Example(
            before="""\
const express = require('express');
const app = express();

app.get('/sum', (req, res) => res.json(eval(req.query.sum)));
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
const express = require('express');
const app = express();

app.get('/sum', (req, res) => res.json(JSON.parse(req.query.sum)));
""",
            after=None,
            note="data",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Calls that a value reaches."""
        for call, step, severity in reached(
            flow, "^(?:eval|Function|vm\\.run\\w*|setTimeout|setInterval)$", 0, self.severity
        ):
            yield self.found(
                flow, call, "text from outside is run as code", step=step, severity=severity,
                advice="read data with JSON.parse",
            )  # fmt: skip


RULE = ScriptCodeEvaluation()

"""The rule js-nosql-injection: an object of a client is taken for a query. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding

from .calls import reached
from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptNosqlInjection"]


class ScriptNosqlInjection(ScriptRule):
    """An object of a client is taken for a query."""

    id = "js-nosql-injection"
    title = "An object of a client is taken for a query"
    why = (
        'A body such as {"password": {"$ne": ""}} matches every document where the program expects a '
        "text. Told where a query of MongoDB takes what a client sent as it is: make a text of it with "
        "String(), or check its shape."
    )
    cwe = "cwe-943"
    tags = ("cwe-943", "owasp-a03")
    severity = "high"
    examples = (
        Example(
            before="""\
const express = require('express');
const app = express();

app.post('/login', async (req, res) => res.json(await users.findOne({ name: req.body.name })));
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
const express = require('express');
const app = express();

app.post('/login', async (req, res) => res.json(await users.findOne({ name: String(req.body.name) })));
""",
            after=None,
            note="a text",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Calls that a value reaches."""
        for call, step, severity in reached(
            flow,
            "\\.(?:find|findOne|findOneAndUpdate|findOneAndDelete|updateOne|updateMany|deleteOne|deleteMany|countDocuments|aggregate)$",
            0,
            self.severity,
        ):
            yield self.found(
                flow, call, "a query takes what a client sent as it is", step=step, severity=severity,
                advice="make texts of its values with String(), or check their shape",
            )  # fmt: skip


RULE = ScriptNosqlInjection()

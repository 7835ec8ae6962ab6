"""The rule js-prototype-pollution: a key of a client may change all objects. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding
from cambrian.source.taint.value import HOSTILE

from .calls import reached
from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptPrototypePollution"]


class ScriptPrototypePollution(ScriptRule):
    """A key of a client may change all objects."""

    id = "js-prototype-pollution"
    title = "A key of a client may change all objects"
    why = (
        "With the key __proto__ an assignment such as target[key][name] = value changes the prototype of "
        "every object. Told where a key of a request is used so, or an object of a request is merged "
        "deeply; a Map, Object.create(null), or a list of keys helps."
    )
    cwe = "cwe-1321"
    tags = ("cwe-1321", "owasp-a03")
    severity = "medium"
    examples = (
        Example(
            before="""\
const express = require('express');
const app = express();

app.post('/set', (req, res) => {
  settings[req.body.group][req.body.name] = req.body.value;
  res.end();
});
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
const totals = {};
for (const [key, value] of Object.entries(prices)) {
  totals[key] = value;
}
""",
            after=None,
            note="keys of the program",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Assignments to an item of an item, and deep merges."""
        for node in flow.script.of("assignment_expression"):
            left = node.children[0]
            inner = left.children[0] if left.kind == "subscript_expression" else None
            if inner is not None and inner.kind == "subscript_expression":
                trust, step = flow.trust(inner.parts[-1])
                if trust == HOSTILE:
                    yield self.found(
                        flow, node, "a key of a client may be __proto__", step=step, advice="check the key"
                    )
        for call, step, severity in reached(
            flow, r"(?:^|\.)(?:merge|defaultsDeep|mergeWith|deepmerge|extend)$", -1, self.severity
        ):
            yield self.found(
                flow,
                call,
                "an object of a client is merged deeply",
                step=step,
                severity=severity,
                advice="pick the keys that are meant",
            )


RULE = ScriptPrototypePollution()

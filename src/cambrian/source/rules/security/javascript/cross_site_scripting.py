"""The rule js-cross-site-scripting: a value is written into a page as it is. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding
from cambrian.source.taint.value import HOSTILE

from .calls import reached
from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptCrossSiteScripting"]


class ScriptCrossSiteScripting(ScriptRule):
    """A value is written into a page as it is."""

    id = "js-cross-site-scripting"
    title = "A value is written into a page as it is"
    why = (
        "What comes from a client and is written into HTML runs as a script in the browsers of others. Told "
        "where a value of a request is sent as HTML, or assigned to innerHTML; the fix takes textContent "
        "where the whole text is such a value."
    )
    cwe = "cwe-79"
    tags = ("cwe-79", "owasp-a03")
    severity = "high"
    examples = (
        Example(
            before="""\
const name = new URLSearchParams(location.search).get('name');
document.querySelector('#name').innerHTML = location.hash;
""",
            after="""\
const name = new URLSearchParams(location.search).get('name');
document.querySelector('#name').textContent = location.hash;
""",
            note="a text",
        ),
        Example(
            before="""\
const express = require('express');
const app = express();

app.get('/', (req, res) => res.send(`<h1>${req.query.name}</h1>`));
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
document.querySelector('#name').innerHTML = '<b>name</b>';
""",
            after=None,
            note="written in the program",
        ),
        Example(
            before="""\
const express = require('express');
const app = express();

app.get('/', (req, res) => res.json({ name: req.query.name }));
""",
            after=None,
            note="no page, but data",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Answers, and what is assigned to the inside of elements."""
        for call, step, severity in reached(
            flow, r"\bres(?:ponse)?\.(?:send|write|end)$|\bdocument\.write(?:ln)?$", 0, self.severity
        ):
            if "<" in call.children[-1].text or "document" in call.text:
                yield self.found(
                    flow,
                    call,
                    "a value is written into a page as it is",
                    step=step,
                    severity=severity,
                    advice="escape it, or use a template that does",
                )
        for node in flow.script.of("assignment_expression"):
            left, right = node.children[0], node.children[-1]
            name = left.children[-1] if left.kind == "member_expression" else left
            trust, step = flow.trust(right)
            if name.text in {"innerHTML", "outerHTML"} and trust == HOSTILE:
                whole = (
                    right.kind in {"member_expression", "identifier", "call_expression"} and name.text == "innerHTML"
                )
                splices = [Splice(name.start, name.stop, "textContent")] if whole else []
                yield self.found(
                    flow,
                    node,
                    f"a value is assigned to {name.text} as it is",
                    splices=splices,
                    step=step,
                    advice="use textContent, or clean it (DOMPurify)",
                )


RULE = ScriptCrossSiteScripting()

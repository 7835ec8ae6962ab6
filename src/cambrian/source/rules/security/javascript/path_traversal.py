"""The rule js-path-traversal: a path from outside leads out of its folder. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding

from .calls import reached
from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptPathTraversal"]


class ScriptPathTraversal(ScriptRule):
    """A path from outside leads out of its folder."""

    id = "js-path-traversal"
    title = "A path from outside leads out of its folder"
    why = (
        "A name such as ../../etc/passwd leads out of the folder that it was joined to. Told where a path "
        "comes from a request for certain; path.basename keeps the last part only, and a path that was "
        "resolved can be checked with startsWith."
    )
    cwe = "cwe-22"
    tags = ("cwe-22", "owasp-a01")
    severity = "high"
    examples = (
        Example(
            before="""\
const express = require('express');
const app = express();

const fs = require('fs');
app.get('/page', (req, res) => res.send(fs.readFileSync('pages/' + req.query.name)));
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
const express = require('express');
const app = express();

const fs = require('fs');
const path = require('path');
app.get('/page', (req, res) => res.send(fs.readFileSync(path.basename(req.query.name))));
""",
            after=None,
            note="the last part only",
        ),
        Example(
            before="""\
const fs = require('fs');

function read(name) {
  return fs.readFileSync(name);
}
""",
            after=None,
            note="nobody knows where it comes from",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Calls that a value reaches."""
        for call, step, severity in reached(
            flow,
            "(?:fs(?:\\.promises)?|fsp)\\.(?:readFile|writeFile|createReadStream|createWriteStream|unlink|rm|readdir|appendFile)(?:Sync)?$|\\bres\\.(?:sendFile|download)$",
            0,
            self.severity,
        ):
            yield self.found(
                flow, call, "a path comes from a request", step=step, severity=severity,
                advice="keep the last part of it (path.basename), or resolve it and check that it lies in the folder",
            )  # fmt: skip


RULE = ScriptPathTraversal()

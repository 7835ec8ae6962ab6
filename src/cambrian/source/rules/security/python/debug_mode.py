"""The rule debug-mode: a server runs with its debugger on. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen

__all__ = ["RULE", "DebugMode"]


class DebugMode(SecurityRule):
    """A server runs with its debugger on."""

    id = "debug-mode"
    title = "A server runs with its debugger on"
    why = (
        "The debugger of Werkzeug lets whoever sees an error page run code on the server. The fix turns it "
        "off; while developing, flask run --debug turns it on from outside."
    )
    cwe = "cwe-489"
    tags = ("cwe-489", "owasp-a05")
    severity = "high"
    examples = (
        Example(
            before="""\
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(debug=True)
""",
            after="""\
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(debug=False)
""",
            note="on",
        ),
        Example(
            before="""\
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(debug=app.config["DEBUG"])
""",
            after=None,
            note="from outside",
        ),
        Example(
            before="""\
def start(job):
    job.run(debug=True)
""",
            after=None,
            note="no server",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Servers that are started so."""
        if not seen.unit.frameworks:
            return
        for _, call in seen.calls("server"):
            for each in call.keywords:
                on = isinstance(each.value, ast.Constant) and each.value.value is True
                if each.arg in {"debug", "use_debugger"} and on:
                    fix = [seen.module.splice(each.value, "False")]
                    yield self.found(seen, call, f"the server runs with {each.arg}=True", splices=fix)


RULE = DebugMode()

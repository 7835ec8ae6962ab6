"""The rule bind-all-interfaces: a server listens on every network. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen

__all__ = ["RULE", "BindAll"]


class BindAll(SecurityRule):
    """A server listens on every network."""

    id = "bind-all-interfaces"
    title = "A server listens on every network"
    why = (
        "With 0.0.0.0 every machine that reaches this one reaches the server. That is meant in a container, "
        "and a surprise on a laptop: told as slight, for a person to look at."
    )
    cwe = "cwe-605"
    tags = ("cwe-605", "owasp-a05")
    severity = "low"
    examples = (
        Example(
            before="""\
from flask import Flask

app = Flask(__name__)
app.run(host="0.0.0.0")
""",
            after=None,
            note="told",
        ),
        Example(
            before="""\
from flask import Flask

app = Flask(__name__)
app.run(host="127.0.0.1")
""",
            after=None,
            note="this machine only",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Addresses that servers listen on."""
        for _, call in seen.calls("server"):
            given = [*call.args, *(each.value for each in call.keywords)]
            inside = [part for each in given for part in (each.elts if isinstance(each, ast.Tuple) else [each])]
            if any(isinstance(each, ast.Constant) and each.value in {"0.0.0.0", "::"} for each in inside):
                yield self.found(seen, call, "the server listens on every network", advice="listen on 127.0.0.1")


RULE = BindAll()

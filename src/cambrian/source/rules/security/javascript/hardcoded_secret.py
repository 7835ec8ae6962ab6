"""The rule js-hardcoded-secret: a secret stands in the program. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding
from cambrian.source.rules.security.secrets import ADVICE, LONGEST, known_shape, masked, named_secret

from .flow import Flow
from .ruling import ScriptRule
from .tree import Node

__all__ = ["RULE", "ScriptHardcodedSecret"]


def _name(node: Node) -> str:
    """What a string is given to."""
    parent = node.parent
    if parent is None or parent.kind not in {"pair", "variable_declarator", "assignment_expression"}:
        return ""
    return parent.children[0].text.rpartition(".")[2].strip("'\"")


class ScriptHardcodedSecret(ScriptRule):
    """A secret stands in the program."""

    id = "js-hardcoded-secret"
    title = "A secret stands in the program"
    why = (
        "Who reads the program, or its history, has the key. Told are values of known shapes, and strings "
        "that look random under a name that speaks of a secret. The secret is never shown in full. Take it "
        "from the environment, and change it."
    )
    cwe = "cwe-798"
    tags = ("cwe-798", "owasp-a07")
    severity = "high"
    examples = (
        Example(
            before="""\
const apiToken = 'k9Zr4vQ1xT7mWc2Lp8Hd5Nf0';
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
const apiToken = process.env.API_TOKEN;
""",
            after=None,
            note="from the environment",
        ),
        Example(
            before="""\
const options = { password: 'changeme' };
""",
            after=None,
            note="a placeholder",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Strings of the file."""
        for node in flow.script.of("string", "template_string"):
            value = node.text[1:-1]
            if 8 <= len(value) <= LONGEST and "${" not in value:
                kind = known_shape(value) or named_secret(_name(node), value)
                if kind:
                    yield self.found(flow, node, f"{kind} stands in the program: {masked(value)}", advice=ADVICE)


RULE = ScriptHardcodedSecret()

"""The rule hardcoded-secret: a secret stands in the program. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen
from cambrian.source.rules.security.secrets import ADVICE, LONGEST, known_shape, masked, named_secret

__all__ = ["RULE", "HardcodedSecret"]


def _name(seen: Seen, node: ast.Constant) -> str:
    """What a string is given to: a variable, an attribute, an argument, a key."""
    above = seen.module.parent(node)
    target: ast.AST | None = None
    if isinstance(above, ast.Assign):
        target = above.targets[0]
    elif isinstance(above, ast.AnnAssign):
        target = above.target
    elif isinstance(above, ast.keyword):
        return above.arg or ""
    elif isinstance(above, ast.Dict) and node in above.values:
        key = above.keys[above.values.index(node)]
        return str(key.value) if isinstance(key, ast.Constant) else ""
    elif isinstance(above, ast.Compare):
        target = above.left
    elif isinstance(above, ast.arguments):
        places = dict(zip([id(each) for each in above.defaults], above.args[-len(above.defaults) :], strict=False))
        return places[id(node)].arg if id(node) in places else ""
    return getattr(target, "id", getattr(target, "attr", _key(target)))


def _key(target: ast.AST | None) -> str:
    """The key of ``settings["SECRET_KEY"]``."""
    index = target.slice if isinstance(target, ast.Subscript) else None
    return str(index.value) if isinstance(index, ast.Constant) else ""


class HardcodedSecret(SecurityRule):
    """A secret stands in the program."""

    id = "hardcoded-secret"
    title = "A secret stands in the program"
    why = (
        "Who reads the program, or its history, has the key. Told are values of known shapes (keys of "
        "clouds and code hosts, private keys), and strings that look random under a name that speaks of a "
        "secret; placeholders such as changeme, names of variables and test values are left alone. The "
        "secret is never shown in full. Take it from the environment, and change it: it has been read."
    )
    cwe = "cwe-798"
    tags = ("cwe-798", "owasp-a07")
    severity = "high"
    examples = (
        Example(
            before="""\
API_TOKEN = "k9Zr4vQ1xT7mWc2Lp8Hd5Nf0"
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
import os

API_TOKEN = os.environ["API_TOKEN"]
""",
            after=None,
            note="from the environment",
        ),
        Example(
            before="""\
PASSWORD_FIELD = "password"
API_TOKEN = "changeme"
""",
            after=None,
            note="a name, and a placeholder",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Strings of the file."""
        for node in seen.module.of(ast.Constant):
            value: object = node.value
            if isinstance(value, str) and 8 <= len(value) <= LONGEST:
                kind = known_shape(value) or (named_secret(_name(seen, node), value))
                if kind:
                    yield self.found(seen, node, f"{kind} stands in the program: {masked(value)}", advice=ADVICE)


RULE = HardcodedSecret()

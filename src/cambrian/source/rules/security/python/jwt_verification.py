"""The rule jwt-verification: a token is read without its signature being checked. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen

__all__ = ["RULE", "JwtVerification"]


class JwtVerification(SecurityRule):
    """A token is read without its signature being checked."""

    id = "jwt-verification"
    title = "A token is read without its signature being checked"
    why = (
        "Without its signature a token says whatever its bearer wrote. Told are verify=False, "
        "verify_signature: False, and algorithms with none; what is to be verified, and by which key, is "
        "for the program to say, so there is no fix but for the option that turns it off."
    )
    cwe = "cwe-347"
    tags = ("cwe-347", "owasp-a02")
    severity = "critical"
    examples = (
        Example(
            before="""\
import jwt


def read(token, key):
    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_signature": False})
""",
            after="""\
import jwt


def read(token, key):
    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_signature": True})
""",
            note="turned off",
        ),
        Example(
            before="""\
import jwt


def read(token, key):
    return jwt.decode(token, key, algorithms=["HS256"])
""",
            after=None,
            note="checked",
        ),
        Example(
            before="""\
def read(base64, text):
    return base64.decode(text, verify=False)
""",
            after=None,
            note="another decode",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Calls of decode."""
        for _, call in seen.calls("jwt"):
            for each in call.keywords:
                for part in ast.walk(each.value):
                    fix = self._off(seen, each.arg or "", part, call)
                    if fix is not None:
                        yield self.found(
                            seen,
                            call,
                            "the signature of the token is not checked",
                            splices=fix,
                            advice="name the key and the algorithms",
                        )

    def _off(self, seen: Seen, name: str, part: ast.AST, call: ast.Call) -> list[Splice] | None:
        """The edits, if this turns the check off."""
        keyed = any(each.arg == "key" for each in call.keywords) or len(call.args) > 1
        match part:
            case ast.Dict(keys=keys, values=values):
                found = next((value for key, value in zip(keys, values, strict=True) if _turns_off(key, value)), None)
                return None if found is None else [seen.module.splice(found, "True")] if keyed else []
            case ast.Constant(value=str() as text) if name in {"algorithms", "algorithm"}:
                return [] if text.lower() == "none" else None
            case ast.Constant(value=False) if name == "verify":
                return []
            case _:
                return None


def _turns_off(key: ast.expr | None, value: ast.expr) -> bool:
    """``"verify_signature": False``."""
    match key, value:
        case ast.Constant(value="verify_signature"), ast.Constant(value=False):
            return True
        case _:
            return False


RULE = JwtVerification()

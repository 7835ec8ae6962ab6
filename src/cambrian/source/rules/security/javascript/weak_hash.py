"""The rule js-weak-hash: mD5 or SHA-1 where it matters. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding
from cambrian.source.rules.security.naming import SECRET_WORDS

from .calls import calls, words_near
from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptWeakHash"]


class ScriptWeakHash(ScriptRule):
    """MD5 or SHA-1 where it matters."""

    id = "js-weak-hash"
    title = "MD5 or SHA-1 where it matters"
    why = (
        "Two texts with the same MD5 or SHA-1 are made in minutes, and passwords that were hashed so are "
        "found by trying. Told as severe where a name speaks of passwords or tokens, as slight elsewhere; a "
        "hash that is stored cannot be changed by a rule."
    )
    cwe = "cwe-327"
    tags = ("cwe-327", "owasp-a02")
    severity = "high"
    examples = (
        Example(
            before="""\
const crypto = require('crypto');

function hashPassword(password) {
  return crypto.createHash('md5').update(password).digest('hex');
}
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
const crypto = require('crypto');

const digest = (text) => crypto.createHash('sha256').update(text).digest('hex');
""",
            after=None,
            note="a strong one",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Calls of `createHash`."""
        for call, given in calls(flow, r"(?:^|\.)createHash$"):
            name = given[0].text.strip("'\"`").lower() if given else ""
            if name in {"md5", "sha1", "md4", "ripemd160"}:
                secret = bool(SECRET_WORDS & words_near(flow, call))
                yield self.found(
                    flow,
                    call,
                    f"{name.upper()} is broken",
                    severity="high" if secret else "low",
                    advice="use scrypt for passwords, sha256 elsewhere",
                )


RULE = ScriptWeakHash()

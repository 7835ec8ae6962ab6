"""The rule weak-randomness: secrets are drawn from a generator that can be guessed. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen
from cambrian.source.rules.security.naming import SECRET_WORDS, words_around

__all__ = ["RULE", "WeakRandom"]


class WeakRandom(SecurityRule):
    """Secrets are drawn from a generator that can be guessed."""

    id = "weak-randomness"
    title = "Secrets are drawn from a generator that can be guessed"
    why = (
        "Who sees some hundred numbers of the module random knows all that follow. For tokens, passwords, "
        "keys and codes there is secrets, and random.SystemRandom with the same methods. Told only where a "
        "name speaks of such things: games and samples are left alone."
    )
    cwe = "cwe-330"
    tags = ("cwe-330", "owasp-a02")
    severity = "high"
    examples = (
        Example(
            before="""\
import random


def make_token():
    return "".join(random.choice("abcdef0123456789") for _ in range(32))
""",
            after="""\
import random


def make_token():
    return "".join(random.SystemRandom().choice("abcdef0123456789") for _ in range(32))
""",
            note="a token",
        ),
        Example(
            before="""\
import random


def roll():
    return random.randint(1, 6)
""",
            after=None,
            note="a game",
        ),
        Example(
            before="""\
import secrets


def make_token():
    return secrets.token_hex(16)
""",
            after=None,
            note="made for it",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Numbers drawn where a name speaks of secrets."""
        for hit, call in seen.calls("random"):
            words = SECRET_WORDS & words_around(seen.module, call)
            if words - {"salted"} and isinstance(call.func, ast.Attribute):
                holder = seen.module.segment(call.func.value)
                fix = [seen.module.splice(call.func, f"{holder}.SystemRandom().{call.func.attr}")]
                told = ", ".join(sorted(words))
                yield self.found(
                    seen, call, f"{hit.tag}() can be guessed, and a name here speaks of: {told}", splices=fix, hit=hit,
                    advice="secrets.token_urlsafe() makes tokens",
                )  # fmt: skip


RULE = WeakRandom()

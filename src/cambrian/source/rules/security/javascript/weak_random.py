"""The rule js-weak-randomness: secrets are drawn from a generator that can be guessed. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding
from cambrian.source.rules.security.naming import SECRET_WORDS

from .calls import calls, words_near
from .flow import Flow
from .ruling import ScriptRule

__all__ = ["RULE", "ScriptWeakRandom"]


class ScriptWeakRandom(ScriptRule):
    """Secrets are drawn from a generator that can be guessed."""

    id = "js-weak-randomness"
    title = "Secrets are drawn from a generator that can be guessed"
    why = (
        "Who sees a few numbers of Math.random knows all that follow. Told where a name speaks of tokens, "
        "passwords or codes; crypto.randomBytes and crypto.randomUUID are made for it."
    )
    cwe = "cwe-330"
    tags = ("cwe-330", "owasp-a02")
    severity = "high"
    examples = (
        Example(
            before="""\
function makeToken() {
  return Math.random().toString(36).slice(2);
}
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
function roll() {
  return Math.floor(Math.random() * 6) + 1;
}
""",
            after=None,
            note="a game",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Calls of `Math.random`."""
        for call, _ in calls(flow, r"^Math\.random$"):
            words = SECRET_WORDS & words_near(flow, call)
            if words:
                yield self.found(
                    flow,
                    call,
                    f"Math.random() can be guessed, and a name here speaks of: {', '.join(sorted(words))}",
                    advice="use crypto.randomUUID() or crypto.randomBytes()",
                )


RULE = ScriptWeakRandom()

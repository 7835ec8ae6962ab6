"""The rule weak-cipher: a cipher that is broken, or a mode that shows patterns. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen

__all__ = ["RULE", "WeakCipher"]


class WeakCipher(SecurityRule):
    """A cipher that is broken, or a mode that shows patterns."""

    id = "weak-cipher"
    title = "A cipher that is broken, or a mode that shows patterns"
    why = (
        "DES and RC4 are broken; in ECB mode equal blocks stay equal, so that patterns show. Told only: "
        "what was encrypted so has to be read once more before the cipher is changed."
    )
    cwe = "cwe-327"
    tags = ("cwe-327", "owasp-a02")
    severity = "high"
    examples = (
        Example(
            before="""\
from Crypto.Cipher import AES


def seal(key, data):
    return AES.new(key, AES.MODE_ECB).encrypt(data)
""",
            after=None,
            note="told",
        ),
        Example(
            before="""\
from Crypto.Cipher import AES


def seal(key, data):
    return AES.new(key, AES.MODE_GCM).encrypt_and_digest(data)
""",
            after=None,
            note="a mode that is safe",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Ciphers that are made."""
        for hit, call in seen.calls("cipher"):
            given = " ".join(seen.module.segment(each) for each in call.args)
            if "AES" not in hit.tag:
                yield self.found(seen, call, f"{hit.tag.split('.')[-2]} is broken", advice="use AES in GCM mode")
            elif "MODE_ECB" in given:
                yield self.found(seen, call, "ECB mode shows patterns", advice="use AES in GCM mode")


RULE = WeakCipher()

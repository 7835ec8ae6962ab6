"""What keys and passwords look like: known shapes, and strings that look random under a telling name. Text only."""

from __future__ import annotations

import math
import re
from collections import Counter

from .naming import words_of

__all__ = ["ADVICE", "LONGEST", "known_shape", "masked", "named_secret"]

ADVICE = "take it from the environment or a store of secrets, and change it: whoever has the program has it"
LONGEST = 4096
"""Characters of a string that is looked at."""

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an access key of AWS", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a token of GitHub", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})\b")),
    ("a token of GitLab", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}\b")),
    ("a token of Slack", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b")),
    ("a key of Stripe", re.compile(r"\b[sr]k_live_[A-Za-z0-9]{16,}\b")),
    ("a key of Google", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")),
    ("a key of a language model", re.compile(r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}\b")),
    ("a JSON web token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
    ("a password in an address", re.compile(r"\b[a-z][a-z0-9+]*://[^/\s:@{}<$%]+:[^/\s:@{}<$%]{6,}@[^\s/{}]+")),
)
_NAMES = frozenset({
    "password", "passwd", "pwd", "token", "secret", "apikey", "credential", "credentials", "passphrase", "auth",
})  # fmt: skip
_NOT = frozenset({
    "field", "name", "url", "path", "file", "header", "prefix", "label", "type", "column", "id", "hint", "error",
    "message", "pattern", "regex", "format", "help", "placeholder", "endpoint", "uri", "algorithm", "template", "event",
    "env",
})  # fmt: skip
_PLACEHOLDER = re.compile(
    r"change|example|dummy|your|placeholder|xxx|test|sample|fake|todo|insert|secret$|password$|^<.*>$|\{|\$|^%|123456789|abcdef",
    re.IGNORECASE,
)
_WORDY = re.compile(r"[a-z]+(?:[ _./:-][a-z]+)*$|[A-Z]+(?:_[A-Z]+)*$")
_FIGURE, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_ENTROPY = 3.0
"""Bits per character: words have less, keys more."""
_PASSWORDS = frozenset({"password", "passwd", "pwd", "passphrase"})
_MEMORABLE = 2.5
"""Bits per character of what people make up for a password, which has figures in it."""


def known_shape(value: str) -> str:
    """What a string certainly looks like, ``""`` if it is nothing known."""
    found = next((kind for kind, shape in _SHAPES if shape.search(value)), "")
    return "" if found == "a password in an address" and _PLACEHOLDER.search(value) else found


def named_secret(name: str, value: str) -> str:
    """Whether a string under a name is a secret: the name speaks of one, and the string looks random."""
    words = words_of(name)
    joined = "".join(sorted(words))
    key = {"api", "key"} <= words or {"secret", "key"} <= words or {"private", "key"} <= words or "apikey" in joined
    if not (words & _NAMES or key) or words & _NOT:
        return ""
    made_up = bool(words & _PASSWORDS) and _FIGURE.search(value) and _LETTER.search(value)
    least = _MEMORABLE if made_up else _ENTROPY
    if " " in value or _PLACEHOLDER.search(value) or _WORDY.match(value) or _entropy(value) < least:
        return ""
    return "what looks like a secret"


def masked(value: str) -> str:
    """Enough of a secret to find it, and no more."""
    first = value.strip().splitlines()[0] if value.strip() else ""
    return f"{first[:3]}… ({len(value)} characters)"


def _entropy(value: str) -> float:
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())

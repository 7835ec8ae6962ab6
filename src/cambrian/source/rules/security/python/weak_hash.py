"""The rule weak-hash: mD5 or SHA-1 where it matters. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen
from cambrian.source.rules.security.naming import SECRET_WORDS, words_around

__all__ = ["RULE", "WeakHash"]

_PASSWORDS = "use hashlib.scrypt, argon2 or bcrypt, which are slow on purpose, with a salt for each password"


def _weak(tag: str, call: ast.Call) -> str:
    """The name of a weak hash, ``""`` if it is none."""
    if tag != "hashlib.new":
        return tag.rpartition(".")[2].upper() if "Crypto" not in tag else tag.split(".")[-2]
    first = call.args[0] if call.args else None
    name = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
    return name.upper() if name.lower() in {"md5", "sha1", "sha-1", "md4"} else ""


def _said(seen: Seen, call: ast.Call) -> list[Splice]:
    _, stop = seen.module.locator.range(call)
    inside = seen.module.text[: stop - 1].rstrip()
    comma = "" if inside.endswith(("(", ",")) else ", "
    at = len(inside)
    return [Splice(at, at, f"{comma}usedforsecurity=False")]


class WeakHash(SecurityRule):
    """MD5 or SHA-1 where it matters."""

    id = "weak-hash"
    title = "MD5 or SHA-1 where it matters"
    why = (
        "Two texts with the same MD5 or SHA-1 are made in minutes, and passwords that were hashed so are "
        "found by trying. Where the name of the variable or function speaks of passwords, tokens or "
        "signatures it is told; elsewhere the fix says that the hash is not meant for security "
        "(usedforsecurity=False, Python 3.9), which changes nothing in what it gives."
    )
    cwe = "cwe-327"
    tags = ("cwe-327", "owasp-a02")
    severity = "high"
    examples = (
        Example(
            before="""\
import hashlib


def etag(body):
    return hashlib.md5(body).hexdigest()
""",
            after="""\
import hashlib


def etag(body):
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
""",
            note="not for security",
        ),
        Example(
            before="""\
import hashlib


def etag(body):
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
""",
            after=None,
            note="said to be",
        ),
        Example(
            before="""\
import hashlib


def digest(body):
    return hashlib.sha256(body).hexdigest()
""",
            after=None,
            note="a strong one",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Calls of weak hashes."""
        for hit, call in seen.calls("hash"):
            name = _weak(hit.tag, call)
            if not name or any(each.arg == "usedforsecurity" for each in call.keywords):
                continue
            words = words_around(seen.module, call)
            if SECRET_WORDS & words:
                advice = (
                    _PASSWORDS if {"password", "passwd", "pwd"} & words else "use hashlib.sha256, or hmac with a key"
                )
                yield self.found(seen, call, f"{name} is used for what should be safe", advice=advice, hit=hit)
            else:
                fix = _said(seen, call) if hit.tag.startswith("hashlib.") else []
                yield self.found(
                    seen, call, f"{name} is used, and nothing says that it is not for security", severity="low",
                    splices=fix, hit=hit, advice="use hashlib.sha256 if it is for security",
                )  # fmt: skip


RULE = WeakHash()

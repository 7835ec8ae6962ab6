"""The OWASP Top 10 of 2021: which rules speak of each class, and what of it no text shows. A table."""

from __future__ import annotations

import msgspec

__all__ = ["CLASSES", "WeaknessClass"]


class WeaknessClass(msgspec.Struct, frozen=True, kw_only=True):
    """A class of weaknesses.

    Args:
        id: ``"A03"``.
        name: OWASP's.
        rules: ids of the rules that find some of it.
        beyond: what of it cannot be seen in a text.
    """

    id: str
    name: str
    rules: tuple[str, ...] = ()
    beyond: str


CLASSES: tuple[WeaknessClass, ...] = (
    WeaknessClass(
        id="A01", name="Broken access control",
        rules=("path-traversal", "open-redirect", "insecure-temporary-file", "file-permissions", "assert-for-access",
               "archive-extraction", "js-path-traversal", "js-open-redirect"),
        beyond="who may do what: a missing check, an id of somebody else (IDOR), CORS, forged requests (CSRF)",
    ),
    WeaknessClass(
        id="A02", name="Cryptographic failures",
        rules=("weak-hash", "weak-randomness", "weak-cipher", "jwt-verification", "js-weak-hash", "js-weak-randomness",
               "js-jwt-verification"),
        beyond="data that should be encrypted and are not, keys that are too short or kept wrongly",
    ),
    WeaknessClass(
        id="A03", name="Injection",
        rules=("sql-injection", "command-injection", "code-evaluation", "template-injection", "cross-site-scripting",
               "xpath-injection", "js-sql-injection", "js-command-injection", "js-code-evaluation",
               "js-cross-site-scripting", "js-nosql-injection", "js-prototype-pollution"),
        beyond="values that come back from a database or a queue, and query builders that the rules do not know",
    ),
    WeaknessClass(
        id="A04", name="Insecure design", beyond="all of it: limits that nobody thought of, flows that can be abused"
    ),
    WeaknessClass(
        id="A05", name="Security misconfiguration",
        rules=("debug-mode", "bind-all-interfaces", "xxe", "insecure-cookie"),
        beyond="servers, clouds, headers and accounts as they really are",
    ),
    WeaknessClass(
        id="A06", name="Vulnerable and outdated components", rules=("vulnerable-package", "suspicious-package"),
        beyond="what no advisory in the folder tells (--advisories), and what is installed but written down nowhere",
    ),
    WeaknessClass(
        id="A07", name="Identification and authentication failures",
        rules=("hardcoded-secret", "tls-verification", "js-hardcoded-secret", "js-tls-verification"),
        beyond="weak passwords, sessions that do not end, missing second factors, unlimited tries",
    ),
    WeaknessClass(
        id="A08", name="Software and data integrity failures", rules=("unsafe-deserialisation", "unsafe-yaml"),
        beyond="updates and pipelines without signatures",
    ),
    WeaknessClass(
        id="A09", name="Security logging and monitoring failures",
        beyond="all of it: what should have been logged, and who looks",
    ),
    WeaknessClass(
        id="A10", name="Server-side request forgery", rules=("ssrf", "js-ssrf"),
        beyond="what the network lets a server reach",
    ),
)  # fmt: skip
"""In OWASP's order."""

"""The security rules there are, imported when they are asked for, and the class of weakness of each."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from .finding import Finding, SecurityRule

__all__ = ["PYTHON", "all_rules", "cwe_of", "look_at_script", "rules_for_python"]

PYTHON = (
    "sql_injection", "command_injection", "code_evaluation", "deserialisation", "yaml_load", "template_injection",
    "path_traversal", "cross_site_scripting", "ssrf", "open_redirect", "xxe", "xpath_injection", "archive_extraction",
    "hardcoded_secret", "weak_hash", "weak_random", "weak_cipher", "jwt_verification", "tls_verification",
    "insecure_cookie", "debug_mode", "bind_all", "temporary_file", "file_permissions", "assert_check",
)  # fmt: skip
"""Modules of rules for Python."""


@cache
def rules_for_python() -> tuple[SecurityRule, ...]:
    """The rules for Python, in the order of the catalogue."""
    found: list[SecurityRule] = []
    for name in PYTHON:
        rule: object = import_module(f"{__package__}.python.{name}").RULE
        assert isinstance(rule, SecurityRule)
        found.append(rule)
    return tuple(found)


def all_rules() -> tuple[SecurityRule, ...]:
    """All of them."""
    return rules_for_python()


def look_at_script(text: str, path: str) -> list[Finding]:
    """What the rules for JavaScript and TypeScript find in a file."""
    return []


def cwe_of(rule: str) -> str:
    """The class of weakness that a rule is about: ``"cwe-89"``."""
    return {each.id: each.cwe for each in rules_for_python()}.get(rule, "")

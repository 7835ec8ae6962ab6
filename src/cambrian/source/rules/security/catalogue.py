"""The security rules there are, imported when they are asked for, and the class of weakness of each."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from cambrian.source.tree import Problem

from .finding import Finding, SecurityRule

if TYPE_CHECKING:
    from .javascript.ruling import ScriptRule

__all__ = ["PYTHON", "SCRIPTS", "all_rules", "cwe_of", "look_at_script", "rules_for_python", "rules_for_scripts"]

PYTHON = (
    "sql_injection", "command_injection", "code_evaluation", "deserialisation", "yaml_load", "template_injection",
    "path_traversal", "cross_site_scripting", "ssrf", "open_redirect", "xxe", "xpath_injection", "archive_extraction",
    "hardcoded_secret", "weak_hash", "weak_random", "weak_cipher", "jwt_verification", "tls_verification",
    "insecure_cookie", "debug_mode", "bind_all", "temporary_file", "file_permissions", "assert_check",
)  # fmt: skip
"""Modules of rules for Python."""


SCRIPTS = (
    "sql_injection", "command_injection", "code_evaluation", "nosql_injection", "prototype_pollution",
    "path_traversal", "cross_site_scripting", "ssrf", "open_redirect", "hardcoded_secret", "weak_hash", "weak_random",
    "jwt_verification", "tls_verification",
)  # fmt: skip
"""Modules of rules for JavaScript and TypeScript."""


@cache
def rules_for_python() -> tuple[SecurityRule, ...]:
    """The rules for Python, in the order of the catalogue."""
    found: list[SecurityRule] = []
    for name in PYTHON:
        rule: object = import_module(f"{__package__}.python.{name}").RULE
        assert isinstance(rule, SecurityRule)
        found.append(rule)
    return tuple(found)


@cache
def rules_for_scripts() -> tuple[ScriptRule, ...]:
    """The rules for JavaScript and TypeScript, in the order of the catalogue."""
    from .javascript.ruling import ScriptRule  # its parser takes a moment to load

    found: list[ScriptRule] = []
    for name in SCRIPTS:
        rule: object = import_module(f"{__package__}.javascript.{name}").RULE
        assert isinstance(rule, ScriptRule)
        found.append(rule)
    return tuple(found)


def all_rules() -> tuple[SecurityRule | ScriptRule, ...]:
    """All of them."""
    return (*rules_for_python(), *rules_for_scripts())


def look_at_script(text: str, path: str) -> list[Finding] | Problem:
    """What the rules for JavaScript and TypeScript find in a file, or why it cannot be read."""
    from cambrian.source.rules.script import Script

    from .javascript.ruling import flow_of

    script = Script.read(text, path)
    if isinstance(script, Problem):
        return script
    return [found for rule in rules_for_scripts() for found in rule.look(flow_of(script))]


def cwe_of(rule: str) -> str:
    """The class of weakness that a rule is about: ``"cwe-89"``."""
    return {each.id: each.cwe for each in all_rules()}.get(rule, "")

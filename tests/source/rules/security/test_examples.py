"""Every security rule for Python against its own examples, whose rewrites are programs and leave nothing to rewrite."""

from __future__ import annotations

import ast

import pytest

from cambrian.source.analysis.module import Module
from cambrian.source.rules.rule import Example, applied
from cambrian.source.rules.script import Script
from cambrian.source.rules.security.catalogue import cwe_of, rules_for_python, rules_for_scripts
from cambrian.source.rules.security.classes import CLASSES
from cambrian.source.rules.security.finding import SecurityRule
from cambrian.source.rules.security.javascript.ruling import ScriptRule

CASES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.note}")
    for rule in rules_for_python()
    for example in rule.examples
]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_an_example_comes_out_as_it_says(rule: SecurityRule, example: Example) -> None:
    found = list(rule.find(Module(example.before)))
    made = applied(example.before, found)
    assert made == (example.before if example.after is None else example.after)
    ast.parse(made)
    assert bool(found) == (example.after is not None or "told" in example.note)
    assert not [each for each in rule.find(Module(made)) if each.splices]


SCRIPTS = [
    pytest.param(rule, example, id=f"{rule.id}: {example.note}")
    for rule in rules_for_scripts()
    for example in rule.examples
]


@pytest.mark.parametrize(("rule", "example"), SCRIPTS)
def test_an_example_of_a_script_comes_out_as_it_says(rule: ScriptRule, example: Example) -> None:
    found = list(rule.find(read(example.before)))
    made = applied(example.before, found)
    assert made == (example.before if example.after is None else example.after)
    assert bool(found) == (example.after is not None or "told" in example.note)
    assert not [each for each in rule.find(read(made)) if each.splices]


def read(text: str) -> Script:
    """A script that parses."""
    script = Script.read(text, "example.js")
    assert isinstance(script, Script), script
    return script


@pytest.mark.parametrize("rule", [*rules_for_python(), *rules_for_scripts()], ids=lambda rule: rule.id)
def test_a_rule_is_in_a_class_of_owasp(rule: SecurityRule | ScriptRule) -> None:
    assert any(rule.id in each.rules for each in CLASSES)
    assert cwe_of(rule.id).startswith("cwe-")


def test_a_secret_is_never_shown_in_full() -> None:
    secret = "k9Zr4vQ1xT7mWc2Lp8Hd5Nf0"
    rule = next(rule for rule in rules_for_python() if rule.id == "hardcoded-secret")
    (found,) = rule.find(Module(f'API_TOKEN = "{secret}"\n'))
    assert secret not in repr(found)
    assert secret[4:] not in found.what

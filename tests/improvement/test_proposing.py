"""What is proposed for a function, and how proposals are combined. Text only."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cambrian.improvement.proposing import ByRules, derive, scopes_of
from cambrian.source.rules.rule import Rewrite

from .toy_rules import find

TEXT = """
def helper(x, values):
    return x in tuple(values)


def other(x):
    return (x + 0)


class C:
    def m(self, x):
        return self.n((x + 0))

    def n(self, x):
        return (x + 0)


def f(values):
    for i in range(len(values)):
        helper((x + 0), values)
"""
RULES = [ByRules(find)]


def rules_made(name: str) -> list[tuple[str, str]]:
    made = derive(TEXT, "m.py", name, RULES, lambda _: True).made
    return [(rewrite.rule, rewrite.scope) for _, rewrite in made]


def test_a_function_brings_those_that_it_calls() -> None:
    assert scopes_of(TEXT, "f") == ("f", "helper")
    assert scopes_of(TEXT, "C.m") == ("C.m", "C.n")
    assert scopes_of(TEXT, "other") == ("other",)


def test_only_what_lies_in_them_is_proposed_the_promising_first() -> None:
    assert rules_made("f") == [("toy-copy", "helper"), ("toy-wrong", "f"), ("toy-idle", "f")]
    assert rules_made("C.m") == [("toy-idle", "C.m"), ("toy-idle", "C.n")]


def test_what_is_not_allowed_is_left_out_and_the_rest_is_made() -> None:
    whole = derive(TEXT, "m.py", "f", RULES, lambda _: True)
    less = derive(TEXT, "m.py", "f", RULES, lambda key: key.rule != "toy-wrong")
    assert less.keys == tuple(key for key in whole.keys if key.rule != "toy-wrong")
    assert "range(len(values))" in less.text
    assert "in (values)" in less.text


def test_nothing_allowed_is_the_text_as_it_is() -> None:
    assert derive(TEXT, "m.py", "f", RULES, lambda _: False) == (TEXT, ())


def test_a_proposal_that_does_not_compile_is_left_out() -> None:
    text = "def f(x, values):\n    return (x + 0) in tuple(values)\n"

    def spoiled(text: str, path: str) -> Iterator[Rewrite]:
        for rewrite in find(text, path):
            torn = tuple(splice._replace(text="in (") for splice in rewrite.splices)
            yield msgspec.structs.replace(rewrite, splices=torn) if rewrite.rule == "toy-copy" else rewrite

    made = derive(text, "m.py", "f", [ByRules(spoiled)], lambda _: True)
    assert made.text == "def f(x, values):\n    return (x) in tuple(values)\n"

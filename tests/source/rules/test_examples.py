"""Every rule against its own examples: what is found, what is left alone, and that both texts do the same."""

from __future__ import annotations

import builtins
import keyword
import re
from typing import NamedTuple, cast

import pytest

from cambrian.source.rules.catalogue import AnyRule, find, rules
from cambrian.source.rules.rule import Example, Language, applied
from cambrian.source.syntax import check

RULES = rules()
ROUNDS = 4
"""In which a rule must have found all in one of its examples: findings that overlap wait for the next round."""
_SUFFIX = {"python": ".py", "javascript": ".js", "typescript": ".ts"}


class Case(NamedTuple):
    """An example with its rule and language."""

    rule: AnyRule
    example: Example
    language: Language

    @property
    def path(self) -> str:
        return f"example{_SUFFIX[self.language]}"

    def rewritten(self, text: str) -> str:
        for _ in range(ROUNDS):
            found = [one for one in find(text, self.path, [self.rule]) if one.splices]
            if not found:
                return text
            text = applied(text, found)
        raise AssertionError(f"{self.rule.id} finds more and more in what it made:\n{text}")


CASES = [
    pytest.param(Case(rule, example, example.language or rule.languages[0]), id=f"{rule.id}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples, 1)
]


def test_ids_are_unique_and_spelled_alike() -> None:
    names = [rule.id for rule in RULES]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() and "_" not in name for name in names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_shows_what_it_does_and_what_it_leaves_alone(rule: AnyRule) -> None:
    assert rule.title
    assert len(rule.why) > 80
    assert any(example.after is not None for example in rule.examples) or rule.ground == "changes"
    assert sum(example.after is None for example in rule.examples) >= 2


@pytest.mark.parametrize("case", CASES)
def test_an_example_comes_out_as_it_says(case: Case) -> None:
    before, after = case.example.before, case.example.after
    found = find(before, case.path, [case.rule])
    if after is None:
        assert [one for one in found if one.splices] == []
        return
    assert found
    for one in found:
        assert (one.ground == "assumes") == bool(one.assumes) or case.rule.kind != "speed"
        assert one.rule == case.rule.id
        assert 1 <= one.line <= one.end_line <= before.count("\n") + 1
    assert case.rewritten(before) == after


@pytest.mark.parametrize("case", CASES)
def test_an_example_is_a_program_before_and_after(case: Case) -> None:
    for text in (case.example.before, case.example.after):
        if text is not None:
            assert not check({case.path: text}, language=case.language)


@pytest.mark.parametrize("case", CASES)
def test_line_ends_of_windows_stay(case: Case) -> None:
    if case.example.after is not None:
        assert case.rewritten(case.example.before.replace("\n", "\r\n")) == case.example.after.replace("\n", "\r\n")


@pytest.mark.parametrize("case", CASES)
def test_the_words_that_spare_a_look_are_in_all_that_is_found(case: Case) -> None:
    words = case.rule.words
    assert not words or case.example.after is None or any(word in case.example.before for word in words)


@pytest.mark.parametrize("case", [case for case in CASES if cast("Case", case.values[0]).example.calls])
def test_an_example_gives_the_same_before_and_after(case: Case) -> None:
    assert case.example.after is not None
    for call in case.example.calls:
        assert outcome(case.example.after, call) == outcome(case.example.before, call), call


@pytest.mark.parametrize("case", [case for case in CASES if cast("Case", case.values[0]).example.calls])
def test_builtins_that_a_file_names_otherwise_are_not_taken_for_them(case: Case) -> None:
    assert case.example.after is not None
    new = set(re.findall(r"\w+", case.example.after)) - set(re.findall(r"\w+", case.example.before))
    for word in sorted(new & set(dir(builtins)) - set(keyword.kwlist)):
        hidden = f"{case.example.before}\n\n{word} = None\n"
        found = applied(hidden, [one for one in find(hidden, case.path, [case.rule]) if one.splices])
        for call in case.example.calls:
            assert outcome(found, call) == outcome(hidden, call), f"{word} is hidden:\n{found}"


def outcome(text: str, call: str) -> tuple[str, object]:
    """What a call in a program gives, or how it fails."""
    names: dict[str, object] = {"__name__": "example"}
    exec(compile(text, "example.py", "exec", dont_inherit=True), names)
    try:
        return "value", eval(call, names)
    except Exception as error:  # noqa: BLE001 - whatever an example raises is its outcome
        return "error", type(error)

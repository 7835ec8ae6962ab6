"""``cambrian rules``: the list and each rule are what the rules say of themselves."""

from __future__ import annotations

import msgspec
import pytest

from cambrian.app.cli import run
from cambrian.app.ruling import pages
from cambrian.app.schemas import SCHEMAS
from cambrian.source.algorithms import algorithms
from cambrian.source.rules.catalogue import rules


def test_the_list_names_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules"]) == 0
    told = capsys.readouterr().out
    assert all(rule.id in told for rule in rules())


def test_the_list_as_json_can_be_narrowed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--kind", "speed", "--language", "python", "--json"]) == 0
    found = msgspec.json.decode(capsys.readouterr().out, type=SCHEMAS["rules"])
    assert [rule.id for rule in rules("speed", "python")] == [line.id for line in found]


@pytest.mark.parametrize("name", [rule.id for rule in rules()])
def test_a_rule_is_shown_with_its_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", name]) == 0
    told = capsys.readouterr().out
    rule = next(rule for rule in rules() if rule.id == name)
    assert told.count("left alone") >= 2
    assert rule.title in told
    assert run(["rules", name, "--json"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out, type=SCHEMAS["rules.show"]).examples == rule.examples


def test_a_rule_that_is_not_there_is_told_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "membership"]) == 2
    assert "'membership'; did you mean membership-" in capsys.readouterr().err


def test_the_page_has_a_section_for_each_rule() -> None:
    page = pages()
    assert all(f"\n### {rule.id}\n" in page for rule in rules())


def test_an_algorithm_is_shown_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "algorithm:two-sum"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("algorithm:two-sum: Places of what has been seen")
    assert "def two_sum(items: list[int], target: int) -> list[int]:" in told
    assert all(f"| {each.rule} |" in pages() for each in algorithms())


def test_an_algorithm_that_is_not_there_is_told_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "algorithm:is-prim"]) == 2
    assert "algorithm:is-prime" in capsys.readouterr().err

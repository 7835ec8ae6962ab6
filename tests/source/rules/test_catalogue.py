"""The catalogue: rules of packages, files that are passed over, and what happens to bad ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint

import pytest

from cambrian.core.errors import UsageError
from cambrian.source.rules import catalogue
from cambrian.source.rules.catalogue import find, language_of, rules

BEFORE = "def f(words, names):\n    return any([word > 'a' for word in words])\n"


Offer = Callable[[str], None]


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Offer]:
    """Lets an installed package offer rules."""
    forget = catalogue._installed.cache_clear  # pyright: ignore[reportPrivateUsage]

    def offer(value: str) -> None:
        def points(group: str) -> list[EntryPoint]:
            return [EntryPoint("shop", value, group)]

        monkeypatch.setattr(catalogue, "entry_points", points)
        forget()

    yield offer
    forget()


def test_packages_add_rules(offer: Offer) -> None:
    before = len(rules())
    offer("cambrian.source.rules.speed.python.early_exit:RULE")
    assert len(rules()) == before + 1


@pytest.mark.parametrize(
    ("value", "words"),
    [("nowhere_at_all:RULE", "cannot be loaded: ModuleNotFoundError"), ("json:dumps", "which is no `Rule`")],
)
def test_a_bad_package_is_told_by_name(offer: Offer, value: str, words: str) -> None:
    offer(value)
    with pytest.raises(UsageError, match="the rules 'shop'") as caught:
        rules()
    assert words in str(caught.value)
    assert "fix: " in str(caught.value)


@pytest.mark.parametrize(
    ("path", "language"), [("a.py", "python"), ("a.TSX", "typescript"), ("b/c.mjs", "javascript"), ("py", None)]
)
def test_the_language_is_that_of_the_name(path: str, language: str | None) -> None:
    assert language_of(path) == language


def test_files_that_no_rule_reads_give_nothing() -> None:
    assert find(BEFORE, "a.py")
    assert find(BEFORE, "a.txt") == []
    assert find("def (", "a.py") == []
    assert find("\0", "a.py") == []


def test_findings_come_in_the_order_of_the_file() -> None:
    found = find(BEFORE * 3, "a.py")
    assert [one.line for one in found] == sorted(one.line for one in found)

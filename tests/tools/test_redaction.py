"""Secrets in texts and values."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.tools.redaction import Redactor, is_secret_name

SECRET = 'tök"en/with+all&sorts=of\nthings'


@pytest.mark.parametrize("form", [
    SECRET,
    quote(SECRET, safe=""),
    quote_plus(SECRET),
    json.dumps(SECRET),
    json.dumps(SECRET, ensure_ascii=False),
    SECRET.encode().hex(),
    base64.b64encode(SECRET.encode()).decode(),
    base64.urlsafe_b64encode(b"user:" + SECRET.encode()).decode(),
    base64.b64encode(b"ab" + SECRET.encode() + b"more").decode(),
])  # fmt: skip
def test_every_form_is_found(form: str) -> None:
    found = Redactor([SECRET]).text(f"before {form} after")
    assert "‹secret›" in found
    assert found.startswith("before ")
    assert found.endswith(" after")
    assert len(found) < len(f"before {form} after")
    assert Redactor(["another-secret"]).text(form) == form, "the control"


@given(st.text("ab+/% \n", min_size=6), st.text("ab+/% \n"), st.text("ab+/% \n"))
def test_a_secret_is_nowhere_in_what_is_left(secret: str, before: str, after: str) -> None:
    assert secret not in Redactor([secret]).text(before + secret + after)


def test_values_and_their_keys() -> None:
    redactor = Redactor(["Bearer abcdefgh"])
    assert redactor.value({"x": ["token abcdefgh", 1], "abcdefgh": None}) == {
        "x": ["token ‹secret›", 1],
        "‹secret›": None,
    }
    assert redactor.value(7) == 7


def test_short_words_and_no_words_change_nothing() -> None:
    assert Redactor(["true", ""]).text("it is true") == "it is true"
    assert Redactor().text("x") == "x"


def test_its_representation_says_nothing() -> None:
    assert "abcdefgh" not in repr(Redactor(["abcdefgh"]))


@pytest.mark.parametrize(("name", "secret"), [
    ("API_KEY", True), ("github_token", True), ("DATABASE_URL", True), ("PGPASSWORD", True), ("AWS_SESSION", True),
    ("MODE", False), ("ROOT_DIR", False), ("PATH", False), ("LANG", False), ("URL_PREFIX", False),
])  # fmt: skip
def test_names_of_secrets(name: str, secret: bool) -> None:
    assert is_secret_name(name) is secret

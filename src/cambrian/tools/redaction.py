"""Tools, redaction: secrets that a server was given, taken out of every text and result that comes back. Pure.

A server may repeat its key in an error, a page or a result, by mistake or not. Looked for are the secrets themselves
and what is made of them without thinking: URL, JSON, Base64 and hexadecimal forms. Whoever holds a secret and wants to
leak it can write it otherwise; that cannot be helped here.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast
from urllib.parse import quote, quote_plus

__all__ = ["Redactor", "is_secret_name"]

_HIDDEN = "‹secret›"
_LEAST = 6  # characters; shorter ones would be found everywhere
_SECRET_NAME = re.compile(
    r"KEY|TOKEN|SECRET|PASS|PWD|AUTH|CREDENTIAL|COOKIE|PRIVATE|SIGNATURE|SESSION|DSN|BEARER|CERT|_URL$|_URI$",
    re.IGNORECASE,
)


def is_secret_name(name: str) -> bool:
    """Whether a variable is called as those are that hold secrets: ``GITHUB_TOKEN``, ``db_password``."""
    return _SECRET_NAME.search(name) is not None


class Redactor:
    """Takes some secrets out of texts.

    Args:
        secrets: the secrets; what is shorter than 6 characters is left out. The words of one count as well, such as
            the token in ``Bearer …``.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        wanted = {each for secret in secrets for each in (secret, *secret.split()) if len(each) >= _LEAST}
        forms = sorted({form for each in wanted for form in _forms(each)}, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, forms))) if forms else None

    def __repr__(self) -> str:
        return "Redactor()"

    def text(self, text: str) -> str:
        """The text without the secrets."""
        return self._pattern.sub(_HIDDEN, text) if self._pattern else text

    def value(self, value: object) -> object:
        """A JSON value without the secrets."""
        return self._redacted(value) if self._pattern else value

    def _redacted(self, value: object) -> object:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            items = cast("Mapping[str, object]", value).items()
            return {self.text(name): self._redacted(each) for name, each in items}
        if isinstance(value, list):
            return [self._redacted(each) for each in cast("list[object]", value)]
        return value


def _forms(secret: str) -> Iterator[str]:
    raw = secret.encode()
    yield from (secret, quote(secret, safe=""), quote(secret), quote_plus(secret), raw.hex(), raw.hex().upper())
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):  # inside a longer text Base64 depends on where it starts; the ends depend on neighbours
            coded = encode(b"\0" * before + raw).decode().rstrip("=")
            inner = coded[(0, 2, 3)[before] : len(coded) - (1 if (before + len(raw)) % 3 else 0)]
            if len(inner) >= _LEAST:
                yield inner

"""What looks like a secret, by its shape or by the name that it stands under."""

from __future__ import annotations

import pytest

from cambrian.source.rules.security.secrets import named_secret


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PASSWORD", "hunter2hunter2", True),
        ("db_password", "Tr0ub4dor&3", True),
        ("PASSWORD", "correct_horse", False),
        ("PASSWORD", "aaaaaaa1", False),
        ("PASSWORD", "changeme1", False),
        ("PASSWORD_FIELD", "password2", False),
        ("API_TOKEN", "hunter2hunter2", False),
        ("API_TOKEN", "k9Zr4vQ1xT7mWc2Lp8Hd5Nf0", True),
        ("title", "k9Zr4vQ1xT7mWc2Lp8Hd5Nf0", False),
    ],
)
def test_a_string_under_a_telling_name(name: str, value: str, told: bool) -> None:
    assert bool(named_secret(name, value)) is told

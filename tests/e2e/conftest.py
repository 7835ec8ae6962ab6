"""A person in an empty folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from .terminal import Person


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)

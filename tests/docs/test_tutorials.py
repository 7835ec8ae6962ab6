"""The blocks of the tutorials; see `test_blocks`."""

from __future__ import annotations

from pathlib import Path

import pytest

from .performing import name_of, pages, perform_page


@pytest.mark.parametrize("page", pages("tutorial"), ids=name_of)
def test_page(page: Path, place: Path) -> None:
    perform_page(page, place)

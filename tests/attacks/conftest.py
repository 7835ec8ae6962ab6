"""Attacks: a cage at each level that contains, and open air for the positive controls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest

from cambrian.core.errors import IsolationUnavailable
from cambrian.core.limits import Level
from cambrian.sandbox import CPythonJail


@pytest.fixture(scope="module", params=[Level.L3, Level.L2], ids=["L3", "L2"])
async def cage(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[CPythonJail]:
    level = cast("Level", request.param)
    try:
        jail = await CPythonJail.start(level=level)
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.{level.name}: {error}")
    yield jail
    await jail.aclose()


@pytest.fixture(scope="module")
async def open_air(anyio_backend: str) -> AsyncIterator[CPythonJail]:
    jail = await CPythonJail.start(level=Level.L0)
    yield jail
    await jail.aclose()


@pytest.fixture(scope="module")
async def room(anyio_backend: str) -> AsyncIterator[CPythonJail]:
    """A level 3 cage, for what only level 3 offers."""
    try:
        jail = await CPythonJail.start(level=Level.L3)
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.L3: {error}")
    yield jail
    await jail.aclose()

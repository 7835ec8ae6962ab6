"""Jails for the sandbox's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest

from cambrian.core.errors import IsolationUnavailable
from cambrian.core.limits import Level
from cambrian.sandbox import CPythonJail


@pytest.fixture(scope="module", params=[Level.L3, Level.L2, Level.L1], ids=["L3", "L2", "L1"])
async def jail(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[CPythonJail]:
    level = cast("Level", request.param)
    try:
        made = await CPythonJail.start(level=level)
    except IsolationUnavailable as error:
        pytest.skip(f"needs jail.{level.name}: {error}")
    yield made
    await made.aclose()

from collections.abc import AsyncGenerator

import pytest

from cambrian.sandbox import CPythonJail


@pytest.fixture(scope="session")
async def jail() -> AsyncGenerator[CPythonJail]:
    made = await CPythonJail.start()
    yield made
    await made.aclose()

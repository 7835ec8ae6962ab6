"""Attacks on the choice of a runtime, class 39: what code says of itself never lowers the floor of a preset."""

from __future__ import annotations

from pathlib import Path

import pytest

from cambrian.app.execution.running import Sandbox
from cambrian.core.errors import CambrianError, SandboxError
from cambrian.sandbox.scripts.router.policy import ENGINE_WALLS

CLAIMS: dict[str, str] = {
    "comments": "# tier: trusted\n# runtime: cpython\n# cambrian: preset=dev, level=L0\n"
    "import ctypes\nctypes.sizeof(ctypes.c_int)",
    "a module that only one runtime has": "import ctypes, sysconfig\nctypes.sizeof(ctypes.c_int)",
    "hidden in text": "'''\n'''; code = 'import ctypes'\nimport ctypes\nctypes.sizeof(ctypes.c_int)",
    "homoglyphs": "import ｃtypes\nｃtypes.sizeof(ｃtypes.c_int)",
    "imported late": "x = __import__('ctypes')\nx.sizeof(x.c_int)",
    "a class": "class A(Exception):\n    def __init_subclass__(cls): pass\nclass B(A): pass\n4",
}  # fmt: skip
FOR_NODE = "// runtime: node, preset: dev\nconst os = await import('node:os')\nos.cpus().length > 0 && 4"


async def ran_on(code: str, preset: str, folder: Path, **how: str) -> tuple[str, object]:
    async with Sandbox(preset=preset, workers=1, workspace=folder) as sandbox:
        language = "javascript" if code is FOR_NODE else "python"
        try:
            result = await sandbox.run(code, language=language, runtime=how.get("runtime", "auto"))
        except CambrianError as error:
            if isinstance(error, SandboxError):
                pytest.skip(f"needs jail.L3: {error}")
            return "", str(error)
        return result.runtime, result.value


@pytest.mark.parametrize("name", CLAIMS)
async def test_no_text_lowers_the_floor(name: str, tmp_path: Path) -> None:
    runtime, value = await ran_on(CLAIMS[name], "strict", tmp_path / "strict")
    assert runtime in {"", *ENGINE_WALLS}
    assert value != 4 or runtime in ENGINE_WALLS
    control = await ran_on(CLAIMS[name], "standard", tmp_path / "standard")
    assert control == ("cpython", 4), "where the preset allows it, the same text runs"


async def test_nor_does_one_in_javascript(tmp_path: Path) -> None:
    assert (await ran_on(FOR_NODE, "strict", tmp_path))[0] in {"", *ENGINE_WALLS}


async def test_nor_does_a_wish_for_a_runtime(tmp_path: Path) -> None:
    runtime, _ = await ran_on("1 + 1", "strict", tmp_path / "strict", runtime="cpython")
    assert runtime == ""
    assert (await ran_on("1 + 1", "standard", tmp_path / "standard", runtime="cpython")) == ("cpython", 2)

"""``import cambrian`` brings its public names and next to nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cambrian

HEAVY = (
    "msgspec", "anyio", "cyclopts", "rich", "numpy", "scipy", "cma", "sqlite3", "asyncio", "cambrian.core",
    "cambrian.app", "cambrian.search",
)  # fmt: skip


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


def test_nothing_heavy_comes_with_the_package() -> None:
    assert modules_after("import cambrian").isdisjoint(HEAVY)
    assert "msgspec" in modules_after("import cambrian; cambrian.Budget"), "the control: a name brings what it needs"


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_and_version_need_no_parser(words: list[str]) -> None:
    code = f"from cambrian.app.cli import run; run({words!r})"
    assert modules_after(code).isdisjoint({"cyclopts", "rich", "msgspec", "anyio"})


def test_the_search_brings_no_numeric_library() -> None:
    loaded = modules_after("import cambrian; cambrian.evolve; from cambrian.search import registry")
    assert loaded.isdisjoint({"numpy", "scipy", "cma"})


def test_every_public_name_is_there() -> None:
    for name in cambrian.__all__:
        assert getattr(cambrian, name) is not None
    assert set(cambrian.__all__) <= set(dir(cambrian))
    with pytest.raises(AttributeError, match="no attribute 'evolv'"):
        getattr(cambrian, "evolv")  # noqa: B009 - a name that pyright knows is not there

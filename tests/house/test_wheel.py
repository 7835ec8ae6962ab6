"""The wheel contains what it needs and no more, and needs no compiler. Slow: a build fetches its back end."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from what git would hand out, so that leftovers of the working tree cannot get in."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    for name in filter(None, names.stdout.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
    uv = shutil.which("uv")
    build = [uv, "build", "--wheel", "-o"] if uv else [sys.executable, "-m", "pip", "wheel", "--no-deps", "-w"]
    done = subprocess.run(
        [*build, str(folder), "."], cwd=source, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    [path] = folder.glob("*.whl")
    return path


def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_it_is_pure_python(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")


def test_it_contains_the_package_whole(wheel: Path) -> None:
    sources = ROOT / "src"
    tracked = subprocess.run(["git", "ls-files", "-z", "src"], cwd=ROOT, capture_output=True, text=True, check=True)
    expected = {(ROOT / name).relative_to(sources).as_posix() for name in filter(None, tracked.stdout.split("\0"))}
    packaged = {name for name in members(wheel) if ".dist-info/" not in name}
    assert packaged == {name for name in expected if (sources / name).is_file()}


def test_its_metadata_is_all_there(wheel: Path) -> None:
    notes = {name.split(".dist-info/")[1] for name in members(wheel) if ".dist-info/" in name}
    assert {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"} <= notes
    with zipfile.ZipFile(wheel) as archive:
        [metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        text = archive.read(metadata).decode()
    assert "License-Expression: Apache-2.0" in text
    assert "cambrian evolve" in text, "the README is the long description"

"""Attacks again, as an ordinary user: root runs the whole suite once more as nobody. For others it is that already."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = "65534"
AS_NOBODY = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "env"]
"""With `env` between, as setpriv itself still has root's capabilities when it looks its command up."""

AS_MAPPED = ["unshare", "--user", "--map-user", "1000", "--map-group", "1000"]


def _command() -> list[str]:
    """An interpreter of this version that nobody may read; else this one, in a user namespace without capabilities."""
    others = (sys.executable, shutil.which(f"python{sys.version_info[0]}.{sys.version_info[1]}", path="/usr/bin:/bin"))
    for interpreter in filter(None, others):
        probe = [*AS_NOBODY, interpreter, "-c", "import pytest, anyio, msgspec, hypothesis"]
        if subprocess.run(probe, env=_environment(), cwd="/", capture_output=True, check=False).returncode == 0:
            return [*AS_NOBODY, interpreter]
    return [*AS_MAPPED, sys.executable]


def _environment() -> dict[str, str]:
    packages = os.pathsep.join([str(ROOT / "src"), sysconfig.get_path("purelib")])
    return {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.mark.slow
def test_the_attacks_fail_against_an_ordinary_user_s_jail_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    if os.geteuid() != 0:
        return
    base = f"/tmp/cambrian-nobody-{os.getpid()}"
    options = ["-q", "-p", "no:cacheprovider", f"--basetemp={base}", "-m", "", f"--ignore={__file__}"]
    options.append(f"--ignore={ROOT / 'tests' / 'attacks' / 'scripts'}")  # their engines are this user's to run
    suites = [str(ROOT / "tests" / name) for name in ("attacks", "sandbox/test_jail.py", "sandbox/test_probe.py")]
    run = subprocess.run(
        [*_command(), "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), f"--rootdir={ROOT}", *options, *suites],
        env=_environment(),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    shutil.rmtree(base, ignore_errors=True)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert "passed" in run.stdout

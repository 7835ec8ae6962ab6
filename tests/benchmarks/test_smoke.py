"""Every benchmark runs at a small size and answers in JSON. No bound is checked here: figures need an idle machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SMALL = {
    "archives.py": ["--sizes", "300", "1000"],
    "imports.py": ["--repeat", "1"],
    "throughput.py": ["--evaluations", "40", "--repeat", "1"],
    "engine_memory.py": ["--evaluations", "600"],
    "large_programs.py": ["--candidates", "20", "--large-candidates", "3", "--lines", "500"],
    "commands.py": ["--rounds", "1", "--lines", "3000"],
    "jail.py": ["--rounds", "1", "--count", "5"],
    "python_runtimes.py": ["--rounds", "1", "--count", "10"],
    "fresh_scripts.py": ["--rounds", "5", "--scripts", "24"],
    "escalation.py": ["--rounds", "2"],
    "time_travel.py": ["--rounds", "2"],
    "speculation.py": ["--rounds", "5"],
    "doctor.py": ["--only", "good"],
    "javascript_runtimes.py": ["--rounds", "1", "--count", "3"],
    "routing.py": ["--half", "A", "--every", "16", "--passes", "1"],
    "journal.py": ["--steps", "200", "--repeat", "1"],
    "runs_list.py": ["--runs", "20", "--evaluations", "10", "--repeat", "1"],
    "telling.py": ["--evaluations", "500"],
    "kill_resume.py": ["--kills", "3"],
    "misbehaving.py": [],
    "poisoning.py": ["--scripts", "60"],
    "null_campaigns.py": ["--campaigns", "4"],
    "racing.py": ["--races", "5"],
    "paired_timing.py": ["--rounds", "2", "--pairs", "5"],
    "overhead.py": ["--iterations", "10", "--repeat", "1", "--peers", "none"],
    "frameworks_examples.py": ["--only", "none"],
    "problems.py": ["--problem", "k_module", "--strategies", "islands", "portfolio", "--seeds", "1"],
    "security.py": ["--lines", "3000"],
    "heal.py": ["--sample", "2", "--seconds", "3"],
    "slow_code.py": ["--language", "javascript", "--only", "two_requests"],
    "packing.py": ["--problem", "rect21", "--seeds", "1", "--cpu", "1", "--direct"],
}
NEED_DATA = ("coffe.py", "pie.py", "refactory.py")
"""Their data are not part of this repository."""
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("script", SMALL)
def test_benchmark(script: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, BENCHMARKS / script, *SMALL[script], "--json"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    assert list(tmp_path.iterdir()) == [], "it left something behind"


@pytest.mark.parametrize("script", NEED_DATA)
def test_missing_data_are_told_with_the_option(script: str, tmp_path: Path) -> None:
    command = [sys.executable, BENCHMARKS / script, "--data", tmp_path]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode != 0
    assert "--data" in done.stderr


def test_none_is_forgotten() -> None:
    scripts = {path.name for path in BENCHMARKS.glob("*.py")} - {"parts.py", "report.py", *NEED_DATA}
    assert scripts == set(SMALL)

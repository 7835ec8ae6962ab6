"""The workload of scripts is what was frozen: nobody tunes it to what it measures."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

WORKLOAD = Path(__file__).parents[2] / "benchmarks" / "workload"


def hashes() -> dict[str, str]:
    files = [WORKLOAD / "tools.py", WORKLOAD / "index.json", *(WORKLOAD / "scripts").rglob("*.*")]
    return {
        file.relative_to(WORKLOAD).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if "__pycache__" not in file.parts
    }


def test_every_file_is_as_frozen() -> None:
    lines = (WORKLOAD / "FROZEN.sha256").read_text(encoding="utf-8").splitlines()
    assert hashes() == {name: digest for digest, name in (line.split("  ") for line in lines)}


def test_the_mix_is_as_told() -> None:
    entries = json.loads((WORKLOAD / "index.json").read_text(encoding="utf-8"))
    assert Counter(each["language"] for each in entries) == {"python": 120, "javascript": 80, "typescript": 40}
    assert set(Counter(each["kind"] for each in entries).values()) == {40}
    for each in entries:
        digest = hashlib.sha256((WORKLOAD / each["file"]).read_bytes()).hexdigest()
        assert each["half"] == "AB"[int(digest, 16) % 2]

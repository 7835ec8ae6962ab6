"""Real Python to try things on: modules of the standard library, as text."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from pathlib import Path


def stdlib(count: int) -> Iterator[tuple[str, str]]:
    """Names and texts of the first modules of the standard library, tests and generated tables left out."""
    root = Path(sysconfig.get_path("stdlib"))
    found = 0
    for path in sorted(root.glob("*.py")) + sorted(root.glob("*/*.py")):
        if path.parent.name in {"test", "site-packages", "idlelib"} or path.stat().st_size > 120_000:
            continue
        found += 1
        if found > count:
            return
        yield path.name, path.read_text(encoding="utf-8", errors="replace")

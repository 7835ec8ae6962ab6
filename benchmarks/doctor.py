"""What the evaluator doctor finds in evaluators that were written by people who had not seen it.

    python benchmarks/doctor.py --check                 # 35 bad ones, 11 good ones; about a minute each at the most
    python benchmarks/doctor.py --only good --json

The evaluators are those of ``tests/data/evaluators``, frozen by hash before the doctor was written; the hashes are
checked first. *Found*: the doctor shows a hole, which is an answer that is wrong and was scored all the same. *False
alarm*: it shows one in an evaluator that has none. An audit of a bad evaluator that shows only a risk does not count.
"""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path

import anyio

from cambrian.app.auditing import audit_async
from cambrian.core.errors import CambrianError
from report import Figure, finish, options

CORPUS = Path(__file__).parents[1] / "tests" / "data" / "evaluators"


def check_frozen() -> None:
    """Refuse a corpus that is not the one that was frozen."""
    for line in (CORPUS / "FROZEN.sha256").read_text(encoding="utf-8").splitlines():
        wanted, _, name = line.partition("  ")
        if hashlib.sha256((CORPUS / name).read_bytes()).hexdigest() != wanted:
            raise SystemExit(f"{name} is not the file that was frozen")


async def holes(folder: Path) -> tuple[int, str]:
    """How many holes the doctor shows in an evaluator, and their names or why there was no audit."""
    try:
        found = await audit_async(folder)
    except CambrianError as error:
        return 0, f"no audit: {str(error).splitlines()[0][:80]}"
    return len(found.holes), ", ".join(hole.name for hole in found.holes)


def examine(kind: str, report: list[str]) -> tuple[int, int]:
    """Evaluators of a kind in which a hole is shown, and all of them."""
    folders = sorted(path for path in (CORPUS / kind).iterdir() if path.is_dir())
    shown = 0
    for folder in folders:
        begun = time.monotonic()
        count, names = anyio.run(holes, folder)
        shown += count > 0
        report.append(f"{kind}/{folder.name}: {count} ({names}) {time.monotonic() - begun:.0f} s")
        print(report[-1], file=sys.stderr, flush=True)
    return shown, len(folders)


def main() -> int:
    """Examine the corpus and print."""
    parser = options(__doc__)
    parser.add_argument("--only", choices=("bad", "good"))
    chosen = parser.parse_args()
    check_frozen()
    figures: list[Figure] = []
    lines: list[str] = []
    if chosen.only != "good":
        found, total = examine("bad", lines)
        figures.append(Figure(f"holes shown in bad evaluators, of {total}", found, "", 12, at_least=True))
    if chosen.only != "bad":
        alarms, total = examine("good", lines)
        figures.append(Figure(f"false alarms in good ones, of {total}", alarms, "", 0))
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())

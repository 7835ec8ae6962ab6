"""A benchmark's work in several processes: the same script again with ``--part N/PARTS``, its rows as lines of JSON.

If a part ends badly, or rows are missing, there are no figures: shares of what happened to come would be wrong.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from report import Cost, spent

Row = TypeVar("Row")
Item = TypeVar("Item")

OPTION = "--part"


def part_of(items: Sequence[Item], part: str) -> Sequence[Item]:
    """What the part named ``N/PARTS`` has to do."""
    first, of = map(int, part.split("/"))
    return items[first::of]


def hand_in(row: object) -> None:
    """Hand in a row of this part."""
    sys.stdout.write(msgspec.json.encode(row).decode() + "\n")
    sys.stdout.flush()


def spread(jobs: int, kind: type[Row], count: int) -> tuple[list[Row], Cost]:
    """The rows of this command, made by several processes, and what all of them took.

    Args:
        jobs: processes.
        kind: of a row.
        count: rows that there have to be.

    Raises:
        SystemExit: a part ended badly, or rows are missing; says where those lie that came.
    """
    words = [word for word in sys.argv if word not in ("--json", "--check")]
    with tempfile.TemporaryDirectory(prefix="cambrian-parts-") as folder, spent() as cost:
        outs = [Path(folder) / f"{part}.jsonl" for part in range(jobs)]
        started: list[subprocess.Popen[bytes]] = []
        for part, out in enumerate(outs):
            with out.open("wb") as stdout:
                command = [sys.executable, *words, OPTION, f"{part}/{jobs}"]
                started.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout))
        ends = [process.wait() for process in started]
        lines = [line for out in outs for line in out.read_bytes().splitlines()]
    if any(ends) or len(lines) != count:
        with tempfile.NamedTemporaryFile(prefix="cambrian-rows-", suffix=".jsonl", delete=False) as kept:
            kept.write(b"\n".join(lines))
        raise SystemExit(f"{len(lines)} of {count} rows came, in {kept.name}; the parts ended with {ends}")
    return [msgspec.json.decode(line, type=kind) for line in lines], cost()

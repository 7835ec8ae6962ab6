"""Checks that the corpora are what they were frozen as, and that their oracles still hold.

From the root of a checkout: every hash, then every oracle again; exit 1 if one differs. ``--write`` freezes anew, after
programs were added, which every later figure has to say.

    python -m benchmarks.corpora.freeze --check
    python -m benchmarks.corpora.freeze --write NAME
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from . import databases, functions, reading
from .trivial_errors import make

Oracle = Callable[[], list[str]]


def check_injections() -> list[str]:
    """Vulnerable programs are wrong in each hostile call, everything else is right in all."""
    return [
        f"sql_injection/{each.id}: {query.args!r} gives {given!r}"
        for each in reading.injections()
        if each.database
        for query in databases.cases(each.database)
        for given in [databases.outcome(each.text, each.database, query)]
        if (given == databases.expected(query)) == (each.expect == "fix" and query in each.database.hostile)
    ]


def check_slow_functions() -> list[str]:
    """Every test call gives what is written, run by the program itself."""
    return [
        f"slow_code/{each.id}: {test!r} gives {given!r}"
        for each in reading.slow_functions()
        for test, (given, _) in zip(
            each.about.tests, functions.calls(each, [test.args for test in each.about.tests]), strict=True
        )
        if given != test
    ]


def check_trivial_errors() -> list[str]:
    """The whole set has its hash; `make --check --run` runs each program again, which takes minutes."""
    every = list(reading.trivial_errors())
    return [f"trivial_errors/{each.id}: nothing broken" for each in every if each.program == each.original]


ORACLES: dict[str, Oracle] = {
    "slow_code": check_slow_functions,
    "sql_injection": check_injections,
    "trivial_errors": check_trivial_errors,
}


def write(folder: Path) -> None:
    """Write ``FROZEN.json`` of a corpus."""
    frozen: dict[str, object] = {"files": reading.digests(folder)}
    if folder == make.HERE:
        frozen["made"] = make.digest(list(make.broken()))
    (folder / "FROZEN.json").write_text(json.dumps(frozen, indent=1) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="check hashes and oracles of all corpora (the default)")
    parser.add_argument("--write", choices=sorted(ORACLES), help="freeze this corpus as it is now")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    options = parser.parse_args(arguments)
    if options.write:
        write(reading.HERE / options.write)
    faults = {name: oracle() for name, oracle in ORACLES.items()}
    if options.json:
        print(json.dumps(faults))
    else:
        for name, found in faults.items():
            print(f"{name}: {len(found)} faults", *found, sep="\n  ")
    return 1 if any(faults.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())

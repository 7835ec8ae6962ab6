"""The matrix of attacks: ``python -m tests.attacks.scripts``; ``--help`` says how to choose."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from cambrian.core.errors import CapabilityMissing, SandboxError
from cambrian.core.script import Language

from .attack import Attack
from .host import Host
from .stage import ATTACKS, WHERE, Cage, Verdict, attacked, plain_control

_LANGUAGES: tuple[Language, ...] = ("python", "javascript")
_WIDTH = 46


def main() -> int:
    """Play every attack in every cage that can be had; print what became of each, as a table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.scripts", description=main.__doc__)
    parser.add_argument("--fast", action="store_true", help="leave out those that take a second or more")
    parser.add_argument("--runtime", help="this one only")
    parser.add_argument("--number", type=int, help="this class only")
    parser.add_argument("--controls", action="store_true", help="play the plain interpreters only")
    options = parser.parse_args()
    chosen = [each for each in ATTACKS if not (options.fast and each.slow) and options.number in (None, each.number)]
    columns: dict[str, list[str]] = {}
    with Host() as host:
        for language in _LANGUAGES:
            columns[f"plain {language}"] = [_control(each, language, host) for each in chosen]
        if not options.controls:
            columns |= asyncio.run(_cages(chosen, host, options.runtime))
    sys.stdout.write(_table(chosen, columns))
    bad = sum(cell.startswith("BAD") for column in columns.values() for cell in column)
    classes = len({each.number for each in chosen})
    sys.stdout.write(f"\n\n{len(chosen)} attacks of {classes} classes; {bad} cells are bad\n")
    return 1 if bad else 0


def _control(attack: Attack, language: Language, host: Host) -> str:
    if not attack.probe(language):
        return f"n/a: {attack.absent}"
    verdict = plain_control(attack, language, host)
    return f"BAD: the control fails: {verdict.told}" if verdict.denied else "gets through"


async def _cages(chosen: Sequence[Attack], host: Host, only: str | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, level in WHERE:
        if only in (None, name):
            try:
                cage = await Cage.start(name, level)
            except (CapabilityMissing, SandboxError) as error:
                sys.stderr.write(f"{name} {level.name}: {str(error).splitlines()[0]}\n")
                continue
            try:
                found[f"{name} {level.name}"] = [await _cell(each, cage, host) for each in chosen]
            finally:
                await cage.runtime.aclose()
    return found


async def _cell(attack: Attack, cage: Cage, host: Host) -> str:
    if not attack.probe(cage.language):
        return f"n/a: {attack.absent}"
    verdict: Verdict = await attacked(attack, cage, host)
    return verdict.told if verdict.denied else f"BAD: {verdict.why} ({verdict.told})"


def _table(chosen: Sequence[Attack], columns: dict[str, list[str]]) -> str:
    lines = [f"| # | attack | {' | '.join(columns)} |", f"|---|---|{'---|' * len(columns)}"]
    for row, attack in enumerate(chosen):
        cells = [column[row] for column in columns.values()]
        shown = [cell if cell.startswith("BAD") else cell[:_WIDTH] for cell in cells]
        safe = [cell.replace("|", "\\|").replace("\n", " ") for cell in shown]
        lines.append(f"| {attack.number} | {attack.name} | {' | '.join(safe)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

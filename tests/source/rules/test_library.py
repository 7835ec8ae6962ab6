"""All rules over Python's standard library: files are never broken, and looking through them is cheap."""

from __future__ import annotations

import sysconfig
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from cambrian.source.names import undefined
from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import Rewrite, applied
from cambrian.source.syntax import check

pytestmark = pytest.mark.slow

SECONDS = 60
"""CPU time in which 100,000 lines have to be looked through by all speed rules, and megabytes that may be held."""
MEGABYTES = 500


def library() -> Iterator[tuple[str, str]]:
    """Name and text of each file of the standard library; its tests, and other people's packages, apart."""
    root = Path(sysconfig.get_path("stdlib"))
    for path in sorted(root.rglob("*.py")):
        if not {"site-packages", "test", "tests"} & set(path.relative_to(root).parts):
            yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8", errors="replace")


def test_every_rewrite_alone_and_all_together_leave_a_program() -> None:
    speed = rules("speed", "python")
    found = files = 0
    for name, text in library():
        rewrites = [one for one in find(text, name, speed) if one.splices]
        before = {missing.name for missing in undefined({name: text})}
        together = [rewrites] if len(rewrites) > 1 else []
        for chosen in [*([one] for one in rewrites), *together]:
            after = applied(text, chosen)
            assert check({name: after}, "python") is None, f"{chosen[0].rule} at {name}:{chosen[0].line}"
            now = {missing.name for missing in undefined({name: after})}
            assert now <= before, f"{chosen[0].rule} at {name}:{chosen[0].line}: {now - before} are not defined"
            assert outside(text, chosen) == outside_of(after, chosen)
        found += len(rewrites)
        files += 1
    assert files > 300
    assert found > 20


def outside(text: str, rewrites: list[Rewrite]) -> str:
    """What a text has before the first splice."""
    return text[: min(splice.start for one in rewrites for splice in one.splices)]


def outside_of(after: str, rewrites: list[Rewrite]) -> str:
    """The same stretch of the text that came out."""
    return after[: min(splice.start for one in rewrites for splice in one.splices)]


def test_a_large_repository_is_looked_through_in_a_minute() -> None:
    speed = rules("speed", "python")
    texts: list[tuple[str, str]] = []
    lines = 0
    for name, text in library():
        texts.append((name, text))
        lines += text.count("\n")
        if lines > 100_000:
            break
    begun = time.process_time()
    for name, text in texts:
        find(text, name, speed)
    assert time.process_time() - begun < SECONDS
    tracemalloc.start()
    for name, text in sorted(texts, key=lambda each: -len(each[1]))[:5]:
        find(text, name, speed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEGABYTES * 2**20

"""The test corpora are what was frozen, their records can be read, and a fast sample of their oracles holds."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.corpora import databases, reading


def test_injections_are_as_told() -> None:
    every = list(reading.injections())
    assert Counter(each.expect for each in every) == {"fix": 46, "safe": 47, "refuse": 11}
    assert len({each.id for each in every}) == len(every)
    assert sum(each.database is not None for each in every) == 48


def test_vulnerable_programs_fall_for_every_hostile_call() -> None:
    for each in reading.injections():
        if each.database is None:
            continue
        wrong = [
            query
            for query in databases.cases(each.database)
            if databases.outcome(each.text, each.database, query) != databases.expected(query)
        ]
        assert wrong == (each.database.hostile if each.expect == "fix" else []), each.id


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    copy = tmp_path / "sql_injection"
    shutil.copytree(reading.HERE / "sql_injection", copy)
    assert len(list(reading.injections(copy))) == 104  # the control: a copy as it is can be read
    changed = copy / "programs" / "safe" / "percent_d.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(reading.CorpusChangedError, match=r"percent_d\.py"):
        next(reading.injections(copy))

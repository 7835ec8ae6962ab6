"""The test corpora are what was frozen, their records can be read, and a fast sample of their oracles holds."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.corpora import databases, functions, reading
from benchmarks.corpora.trivial_errors import make

RUNS = {"python": True, "javascript": shutil.which("node") is not None, "typescript": False}
"""Languages whose programs can be run here; Node is no dependency of the project."""


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


def test_slow_functions_are_as_told() -> None:
    every = list(reading.slow_functions())
    kinds = Counter((each.expect, each.language, each.about.promised) for each in every if each.expect == "faster")
    assert kinds == {
        ("faster", "python", True): 33, ("faster", "python", False): 45,
        ("faster", "javascript", True): 12, ("faster", "javascript", False): 9,
    }  # fmt: skip
    assert sum(each.expect == "keep" for each in every) == 31
    assert all(each.about.tests for each in every)
    assert all(each.about.stress for each in every if each.expect == "faster")


def test_a_sample_of_slow_functions_gives_what_is_written() -> None:
    for each in [each for each in reading.slow_functions() if RUNS[each.language]][::13]:
        seen = functions.calls(each, [test.args for test in each.about.tests])
        assert [call for call, _ in seen] == each.about.tests, each.id


def test_a_wrong_rewrite_is_seen() -> None:
    drain = next(each for each in reading.slow_functions() if each.id == "keep/queue_of_the_caller.py")
    copied = drain.text.replace("    taken = []", "    queue, taken = list(queue), []")
    seen = functions.calls(drain, [test.args for test in drain.about.tests], text=copied)
    assert [call.result for call, _ in seen] == [test.result for test in drain.about.tests]
    assert [call for call, _ in seen] != drain.about.tests, "the caller's list was to be changed"


def test_stress_arguments_are_the_same_each_time() -> None:
    for each in list(reading.slow_functions())[::13]:
        if each.about.stress and not each.about.needs:
            assert functions.stress_arguments(each.about.stress, 12) == functions.stress_arguments(
                each.about.stress, 12
            )


def test_trivial_errors_are_as_told() -> None:
    every = list(reading.trivial_errors())
    assert len(every) >= 1_000
    assert len({each.program for each in every}) == len(every)
    assert len({each.original for each in every}) >= 120
    unpromised = {each.kind for each in every if not each.promised}
    assert 3 * len(unpromised) >= len({each.kind for each in every})
    assert {each.language for each in every} == set(RUNS)


def test_a_sample_of_broken_programs_fails_as_written() -> None:
    for each in [each for each in reading.trivial_errors() if RUNS[each.language] and each.observed != "no end"][::310]:
        printed, observed = make.run(each.program, each.language)
        assert (printed, observed) != (each.check, "ok"), each.id
        assert observed == ("ok" if each.observed == "wrong output" else each.observed), each.id
        assert make.run(each.original, each.language) == (each.check, "ok"), each.id


def test_every_edit_is_local() -> None:
    for each in reading.trivial_errors():
        assert each.program != each.original
        assert abs(each.program.count("\n") - each.original.count("\n")) <= 1, each.id

"""Differences for people."""

from __future__ import annotations

from cambrian.source.diff import Stat, stat, unified

BEFORE = {"a.py": "x = 1\ny = 2\n", "b.py": "same\n", "old.py": "gone"}
AFTER = {"a.py": "x = 1\ny = 3\nz = 4\n", "b.py": "same\n", "new.py": "here\n"}


def test_a_diff_names_files_and_lines() -> None:
    assert unified(BEFORE, AFTER) == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,3 @@\n x = 1\n-y = 2\n+y = 3\n+z = 4\n"
        "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+here\n"
        "--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n\\ No newline at end of file\n"
    )


def test_its_size() -> None:
    assert stat(BEFORE, AFTER) == Stat(files=3, added=3, removed=2)


def test_equal_programs_differ_in_nothing() -> None:
    assert unified(BEFORE, BEFORE) == ""
    assert stat(BEFORE, BEFORE) == Stat(0, 0, 0)

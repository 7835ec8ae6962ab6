"""The language of a piece of code is told by its name, its first line, its grammar, then its words, with a reason."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.core.script import LANGUAGES
from cambrian.source.features_language import detect

CODES = [
    ("def f(): pass", "python"), ("import json\njson.dumps({})", "python"), ("[x for x in y]", "python"),
    ("print(1)", "python"), ("1 + 1", "python"), ("x = None", "python"), ("sorted(f(1))", "python"),
    ("const a = 1", "javascript"), ("console.log(1)", "javascript"), ("Math.max(1, 2)", "javascript"),
    ("x => x + 1", "javascript"), ("// def f(): pass\nf(1)", "javascript"), ("await fetch('x'); null", "javascript"),
    ("let a: number = 1", "typescript"), ("interface A {}", "typescript"), ("f<string>(1) as any", "typescript"),
    ("const x = (", "javascript"), ("def f(:", "python"), ("'const let var'; None", "python"),
    ("# const let\nprint('function')", "python"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "language"), CODES)
def test_code_tells(code: str, language: str) -> None:
    found = detect(code)
    assert found.language == language
    assert found.reason


@pytest.mark.parametrize(
    ("name", "language"),
    [("a.py", "python"), ("a.js", "javascript"), ("a.MJS", "javascript"), ("b/a.ts", "typescript"),
     ("a.d.mts", "typescript")],
)  # fmt: skip
def test_a_name_tells(name: str, language: str) -> None:
    found = detect("1 + 1", name)
    assert found.language == language
    assert "its name ends in" in found.reason


@pytest.mark.parametrize(
    ("line", "language"),
    [("#!/usr/bin/env python3", "python"), ("#!/usr/bin/node", "javascript"),
     ("#!/usr/bin/env -S deno run", "javascript")],
)  # fmt: skip
def test_a_first_line_tells(line: str, language: str) -> None:
    assert detect(f"{line}\nx").language == language


@pytest.mark.parametrize("name", ["", "-", "script", ".ts", "a.txt"])
def test_other_names_do_not(name: str) -> None:
    assert detect("const a = 1", name).language == "javascript"


@pytest.mark.parametrize("code", ["x" * 50_000_000, "(" * 99_999, "x<y," * 20_000, "! ! & " * 16_000, "`" * 99_000])
def test_hostile_text_takes_bounded_time(code: str) -> None:
    start = time.process_time()
    assert detect(code).reason
    assert time.process_time() - start < 8


@given(st.text(max_size=60), st.text(max_size=8))
@settings(deadline=None)
def test_no_text_is_too_strange(code: str, name: str) -> None:
    assert detect(code, name).language in LANGUAGES

"""JavaScript scripts return their last expression's value, on the lines where they were, whatever the text."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cambrian.source.javascript import MAX_CHARACTERS, MAX_NESTING, Import, Outline, check, outline, wrap
from cambrian.source.javascript_tree import STRIDE
from cambrian.source.tree import Problem

from .deno import binary, run_modules

VALUES: list[tuple[str, object]] = [
    ("1 + 1", 2),
    ("#!/usr/bin/env node\n{a: 1}", {"a": 1}),
    ("{}", {}),
    ("x = 5\n;", 5),
    ("let a = await Promise.resolve(3);\n`${a}` // three", "3"),
    ("function f() { return 1 }\nf();;", 1),
    ("return 3", 3),
    ("if (true) { return 'early' }\n4", "early"),
    ("const a = {\n b: 1\n}\n/* a comment */\na", {"b": 1}),
    ("'use strict'", "use strict"),
    ("{a: 1, b: [2]}", {"a": 1, "b": [2]}),
    ("const x = 6\nx //c\n;", 6),
    ("(1, 2)", 2),
    ("1, 2", 2),
    ("const r = 8 / 2 / 1; r", 4),
    ("const t = '`'; /`[/]\"/.test('`/\"')", True),
    ("do x = 1; while (false) x", 1),
    ("let i = 1\n++i", 2),
    ("[1,2,3].map(n => n * 2)", [2, 4, 6]),
    ("`a${`b${1}`}c`", "ab1c"),
    ("const f = async () => { await 1; return 7 }\nf()", 7),
    ("let y = 1", None),
    ("if (true) { 1 }", None),
    ("", None),
    ("var é = 'ü😀'; é", "ü😀"),
]
BODY = "const F = Object.getPrototypeOf(async () => {}).constructor; globalThis.out = await F(BODY)();"


def test_the_last_expression_is_the_value(tmp_path: Path) -> None:
    pytest.importorskip("deno", reason="Deno is an extra")
    assert binary()
    scripts = [("mjs", BODY.replace("BODY", json.dumps(wrap(code)))) for code, _ in VALUES]
    found = run_modules(tmp_path, scripts)
    wanted = [json.dumps({} if value is None else {"value": value}) for _, value in VALUES]
    assert [json.loads(text) for text in found] == [json.loads(text) for text in wanted]


@pytest.mark.parametrize("code", [code for code, _ in VALUES])
def test_lines_stay_where_they_are(code: str) -> None:
    before, after = code.split("\n"), wrap(code).split("\n")
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) <= 3  # the expression's two ends, and the hash bang


@pytest.mark.parametrize(
    "code", ["f(", "let x = ;", "'abc", "`${a", "a b", "x => {", "x = }", "let a: number = 1", "/*"]
)
def test_what_does_not_parse_is_left_to_the_engine(code: str) -> None:
    assert wrap(code) == code
    assert isinstance(check(code), Problem)


def test_a_mistake_is_named_with_its_line() -> None:
    problem = check("let a = 1;\n\nlet b = ;\n")
    assert problem is not None
    assert problem.line == 3
    assert problem.message.startswith("SyntaxError: it does not parse near")


def test_an_outline_names_what_no_function_may_hold() -> None:
    code = "import x, {y} from 'node:fs'\nimport 'z'\nexport const q = 1\nawait import('a')\nrequire('b'); import(c)"
    assert outline(code) == Outline(
        awaits=4, exports=3,
        imports=(
            Import(module="node:fs", line=1), Import(module="z", line=2), Import(module="a", line=4, dynamic=True),
            Import(module="b", line=5, dynamic=True), Import(module="", line=5, dynamic=True),
        ),
    )  # fmt: skip
    assert outline("function f() { return 1 }\nasync () => { await 2 }") == Outline()
    assert outline("if (a) { return 1 }\nfor await (const x of y) {}") == Outline(returns=1, awaits=2)
    assert outline("import type {A} from 'b'", "typescript") == Outline()


def test_comments_and_texts_are_no_code() -> None:
    assert outline("// import 'a'\n/* return */ 'await x'; `import('b')`; x.import('c'); x.require('d')") == Outline()


HOSTILE = [
    "(" * 100_000, "(" * 40_000 + ")" * 40_000, "[" * 90_000, "`${" * 30_000, "| - " * 20_000, "! ! & " * 15_000,
    ", } - + " * 12_000, "x<y," * 20_000, "+ await " * 12_000, "/* {b} | " * 10_000, "`" * 99_999, "'" * 99_999,
    "/" * 99_999, "{b} " * 24_000,
    "a=>" * 30_000, "!" * 99_999, "- of (a) " * 11_000, "x=1;\n" * 300 + "++ -- > - \n" * 8_000, "a?b:" * 20_000,
    "x" * 50_000_000, "\\" * 90_000, "\ud800", "<a>" * 30_000, "if(a)" * 19_000, "a." * 49_000 + "b", "\0" * 1000,
]  # fmt: skip


@pytest.mark.parametrize("code", HOSTILE, ids=[f"{code[:9]!r}…" for code in HOSTILE])
def test_hostile_text_takes_bounded_time(code: str) -> None:
    start = time.process_time()
    for dialect in ("javascript", "typescript"):
        problem = check(code, dialect)
        assert problem is None or problem.message.split()[0] in ("too", "SyntaxError:")
    assert time.process_time() - start < 15  # under 4 s on a quiet machine; without the walls, minutes


def test_the_caps_say_what_they_are() -> None:
    large, deep = check("x" * (MAX_CHARACTERS + 1)), check("x;" * STRIDE + "(" * (MAX_NESTING + 1))
    assert large is not None
    assert "too large" in large.message
    assert deep is not None
    assert "too deep" in deep.message
    assert check("x;" * STRIDE + "[" * (MAX_NESTING - 1) + "]" * (MAX_NESTING - 1)) is None
    assert check("const a = [1, {b: 'c'}, `d${1}`];\n" * (MAX_CHARACTERS // 40)) is None


def test_long_functions_and_tables_are_read() -> None:
    body = "".join(
        f"  if (n === {i}) {{ do {{ n += {i} }} while (n < {i}); total.push({{a: [{i}, `x${{n}}`]}}); }}\n"
        for i in range(400)
    )
    assert check(f"function f(n) {{\n{body}}}\nf(1)") is None
    assert check("const table = [" + ", ".join(f"{{name: 'n{i}', value: {i}.5}}" for i in range(2000)) + "]") is None
    assert check("const text = `" + "line of text, 'quoted' (and so on;\n" * 1500 + "`") is None
    assert check("switch (x) {\n" + "".join(f"case {i}: y = {i}; break;\n" for i in range(1000)) + "}") is None


@given(st.text(max_size=80))
@example("}); evil(); (async () => {")
@settings(deadline=None)
def test_no_text_is_too_strange(code: str) -> None:
    wrapped = wrap(code)
    assert wrapped.count("\n") == code.count("\n")
    for found in (outline(code), outline(code, "typescript")):
        assert isinstance(found, Outline | Problem)

"""Features of scripts: each follows its thing, comments and texts never count, no text is too strange or too slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.core.script import LANGUAGES, Language
from cambrian.source.features_script import MAX_CHARACTERS, ScriptFeatures, script_features
from cambrian.source.features_tally import OPEN_ROUNDS, is_risky

TOOLS = ("add", "sub", "mul")

PYTHON = [
    ("import json, os.path", {"import:json", "import:os"}),
    ("from statistics import mean", {"import:statistics"}),
    ("from . import x", {"import:."}),
    ("class A: pass", {"class:definition"}),
    ("class A(object): pass", {"class:definition", "global:object"}),
    ("class A(B): pass", {"class:definition", "class:inheritance"}),
    ("class A(metaclass=M): pass", {"class:definition", "class:metaclass"}),
    ("@d\nclass A: pass", {"class:definition", "class:decorator"}),
    ("class A:\n @property\n def x(self): pass", {"class:definition", "class:property", "global:property"}),
    ("def f(): yield 1", {"syntax:yield"}),
    ("def f(): yield from g", {"syntax:yield"}),
    ("async def f(): await g", {"syntax:async-def", "syntax:await"}),
    ("async def f():\n async for x in y: pass", {"syntax:async-def", "syntax:async-for"}),
    ("async def f():\n async with x: pass", {"syntax:async-def", "syntax:async-with"}),
    ("del x", {"syntax:del"}),
    ("@d\ndef f(): pass", {"syntax:decorator"}),
    ("try: x\nfinally: y", {"syntax:try", "syntax:try-finally"}),
    ("try: x\nexcept* E: y", {"syntax:except-star"}),
    ("match x:\n case 1: pass", {"syntax:match"}),
    ("with x: pass", {"syntax:with"}),
    ("(a := 1)", {"syntax:walrus"}),
    ("lambda: 1", {"syntax:lambda"}),
    ("[x for x in y]", {"syntax:comprehension"}),
    ("f(x for x in y)", {"syntax:generator-expression", "syntax:lazy-generator"}),
    ("sum(x for x in y)", {"syntax:generator-expression", "global:sum"}),
    ("f(*(x for x in y))", {"syntax:generator-expression", "syntax:star"}),
    ("', '.join(x for x in y)", {"syntax:generator-expression"}),
    ("next(x for x in y)", {"syntax:generator-expression", "syntax:lazy-generator", "global:next"}),
    ("sum(x for x in count())", {"syntax:generator-expression", "syntax:lazy-generator", "global:sum"}),
    ("for x in (z for z in y): f(x)", {"syntax:generator-expression", "syntax:lazy-generator"}),
    ("any(f(x) for x in y)", {"syntax:generator-expression", "global:any"}),
    ("list(map(f, y))", {"global:list", "global:map"}),
    ("for x in map(f, y): g(x)", {"global:map"}),
    ("m = map(f, y)", {"global:map", "builtin:lazy-map"}),
    ("list(map(f, itertools.count()))", {"global:list", "global:map", "builtin:lazy-map"}),
    ("class A:\n def __bool__(self): return 1\n def f(self): pass", {"class:definition", "class:__bool__"}),
    ("class A:\n __iadd__ = f", {"class:definition", "class:__iadd__"}),
    ("b'x'; 1j; {1}", {"literal:bytes", "literal:complex", "literal:set"}),
    ("open(x)", {"global:open"}),
    ("open = 1; open", set[str]()),
    ("def eval(x): pass\neval(1)", set[str]()),
]
JAVASCRIPT = [
    ("import fs from 'node:fs'", {"syntax:import", "import:node:fs"}),
    ("await import('a')", {"syntax:dynamic-import", "import:a", "syntax:await"}),
    ("import(a)", {"syntax:dynamic-import"}),
    ("const fs = require('fs')", {"syntax:dynamic-import", "import:fs", "global:require"}),
    ("class A {}", {"class:definition"}),
    ("class A extends B {}", {"class:definition", "class:inheritance"}),
    ("class A { #p = 1; static { } }", {"class:definition", "class:private", "class:field", "class:static-block"}),
    ("function* f() { yield 1 }", {"syntax:yield"}),
    ("async () => 1", {"syntax:async-def"}),
    ("for await (const x of y) {}", {"syntax:async-for", "syntax:await"}),
    ("try { a } finally { b }", {"syntax:try", "syntax:try-finally"}),
    ("/a/.test(x)", {"syntax:regexp"}),
    ("10n", {"literal:bigint"}),
    ("export const a = 1", {"syntax:export"}),
    ("fetch(x)", {"global:fetch"}),
    ("const fetch = x => 1; fetch(2)", set[str]()),
    ("function f(URL) { return URL }", set[str]()),
    ("x.fetch(1); y = {URL: 1}", set[str]()),
    ("new WebAssembly.Module(x)", {"global:WebAssembly"}),
    ("a?.b", {"syntax:optional-chain"}),
]


@pytest.mark.parametrize(("code", "needs"), PYTHON)
def test_what_python_needs(code: str, needs: set[str]) -> None:
    assert set(script_features(code, "python").needs) == needs


def test_what_stops_early_matters_where_it_makes_calls() -> None:
    code = "any(add(x, 1) for x in y)"
    assert "syntax:lazy-generator" not in script_features(code, "python").needs
    assert "syntax:lazy-generator" in script_features(code, "python", TOOLS).needs


@pytest.mark.parametrize(("code", "needs"), JAVASCRIPT)
def test_what_javascript_needs(code: str, needs: set[str]) -> None:
    assert set(script_features(code, "javascript").needs) - {"syntax:await"} == needs - {"syntax:await"}
    assert script_features(code, "typescript").needs == script_features(code, "javascript").needs


def test_typescript_is_read_without_its_types() -> None:
    plain = script_features("const a = add(1, 2)", "typescript", TOOLS)
    typed = script_features("const a: number = add<number>(1, 2) as any", "typescript", TOOLS)
    assert plain.tools == typed.tools == ("add",)
    assert plain.needs == typed.needs
    assert script_features("enum A { X }\nconst a: URL = fetch(1)", "typescript").needs == (
        "global:fetch", "syntax:typescript-enum",
    )  # fmt: skip


LIES = "import os; class A(B): yield fetch('x'); add(1); while True: del x; https://x; (a+)+"


@pytest.mark.parametrize(
    ("code", "language"),
    [
        (f"# {LIES}\nx = 1", "python"), (f"x = '''{LIES}'''", "python"),
        (f"x = f'{{1}}{LIES!s}'".replace("'x'", "x"), "python"),
        (f"// {LIES}\nx = 1", "javascript"), (f"/* {LIES} */ x = 1", "javascript"), (f'x = "{LIES}"', "javascript"),
        (f"x = `{LIES}`", "typescript"),
    ],
)  # fmt: skip
def test_comments_and_texts_never_count(code: str, language: Language) -> None:
    found = script_features(code, language, TOOLS)
    assert found.problem == ""
    assert set(found.needs) <= {"syntax:template"}
    assert (found.loops, found.tool_calls, found.network, found.risky_patterns) == (0, 0, False, 0)


def test_the_same_text_as_code_counts() -> None:
    """The positive control of the test above."""
    found = script_features("import os\nclass A(B):\n  del x\nadd(1)\nwhile 1: fetch('https://x')", "python", TOOLS)
    assert {"import:os", "class:inheritance", "syntax:del"} <= set(found.needs)
    assert (found.loops, found.tool_calls, found.network) == (1, 1, True)


def test_tool_calls_are_counted() -> None:
    python = script_features(
        "add(1)\ntools.sub(2)\nfor x in y: tools['mul'](add(3))\nx.add(1)\nother()", "python", TOOLS
    )
    assert set(python.tools) == {"add", "sub", "mul"}
    assert python.looped_calls
    script = script_features("await add(1); tools.sub(2); [1].map(x => tools['mul'](x)); other()", "javascript", TOOLS)
    assert (script.tools, script.tool_calls, script.looped_calls) == (TOOLS, 3, True)
    assert not script_features("add(1)", "javascript", TOOLS).looped_calls


@pytest.mark.parametrize(
    ("code", "language", "rounds"),
    [
        ("for i in range(1000):\n x", "python", 1e3),
        ("N = 10**3\nfor i in range(0, N, 2):\n for j in range(N):\n  x", "python", 5e5),
        ("for i in [1, 2, 3]:\n x", "python", 3),
        ("[x for x in range(700)]", "python", 700),
        ("def f():\n for i in range(100): x\nfor j in range(100): f()", "python", 1e4),
        ("for x in y: x", "python", OPEN_ROUNDS),
        ("while x: y", "python", OPEN_ROUNDS),
        ("for i in range(10**9):\n for j in range(10**9): x", "python", 1e15),
        ("for (let i = 0; i < 1000; i++) { x }", "javascript", 1e3),
        ("const N = 1e3; for (let i = 0; i < N; i++) { for (let j = N; j >= 1; j--) x }", "javascript", 1e6),
        ("for (const x of [1, 2, 3]) y", "javascript", 3),
        ("const f = () => { for (let i = 0; i < 100; i++) x }; for (let j = 0; j < 100; j++) f()", "javascript", 1e4),
        ("xs.map(x => x + 1)", "javascript", OPEN_ROUNDS),
        ("for (;;) x", "javascript", OPEN_ROUNDS),
    ],
)
def test_work_follows_literal_ranges(code: str, language: Language, rounds: float) -> None:
    found = script_features(code, language)
    assert rounds <= found.work <= 40 * rounds + 100
    assert found.loops > 0


def test_recursion_is_taken_for_many_calls() -> None:
    once = script_features("def f(n):\n return g(n - 1)\nf(3)", "python").work
    line = script_features("def f(n):\n return f(n - 1)\nf(3)", "python").work
    tree = script_features("def f(n):\n return f(n - 1) + f(n - 2)\nf(3)", "python").work
    assert 10 * once < line < 10 * line < tree


def test_open_loops_and_recursion_are_named() -> None:
    found = script_features("def f(n):\n while n: f(n - 1)\nfor i in range(3): pass", "python")
    assert (found.loops, found.open_loops, found.nesting, found.recursive) == (2, 1, 1, True)
    assert script_features("function f(n) { return n ? f(n - 1) : 0 }", "javascript").recursive
    assert not script_features("function f(n) { return g(n) }\nf(1)", "javascript").recursive
    assert script_features("[[0 for a in range(30)] for b in range(20)]", "python").largest_list == 30


@pytest.mark.parametrize("pattern", ["(a+)+", "(a*)*$", "(?:x{2,})+", "((a+)b?)*", r"(\w+\s?)+", "([ab]*c|d)+"])
def test_risky_patterns(pattern: str) -> None:
    assert is_risky(pattern)
    assert script_features(f"import re\nre.match(r'{pattern}', x)", "python").risky_patterns == 1
    assert script_features(f"/{pattern}/.test(x)", "javascript").risky_patterns == 1


@pytest.mark.parametrize(
    "pattern", ["a+b+", "(ab)+", r"\(a+\)+", "[(a+)]+", "(a{1,3})+", "(a?)+", "(a+){2}", "", "(((", ")+"]
)
def test_patterns_without_that_risk(pattern: str) -> None:
    assert not is_risky(pattern)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("(" * 50_000 + ")" * 50_000, "too|nested|SyntaxError"), ("x" * 50_000_000, "too large"),
        ("\0", "NUL|SyntaxError"),
        ("\ud800", "UTF-8|SyntaxError"), ("x = = 1", "SyntaxError"), ("[" * 90_000, "too|nested"),
        ("| - " * 20_000, "SyntaxError"),
    ],
    ids=["parentheses", "50 MB", "NUL", "surrogate", "mistake", "brackets", "nonsense"],
)  # fmt: skip
def test_hostile_text_has_a_clear_answer(language: Language, code: str, problem: str) -> None:
    start = time.process_time()
    found = script_features(code, language)
    assert any(word in found.problem for word in problem.split("|"))
    assert found == ScriptFeatures(
        language=language, problem=found.problem, line=found.line, characters=len(code), lines=1
    )
    assert time.process_time() - start < 5


def test_large_scripts_are_read() -> None:
    assert script_features("x = [1, 2]\n" * (MAX_CHARACTERS // 12), "python").problem == ""
    assert script_features("x = [1, 2];\n" * (MAX_CHARACTERS // 13), "typescript").problem == ""
    chain = "q" + ".filter(x => x.value > 3)" * 1000
    assert script_features(chain, "javascript").problem == ""


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
@settings(deadline=None)
def test_no_text_is_too_strange(code: str, language: Language) -> None:
    found = script_features(code, language, TOOLS)
    assert found.language == language
    assert found.work >= 0

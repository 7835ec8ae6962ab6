"""Rules for JavaScript: examples give the same before and after, run on an engine in the jail; what Script knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest

from cambrian.core.limits import Limits
from cambrian.core.ports import Exit
from cambrian.core.script import Done
from cambrian.core.script import Script as Code
from cambrian.sandbox.scripts import quickjs
from cambrian.sandbox.scripts.port import Terms
from cambrian.sandbox.scripts.runtime import DrivenRuntime
from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import applied
from cambrian.source.rules.script import Script

FETCH = """
let now = 0;
const fetch = async (url) => {
  await new Promise((done) => setTimeout(done, 10));
  if (url.includes("bad")) throw new Error(url);
  return { json: async () => url };
};
const fetchUser = fetch, fetchPosts = fetch;
"""
CALLS = {
    "await-in-loop": ["load([1, 2, 3])", "load(['bad1', 2, 'bad2'])", "load([])"],
    "consecutive-awaits": ["page('a').then(Object.keys)"],
    "membership-set-js": ["keep(['a', 'b', NaN], ['b', NaN])", "keep([], [])"],
    "growing-set": ["unique([1, 2, 1, NaN, NaN, undefined, undefined])"],
    "find-index": ["join([{ userId: 1 }, { userId: 9 }], [{ id: 1, n: 1 }, { id: 1, n: 2 }])", "join([], [])"],
    "spread-accumulator": ["f([1, 2, 3])", "f([])"],
    "shift-queue": ["[...reach({ a: ['b', 'c'], b: ['c'], c: ['a'] }, 'a')]"],
    "unshift-loop": ["turned([1, 2, 3])", "turned([])"],
    "invariant-call-js": ["match(['Ab', 'c'], 'a')", "match([], 'a')"],
    "keys-membership": ["has({ a: 1 }, 'a')", "has({ a: 1 }, 'toString')"],
    "sort-first-js": ["least([3, 1, 2])", "least([])"],
    "first-match": ["first([{ id: 1 }, { id: 3, a: 1 }, { id: 3, a: 2 }])", "first([])"],
    "nested-join": [
        "join([{ id: 1, name: 'a' }, { id: 2, name: 'b' }, { id: 1, name: 'c' }],"
        " [{ userId: 1, total: 3 }, { userId: 1, total: 4 }, { userId: '2', total: 5 }])",
        "join([], [])",
    ],
    "unique-filter": ["unique([1, '1', 1, NaN, NaN, undefined, 0, -0, undefined])", "unique([])"],
    "invariant-scan": ["scaled([3, 1, 2])", "scaled([])"],
    "recursion-map": ["fib(20)", "fib(0)", "fib(-3)", "[fib(7), fib(9), fib(7)]"],
}
"""Rule → calls of its first example."""
OTHERS = [
    ("recursion-map", 1, "paths(5, 6)"),
    ("recursion-map", 2, "[fill(10, [3, 4, 5]), fill(7, [8]), fill(0, [])]"),
    ("invariant-scan", 1, "shares([{ n: 1 }, { n: 3 }])"),
    ("invariant-scan", 2, "common([1, 2, 3], [2, 3])"),
    ("invariant-scan", 3, "ranks([30, 10, 20, 10])"),
    ("nested-join", 1, "pages([{ id: 1 }, { id: 2 }, { id: 1 }], [{ by: 1, n: 1 }, { by: 1, n: 2 }])"),
    ("unique-filter", 1, "unique([{ id: 1, n: 1 }, { id: 1, n: 2 }, { id: NaN }, {}, {}])"),
    ("spread-accumulator", 2, "f(['a', 'b', 'a'])"),
    ("first-match", 3, "[f([1, 2]), f([1, 5, 6]), f([])]"),
    ("invariant-call-js", 1, "price([{ n: 2, kind: 'a' }], '{\"a\": 3}')"),
    ("invariant-call-js", 1, "price([], '{')"),
    ("invariant-call-js", 1, "price([{ n: 2, kind: 'a' }], '{')"),
    ("invariant-call-js", 2, "[clean('a  b'), clean('  '), clean('a  b')]"),
]
"""Rule, place of an example, a call of it."""


@pytest.fixture
async def engine() -> AsyncIterator[DrivenRuntime]:
    made = DrivenRuntime(quickjs.driver(), workers=1)
    yield made
    await made.aclose()


async def outcome(engine: DrivenRuntime, text: str, call: str) -> object:
    tail = f"await (async () => {call})().then((value) => [JSON.stringify(value), ''], (error) => ['', String(error)])"
    code = Code(code=f"{FETCH}\n{text.replace('export ', '')}\n{tail}", language="javascript")
    execution, said = await engine.begin(code, [], Limits(), Terms(seed=1, now=0.0))
    await execution.close()
    assert not isinstance(said, Exit)
    assert isinstance(said.turn, Done), said.turn
    return said.turn.value


def test_every_rule_for_javascript_has_calls() -> None:
    ids = {rule.id for rule in rules("speed", "javascript")}
    assert ids >= CALLS.keys()
    assert len(ids) >= 8


@pytest.mark.parametrize("id_", sorted(CALLS))
async def test_an_example_gives_the_same_before_and_after(engine: DrivenRuntime, id_: str) -> None:
    rule = next(rule for rule in rules("speed", "javascript") if rule.id == id_)
    example = rule.examples[0]
    assert example.after is not None
    for call in CALLS[id_]:
        assert await outcome(engine, example.after, call) == await outcome(engine, example.before, call), call


@pytest.mark.parametrize(("id_", "place", "call"), OTHERS)
async def test_other_examples_give_the_same(engine: DrivenRuntime, id_: str, place: int, call: str) -> None:
    rule = next(rule for rule in rules("speed", "javascript") if rule.id == id_)
    example = rule.examples[place]
    assert example.after is not None
    assert await outcome(engine, example.after, call) == await outcome(engine, example.before, call)


LEFT_ALONE = {
    "recursion-map": [
        "function f(n) { if (n < 1) return 0; if (n % 2) return 1 + f(n - 1); return f(n / 2); }",
        "const f = (n) => (n < 1 ? 0 : n % 2 ? f(n - 1) : 1 + f(n / 2));",
        "function f(n) { return n < 2 ? Math.random() : f(n - 1) + f(n - 2); }",
        "function f(n) { return n < 2 ? Date.now() : f(n - 1) + f(n - 2); }",
        "async function f(n) { return n < 2 ? n : (await f(n - 1)) + (await f(n - 2)); }",
        "function f(n, out) { out.push(n); return n < 2 ? n : f(n - 1, out) + f(n - 2, out); }",
        "const t = [1]; t.push(2); function f(n) { return n < 2 ? t[n] : f(n - 1) + f(n - 2); }",
        "class A { f(n) { return n < 2 ? n : this.f(n - 1) + this.f(n - 2); } }",
        "function f(n = 3) { return n < 2 ? n : f(n - 1) + f(n - 2); }",
        "let f = (n) => (n < 2 ? n : f(n - 1) + f(n - 2)); f = null;",
        "function f(n) { return n < 2 ? g(n) : f(n - 1) + f(n - 2); } function g(n) { console.log(n); return n; }",
        "function f(...n) { return n[0] < 2 ? 1 : f(n[0] - 1) + f(n[0] - 2); }",
        "function f(n) { return n < 2 ? {} : [f(n - 1), f(n - 2)]; }",
    ],
    "invariant-scan": [
        "function f(xs) { for (const x of xs) { xs.push(Math.max(...xs)); } }",
        "function f(xs) { let k = 0; return xs.map((x) => xs.reduce((a, b) => a + b + k++, 0)); }",
        "function f(xs) { return xs.map((x) => xs.sort((a, b) => a - b).indexOf(x)); }",
        "function f(xs, g) { for (const x of xs) { g(xs); x.n = Math.max(...xs); } }",
        "function f(xs) { return xs.map((x) => { const s = new Set(xs); s.delete(x); return s; }); }",
        "function f(xs) { return Math.max(...xs); }",
        "function f(xs, Math) { return xs.map((x) => x / Math.max(...xs)); }",
    ],
    "nested-join": [
        "function f(a, b) { for (const x of a) { for (const y of b) { if (y.k == x.k) x.n = 1; } } }",
        "function f(a, b) { for (const x of a) { for (const y of b) { log(y); if (y.k === x.k) x.n = 1; } } }",
        "function f(a, b) { for (const x of a) { for (const y of b) { if (y.k === x.k) x.k += 1; } } }",
        "function f(a, b) { for (const x of a) { for (const y of x.ys) { if (y.k === x.k) x.n = 1; } } }",
        "function f(a, b) { for (const x of a) { for (const y in b) { if (y === x) x.n = 1; } } }",
        "function f(a, b) { for (const y of b) { if (y.k === a.k) a.n = 1; } }",
        "function f(a, b) { let w = 0; for (const x of a) { for (const y of b) { if (y.k === w) w = y.n; } } }",
        "function f(a, b) { for (const x of a) { b.pop(); for (const y of b) { if (y.k === x.k) x.n = 1; } } }",
    ],
    "unique-filter": [
        "const f = (xs) => xs.filter((x, i) => xs.indexOf(x) === i + 1);",
        "const f = (xs) => xs.filter((x, i) => xs.lastIndexOf(x) === i);",
        "const f = (xs) => xs.filter((x, i) => xs.findIndex((y) => y.a === x.b) === i);",
        "const f = (xs) => xs.filter((x, i) => g().indexOf(x) === i);",
    ],
    "invariant-call-js": [
        "const f = (xs, w) => xs.filter((x) => { w += 'a'; return new RegExp(w).test(x); });",
        "const f = (xs, w) => xs.filter((x) => new RegExp(w, 'y').test(x));",
        "const f = (xs, w) => xs.map((x) => new RegExp(w, 'g'));",
        "f('a'); function f(x) { return new RegExp('a').test(x); }",
    ],
    "first-match": [
        "const f = (xs) => xs.filter((x) => x > 3).at(-1);",
        "const f = (xs) => xs.filter((x) => x > 3).length + 1;",
        "const f = (xs) => xs.filter((x) => x > 3).shift;",
    ],
    "spread-accumulator": [
        "const f = (xs) => xs.reduce((all, x) => [...all, all.pop()], []);",
        "const f = (xs) => xs.reduce((all, x) => ({ ...all, [x]: g(all) }), {});",
        "const f = (xs) => xs.reduce((all, x) => ({ ...all, [x]: all.b, c: 1 }), {});",
    ],
}


@pytest.mark.parametrize(("id_", "text"), [(id_, text) for id_, texts in LEFT_ALONE.items() for text in texts])
def test_what_may_do_something_else_is_left_alone(id_: str, text: str) -> None:
    rule = next(rule for rule in rules("speed", "javascript") if rule.id == id_)
    assert [one.what for one in find(text, "a.js", [rule])] == []


async def test_twenty_requests_of_ten_milliseconds_take_a_fifteenth(engine: DrivenRuntime) -> None:
    rule = next(rule for rule in rules("speed", "javascript") if rule.id == "await-in-loop")
    before = rule.examples[0].before
    after = applied(before, find(before, "a.js", [rule]))
    call = "{ const begun = Date.now(); await load([...Array(20).keys()]); return Date.now() - begun; }"
    slow, quick = [await outcome(engine, text, call) for text in (before, after)]
    waits = [float(cast("list[str]", told)[0]) for told in (slow, quick)]
    assert waits[0] >= 15 * waits[1]


def read(text: str) -> Script:
    made = Script.read(text)
    assert isinstance(made, Script)
    return made


def test_names_mean_the_variables_of_their_scopes() -> None:
    script = read("const a = 1;\nfunction f(a) { { let a = 2; a; } return a; }\na;\n")
    bindings = [script.binding(node) for node in script.of("identifier") if node.text == "a"]
    kinds = [binding.kind for binding in bindings if binding is not None]
    assert kinds == ["const", "parameter", "let", "let", "parameter", "const"]


def test_kinds_are_told_where_all_assignments_agree() -> None:
    script = read("let a = [];\na = [1];\nlet b = [];\nb = f();\na; b; Object.keys(a); `x`.split('');\n")
    kinds = {node.text: script.kind(node) for node in script.of("identifier", "call_expression")}
    assert (kinds["a"], kinds["b"], kinds["Object.keys(a)"], kinds["`x`.split('')"]) == ("array", "", "array", "array")


def test_a_callback_of_map_repeats_and_another_does_not() -> None:
    script = read("xs.map((x) => g(x));\non((x) => h(x));\n")
    g, h = (next(node for node in script.of("call_expression") if node.text == text) for text in ("g(x)", "h(x)"))
    assert len(script.loops(g)) == 1
    assert not script.loops(h)

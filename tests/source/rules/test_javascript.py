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
}
"""Rule → calls of its first example."""


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

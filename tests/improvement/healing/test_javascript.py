"""Healing of JavaScript and TypeScript files, on Node in the jail."""

from __future__ import annotations

import pytest

from cambrian.improvement.healing.healing import Healed, HealSettings, heal
from cambrian.improvement.healing.javascript import JavaScriptHealer, JavaScriptRunner

BROKEN = [
    ("jason", "const r = { json() { return 5; } };\nconsole.log(r.jason());\n", "5", "r.json()"),
    ("append", "const xs = [];\nxs.append(3);\nconsole.log(xs);\n", "[ 3 ]", "xs.push(3)"),
    ("length", "const xs = [1];\nconsole.log(xs.lenght);\n", "1", "xs.length"),
    ("bracket", "const f = (a) => [a, a;\nconsole.log(f(1));\n", "[ 1, 1 ]", "[a, a];"),
    ("await", "async function g() { return 3; }\n(async () => {\n  const x = g();\n  console.log(x + 1);\n})();\n", "4",
     "await g()"),
    ("module", "console.log(path.join('a', 'b'));\n", "a/b", 'require("path")'),
    ("constant", "const n = 1;\nn += 1;\nconsole.log(n);\n", "2", "let n"),
    ("new", "const m = Map([[1, 2]]);\nconsole.log(m.get(1));\n", "2", "new Map"),
    ("foreign", "const a = None;\nconsole.log(a);\n", "null", "null"),
    ("this", "class A {\n  n = 2;\n  get() { return n; }\n}\nconsole.log(new A().get());\n", "2", "this.n"),
    ("condition", "let n = 1;\nif (n = 2) console.log('two');\nelse console.log('other', n);\n", "other 1", "n === 2"),
    ("private", "class A {\n  #n = 2;\n  get() { return #n + 1; }\n}\nconsole.log(new A().get());\n", "3", "this.#n"),
    ("compared", "const m = new Map([[1, 2]]);\nif (m.get(1) = 2 && m.size > 0) console.log('two');\n", "two", "=== 2"),
    ("branch", "const f = (n) => {\n  if (n < 1) 0;\n  return n + f(n - 1);\n};\nconsole.log(f(3));\n", "6",
     "return 0;"),
    ("caught", "async function go() { return slep(1); }\nfunction sleep(n) { return n; }\n"
     "go().then(console.log).catch(() => { process.exitCode = 2; });\n", "1", "return sleep(1)"),
    ("alike", "const once = (f) => (...a) => f(...a);\nconst sum = once((a, b) => a + b);\nconsole.log(sum(1));\n"
     "console.log(sum(4, 2));\n", "3\n6", "sum(1, 2)"),
]  # fmt: skip


async def healed(text: str, expected: str | None, name: str = "program.js") -> Healed:
    runner = JavaScriptRunner(name, expected=expected)
    try:
        return await heal(text, JavaScriptHealer(name), runner, HealSettings(seconds=30.0))
    finally:
        await runner.aclose()


@pytest.mark.parametrize(("text", "expected", "has"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
async def test_a_trivial_error_is_healed(text: str, expected: str, has: str) -> None:
    found = await healed(text, expected)
    assert found.healed, found.failure
    assert has in found.text


async def test_typescript_with_modules_is_healed() -> None:
    text = 'import { join } from "pth";\nconst f = (a: string): string => join(a, "b");\nconsole.log(f("a"));\n'
    found = await healed(text, "a/b", "program.ts")
    assert found.healed
    assert '"path"' in found.text
    assert ": string" in found.text


async def test_typescript_that_does_something_with_types_is_watched() -> None:
    text = "class Jar {\n  constructor(private readonly n: number) {}\n  size(): number { return this.n; }\n}\n"
    found = await healed(f"{text}console.log(new Jar(2).sise());\n", None, "program.ts")
    assert ".size())" in found.text, found.failure
    assert found.silent


async def test_await_at_the_top_makes_a_module() -> None:
    text = "const f = async (): Promise<number> => 2;\nconst n = await f();\nconsole.log(Mth.abs(n));\n"
    found = await healed(text, None, "program.ts")
    assert "Math.abs" in found.text


async def test_one_line_takes_in_all_that_a_module_has() -> None:
    text = "class Bell extends EventEmitter {}\nconst b = new Bell();\nif (b.x) once(b, 'rung');\nconsole.log(1);\n"
    found = await healed(text, None)
    assert 'const { EventEmitter, once } = require("events");' in found.text
    assert found.silent


async def test_a_fix_that_leaves_a_name_unbound_is_not_silent() -> None:
    found = await healed("const xs = [];\nxs.psh(1);\nif (xs.length > 5) undone(xs);\nconsole.log(xs);\n", None)
    assert found.healed
    assert found.unknown == ("undone",)
    assert not found.silent


async def test_one_that_never_ends_costs_only_itself() -> None:
    runner = JavaScriptRunner("program.js", limit=0.5)
    try:
        endless = "(async () => { while (true) await null; })();\n"
        endings = await runner.endings(["console.log(1);\n", endless, "console.log(2);\n"])
    finally:
        await runner.aclose()
    assert [ending.failure is None for ending in endings] == [True, False, True]
    assert [ending.output for ending in endings] == ["1\n", "", "2\n"]


async def test_what_runs_is_left_alone() -> None:
    found = await healed("console.log(1);\n", "1")
    assert found.failure is None


async def test_nothing_is_applied_unseen_that_no_error_names() -> None:
    found = await healed("const f = (x) => { x + 1; };\nconsole.log(f(1).toFixed(1));\n", None)
    assert not found.silent

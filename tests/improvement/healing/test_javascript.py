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


async def test_what_runs_is_left_alone() -> None:
    found = await healed("console.log(1);\n", "1")
    assert found.failure is None


async def test_nothing_is_applied_unseen_that_no_error_names() -> None:
    found = await healed("const f = (x) => { x + 1; };\nconsole.log(f(1).toFixed(1));\n", None)
    assert not found.silent

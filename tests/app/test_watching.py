"""Variables of JavaScript scripts at a moment of their run, on each engine that is here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cambrian.app.execution.running import Sandbox
from cambrian.app.execution.travel import Traveller
from cambrian.source.javascript_watch import top_names, watched

SCRIPT = """\
"use strict"; // and a comment
let total = 0, AT = "NAMES", f = (x) => x + 1;
const { a, b: [c], ...rest } = { a: 1, b: [2n], d: [3] };
const seen = new Map();
for (let i = 0; i < 4; i++) {
  var last = i;
  const cents = await price(i);
  total += cents;
  seen.set(i, cents);
}
const pair = [price(10), tools.price(11)];
let after = 5;
await Promise.all(pair);
let unset;
let never = 1;
"""


def price(item: int) -> int:
    """A price."""
    return 100 + item


@pytest.fixture
async def sandbox(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with Sandbox(workspace=tmp_path, workers=1) as made:
        yield made


@pytest.mark.parametrize("runtime", ["quickjs", "deno", "node", "bun"])
async def test_variables_are_what_they_were(sandbox: Sandbox, runtime: str) -> None:
    if why := sandbox.catalogue.missing(runtime):
        pytest.skip(f"needs runtime.{runtime}: {why}")
    result = await sandbox.run(SCRIPT, language="javascript", runtime=runtime, tools=[price])
    assert (result.status, result.calls) == ("ok", 6), result.error
    traveller = Traveller(sandbox, sandbox.sealer)
    history = await traveller.history(result.run)
    usual = {"AT": "NAMES", "f": "[Function: f]", "a": 1, "c": "2n", "rest": {"d": [3]}}
    assert await traveller.inspect(history, 2) == {
        **usual, "total": 201, "last": 2, "seen": "Map(2) [[0,100],[1,101]]",
    }  # fmt: skip
    together = await traveller.inspect(history, 5)
    assert {name: together[name] for name in ("total", "last", "after")} == {"total": 406, "last": 3, "after": 5}
    assert "never" not in together, "it is not reached yet"
    assert await traveller.inspect(history, 4) == together, "they are made in one go"


async def test_typescript_is_shown_too(sandbox: Sandbox) -> None:
    code = "const n: number = 3\nconst got: number = await price(n)\ngot"
    result = await sandbox.run(code, language="typescript", runtime="quickjs", tools=[price])
    assert result.value == 103
    traveller = Traveller(sandbox, sandbox.sealer)
    assert await traveller.inspect(await traveller.history(result.run), 0) == {"n": 3}


async def test_a_script_without_variables_has_none(sandbox: Sandbox) -> None:
    result = await sandbox.run("await price(1)", language="javascript", runtime="quickjs", tools=[price])
    traveller = Traveller(sandbox, sandbox.sealer)
    assert await traveller.inspect(await traveller.history(result.run), 0) == {}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("let a = 1, [b, c = x, {k = y}] = d; const {e: f, ...g} = h; var i", ["a", "b", "c", "k", "f", "g", "i"]),
        ("function f() { var a }\nclass B { c = 1 }\nconst g = function () { let d }", ["g"]),
        ("if (1) { let a = 1; var b = 2 }\nfor (const c of d) { var e }", ["b", "e"]),
        ("let a = {", []),
    ],
)
def test_names_of_the_top_level(code: str, names: list[str]) -> None:
    assert top_names(code, "javascript") == names


@pytest.mark.parametrize("head", ["", "'use strict';\n", "#!/usr/bin/env node\n", "// a\n/* b\n */ 'use strict'\n"])
def test_no_line_moves_and_a_directive_stays_first(head: str) -> None:
    code = f"{head}let a = 1\nawait price(a)"
    changed = watched(code, "javascript", 0)
    assert changed != code
    assert changed.count("\n") == code.count("\n")
    assert changed.startswith(head.rstrip("\n"))

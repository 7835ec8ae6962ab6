"""Improving functions of JavaScript and TypeScript files, on Node in the jail."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from cambrian.core.errors import UsageError
from cambrian.improvement.improving import Improvement
from cambrian.improvement.scripts import ScriptImprover, calls_in, functions_in, read_calls, varied

LOOP = """async function load(ids{typed}) {{
  const results = [];
  for (const id of ids) {{
    const r = await fetch(`/users/${{id}}`);
    results.push(await r.json());
  }}
  return results;
}}
{end}"""
JS = LOOP.format(typed="", end="module.exports = { load };\n")
TS = LOOP.format(typed=": number[]", end="export { load };\n")
COUNTING = """let calls = 0;
function getNumber() { calls += 1; return calls; }
function f(xs, stop) { return xs.filter((x) => !stop.includes(x)); }
"""


async def improved(text: str, name: str, calls: list[list[object]], file: str = "a.js") -> Improvement:
    improver = ScriptImprover(cases=60)
    try:
        return await improver.improve(Path(file), text, name, calls)
    finally:
        await improver.aclose()


@pytest.mark.parametrize(("text", "file"), [(JS, "a.js"), (TS, "a.ts")])
async def test_a_loop_of_twenty_requests_is_much_faster(text: str, file: str) -> None:
    found = await improved(text, "load", [[list(range(20))]], file)
    assert found.verdict == "improved", found
    assert found.proof is not None
    assert found.proof.speedup is not None
    assert (found.proof.speedup.estimate or 0) > 10
    assert "inParallel" in found.diff
    assert found.ground == "assumes"
    assert not found.applicable  # nobody knows how much its calls would tell


async def test_a_rewrite_that_differs_is_refused() -> None:
    text = "function f(xs, stop) { return xs.filter((x) => !stop.includes(x)); }\n"
    found = await improved(text, "f", [[["abc"], "abc"], [["a", "bc"], "abc"]])
    assert found.verdict == "refused"  # a text was searched for parts, and the set has letters


async def test_without_calls_nothing_is_claimed() -> None:
    found = await improved(JS, "load", [])
    assert found.verdict == "refused"
    assert "--inputs" in found.reason


async def test_a_function_that_there_is_not_is_told() -> None:
    with pytest.raises(UsageError, match="load"):
        await improved(JS, "lode", [[[1]]])


def test_functions_and_calls_are_found_in_the_text(tmp_path: Path) -> None:
    assert functions_in(JS, Path("a.js")) == ["load"]
    assert calls_in("f([1, 2], 'a');\nf(x);\n", Path("a.js"), "f") == [[[1, 2], "a"]]
    file = tmp_path / "calls.json"
    file.write_text('[[1, 2], "a"]\n[[], "b"]\n')
    assert read_calls(file) == [[[1, 2], "a"], [[], "b"]]
    file.write_text("nothing")
    with pytest.raises(UsageError, match="no calls"):
        read_calls(file)


def test_calls_are_varied_within_their_shape() -> None:
    made = varied([[[1, 2, 3], "a", {"k": 1}]], 50, Random(1))
    assert len(made) > 20
    assert made[0] == [[1, 2, 3], "a", {"k": 1}]
    assert all(isinstance(call[0], list) and call[1] == "a" for call in made)

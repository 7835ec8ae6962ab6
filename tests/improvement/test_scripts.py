"""Improving functions of JavaScript and TypeScript files, on Node in the jail."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import cast

import pytest

from cambrian.core.errors import UsageError
from cambrian.improvement.improving import Improvement
from cambrian.improvement.script_calls import calls_in, larger, read_calls, varied
from cambrian.improvement.script_functions import check_function, parsed
from cambrian.improvement.scripts import RunTests, ScriptImprover
from cambrian.source.script_mistakes import script_mutants

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
COMMON = """function common(xs, stop) {
  const out = [];
  for (const x of xs) {
    if (stop.includes(x)) out.push(x);
  }
  return out;
}
"""
CALLS: list[list[object]] = [[list(range(40)), list(range(20, 60))], [[1, 2, 3], [2, 3]], [[], [1]]]


async def improved(
    text: str, name: str, calls: list[list[object]], file: str | Path = "a.js", tests: RunTests | None = None
) -> Improvement:
    improver = ScriptImprover(cases=60)
    try:
        return await improver.improve(Path(file), text, name, calls, tests=tests)
    finally:
        await improver.aclose()


@pytest.mark.parametrize(("text", "file"), [(JS, "a.js"), (TS, "a.ts")])
async def test_a_loop_of_twenty_requests_is_much_faster(text: str, file: str) -> None:
    found = await improved(text, "load", [[list(range(20))]], file)
    assert found.verdict == "improved", found
    assert found.proof is not None
    assert found.proof.speedup is not None
    assert (found.proof.speedup.estimate or 0) > 5  # about 20 on an idle machine
    assert "inParallel" in found.diff
    assert found.ground == "assumes"
    assert not found.applicable  # only the stand-in for the network answered


async def test_a_rewrite_that_assumes_may_be_applied_if_its_calls_tell_mistakes_apart() -> None:
    found = await improved(COMMON, "common", CALLS)
    assert found.ground == "assumes"
    assert found.proof is not None
    assert found.proof.oracle is not None
    assert found.proof.oracle.mutants >= 4
    assert found.applicable, found


async def test_calls_that_tell_nothing_are_weak() -> None:
    text = COMMON.replace("out.push(x)", "out.push(x * 2 - 1)").replace("return out", "return out.length > 90")
    found = await improved(text, "common", CALLS)
    assert found.proof is not None
    assert found.proof.oracle is not None
    assert not found.proof.oracle.strong
    assert not found.applicable


async def test_what_fails_the_tests_of_the_project_is_refused() -> None:
    async def tests(changes: Mapping[str, str]) -> tuple[bool, str]:
        return all("Set" not in text for text in changes.values()), "no Set, please"

    found = await improved(COMMON, "common", CALLS, tests=tests)
    assert found.verdict == "refused"
    assert "no Set, please" in found.reason


@pytest.mark.parametrize("module", ["require", "import"])
async def test_other_files_of_the_project_are_there(module: str, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    export = "module.exports = { twice };" if module == "require" else "export { twice };\nexport const one = 1;"
    (tmp_path / "lib" / "twice.js").write_text(f"function twice(x) {{ return 2 * x; }}\n{export}\n", encoding="utf-8")
    head = (
        "const { twice } = require('./lib/twice');"
        if module == "require"
        else "import { twice } from './lib/twice.js';"
    )
    text = f"{head}\n{COMMON.replace('out.push(x)', 'out.push(twice(x))')}"
    found = await improved(text, "common", CALLS, tmp_path / "a.js")
    assert found.verdict == "improved", found.reason


async def test_a_rewrite_that_differs_is_refused() -> None:
    text = "function f(xs, stop) { return xs.filter((x) => !stop.includes(x)); }\n"
    found = await improved(text, "f", [[["abc"], "abc"], [["a", "bc"], "abc"]])
    assert found.verdict == "refused"  # a text was searched for parts, and the set has letters


async def test_without_calls_nothing_is_claimed() -> None:
    found = await improved(JS, "load", [])
    assert found.verdict == "refused"
    assert "--inputs" in found.reason


async def test_a_function_that_there_is_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="load"):
        await improved(JS, "lode", [[[1]]])
    (tmp_path / "a.js").write_text(JS, encoding="utf-8")
    check_function(tmp_path / "a.js", "")
    with pytest.raises(UsageError, match="it has load"):
        check_function(tmp_path / "a.js", "lode")


def test_calls_are_found_in_the_text(tmp_path: Path) -> None:
    assert calls_in("f([1, 2], 'a');\nf(x);\n", Path("a.js"), "f") == [[[1, 2], "a"]]
    file = tmp_path / "calls.json"
    file.write_text('[[1, 2], "a"]\n[[], "b"]\n')
    assert read_calls(file) == [[[1, 2], "a"], [[], "b"]]
    file.write_text("nothing")
    with pytest.raises(UsageError, match="no calls"):
        read_calls(file)


def test_calls_are_varied_within_their_shape() -> None:
    made = varied([[[1, 2, 3], "abc", {"k": 1}]], 50, Random(1))
    assert len(made) > 20
    assert made[0] == [[1, 2, 3], "abc", {"k": 1}]
    assert all([type(each) for each in call] == [list, str, dict] for call in made)
    assert len({str(call[1]) for call in made}) > 3
    assert made == varied([[[1, 2, 3], "abc", {"k": 1}]], 50, Random(1))


def test_records_keep_their_shape() -> None:
    made = varied([[[["a", 1], ["b", 2]], ["x", 1, True]]], 50, Random(1))
    rows = [row for call in made for row in cast("list[list[object]]", call[0])]
    assert all([type(each) for each in row] == [str, int] for row in rows)
    assert {len(cast("list[object]", call[1])) for call in made} == {3}


def test_large_calls_are_not_varied() -> None:
    made = varied([[list(range(5000))], [[1, 2]]], 50, Random(1))
    assert sum(len(str(call)) > 2000 for call in made) == 1


def test_calls_grow_in_what_makes_them_large() -> None:
    assert larger([[1, 2], "a", 3], 2) == [[1, 2, 1001, 1002], "a", 3]
    assert larger(["ab", 3], 2) == ["abab", 3]
    assert larger([3, True], 10) == [30, True]


def test_mutants_are_seeded_of_all_kinds_and_parse() -> None:
    text = COMMON.replace("if (", "if (x > 1 && Math.pow(x, 2) + 1 < 90 && ")
    made = script_mutants(parsed(text, Path("a.js")), "common", 40, seed=3)
    assert len(made) == len({each.text for each in made})
    kinds = {each.operator for each in made}
    wanted = {"comparison", "arithmetic", "constant", "condition", "dropped statement", "returned value", "early end",
              "swapped operands"}  # fmt: skip
    assert kinds == wanted
    assert made == script_mutants(parsed(text, Path("a.js")), "common", 40, seed=3)
    assert script_mutants(parsed(text, Path("a.js")), "other", 40, seed=3) == ()

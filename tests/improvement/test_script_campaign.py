"""A project's scripts: where it would pay, what its tests tell of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cambrian.improvement.project import Project
from cambrian.improvement.script_campaign import ScriptCampaign, ScriptTerms
from cambrian.improvement.script_listing import rank_scripts
from cambrian.improvement.testing import start_tests

SHOP = """function flat(xs, stop) { return xs.find((x) => x === stop) !== undefined && stop.length; }
function common(xs, stop) {
  const out = [];
  for (const x of xs) {
    if (stop.includes(x)) out.push(x);
  }
  return out;
}
function busy(n) { let total = 0; for (let i = 0; i < n; i++) total += Math.sqrt(i); return total; }
const rare = (xs, stop) => xs.filter((x) => !stop.includes(x));
module.exports = { common, busy, rare };
"""
TEST = """const test = require("node:test");
const assert = require("node:assert");
const { common, busy } = require("../src/shop.js");
test("common", () => {
  assert.deepStrictEqual(common([1, 2, 3], [2, 3, 4]), [2, 3]);
  const many = Array.from({ length: 8000 }, (_, i) => i);
  common(many, many.toReversed());
  busy(1000);
});
"""


def project(folder: Path) -> Project:
    (folder / "src").mkdir()
    (folder / "test").mkdir()
    (folder / "package.json").write_text('{"scripts": {"test": "node --test"}}', encoding="utf-8")
    (folder / "src" / "shop.js").write_text(SHOP, encoding="utf-8")
    (folder / "src" / "broken.js").write_text("function (", encoding="utf-8")
    (folder / "test" / "shop.test.js").write_text(TEST, encoding="utf-8")
    return Project.open(folder)


def test_functions_are_ranked_by_what_is_in_loops(tmp_path: Path) -> None:
    ranked = rank_scripts(project(tmp_path))
    assert [each.place for each in ranked] == ["src/shop.js:common", "src/shop.js:rare"]
    assert ranked[0].gain >= ranked[1].gain > 1
    assert ranked[0].share is None
    assert "'stop' is searched" in ranked[0].why


def test_shares_of_time_decide_where_they_are_known(tmp_path: Path) -> None:
    ranked = rank_scripts(project(tmp_path), shares={"src/shop.js:rare": 0.9})
    assert [each.place for each in ranked] == ["src/shop.js:rare", "src/shop.js:common"]
    assert ranked[1].gain == 1.0


async def test_the_tests_of_a_project_tell_shares_and_calls_and_judge_candidates(tmp_path: Path) -> None:
    opened = project(tmp_path)
    commands, tests = await start_tests(opened, "npm test")
    try:
        shares = await tests.script_shares()
        assert shares["src/shop.js:common"] > max(0.05, 3 * shares.get("src/shop.js:rare", 0.0))
        calls = await tests.script_calls("src/shop.js", SHOP, "common")
        assert [[1, 2, 3], [2, 3, 4]] in calls
        assert await tests.script_calls("src/shop.js", SHOP, "rare") == []
        campaign = ScriptCampaign(opened, tmp_path, ScriptTerms(cases=60), tests=tests)
        try:
            found = await campaign.take(tmp_path / "src" / "shop.js", "common")
        finally:
            await campaign.aclose()
    finally:
        await commands.aclose()
    assert found.verdict == "improved", found
    assert found.place == "src/shop.js:common"
    assert found.proof is not None
    assert [stage.name for stage in found.proof.stages] == ["tests", "cases", "fresh"]
    assert "stopSet.has(x)" in campaign.diff()


@pytest.mark.parametrize("name", ["common", "lost"])
async def test_what_cannot_be_called_is_told_not_raised(name: str, tmp_path: Path) -> None:
    opened = project(tmp_path)
    (tmp_path / "test" / "shop.test.js").unlink()
    campaign = ScriptCampaign(opened, tmp_path, ScriptTerms(cases=60))
    try:
        found = await campaign.take(tmp_path / "src" / "shop.js", name)
    finally:
        await campaign.aclose()
    assert found.verdict in ("refused", "nothing")
    assert campaign.texts == {}

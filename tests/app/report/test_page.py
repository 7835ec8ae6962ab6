"""The page's own script, run: its differences by Node, all of it by a browser that has no network."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from tests.app.tale import Said, task_of, tell

from cambrian.app.doctor import BROWSERS
from cambrian.app.report import gathering, writing
from cambrian.app.report.gathering import gather
from cambrian.app.report.writing import page_of
from cambrian.app.workspace import Workspace
from cambrian.search.strategy_config import GridConfig, StrategyConfig

from .test_report import FAMILY, HOSTILE

PAGE = Path(writing.__file__).parent / "page"
APPLY = """
const { difference, linesOf } = require(process.argv[1]);
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([a, b]) => difference(linesOf(a), linesOf(b)))));
"""
TIMEOUT_S = 60


def node() -> str:
    place = shutil.which("node")
    if place is None:
        pytest.skip("needs run.node: the page's script is run without a browser by Node")
    return place


def browser() -> str:
    for name in BROWSERS:
        if place := shutil.which(name):
            return place
    pytest.skip("needs browser.chromium: the page is opened by a real browser")


def differences(cases: list[tuple[str, str]]) -> list[list[tuple[str, int | None, int | None, str]]]:
    done = subprocess.run(
        [node(), "-e", APPLY, str(PAGE / "difference.js")], input=json.dumps(cases), capture_output=True, text=True,
        timeout=TIMEOUT_S, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def words(rng: random.Random) -> str:
    return "".join(f"{rng.choice('abcd')}\n" for _ in range(rng.randrange(9)))


def test_differences_lead_from_one_text_to_the_other() -> None:
    rng = random.Random(1)
    cases = [("", ""), ("a\n", ""), ("", "a\n"), ("a", "a\n"), ("a\r\nb", "a\nb")]
    cases += [(words(rng), words(rng)) for _ in range(300)]
    for (before, after), rows in zip(cases, differences(cases), strict=True):
        assert [text for sign, _, _, text in rows if sign != "+"] == before.splitlines()
        assert [text for sign, _, _, text in rows if sign != "-"] == after.splitlines()
        assert [old for sign, old, _, _ in rows if sign != "+"] == list(range(1, len(before.splitlines()) + 1))
        assert [new for sign, _, new, _ in rows if sign != "-"] == list(range(1, len(after.splitlines()) + 1))


def test_differences_are_small() -> None:
    before = "".join(f"{n}\n" for n in range(2000))
    after = before.replace("\n500\n", "\nfive hundred\n").replace("\n1500\n", "\n")
    [rows] = differences([(before, after)])
    assert [(sign, text) for sign, _, _, text in rows if sign != " "] == [
        ("-", "500"),
        ("+", "five hundred"),
        ("-", "1500"),
    ]


def test_texts_without_anything_in_common_do_not_stall() -> None:
    before, after = ("".join(f"{side}{n}\n" for n in range(4000)) for side in "ab")
    [rows] = differences([(before, after)])
    assert len(rows) == 8000


async def opened(tmp_path: Path, evaluations: list[Said], *, name: str = "small", page: str = "") -> str:
    """The page as it stands in a browser after its script has run."""
    if not page:
        workspace = Workspace(tmp_path / "w")
        await tell(workspace, evaluations, task=task_of(name=name))
        async with workspace.reading() as runs:
            page = page_of(await gather(runs, "last", gathering.Bounds()))
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    words = [
        browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=4000",
        f"--user-data-dir={tempfile.mkdtemp(dir=tmp_path)}", "--host-resolver-rules=MAP * ~NOTFOUND", "--dump-dom",
        f"file://{tmp_path}/page.html",
    ]  # fmt: skip
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            return process.communicate(timeout=TIMEOUT_S)[0].decode()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # a browser is many processes


@pytest.mark.slow
async def test_a_browser_draws_it(tmp_path: Path) -> None:
    shown = await opened(tmp_path, FAMILY)
    assert 'data-drawn="yes"' in shown
    for part in ("Fitness over evaluations", "Best of each island", "island 2", "Evaluations over time", "+2"):
        assert part in shown
    assert 'class="plus"' in shown, "the difference from the first to the best is shown"
    assert shown.count('class="node') == 4, "the improving family"


@pytest.mark.slow
async def test_a_browser_draws_the_archives_cells_with_a_legend(tmp_path: Path) -> None:
    grid = GridConfig(bins=4, bounds=((0.0, 8.0), (0.0, 8.0)))
    task = msgspec.structs.replace(task_of(), strategy=StrategyConfig(name="map_elites", grid=grid))
    places = [(1.0, 1.0), (1.5, 1.5), (9.0, -1.0)]
    workspace = Workspace(tmp_path / "w")
    await tell(workspace, [Said(value=n + 1.0, features=place) for n, place in enumerate(places)], task=task)
    async with workspace.reading() as runs:
        page = page_of(await gather(runs, "last", gathering.Bounds()))
    shown = await opened(tmp_path, [], page=page)
    assert "Best score in 2 of 16 cells." in shown, "two share a cell, one beyond the bounds counts as their end"
    assert 'class="legend"' in shown


@pytest.mark.slow
async def test_a_hostile_text_does_not_run(tmp_path: Path) -> None:
    wicked = Said(value=2.0, parents=(0,), text=HOSTILE, why=HOSTILE, proposer=HOSTILE)
    shown = await opened(tmp_path, [Said(value=1.0), wicked], name=HOSTILE)
    assert 'data-drawn="yes"' in shown
    assert "data-owned" not in shown.partition("<head>")[0]
    assert "&lt;img src=x onerror" in shown, "it is shown as text"
    control = await opened(tmp_path, [], page=f"<!DOCTYPE html><html><head></head><body>{HOSTILE}</body></html>")
    assert "data-owned" in control.partition("<head>")[0], "the control: where nothing is escaped, it runs"

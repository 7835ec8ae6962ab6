"""A sweep's page: it loads nothing, runs nothing, and holds what the table holds, whatever the programs say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.app.report.test_report import HOSTILE, Reader
from tests.app.tale import Said, task_of, tell

from cambrian.app.cli import run
from cambrian.app.comparison.comparing import Group, compare
from cambrian.app.results_study import Swept, SweptCell
from cambrian.app.scaffold import scaffold
from cambrian.app.sweeping.page import Pictured, page_of, pictured
from cambrian.app.workspace import Workspace
from cambrian.core.ids import RunId

BESTS = {"a": (3.0, 4.0, 3.5), "b": (5.0, 7.0, 6.0)}


async def told(
    workspace: Workspace, *, room: int = 2**20, text: str = "", name: str = "small", **also: Any
) -> Pictured:
    """A sweep of two settings with three seeds each, of which one cell failed."""
    cells: list[SweptCell] = []
    groups: list[Group] = []
    for letter, bests in BESTS.items():
        names = [RunId(f"r-{letter}{seed}") for seed in range(len(bests))]
        for seed, best in enumerate(bests):
            family = [Said(value=1.0), Said(value=best, parents=(0,), text=text and f"{text}{letter}{seed}", **also)]
            await tell(workspace, family, name=names[seed], task=task_of(name=name), seed=seed)
            cells.append(SweptCell(number=len(cells), setting=f"k={letter}", seed=seed, run=names[seed], status="done"))
        groups.append(Group(f"k={letter}", tuple(names)))
    cells.append(SweptCell(number=6, setting="k=c", seed=0, run=None, status="failed", error="TaskError: no <score>"))
    async with workspace.reading() as runs:
        compared = await compare(runs, groups)
        swept = Swept(
            sweep=RunId("r-s"), task=name, folder="/f", status="finished", cells=tuple(cells), compared=compared
        )
        return await pictured(runs, swept, room=room)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w")


async def test_it_holds_settings_intervals_runs_and_programs(workspace: Workspace) -> None:
    read = Reader(page_of(await told(workspace)))
    for part in ("6 of 7 cells done, 3 settings", "k=a", "3.5 [3, 4]", "6 [5, 7]", "failed: TaskError: no <score>"):
        assert part in read.words, part
    assert "no difference of k=a and k=b is shown" in read.words
    dots = [given for name, given in read.elements if name == "circle"]
    assert len(dots) == 6
    assert [given["class"] for name, given in read.elements if name in ("rect", "line")].count("median") == 2
    places = [float(given["cx"] or "") for given in dots]
    assert max(places[:3]) < min(places[3:]), "better is further to the right"
    [first, *rest] = [given for name, given in read.elements if name == "details"]
    assert first == {"id": "best-r-b1", "open": "open"}, "the best of all stands first"
    assert all("open" not in given for given in rest)


async def test_every_link_leads_to_a_place_in_the_page(workspace: Workspace) -> None:
    read = Reader(page_of(await told(workspace)))
    links = [given["href"] for name, given in read.elements if name == "a"]
    places = {f"#{given['id']}" for _, given in read.elements if "id" in given}
    assert len([link for link in links if link and link.startswith("#best-")]) == 12, "from each dot and each row"
    assert set(links) <= places


async def test_it_loads_nothing_and_runs_nothing_whatever_it_holds(workspace: Workspace) -> None:
    content = await told(workspace, text=HOSTILE, name=HOSTILE, why=HOSTILE, proposer=HOSTILE)
    page = page_of(content)
    read = Reader(page)
    [policy] = [given["content"] for _, given in read.elements if given.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    for name, given in read.elements:
        assert name not in ("script", "link", "img", "iframe", "object", "embed", "base", "form")
        assert not {"src", "style", "srcset", "onerror", "onload", "onclick"} & set(given)
        assert (given.get("href") or "#").startswith("#")
    assert "\u202e" not in page


async def test_programs_without_room_are_left_out_and_told(workspace: Workspace) -> None:
    content = await told(workspace, room=100)
    assert 0 < len(content.bests) < 6
    assert len(content.bests) + content.missed == 6
    assert f"The best programs of {content.missed} runs had no room" in Reader(page_of(content)).words


async def test_a_sweep_without_results_has_a_page(workspace: Workspace) -> None:
    content = await told(workspace)
    empty = msgspec.structs.replace(content.swept, compared=None)
    assert "No cell has a result yet." in Reader(page_of(Pictured(swept=empty, bests={}))).words


def test_the_command_writes_it_and_replaces_only_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scaffold(tmp_path / "task", "artifact")
    Path("mine.html").write_text("precious")
    words = ["sweep", "task", "--grid", "seed=1", "--budget", "1ev", "--jobs", "1", "--workspace", "w"]
    for taken, why in (("mine.html", "holds something else"), ("task", "is a folder"), ("no/a.html", "no folder 'no'")):
        assert run([*words, "--report", taken]) == 2
        assert why in capsys.readouterr().err
    assert not Path("w").exists(), "nothing ran"
    assert run([*words, "--report", "sweep.html"]) == 0
    assert "wrote sweep.html (" in capsys.readouterr().err
    first = Path("sweep.html").read_text()
    assert run(["sweep", "--resume", "last", "--report", "sweep.html", "--workspace", "w"]) == 0
    assert "1 cells, 1 done already" in capsys.readouterr().err
    assert Path("sweep.html").read_text() == first
    assert run(["sweep", "--resume", "last", "--report", "mine.html", "--workspace", "w"]) == 2
    assert "name another file with --report" in capsys.readouterr().err
    assert Path("mine.html").read_text() == "precious"

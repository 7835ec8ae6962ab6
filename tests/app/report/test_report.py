"""A report without a browser: what is in it, what is left out, and that nothing in it can end its script element."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from tests.app.tale import Said, task_of, tell, text_of

from cambrian.app.cli import run
from cambrian.app.report.content import Content
from cambrian.app.report.gathering import Bounds, gather
from cambrian.app.report.markup import element, text
from cambrian.app.report.writing import page_of
from cambrian.app.results_study import Reported
from cambrian.app.workspace import Workspace
from cambrian.core.ids import RunId
from cambrian.search.facts import Filtered
from cambrian.search.strategy_config import GridConfig, StrategyConfig

OWN = "document.documentElement.dataset.owned='yes'"
HOSTILE = f'</script><script>{OWN}</script><img src=x onerror="{OWN}"><!--\u2028\u202e'
FAMILY = [
    Said(value=1.0),
    Said(value=2.0, parents=(0,), why="twice as much"),
    Said(value=None, parents=(1,), feedback="ValueError: 3 is too much"),
    Said(value=1.5, parents=(1,), proposer="tune", filtered=(Filtered(proposer="tune", reason="duplicate", count=4),)),
    Said(value=3.0, parents=(3, 1), cpu_s=1.0, niche=2, samples=(2.9, 3.0, 3.1)),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w")


async def content(workspace: Workspace, bounds: Bounds = Bounds()) -> Content:  # noqa: B008 - frozen
    async with workspace.reading() as runs:
        return await gather(runs, "last", bounds)


class Reader(HTMLParser):
    """What a browser would see: elements with attributes, and the text of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag in ("script", "style"):
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style"):
            self.scripts[-1] += data
        else:
            self.words += data


async def test_it_holds_the_whole_story(workspace: Workspace) -> None:
    await tell(workspace, FAMILY)
    told = await content(workspace)
    assert (told.winner, told.line, told.improving) == (4, [0, 1, 3, 4], [0, 1, 3, 4])
    assert [(step.number, step.value, step.gain) for step in told.steps] == [
        (0, 1.0, None), (1, 2.0, 1.0), (3, 1.5, -0.5), (4, 3.0, 1.5),
    ]  # fmt: skip
    assert told.points.v == [1.0, 2.0, None, 1.5, 3.0]
    assert told.points.parent == [None, 0, 1, 1, 3]
    assert told.others == {4: [1]}
    assert [told.texts[told.variants[n]["program.py"]] for n in range(5)] == [text_of(n) for n in range(5)]
    assert (told.shares["edit"].evaluations, told.shares["edit"].failures, told.shares["tune"].filtered) == (3, 1, 4)
    assert [(item.status, item.words, item.count) for item in told.failures] == [
        ("error", "ValueError: # is too much", 1)
    ]
    assert told.intervals == {4: (2.9, 3.1)}
    assert told.left_out == []
    words = Reader(page_of(told)).words
    for part in ("1 → 3", "+200 %", "twice as much", "ValueError: # is too much", "tune: 4 duplicate", "jail level L3"):
        assert part in words


async def test_it_loads_nothing_and_lets_only_its_own_script_run(workspace: Workspace) -> None:
    await tell(workspace, FAMILY)
    page = page_of(await content(workspace))
    read = Reader(page)
    [policy] = [given["content"] for _, given in read.elements if given.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    style, _, script = read.scripts
    for inline in (style, script):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'" in policy
    for name, given in read.elements:
        assert name not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert not {"src", "style", "srcset", "onerror", "onload", "onclick"} & set(given)
        assert (given.get("href") or "#").startswith("#")
    assert not re.search(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z]+\.", script), "no address but a namespace"
    assert "innerHTML" not in script


async def test_hostile_texts_stay_texts(workspace: Workspace) -> None:
    wicked = Said(value=2.0, parents=(0,), text=HOSTILE, why=HOSTILE, proposer=HOSTILE)
    failed = Said(value=None, parents=(0,), text=HOSTILE + "#", feedback=HOSTILE)
    await tell(workspace, [Said(value=1.0), wicked, failed], task=task_of(name=HOSTILE))
    page = page_of(await content(workspace))
    read = Reader(page)
    assert [name for name, _ in read.elements].count("script") == 2
    assert "img" not in [name for name, _ in read.elements]
    assert "<img" not in page
    assert "\u202e" not in page.replace(read.scripts[1], ""), "marks that reorder text are made visible"
    data = msgspec.json.decode(read.scripts[1], type=dict[str, msgspec.Raw])
    assert HOSTILE in msgspec.json.decode(data["texts"], type=list[str]), "the text is there, to the character"
    control = Reader(f"<p>{HOSTILE}</p>")
    assert "img" in [name for name, _ in control.elements], "the control: unescaped, it is an element"


async def test_a_large_run_is_thinned_and_says_so(workspace: Workspace) -> None:
    def score(n: int) -> float:
        return float(n) if n % 50 == 0 else -1.0

    def evaluations() -> list[Said]:
        numbers = range(1, 300)
        return [Said(value=0.0), *(Said(value=score(n), parents=(n - (n % 50 or 50),)) for n in numbers)]

    await tell(workspace, evaluations())
    told = await content(workspace, Bounds(points=60, text_bytes=400))
    assert len(told.points.n) == 60
    assert told.points.n == sorted(set(told.points.n))
    assert set(told.line) == {0, 50, 100, 150, 200, 250}
    assert set(told.line) <= set(told.points.n)
    assert set(told.line) <= set(told.variants), "the winner's texts come first"
    assert told.shares["edit"].evaluations == 299, "counts are of the whole run"
    assert len(told.left_out) == 2
    assert "240 of 300 evaluations are not drawn" in told.left_out[0]
    assert "cambrian runs export" in told.left_out[1]
    assert sum(len(item.encode()) for item in told.texts) <= 400


async def test_texts_are_held_once(workspace: Workspace) -> None:
    await tell(workspace, [Said(value=1.0), *(Said(value=None, text="same\n") for _ in range(9))])
    told = await content(workspace)
    assert told.texts == [text_of(0), "same\n"]
    assert len(told.variants) == 10


@pytest.mark.parametrize(
    ("strategy", "bins", "bounds", "words"),
    [
        (
            StrategyConfig(name="map_elites", grid=GridConfig(bins=7, bounds=((0, 9), (0, 5)))),
            7,
            2,
            "archive's own, 7 parts",
        ),
        (StrategyConfig(name="map_elites", grid=GridConfig(bins=7)), 7, 0, "this page bins by itself"),
        (StrategyConfig(name="map_elites", archive="cvt"), 20, 0, "no regular grid, so this page bins by itself"),
    ],
)
async def test_the_heat_map_has_the_archives_cells(
    workspace: Workspace, strategy: StrategyConfig, bins: int, bounds: int, words: str
) -> None:
    task = msgspec.structs.replace(task_of(), strategy=strategy)
    await tell(workspace, [Said(value=1.0, features=(2.0, 3.0)), Said(value=2.0, features=(4.0, 1.0))], task=task)
    told = await content(workspace)
    assert (told.lattice.bins, len(told.lattice.bounds)) == (bins, bounds)
    assert words in Reader(page_of(told)).words


async def test_a_pareto_archive_is_called_one(workspace: Workspace) -> None:
    task = msgspec.structs.replace(task_of(further=["size"]), strategy=StrategyConfig(name="pareto"))
    await tell(workspace, [Said(value=1.0, further={"size": 2.0})], task=task)
    words = Reader(page_of(await content(workspace))).words
    assert "keeps every variant that no other beats" in words
    assert "elites are the bests above" not in words


async def test_a_run_without_any_score_has_a_report(workspace: Workspace) -> None:
    await tell(workspace, [Said(value=None, feedback="no")])
    words = Reader(page_of(await content(workspace))).words
    assert "nothing was scored" in words
    assert "nothing descends from anything" in words


def test_the_command_writes_the_file(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import anyio

    monkeypatch.chdir(tmp_path)
    anyio.run(tell, workspace, FAMILY)
    assert run(["runs", "report", "last", "--json", "--workspace", str(workspace.path)]) == 0
    said = capsys.readouterr()
    told = msgspec.json.decode(said.out, type=Reported)
    assert (told.run, told.path, told.evaluations, told.variants) == (RunId("r-0"), "r-0.html", 5, 5)
    assert "wrote r-0.html" in said.err
    assert (tmp_path / "r-0.html").stat().st_size == told.size
    assert run(["runs", "report", "last", "--out", str(tmp_path), "--workspace", str(workspace.path)]) == 2
    assert "is a folder" in capsys.readouterr().err
    assert run(["runs", "report", "last", "--out", "no/such/a.html", "--workspace", str(workspace.path)]) == 2
    assert "there is no folder 'no/such'" in capsys.readouterr().err
    assert run(["runs", "report", "last", "--workspace", str(workspace.path)]) == 0, "its own older report is replaced"
    anyio.run(lambda: tell(workspace, FAMILY, name="r-1"))
    (tmp_path / "notes.html").write_text("mine")
    for taken, name in (("notes.html", "r-0"), ("r-0.html", "r-1")):
        before = (tmp_path / taken).read_bytes()
        assert run(["runs", "report", name, "--out", taken, "--workspace", str(workspace.path)]) == 2
        assert "is no Cambrian report of run" in capsys.readouterr().err
        assert (tmp_path / taken).read_bytes() == before


def test_markup_escapes() -> None:
    assert element("p", text("<b>&\"'\x1b"), title='"><i>') == (
        '<p title="&quot;&gt;&lt;i&gt;">&lt;b&gt;&amp;&quot;&#x27;\\x1b</p>'
    )

"""Watcher and renderers over a synthetic journal: the screen is a projection, and costs the search nothing."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import msgspec
import pytest
from tests.app.stage import Actor

from cambrian.app.display.frame import Frame
from cambrian.app.display.lines import JsonLines, Nothing, Plain, Progress
from cambrian.app.display.live import Panels
from cambrian.app.display.watcher import Renderer, Watcher
from cambrian.app.evolution import make_renderer
from cambrian.app.settings import Settings
from cambrian.core.budget import Budget
from cambrian.core.evaluation import Status
from cambrian.core.event import fact
from cambrian.journal.memory import MemoryStore
from cambrian.journal.store import Store
from cambrian.search.facts import RESUMED, Resumed
from cambrian.search.view import Summary
from cambrian.testing.clock import ManualClock

EVIL = "an \x1b[2Jedit"


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    async with MemoryStore() as store:
        yield store


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


async def play(store: Store, clock: ManualClock, renderer: Renderer) -> Actor:
    """A search of five evaluations, watched after each."""
    actor = await Actor.begin(store, clock=clock)
    watcher = Watcher(store, actor.run.id, clock)
    renderer.draw(await watcher.look())
    for value in (1.0, 2.0, None, 3.0, 2.5):
        clock.advance(2.0)
        await actor.evaluate(value, why=EVIL, status=Status.TIMEOUT)
        renderer.draw(await watcher.look())
    renderer.close()
    return actor


class Keeper:
    """Keeps every frame."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.closed = False

    def draw(self, frame: Frame) -> None:
        self.frames.append(frame)

    def close(self) -> None:
        self.closed = True


async def test_frames_follow_the_facts(store: Store, clock: ManualClock) -> None:
    keeper = Keeper()
    await play(store, clock, keeper)
    first, last = keeper.frames[0], keeper.frames[-1]
    assert (first.value(first.view.best), first.bests) == (3.0, ()), "the view is shared, the news are the frame's own"
    assert [len(frame.bests) for frame in keeper.frames] == [0, 1, 1, 0, 1, 0]
    assert "\x1b" not in last.last
    assert keeper.frames[3].last == "#2 edit: timeout (wall)"
    assert keeper.frames[4].last.startswith("#3 edit: new best 3 – an \\x1b[2Jedit")
    assert last.rate == pytest.approx(0.5)
    [gauge] = last.gauges
    assert (gauge.name, gauge.used, gauge.ceiling, gauge.fraction) == ("evaluations", "5", "10", 0.5)
    assert last.eta_s == pytest.approx(10.0)


async def test_time_stands_still_when_the_search_has_stopped(store: Store, clock: ManualClock) -> None:
    actor = await play(store, clock, Nothing())
    watcher = Watcher(store, actor.run.id, clock)
    begun = (await watcher.look()).elapsed_s
    clock.advance(3.0)
    assert (await watcher.look()).elapsed_s == pytest.approx(begun + 3.0)
    await actor.stop()
    clock.advance(100.0)
    assert (await watcher.look()).elapsed_s == 5.0
    assert (await watcher.look()).last == "stopped"


async def test_plain_lines_tell_the_start_each_best_and_the_state(store: Store, clock: ManualClock) -> None:
    out = io.StringIO()
    await play(store, clock, Plain(out))
    text = out.getvalue()
    assert text.splitlines()[0] == "run r-0: small, budget 10ev, seed 7, jobs 2, jail L3"
    assert "best 1 #0 initial" in text
    assert "best 3 (+200 %) #3 edit: an \\x1b[2Jedit" in text
    assert re.search(r"\d evaluations \(0\.5/s, 1 failed\), best 3, evaluations \d/10; last ", text)
    assert "\x1b" not in text


async def test_json_lines_are_records(store: Store, clock: ManualClock) -> None:
    out = io.StringIO()
    await play(store, clock, JsonLines(out))
    lines = [msgspec.json.decode(line, type=Progress) for line in out.getvalue().splitlines()]
    assert [line.evaluations for line in lines] == sorted({line.evaluations for line in lines})
    assert lines[-1].best == {"score": 3.0}
    assert lines[0].initial in (None, {"score": 1.0})
    assert lines[-1].failures == {"timeout": 1}
    assert "\x1b" not in out.getvalue()


async def test_the_live_panel_shows_what_matters_and_gives_the_terminal_back(store: Store, clock: ManualClock) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    renderer = make_renderer("auto", out, Settings())
    assert isinstance(renderer, Panels)
    await play(store, clock, renderer)
    text = out.getvalue()
    for words in ("small", "from 1", "+200 %", "5 of 10", "0.5/s", "1 timeout", "r-0", "edit 80 %"):
        assert words in text, words
    assert "\x1b[2J" not in text, "the candidate's escape"
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "the cursor is back"
    renderer.close()


def test_who_gets_which_display() -> None:
    out, dumb = io.StringIO(), Settings(dumb=True)
    assert isinstance(make_renderer("auto", out, Settings()), Plain)
    assert isinstance(make_renderer("json", out, dumb), JsonLines)
    assert isinstance(make_renderer("rich", out, dumb), Panels)
    assert make_renderer("none", out, Settings()) is None


async def test_a_screen_that_is_gone_ends_the_watching_only(store: Store, clock: ManualClock) -> None:
    class Gone(Keeper):
        def draw(self, frame: Frame) -> None:
            raise BrokenPipeError

    actor = await Actor.begin(store, clock=clock)
    gone = Gone()
    with anyio.fail_after(10):
        await Watcher(store, actor.run.id, clock).watch(gone, poll=0.01)
    assert gone.closed
    assert await actor.evaluate(1.0)


async def test_it_watches_until_cancelled(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    actor, keeper = await Actor.begin(store, clock=clock), Keeper()
    with anyio.move_on_after(0.5):
        await Watcher(store, actor.run.id, clock).watch(keeper, poll=0.01)
    assert len(keeper.frames) > 3


@pytest.mark.parametrize(("evaluations", "used_up"), [(20, False), (3, True)])
async def test_a_run_taken_up_again_is_told_so_and_not_replayed(
    evaluations: int, used_up: bool, store: Store, clock: ManualClock
) -> None:
    actor = await play(store, clock, Nothing())
    await actor.stop()
    past = Summary(run=actor.run.id, created=0.0)
    async for event in store.read(actor.run.id):
        past.apply(event)
    out = io.StringIO()
    watcher, renderer = Watcher(store, actor.run.id, clock, past), Plain(out)
    renderer.draw(await watcher.look())
    assert out.getvalue() == "", "what it may use now is not known yet"
    task = msgspec.structs.replace(actor.task, budget=Budget(evaluations=evaluations))
    await actor.run.append(fact(RESUMED, Resumed(task=task, jobs=2, level="L3", elapsed_s=5.0)))
    renderer.draw(await watcher.look())
    await actor.evaluate(4.0, why="the news")
    renderer.draw(await watcher.look())
    first, *rest = out.getvalue().splitlines()
    assert first == f"resumed: 5 evaluations so far, best 3; budget now {evaluations}ev; run r-0"
    told = "the budget is used up already: evaluations 5 of 3; give a larger one, such as --budget 10ev"
    assert (rest[0] == told) == used_up
    assert [line.partition("] ")[2][:6] for line in rest if "] best " in line] == ["best 4"]

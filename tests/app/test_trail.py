"""`runs apply` killed between two files: the next one finishes or takes back, and says what happened."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import anyio
import msgspec
import pytest

from cambrian.app.cli import run as cambrian
from cambrian.app.results import Applied
from cambrian.app.trail import read_trail
from cambrian.app.workspace import Workspace
from cambrian.core.effect import EffectId, Intent
from cambrian.core.ids import RunId
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.testing.clock import ManualClock

from .stage import Actor, small_task, with_folder

OLD = {"program.py": "def solve():\n    return 0\n", "part.py": "X = 0\n"}
BEST = {"program.py": "def solve():\n    return 2\n", "part.py": "X = 2\n", "new.py": "Y = 2\n"}
NEXT = {"program.py": "def solve():\n    return 1\n", "part.py": "X = 0\n", "other.py": "Z = 1\n"}

CHILD = """
import os, signal, sys
from cambrian.app.cli import main
from cambrian.journal.crashpoints import arm
label, left = sys.argv[1], int(sys.argv[2])
def hook(passed):
    global left
    left -= passed == label
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
arm(hook)
main(sys.argv[3:])
"""


class Scene:
    """A task's folder, a workspace with a run on it, and the command line."""

    def __init__(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.workspace = place / "task", Workspace(place / "w")
        self._capsys = capsys
        self._place = place
        self.folder.mkdir()

    async def play(self) -> None:
        task = with_folder(msgspec.structs.replace(small_task(), program=OLD), self.folder)
        (self.folder / "task.toml").write_text('program = ["program.py", "part.py"]\n', encoding="utf-8")
        async with self.workspace.writing() as store:
            actor = await Actor.begin(store, task=task)
            for value, files in ((1.0, OLD), (3.0, BEST), (2.0, NEXT)):
                await actor.evaluate(value, files=files)
            await actor.stop()
            await actor.run.aclose()

    def apply(self, *words: str) -> tuple[int, str]:
        """Exit status and what was said."""
        code = cambrian(["runs", "apply", "last", *words, "--workspace", str(self.workspace.path)])
        return code, self._capsys.readouterr().err

    def killed(self, label: str, occurrence: int, *words: str) -> None:
        command = [sys.executable, "-c", CHILD, label, str(occurrence), "runs", "apply", "last", "--yes", *words]
        done = subprocess.run(
            [*command, "--workspace", str(self.workspace.path)],
            timeout=60, check=False, capture_output=True, env={"HOME": str(self._place)},
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done

    def files(self) -> dict[str, str]:
        """The program's files; nothing half-written may be beside them."""
        found = {path.name: path.read_text(encoding="utf-8") for path in self.folder.iterdir()}
        return {name: text for name, text in found.items() if name not in ("evaluate.py", "task.toml")}

    def listed(self) -> str:
        return (self.folder / "task.toml").read_text(encoding="utf-8")

    def unfinished(self) -> int:
        async def look() -> int:
            async with self.workspace.reading() as runs:
                return len((await read_trail(runs.reader, RunId("r-0"))).cut_off)

        return anyio.run(look)


@pytest.fixture
def scene(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setenv("HOME", str(tmp_path))
    scene = Scene(tmp_path, capsys)
    anyio.run(scene.play)
    return scene


MOMENTS = [("place.before_rename", 1), ("place.after_rename", 1), ("place.before_rename", 3),
           ("place.after_rename", 3), ("place.after_rename", 4)]  # fmt: skip


@pytest.mark.parametrize(("label", "occurrence"), MOMENTS)
def test_a_promotion_that_was_killed_is_finished_by_the_next(scene: Scene, label: str, occurrence: int) -> None:
    scene.killed(label, occurrence)
    assert scene.unfinished() == 1
    code, told = scene.apply("--dry-run")
    assert (code, scene.unfinished()) == (0, 1), "looking settles nothing"
    assert "an earlier apply of variant" in told
    code, told = scene.apply("--yes")
    assert code == 0, told
    assert "was cut off (" in told
    assert "what was cut off is settled" in told
    assert (scene.files(), scene.unfinished()) == (BEST, 0)
    assert scene.listed() == 'program = ["program.py", "part.py", "new.py"]\n'
    assert scene.apply("--yes") == (0, f"{scene.folder} holds variant {_variant(told)} already\n")


def _variant(told: str) -> str:
    return told.partition("apply of variant ")[2].split()[0]


@pytest.mark.parametrize(("label", "occurrence"), MOMENTS)
def test_a_promotion_that_was_killed_is_taken_back(scene: Scene, label: str, occurrence: int) -> None:
    scene.killed(label, occurrence)
    code, told = scene.apply("--variant", "initial", "--yes")
    assert code == 0, told
    assert "was cut off (" in told
    assert (scene.files(), scene.unfinished()) == (OLD, 0)
    assert scene.listed() == 'program = ["program.py", "part.py"]\n'


def test_going_back_removes_what_was_added_and_no_more(scene: Scene) -> None:
    assert scene.apply("--yes")[0] == 0
    (scene.folder / "mine.py").write_text("mine\n", encoding="utf-8")
    code, told = scene.apply("--variant", "initial", "--yes")
    assert code == 0, told
    assert f"into {scene.folder}, removed new.py" in told
    assert scene.files() == OLD | {"mine.py": "mine\n"}
    assert scene.apply("--yes")[0] == 0, "and forth again"
    assert scene.files() == BEST | {"mine.py": "mine\n"}


def test_from_one_winner_to_another_leaves_nothing_of_the_first(scene: Scene) -> None:
    async def other() -> str:
        async with scene.workspace.reading() as runs:
            view = await runs.search(await runs.find("last"))
            found = [await runs.variant(view, event) for event in ("initial", "best")]
            async for event in runs.reader.read(view.run, types={"search.proposed"}):
                variant: str = msgspec.json.decode(event.data)["variant"]["id"]
                if variant not in {each.id for each in found}:
                    return variant
        raise AssertionError

    assert scene.apply("--yes")[0] == 0
    code, told = scene.apply("--variant", anyio.run(other), "--yes")
    assert code == 0, told
    assert scene.files() == NEXT
    assert scene.apply("--variant", "initial", "--yes")[0] == 0
    assert scene.files() == OLD


def test_a_going_back_that_was_killed_is_finished(scene: Scene) -> None:
    assert scene.apply("--yes")[0] == 0
    scene.killed("place.after_rename", 2, "--variant", "initial")
    code, told = scene.apply("--variant", "initial", "--yes")
    assert code == 0, told
    assert (scene.files(), scene.unfinished()) == (OLD, 0)


def test_killed_twice(scene: Scene) -> None:
    scene.killed("place.after_rename", 1)
    scene.killed("place.after_rename", 1, "--variant", "initial")
    assert scene.unfinished() == 2
    assert scene.apply("--variant", "initial", "--yes")[0] == 0
    assert (scene.files(), scene.unfinished()) == (OLD, 0)


def test_what_somebody_did_to_an_added_file_is_not_removed(scene: Scene) -> None:
    assert scene.apply("--yes")[0] == 0
    (scene.folder / "new.py").write_text("mine now\n", encoding="utf-8")
    code, told = scene.apply("--variant", "initial", "--yes")
    assert code == 2
    assert "new.py: is no longer what the run began with" in told
    assert scene.files() == BEST | {"new.py": "mine now\n"}
    assert scene.apply("--variant", "initial", "--yes", "--force")[0] == 0
    assert scene.files() == OLD


def test_a_file_changed_after_the_look_is_not_overwritten(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from cambrian.app.cli import applying

    def agree(_plan: object) -> bool:
        (scene.folder / "part.py").write_text("mine\n", encoding="utf-8")
        return True

    monkeypatch.setattr(applying, "_agreed", agree)
    code, told = scene.apply()
    assert code == 2
    assert "part.py: was changed meanwhile; nothing was written" in told
    assert scene.files() == OLD | {"part.py": "mine\n"}
    assert scene.unfinished() == 0


def test_the_answer_names_it(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.killed("place.after_rename", 1)
    cambrian(
        ["runs", "apply", "last", "--variant", "initial", "--yes", "--json", "--workspace", str(scene.workspace.path)]
    )
    told = msgspec.json.decode(capsys.readouterr().out, type=Applied)
    assert len(told.cut_off) == 1
    assert told.written


async def test_an_intent_of_an_earlier_version_is_settled_too(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    async with workspace.writing() as store:
        actor = await Actor.begin(store)
        await actor.run.aclose()
        run = await Run.resume(store, RunId("r-0"), clock=ManualClock(), holder=this_process())
        data: dict[str, object] = {"variant": "v", "files": ["program.py"]}
        await run.intend(Intent(effect=EffectId("promote:9"), kind="promote", key="promote:9", data=data))
        trail = await read_trail(store, RunId("r-0"))
        await run.aclose()
    assert trail.cut_off[0].names == {"program.py"}
    assert trail.added == frozenset()

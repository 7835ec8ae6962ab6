"""What lies beside an evaluator that shares its jail with candidates: journals, keys and passwords are not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.search.test_foreign import LOAD, evaluated, foreign_task

from cambrian.app.checking import check_task
from cambrian.app.cli import run as cambrian
from cambrian.core.errors import TaskError
from cambrian.core.evaluation import Status
from cambrian.search.evaluation import Evaluator, exposure
from cambrian.search.evaluation.exposure import expose

THIEF = '''
import os, sys

def run(folder):
    """Everything below a folder, by every name."""
    found = []
    for here, folders, files in os.walk(folder, followlinks=True):
        if here.count("/") > folder.count("/") + 6:
            break
        for name in files:
            try:
                found.append(name + "=" + open(os.path.join(here, name), errors="replace").read(4000))
            except OSError as error:
                found.append(name + " " + str(error))
        found += folders
    for path in ("/proc/self/root", "/proc/1/root"):
        found += os.listdir(path) if os.path.isdir(path) else []
    return "\\n".join(found)

if __name__ == "__main__":
    print(run(sys.argv[1]))
'''
EVALUATOR = LOAD + (
    "import os\n"
    "def evaluate(path):\n"
    "    return {'combined_score': 1.0, 'seen': loaded(path).run(os.path.dirname(os.path.abspath(__file__)))}\n"
)
SECRET = "correct-horse-battery"
PLACES = (
    ".env", ".env.local", "prod.env", "server.pem", "id_rsa", "ID_ED25519", ".git-credentials", ".netrc", ".pypirc",
    "tls.key", "secrets.toml", ".cambrian/journal.db", ".cambrian/cache/ab/cdef", ".git/config", ".ssh/config",
    "elsewhere/journal.db", "elsewhere/lines/r-1", "journal.db-wal", "data/deep/.env", "data/deep/.aws/credentials",
)  # fmt: skip
OPEN = ("data.csv", "answers.key", "data/train.csv", "data/deep/test.csv", "lib/site-packages/ca/cacert.pem")


def put(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "task"
    for path in PLACES:
        put(folder, path, f"PRIVATE KEY {SECRET}" if path != "elsewhere/journal.db" else SECRET)
    for path in OPEN:
        put(folder, path, f"open:{path}")
    (folder / "link").symlink_to(folder / ".env")
    (folder / "links").symlink_to(folder / "data")
    (folder / "data" / "link").symlink_to("../.env")
    (folder / "out").symlink_to(tmp_path / "outside")
    put(tmp_path, "outside/note", SECRET)
    os.mkfifo(folder / "pipe")
    return folder


async def test_no_candidate_reads_what_is_not_the_evaluators(folder: Path) -> None:
    (folder / "pipe").unlink()
    control = subprocess.run(
        [sys.executable, "-c", THIEF, str(folder)], capture_output=True, text=True, check=True, timeout=60
    )
    assert control.stdout.count(SECRET) > len(PLACES), "outside a jail it is all there"
    os.mkfifo(folder / "pipe")
    found = await evaluated(foreign_task(folder, "openevolve", EVALUATOR, program={"initial_program.py": THIEF}))
    assert found.status is Status.OK, found
    for path in OPEN:
        assert f"open:{path}" in found.feedback, "what is the evaluator's is there"
    assert SECRET not in found.feedback
    assert "journal" not in found.feedback


async def test_what_comes_into_the_folder_later_is_not_there(folder: Path) -> None:
    task = foreign_task(folder, "openevolve", EVALUATOR, program={"initial_program.py": THIEF})
    evaluator = await Evaluator.start(task)
    try:
        put(folder, "late/journal.db", SECRET)
        put(folder, "late.txt", SECRET)
        told = (await evaluator.evaluate(task.initial)).evaluation.feedback
    finally:
        await evaluator.aclose()
    assert "open:data.csv" in told
    assert SECRET not in told


def test_what_is_shown_and_what_is_not(folder: Path) -> None:
    found = expose(folder)
    tops = {path if "/" not in path or path.startswith("data/") else path.partition("/")[0] for path in PLACES}
    assert set(found.hidden) == {path.replace("/.aws/credentials", "/.aws") for path in tops}
    names = {str(path.relative_to(folder)) for path in found.shown}
    assert names >= {"data.csv", "answers.key", "data/train.csv", "data/deep/test.csv", "lib"}
    assert not names & {"link", "links", "out", "pipe", "data"}


def test_a_workspace_that_is_the_folder_itself_is_hidden(tmp_path: Path) -> None:
    for path in ("journal.db", "journal.db-wal", "lines/r-1.json", "cache/ab/cd", "tasks/x/p.py", "cases/lines/a.csv"):
        put(tmp_path, path, SECRET)
    found = expose(tmp_path)
    assert found.hidden == ("cache", "journal.db", "journal.db-wal", "lines", "tasks")
    assert found.shown == (tmp_path / "cases",)


def test_links_to_what_is_shown_are_shown(tmp_path: Path) -> None:
    put(tmp_path, "data/a.csv", "1")
    for name, target in {"a": "data", "b": "data/a.csv", "c": ".", "d": "/etc", "e": "nowhere"}.items():
        (tmp_path / name).symlink_to(target)
    assert {path.name for path in expose(tmp_path).shown} == {"data", "a", "b"}


def test_too_many_to_be_shown_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposure, "MOST", 3)
    for number in range(4):
        put(tmp_path, f"{number}.csv", "1")
    assert expose(tmp_path).shown == (tmp_path,), "there is nothing to hide"
    put(tmp_path, ".env", SECRET)
    with pytest.raises(TaskError, match=r"'\.env' among them.*\n  fix: move it"):
        expose(tmp_path)


READS_IT = "import os\ndef evaluate(path):\n    open(os.path.dirname(__file__) + '/.env')\n"


async def test_an_evaluator_that_wants_what_is_hidden_is_told(folder: Path) -> None:
    found = await evaluated(foreign_task(folder, "openevolve", READS_IT))
    assert found.status is Status.ERROR
    assert "fix: '.env' is kept from programs" in found.feedback


async def test_check_tells_what_is_hidden(folder: Path) -> None:
    found = await check_task(
        foreign_task(folder, "openevolve", "def evaluate(path):\n    return {'combined_score': 1.0}\n")
    )
    assert {".env", ".cambrian", "data/deep/.aws"} <= set(found.hidden)


def test_check_tells_a_person_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign_task(folder, "openevolve", "def evaluate(path):\n    return {'combined_score': 1.0}\n")
    (folder / "initial_program.py").write_text("# EVOLVE-BLOCK-START\nX = 1\n# EVOLVE-BLOCK-END\n")
    assert cambrian(["check", str(folder), "--no-doctor"]) == 0
    assert "kept from programs, and so from the evaluator: .cambrian, .env, " in capsys.readouterr().out

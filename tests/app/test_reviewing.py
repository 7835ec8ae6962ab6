"""`cambrian review`: four specialists, one report."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import cambrian
from cambrian.app import reviewing
from cambrian.app.cli.commands import dispatch
from cambrian.app.reviewing import Reviewed, review
from cambrian.core.errors import UsageError

SHOP = '''\
"""A small shop."""

import hashlib


def orders(connection, request):
    """Orders of a customer."""
    name = request.args["name"]
    return connection.execute("SELECT * FROM orders WHERE name = '{}'".format(name)).fetchall()


def signatures(password, salts):
    """One for each salt."""
    found = []
    for salt in salts:
        found.append(salt + hashlib.md5(password).hexdigest())
    return found


def common(names, others):
    """Names that stand in both."""
    wanted = [each for each in others]
    return [name for name in names if name in wanted]
'''


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "test_shop.py").write_text(SHOP)
    (tmp_path / "requirements.txt").write_text("reqeusts==1.0\n")
    return tmp_path


async def test_one_report_with_a_conflict_resolved(shop: Path) -> None:
    found = await review(shop, only=("security", "dependencies", "speed"))
    places = {(each.kind, each.rule): each.place for each in found.remarks}
    assert places[("security", "sql-injection")] == "shop.py:9"
    assert places[("dependencies", "suspicious-package")] == "requirements.txt:1"
    assert places[("speed", "membership-set")] == "shop.py:23"
    pairs = {(found.remarks[each.stands].rule, found.remarks[each.yields].rule, each.why) for each in found.conflicts}
    assert ("weak-hash", "appended-loop", "security before speed") in pairs
    assert [each.kind for each in found.specialists] == ["security", "dependencies", "speed"]
    assert (shop / "shop.py").read_text() == SHOP


async def test_processes_of_their_own_say_the_same(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = await cambrian.review(shop)
    monkeypatch.setattr(reviewing, "_SHARD", 1)
    there = await review(shop, jobs=2, tests=True)
    assert {each.kind: each.processes for each in here.specialists}["speed"] == 0
    assert {each.kind: each.processes for each in there.specialists}["speed"] == 2
    assert [each for each in there.remarks if not each.file.startswith("test_")] == list(here.remarks)
    assert any(each.file == "test_shop.py" for each in there.remarks)


async def test_rewrites_that_stand_are_shown_together(shop: Path) -> None:
    found = await review(shop / "shop.py", fix=True, only=["speed"])
    assert found.diff == "" or found.diff.startswith("--- a/shop.py")
    assert (shop / "shop.py").read_text() == SHOP


async def test_what_cannot_be_meant_is_told(shop: Path) -> None:
    with pytest.raises(UsageError, match="no specialist 'taste'"):
        await review(shop, only=["taste"])
    with pytest.raises(UsageError, match="at least one process"):
        await review(shop, jobs=0)
    with pytest.raises(UsageError, match="is no folder"):
        await review(shop, advisories=shop / "nowhere", only=["dependencies"])


def test_the_command(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dispatch(["review", str(shop), "--only", "security", "--only", "speed"]) == 1
    said = capsys.readouterr()
    assert "yields to shop.py:16" in said.out
    assert "security before speed" in said.err
    assert dispatch(["review", str(shop), "--only", "speed", "--json"]) == 0
    told = msgspec.json.decode(capsys.readouterr().out, type=Reviewed)
    assert {each.kind for each in told.remarks} == {"speed"}

"""``cambrian improve`` as a person types it. What it finds and proves: tests/improvement, tests/verify."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cambrian.app.cli import run
from cambrian.app.improving import Improved, Listed

SLOW = """def common(a: list[int], b: list[int]) -> list[int]:
    out = []
    for x in a:
        if x in b:
            out.append(x)
    return out
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "orders.py").write_text(SLOW, encoding="utf-8")
    (tmp_path / "calls.txt").write_text(f"({list(range(300))}, {list(range(600, 100, -1))})\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_list_names_functions_as_improve_takes_them(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["improve", "shop", "--list", "--json"]) == 0
    listed = msgspec.json.decode(capsys.readouterr().out, type=Listed)
    assert [each.place for each in listed.candidates] == ["shop/orders.py:common"]
    assert not listed.profiled
    assert run(["improve", "shop", "--list"]) == 0
    assert "membership-set" in capsys.readouterr().out


def test_the_list_for_memory_has_the_rules_that_spare_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "def size(words: list[str]) -> int:\n    return sum([len(word) for word in words])\n"
    (project / "shop" / "words.py").write_text(text, encoding="utf-8")
    assert run(["improve", "shop", "--list", "--goal", "memory", "--json"]) == 0
    listed = msgspec.json.decode(capsys.readouterr().out, type=Listed)
    found = {each.place: each.rules for each in listed.candidates}
    assert found.pop("shop/words.py:size") == ("unkept-list",)
    assert all("membership-set" not in rules for rules in found.values())


@pytest.mark.slow
def test_less_memory_is_found_and_told_in_bytes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "def size(words: list[str]) -> int:\n    return sum([len(word) for word in words])\n"
    (project / "words.py").write_text(text, encoding="utf-8")
    assert run(["improve", "words.py:size", "--goal", "memory", "--cases", "60", "--budget", "90s"]) == 0
    told = capsys.readouterr()
    assert "at the peak of the hungriest of" in told.err
    assert "+    return sum(len(word) for word in words)" in told.out


def test_nothing_to_find_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "shop" / "orders.py").write_text("def f(x):\n    return x\n", encoding="utf-8")
    assert run(["improve", "shop", "--list"]) == 0
    assert capsys.readouterr().out == "no rule finds anything\n"
    assert run(["improve", "shop"]) == 1
    assert "shop: no rule finds anything in it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nothing.py"], "'nothing.py' names nothing here"),
        (["shop/orders.py:price"], "has no function 'price'; it has common"),
        (["shop/orders.py:comon"], "has no function 'comon'; did you mean common?"),
        (["shop:common"], "is a folder; name the file in which 'common' is"),
        (["broken.py"], "broken.py:1: SyntaxError"),
        (["broken.py", "--list"], "broken.py:1: SyntaxError"),
        (["broken.py:f"], "broken.py:1: SyntaxError"),
        (
            ["shop/orders.py:common", "--inputs", "one.txt"],
            "one.txt:2: '([1],)' gives 1 argument, and",
        ),
        (["shop", "--list", "--apply"], "--list only looks"),
        (["page.js", "--goal", "memory"], "only measured of Python"),
        (["shop", "--list", "--patch", "p.diff"], "--list only looks"),
        (["shop", "--cases", "0"], "cases is 0"),
        (["shop", "--least", "0.5"], "least is 0.5"),
        (["shop", "--budget", "60"], "'60' is not a duration"),
        (["shop", "--inputs", "none.txt"], "the inputs 'none.txt' cannot be read"),
    ],
)
def test_mistakes_are_told(
    project: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    (project / "broken.py").write_text("def f(:\n", encoding="utf-8")
    (project / "page.js").write_text("function f() {}\n", encoding="utf-8")
    (project / "one.txt").write_text("# a, b\n([1],)\n", encoding="utf-8")
    assert run(["improve", *words]) == 2
    assert told in capsys.readouterr().err.replace("\n", " ")


def test_a_file_of_a_folder_that_does_not_parse_is_told_and_passed_over(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "shop" / "broken.py").write_text("def f(:\n", encoding="utf-8")
    assert run(["improve", "shop", "--list"]) == 0
    told = capsys.readouterr()
    assert "not looked at: shop/broken.py:1: SyntaxError" in told.err
    assert "shop/orders.py:common" in told.out
    assert run(["improve", "shop", "--list", "--json"]) == 0
    listed = msgspec.json.decode(capsys.readouterr().out, type=Listed)
    assert [each.partition(":")[0] for each in listed.skipped] == ["shop/broken.py"]


@pytest.mark.slow
def test_a_change_is_shown_written_as_a_patch_applied_and_undone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--inputs", "calls.txt", "--cases", "60", "--budget", "120s"]
    assert run(["improve", "shop.orders:common", *options, "--patch", "p.diff", "--json"]) == 0
    found = msgspec.json.decode(capsys.readouterr().out.splitlines()[-1], type=Improved)
    assert (project / "p.diff").read_text() == found.diff
    assert found.diff.startswith("--- a/shop/orders.py\n")
    assert (project / "shop" / "orders.py").read_text() == SLOW
    assert run(["improve", "shop", *options, "--apply"]) == 0
    assert "takes it back" in capsys.readouterr().err
    assert "set(b)" in (project / "shop" / "orders.py").read_text()
    assert run(["undo"]) == 0
    assert (project / "shop" / "orders.py").read_text() == SLOW
    assert run(["runs", "list"]) == 0
    assert "(improvement)" in capsys.readouterr().out

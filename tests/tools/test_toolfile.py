"""Files of tools: which functions they give, and what is said about those that give none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cambrian.core.errors import TaskError
from cambrian.tools.toolfile import load_functions

PUBLIC = """
from dataclasses import dataclass
from os.path import join
import beside

@dataclass
class Spot:
    x: int

def first(spot: Spot) -> int:
    return _hidden(spot)

def _hidden(spot: Spot) -> int:
    return beside.VALUE

async def second() -> None: ...
"""


def names(path: Path) -> list[str]:
    return [each.__name__ for each in load_functions(path)]


@pytest.fixture(autouse=True)
def path_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))


def test_public_functions_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("VALUE = 1")
    (tmp_path / "tools.py").write_text(PUBLIC)
    (tmp_path / "json.py").write_text("")
    before = list(sys.path)
    assert names(tmp_path / "tools.py") == ["first", "second"]
    assert sys.path == [*before, str(tmp_path)], "what is beside the file hides nothing"
    sys.modules.pop("beside")


def test_imports_inside_functions_find_what_is_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "beside_later.py").write_text("VALUE = 7")
    (tmp_path / "tools.py").write_text("def f():\n    import beside_later\n    return beside_later.VALUE\n")
    [function] = load_functions(tmp_path / "tools.py")
    assert function() == 7
    sys.modules.pop("beside_later")


def test_marked_functions_win_over_public_ones(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text(
        "from cambrian.tools.functions import tool\ndef a(): ...\n@tool\ndef b(): ...\n@tool(name='c')\ndef _c(): ...\n"
    )
    assert names(tmp_path / "tools.py") == ["b", "_c"]


def test_all_wins_over_everything(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("from os.path import join\ndef a(): ...\n__all__ = ['join']\n")
    assert names(tmp_path / "tools.py") == ["join"]


@pytest.mark.parametrize(("text", "words"), [
    ("x = 1", "tools.py: there is no public function in it\n  fix: "),
    ("\n1 / 0", "tools.py:2: it cannot be loaded: ZeroDivisionError"),
    ("\n\ndef f(:", "tools.py:3: it cannot be loaded: SyntaxError"),
    ("raise SystemExit(1)", "tools.py:1: it cannot be loaded: SystemExit"),
    ("import not_there_at_all", "No module named 'not_there_at_all'"),
    ("def f(): ...\n__all__ = ['g']", "tools.py:2: __all__ names 'g'"),
])  # fmt: skip
def test_faults_name_the_file_the_line_and_the_fix(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "tools.py").write_text(text)
    with pytest.raises(TaskError) as caught:
        load_functions(tmp_path / "tools.py")
    assert words in str(caught.value)
    assert "fix: " in str(caught.value)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="there is no such file"):
        load_functions(tmp_path / "none.py")
    (tmp_path / "tools.txt").write_text("def f(): ...")
    with pytest.raises(TaskError, match="no Python file"):
        load_functions(tmp_path / "tools.txt")

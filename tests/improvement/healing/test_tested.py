"""What a failing test is about: its own text and its imports tell; tests themselves are never it."""

from pathlib import Path

import pytest

from cambrian.improvement.healing.tested import called_by, is_test
from cambrian.source.repair.report import Failure

PROGRAM = "def half(n):\n    return n // 3\n\n\ndef twice(n):\n    return 2 * n\n"
TEST = """{imports}


def test_first():
    wanted = {twice}(2)
    assert {half}(4) == wanted / 2
"""


@pytest.mark.parametrize(
    ("imports", "prefix", "place"),
    [
        ("from shop.sums import half, twice", "", "src/shop/sums.py"),
        ("from shop.sums import *", "", "shop/sums.py"),
        ("import shop.sums", "shop.sums.", "src/shop/sums.py"),
        ("from shop import sums", "sums.", "shop/sums.py"),
        ("from sums import half, twice", "", "tests/sums.py"),
    ],
)
def test_what_the_failing_line_calls(tmp_path: Path, imports: str, prefix: str, place: str) -> None:
    for path, text in (
        (place, PROGRAM),
        ("tests/test_sums.py", TEST.format(imports=imports, half=f"{prefix}half", twice=f"{prefix}twice")),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    found = called_by(tmp_path, Failure(type="AssertionError", file="tests/test_sums.py", line=6))
    assert found == (place, (1, 2))


def test_nothing_of_the_project_is_called(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("import math\n\n\ndef test_a():\n    assert math.floor(2) == 1\n")
    assert called_by(tmp_path, Failure(type="AssertionError", file="test_a.py", line=5)) is None
    assert called_by(tmp_path, Failure(type="AssertionError", file="test_gone.py", line=5)) is None
    assert is_test("tests/test_a.py")
    assert is_test("a_test.py")
    assert not is_test("testing.py")

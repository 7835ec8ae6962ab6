"""What words name, which functions there are, and which files a function needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from cambrian.core.errors import UsageError
from cambrian.improvement.targets import named, target_of


@pytest.fixture
def project(tmp_path: Path) -> Path:
    texts = {
        "src/shop/__init__.py": "",
        "src/shop/orders.py": "from . import tax\nimport json\n\n\ndef total(n):\n    return tax.add(n)\n\n\n"
        "class Cart:\n    @staticmethod\n    def size(n):\n        return n\n",
        "src/shop/tax.py": "import shop.rates\n\n\ndef add(n):\n    return n * shop.rates.RATE\n",
        "src/shop/rates.py": "RATE = 2\n",
        "src/shop/unused.py": "",
        "plain.py": "def f(): ...\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "path", "function"),
    [
        ("plain.py", "plain.py", ""),
        ("src", "src", ""),
        ("plain.py:f", "plain.py", "f"),
        ("plain:f", "plain.py", "f"),
        ("shop.orders:Cart.size", "src/shop/orders.py", "Cart.size"),
        ("shop", "src/shop/__init__.py", ""),
    ],
)
def test_words_name_a_place(project: Path, words: str, path: str, function: str) -> None:
    assert named(words, project) == (project / path, function)


def test_words_that_name_nothing_are_told(project: Path) -> None:
    with pytest.raises(UsageError, match=r"'nothing.py:f' names nothing here"):
        named("nothing.py:f", project)


def test_a_target_has_the_files_that_it_needs_and_no_others(project: Path) -> None:
    target = target_of(project / "src/shop/orders.py", "total")
    assert target.root == project / "src"
    assert set(target.files) == {"shop/__init__.py", "shop/orders.py", "shop/tax.py", "shop/rates.py"}
    assert target.program().entry == "shop/orders.py:total"
    assert target.place == "shop/orders.py:total"


def test_a_method_is_called_through_a_file_of_its_own(project: Path) -> None:
    target = target_of(project / "src/shop/orders.py", "Cart.size")
    program = target.program("changed")
    assert program.files["shop/orders.py"] == "changed"
    assert program.entry.endswith(":call")
    assert (target.line, target.end_line) == (10, 12)


def test_a_function_that_is_not_there_is_told_with_those_that_are(project: Path) -> None:
    with pytest.raises(UsageError, match=r"has no function 'price'; it has total, Cart\.size"):
        target_of(project / "src/shop/orders.py", "price")


def test_what_does_not_parse_is_told(project: Path) -> None:
    (project / "plain.py").write_text("def f(:\n", encoding="utf-8")
    with pytest.raises(UsageError, match="SyntaxError: invalid syntax; nothing can be told"):
        target_of(project / "plain.py", "f")

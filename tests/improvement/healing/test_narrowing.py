from pathlib import Path

import pytest

from cambrian.improvement.healing.narrowing import narrowed
from cambrian.improvement.healing.node_failures import read_node

PYTEST = "F.\n=== short test summary info ===\nFAILED tests/test_a.py::test_x[1] - assert 3 == 4\n1 failed, 1 passed\n"
TAP = """\
not ok 1 - total
  ---
  location: '/elsewhere/project/cart.test.js:5:1'
  error: 'it\\'s not a function'
  name: 'TypeError'
  stack: |-
    Cart.put (/elsewhere/project/cart.js:6:16)
    TestContext.<anonymous> (/elsewhere/project/cart.test.js:6:33)
    Test.run (node:internal/test_runner/test:796:25)
"""
PLAIN = "/p/a.js:3\n  x.y();\n    ^\n\nTypeError [ERR_X]: no\n    at f (file:///p/a.js:3:5)\n    at node:internal:1:2\n"


@pytest.mark.parametrize(
    ("argv", "wanted"),
    [
        (("pytest", "-q", "tests"), ("pytest", "-q", "tests/test_a.py::test_x[1]")),
        (("python3", "-m", "pytest", "tests/test_a.py"), ("python3", "-m", "pytest", "tests/test_a.py::test_x[1]")),
        (("make", "test"), ()),
    ],
    ids=["pytest", "module", "unknown"],
)
def test_pytest(tmp_path: Path, argv: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    (tmp_path / "tests").mkdir()
    assert narrowed(argv, PYTEST, tmp_path) == wanted
    assert narrowed(argv, "no summary", tmp_path) == ()


def test_node(tmp_path: Path) -> None:
    (tmp_path / "cart.test.js").touch()
    assert narrowed(("node", "--test", "."), TAP, tmp_path) == ("node", "--test", "cart.test.js")


def test_what_node_prints() -> None:
    told = read_node(TAP)
    assert told is not None
    assert (told.type, told.message) == ("TypeError", "it's not a function")
    assert ("/elsewhere/project/cart.js", 6) in told.places
    told = read_node(PLAIN)
    assert told is not None
    assert (told.type, told.message, told.places[0]) == ("TypeError", "no", ("/p/a.js", 3))
    assert read_node('File "a.py", line 3\nNameError: x\n') is None

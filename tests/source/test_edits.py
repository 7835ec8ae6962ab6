"""Variables set from outside: the script does what it did, and takes a new value where it is told to."""

from __future__ import annotations

import pytest

from cambrian.core.errors import UsageError
from cambrian.source.edits import PRELUDE, editable, edited, settable, unedited


def run(code: str, edits: dict[int, dict[str, object]] | None = None, **tools: bool) -> dict[str, object]:
    """Run an editable script with tools that double; the n-th call's answer sets the n-th edit."""
    made = 0

    def double(x: int) -> object:
        nonlocal made
        made += 1
        value = 2 * x
        return edited(value, edits[made - 1]) if edits and made - 1 in edits else value

    scope: dict[str, object] = {"double": double, "tools": type("Tools", (), {"double": staticmethod(double)})}
    exec(PRELUDE, scope)
    exec(compile(editable(code, tools or {"double": False}), "script", "exec"), scope)
    return scope


LOOP = "total = 0\nfor i in range(5):\n    total += double(i)\nlast = total\n"


def test_unedited_it_does_what_it_did() -> None:
    assert run(LOOP)["last"] == 20


def test_a_variable_is_set_after_the_statement_of_the_call() -> None:
    assert run(LOOP, {2: {"total": 1000}})["last"] == 1000 + 6 + 8


def test_lines_stay_where_they_were() -> None:
    code = (
        "a = double(1)\nif a:\n    b = double(\n        a)\nc = [double(x) for x in (1,\n  2)]; d = 4\nraise KeyError\n"
    )
    with pytest.raises(KeyError) as error:
        run(code)
    assert error.traceback[-1].lineno == 6  # counted from 0
    assert editable(code, {"double": False}).count("\n") == code.count("\n")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("x = 1; y = double(x); z = x", 7),
        ("x = 1\ny = tools.double(x)\nz = x", 7),
        ("x = 1\nif double(1): pass\ny = 0\nz = x", 7),
        ("x = 1\ntry:\n    double(1)\nfinally:\n    y = 1\nz = x", 7),
        ("x = 1\ndef f():\n    return double(3)\nf()\nz = x", 7),
        ("x = 1\n'ünï'; double(1)\nz = x", 7),
        ("x = 1\nfor _ in [1]: double(1)\nz = x", 7),
        ("x = 1\nmatch double(1):\n    case 2: y = 1\nz = x", 7),
    ],
)
def test_wherever_the_call_stands(code: str, value: int) -> None:
    assert run(code)["z"] == 1
    assert run(code, {0: {"x": value}})["z"] == value


def test_the_last_expression_is_left_alone() -> None:
    assert editable("x = 1\nx", {}).endswith("\nx")


def test_what_a_script_assigns() -> None:
    code = "a, (b, *c) = 1, (2, 3)\nimport os\nfor d in a: e = 1\ndef f(): g = 1\nwith x as h: pass\n[i for i in a]\n"
    assert settable(code) == {"a", "b", "c", "d", "e", "h"}


def test_a_tool_that_is_handed_on_cannot_be_followed() -> None:
    with pytest.raises(UsageError, match="line 1: the tool 'double'"):
        editable("x = list(map(double, [1]))", {"double": False})


def test_what_is_no_python() -> None:
    with pytest.raises(SyntaxError):
        editable("x = (", {})
    assert editable("", {}) == ""


def test_a_traceback_shows_the_lines_that_were_written() -> None:
    code = f"x = 1\nif x:\n    y = double({'x' * 400})\nx"
    script = editable(code, {"double": False})
    told = (
        f'  File "a", line 3\n    {script.splitlines()[2].strip()[:290]}\n      ^^~~~\n  File "b"\n    other(x)\n    ^^'
    )
    assert "__seen__" in told
    whole = f"y = double({'x' * 400})"
    assert unedited(told, script, code) == f'  File "a", line 3\n    {whole}\n  File "b"\n    other(x)\n    ^^'

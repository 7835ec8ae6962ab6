"""Where lines can be put before and behind a statement."""

from __future__ import annotations

import ast

import pytest

from cambrian.source.analysis import Module


@pytest.mark.parametrize(("line", "alone"), [
    ("x = 1", True), ("x = 1;", True), ("x = 1 ;  # one", True), ("x = 1  # one", True),
    ("x = 1; y = 2", False), ("y = 2; x = 1", False), ("if a: x = 1", False), ("if a: x = 1;", False),
])  # fmt: skip
def test_a_statement_is_alone_if_nothing_else_stands_on_its_line(line: str, alone: bool) -> None:
    module = Module(f"def f(a):\n    {line}\n    return a\n")
    statement = next(one for one in module.of(ast.Assign) if ast.unparse(one) == "x = 1")
    assert module.alone(statement) is alone
    if alone:
        after = module.after(statement, "y = 2")
        text = module.text[: after.start] + after.text + module.text[after.stop :]
        assert text == f"def f(a):\n    {line}\n    y = 2\n    return a\n"

"""Imports: put where they belong, named so that nothing else in the file is meant, nothing else touched."""

from __future__ import annotations

import ast

import pytest

from cambrian.source.analysis import Module
from cambrian.source.edit import apply


def imported(text: str) -> tuple[str, str]:
    """How ``collections.deque`` is written in a file, and the file with the import."""
    found = Module(text).importing("collections", "deque")
    return found.spelling, apply(text, found.splices)


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("import collections\nx = 1\n", "collections.deque"),
        ("import collections as c\n", "c.deque"),
        ("from collections import deque\n", "deque"),
        ("from collections import deque as d, Counter\n", "d"),
    ],
)
def test_an_import_that_is_there_is_used(text: str, spelling: str) -> None:
    assert imported(text) == (spelling, text)


LINE = "from collections import deque\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\n", f"{LINE}\nx = 1\n"),
        ('"""Doc."""\nimport os\n', f'"""Doc."""\n{LINE}import os\n'),
        ('"""Doc."""\nfrom __future__ import annotations\n\nimport os\n',
         f'"""Doc."""\nfrom __future__ import annotations\n\n{LINE}import os\n'),
        ("#!/usr/bin/python\n# -*- coding: utf-8 -*-\nx = 1\n",
         f"#!/usr/bin/python\n# -*- coding: utf-8 -*-\n{LINE}\nx = 1\n"),
        ("# licence\n\n# about f\ndef f(): pass\n", f"# licence\n\n{LINE}\n\n# about f\ndef f(): pass\n"),
        ("import os\r\nx = 1\r\n", f"{LINE[:-1]}\r\nimport os\r\nx = 1\r\n"),
        ('"""Doc."""; x = 1\n', '"""Doc."""; from collections import deque; x = 1\n'),
        ("@a\ndef f(): pass\n", f"{LINE}\n\n@a\ndef f(): pass\n"),
        ('"""Doc."""', f'"""Doc."""\n{LINE}'),
        ("", LINE),
    ],
)  # fmt: skip
def test_an_import_is_put_where_it_belongs(before: str, after: str) -> None:
    spelling, text = imported(before)
    assert spelling == "deque"
    assert text == after
    tree = ast.parse(text)
    assert any(isinstance(node, ast.ImportFrom) and node.module == "collections" for node in tree.body)
    assert ast.get_docstring(tree) == ast.get_docstring(ast.parse(before))


@pytest.mark.parametrize(
    "text",
    [
        "deque = 1\n",
        "def f(deque): pass\n",
        "import collections\ndef f(collections): return deque\n",
        "if x:\n    from collections import deque\n",
        "def f():\n    from collections import deque\n",
        "from .collections import deque\n",
        "from collections import deque\ndeque = 2\n",
        "x = 'deque'\n",
    ],
)
def test_no_name_is_used_that_may_mean_something_else(text: str) -> None:
    spelling, after = imported(text)
    assert spelling == "_deque"
    assert "from collections import deque as _deque\n" in after


def test_a_fresh_name_stands_nowhere_in_the_file() -> None:
    module = Module("x_set = 1  # x_as_set\n")
    assert module.fresh("x_set", "x_as_set") == "x_set_2"
    assert module.fresh("y") == "y"

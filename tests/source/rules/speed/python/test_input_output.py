"""What is read and printed is the same before and after, which the values of calls do not show."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stdout

import pytest

from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import applied

RULES = [rule for rule in rules("speed", "python") if rule.id in {"standard-input", "printed-lines"}]
PROGRAMS = {
    "numbers": ("for _ in range(int(input())):\n    print(int(input()) * 2)\n", "3\n1\n2 \n 3\n"),
    "words": (
        "n = int(input())\nrows = [input().split() for _ in range(n)]\nfor row in rows:\n    print(*row, sep=', ')\n",
        "2\na b c\n\n",
    ),
    "blanks": ("for _ in range(4):\n    print(repr(input()))\n", "  a \n\nb\t\n c"),
    "none printed": ("for i in range(3):\n    if i > 5:\n        print(i)\nprint('end')\n", ""),
    "in and after": ("for i in range(3):\n    print(i)\nelse:\n    print('else')\nprint('end')\n", ""),
    "inner": ("t = 2\nwhile t:\n    t -= 1\n    for i in range(t + 1):\n        print(i, t)\n    print('-')\n", ""),
    "ends": ("for i in range(3):\n    for j in range(i):\n        print(j, end=' ')\n    print()\n", ""),
    "lines within": ("for text in ['a\\nb', '', 'c']:\n    print(text)\n", ""),
    "values": ("for value in [None, 1.5, True, 'x', (1,)]:\n    print(value)\n", ""),
    "old spelling": ("for i in range(3):\n    print (i, 'x')\n", ""),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_prints_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, given = PROGRAMS[name]
    found = find(text, "program.py", RULES)
    assert found
    printed: list[str] = []
    for program in (text, applied(text, found)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        with redirect_stdout(io.StringIO()) as out:
            exec(compile(program, "program.py", "exec"), {"__name__": "__main__"})
        printed.append(out.getvalue())
    assert printed[0] == printed[1]

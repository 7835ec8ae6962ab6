"""Texts written to break the fixes: where a fix would mean something else, there is only the finding."""

from __future__ import annotations

import pytest

from cambrian.source.analysis.module import Module
from cambrian.source.rules.rule import Rewrite, Rule, applied
from cambrian.source.rules.security.python.command_injection import RULE as COMMAND
from cambrian.source.rules.security.python.sql_injection import RULE as SQL

HEAD = "import sqlite3, subprocess\nfrom flask import request\ncur = sqlite3.connect('x').cursor()\n"


def found(rule: Rule[Module], line: str) -> tuple[list[Rewrite], str]:
    """What a rule finds in a handler with this line, and the handler fixed."""
    text = f"{HEAD}def view():\n    n = request.args['n']\n    {line}\n"
    module = Module.read(text, "views.py")
    assert isinstance(module, Module)
    rewrites = list(rule.find(module))
    return rewrites, applied(text, rewrites)


@pytest.mark.parametrize(
    "line",
    [
        'cur.execute("SELECT * FROM t WHERE a IN (%s)" % n)',
        "cur.execute(f'SELECT * FROM t WHERE a in ( {n} )')",
        """cur.execute("SELECT * FROM t WHERE a = " + ("'x'" if n else n))""",
    ],
)
def test_what_may_be_more_than_a_value_is_told_and_left(line: str) -> None:
    rewrites, _ = found(SQL, line)
    assert rewrites
    assert not any(one.splices for one in rewrites)


def test_quotes_doubled_by_hand_are_not_doubled_in_a_parameter() -> None:
    _, after = found(SQL, """cur.execute("SELECT * FROM t WHERE a = '" + n.replace("'", "''") + "'")""")
    assert 'cur.execute("SELECT * FROM t WHERE a = ?", (n,))' in after


@pytest.mark.parametrize(
    "line",
    [
        "subprocess.run(f'export A={n}', shell=True)",
        "subprocess.run(f'type {n}', shell=True)",
        "subprocess.run('ls a{1,2} ' + n, shell=True)",
        "subprocess.run('ls ' + n, shell=True, executable='/bin/bash')",
        "subprocess.run('ls ' + n, shell=True, **options)",
    ],
)
def test_what_needs_a_shell_keeps_it(line: str) -> None:
    rewrites, _ = found(COMMAND, line)
    assert rewrites
    assert not any(one.splices for one in rewrites)


def test_a_plain_command_is_fixed() -> None:
    _, after = found(COMMAND, "subprocess.run('ls ' + n, shell=True)")
    assert 'subprocess.run(["ls", n])' in after

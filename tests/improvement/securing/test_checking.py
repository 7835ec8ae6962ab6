"""Fixes of SQL, run: right ones are shown to be right, wrong ones are refuted, and nothing of it leaves the jail."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from cambrian.improvement.securing.checking import try_fix
from cambrian.sandbox import CPythonJail

OLD = """\
import psycopg2


def find(conn, name):
    cur = conn.cursor()
    cur.execute("SELECT id, name FROM users WHERE name = '%s'" % name)
    return cur.fetchall()
"""
NEW = OLD.replace("'%s'\" % name", '%s", (name,)')


@pytest.fixture
async def jail(anyio_backend: str) -> AsyncGenerator[CPythonJail, None]:
    started = await CPythonJail.start()
    yield started
    await started.aclose()


async def test_a_right_fix_is_shown_on_a_database_that_is_made_up(jail: CPythonJail) -> None:
    trial = await try_fix(jail, OLD, NEW, "find")
    assert trial.tried > 10
    assert not trial.against


@pytest.mark.parametrize(("new", "why"), [
    (OLD, "hostile"),
    (NEW.replace("(name,)", "('other',)"), "harmless"),
    (NEW.replace("return cur.fetchall()", "return cur.fetchall()[:1] * 2"), "harmless"),
])  # fmt: skip
async def test_a_wrong_fix_is_refuted(jail: CPythonJail, new: str, why: str) -> None:
    trial = await try_fix(jail, OLD, new, "find")
    assert trial.tried == 0
    assert why in trial.against


async def test_what_cannot_run_by_itself_is_neither_shown_nor_refuted(jail: CPythonJail) -> None:
    for text, scope in (("def f(db):\n    raise SystemExit\n", "f"), ("x = 1\n", "gone"), ("def f(:\n", "f")):
        assert await try_fix(jail, text, text, scope) == (0, "")


async def test_the_program_reaches_nothing(jail: CPythonJail, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    attack = OLD.replace("    cur = conn", f"    open({str(mark)!r}, 'w').write('x')\n    cur = conn")
    await try_fix(jail, attack, attack, "find")
    assert not mark.exists()

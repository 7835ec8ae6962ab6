from pathlib import Path

import pytest

from cambrian.app.cli import run
from cambrian.app.execution.asking import Asked
from cambrian.app.execution.providing import Provision
from cambrian.app.healing import Asked as Command
from cambrian.app.healing import conduct, heal
from cambrian.core.errors import UsageError

WRONG = "xs = []\nfor i in range(3):\n    xs.appned(i)\nprint(len(xs))\n"


async def test_dry_by_default_then_applied_undone_and_learned(tmp_path: Path) -> None:
    script, workspace = tmp_path / "count.py", tmp_path / "w"
    script.write_text(WRONG, encoding="utf-8")
    dry = await heal(script, workspace=workspace)
    assert dry.healed
    assert dry.silent
    assert not dry.applied
    assert script.read_text(encoding="utf-8") == WRONG
    wet = await heal(script, workspace=workspace, apply=True)
    assert wet.applied
    assert script.read_text(encoding="utf-8") == WRONG.replace("appned", "append")
    assert '"append"' in (workspace / "fixes.json").read_text(encoding="utf-8")
    assert (await heal(script, workspace=workspace)).passes


async def test_what_it_must_print_counts(tmp_path: Path) -> None:
    script, expected = tmp_path / "count.py", tmp_path / "count.out"
    script.write_text("print(sum(range(4)))\n", encoding="utf-8")
    expected.write_text("10\n", encoding="utf-8")
    found = await heal(script, expect=expected, workspace=tmp_path / "w", apply=True)
    assert found.healed
    assert not found.silent  # a mistake of logic is shown first
    assert not found.applied


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "count.py").write_text(WRONG, encoding="utf-8")
    assert run(["heal", "count.py"]) == 0
    told = capsys.readouterr()
    assert "+    xs.append(i)" in told.out
    assert "--apply writes it" in told.err
    assert run(["heal", "count.py", "--apply"]) == 0
    assert run(["heal", "count.py"]) == 0
    assert "nothing to heal" in capsys.readouterr().err
    assert run(["runs", "list"]) == 0
    assert "count.py (healing)" in capsys.readouterr().out
    (tmp_path / "bad.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    assert run(["heal", "bad.py", "--budget", "2s"]) in (0, 1)
    assert run(["heal", "missing.py"]) == 2
    assert run(["heal", "page.rb"]) == 2


TOOLS = '''
from pathlib import Path


def add(n: int) -> int:
    """Note a number."""
    with Path({path!r}).open("a") as file:
        file.write(f"{{n}}\\n")
    return 10 * n
'''


async def test_a_script_goes_on_mended_and_no_call_is_made_twice(tmp_path: Path) -> None:
    noted, tools = tmp_path / "noted.txt", tmp_path / "tools.py"
    tools.write_text(TOOLS.format(path=str(noted)), encoding="utf-8")
    code = "first = add(1)\nout = []\nout.appned(first)\nout.append(add(2))\nout\n"
    asked = Asked(
        code=code, language="python", runtime="auto", preset="dev", limits="", inputs=(), seed=1,
        workspace=tmp_path / "w", name="job.py", given=Provision(tools=tools, approved=("add",)),
    )  # fmt: skip
    mended = await asked.heal()
    assert mended.execution.ok
    assert mended.execution.value == [10, 20]
    assert mended.steps == (".appned → .append",)
    assert noted.read_text(encoding="utf-8") == "1\n2\n"


async def test_a_script_with_two_likely_fixes_is_not_gone_on_with(tmp_path: Path) -> None:
    asked = Asked(
        code="cat = 1\ncar = 2\ncas\n", language="python", runtime="auto", preset="dev", limits="", inputs=(), seed=1,
        workspace=tmp_path / "w", name="job.py",
    )  # fmt: skip
    mended = await asked.heal()
    assert not mended.execution.ok
    assert mended.others


async def test_of_a_failing_test_the_program_is_healed_and_the_test_never(tmp_path: Path) -> None:
    (tmp_path / "sums.py").write_text("def half(n):\n    return n // 3\n", encoding="utf-8")
    test = "from sums import half\n\n\ndef test_half():\n    assert half(8) == 4\n\n\ntest_half()\n"
    (tmp_path / "test_sums.py").write_text(test, encoding="utf-8")
    asked = Command(words=("python3", "test_sums.py"), folder=tmp_path, workspace=tmp_path / "w", seconds=60)
    found = await conduct(asked)
    assert found.healed
    assert found.file == "sums.py"
    assert not found.silent


async def test_a_file_beside_it_that_is_no_text_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "count.py").write_text(WRONG, encoding="utf-8")
    (tmp_path / "old.py").write_bytes(b"# caf\xe9\n")
    assert (await heal(tmp_path / "count.py", workspace=tmp_path / "w")).healed


async def test_a_command_that_does_not_start_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'nosuch' did not start"):
        await conduct(Command(words=("nosuch",), folder=tmp_path, workspace=tmp_path / "w"))

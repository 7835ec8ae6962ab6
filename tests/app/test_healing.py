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


async def test_a_fix_by_one_assertion_alone_is_a_guess_and_others_are_told(tmp_path: Path) -> None:
    (tmp_path / "sums.py").write_text("def half(n):\n    return n // 3\n", encoding="utf-8")
    test = "from sums import half\n\n\ndef test_half():\n    assert half(9) == 4\n\n\ntest_half()\n"
    (tmp_path / "check_sums.py").write_text(test, encoding="utf-8")  # not called a test: what it asserts is not bent
    asked = Command(words=("python3", "check_sums.py"), folder=tmp_path, workspace=tmp_path / "w", seconds=60)
    found = await conduct(asked, apply=True)
    assert found.file == "sums.py"
    assert found.healed
    assert found.guess
    assert found.others  # (n - 1) // 2 … passes as well
    assert not found.applied


CART = """\
class Cart {
  constructor() { this.items = []; }
  put(name, price) {
    this.items.psh({ name, price });
    return this;
  }
  total() { return this.items.reduce((sum, each) => sum + each.price, 0); }
}
module.exports = { Cart };
"""
CART_TEST = """\
const test = require("node:test");
const assert = require("node:assert");
const { Cart } = require("./cart.js");
test("total", () => assert.strictEqual(new Cart().put("pen", 2).put("cup", 5).total(), 7));
"""


@pytest.mark.parametrize("words", [("node", "--test"), ("npm", "test")], ids=["node", "npm"])
async def test_tests_of_javascript(tmp_path: Path, words: tuple[str, ...]) -> None:
    project = tmp_path / "p"
    project.mkdir()
    (project / "cart.js").write_text(CART, encoding="utf-8")
    (project / "cart.test.js").write_text(CART_TEST, encoding="utf-8")
    (project / "package.json").write_text('{"name": "p", "scripts": {"test": "node --test"}}', encoding="utf-8")
    found = await conduct(Command(words=words, folder=project, workspace=tmp_path / "w"), apply=True)
    assert found.failure == "TypeError: this.items.psh is not a function (cart.js:4)"
    assert found.applied
    assert (project / "cart.js").read_text(encoding="utf-8") == CART.replace("psh", "push")


async def test_of_a_failing_test_of_javascript_the_program_is_healed(tmp_path: Path) -> None:
    project = tmp_path / "p"
    project.mkdir()
    text = CART.replace("psh", "push").replace("sum + each", "sum - each")
    (project / "cart.js").write_text(text, encoding="utf-8")
    (project / "cart.test.js").write_text(CART_TEST, encoding="utf-8")
    found = await conduct(Command(words=("node", "--test"), folder=project, workspace=tmp_path / "w"))
    assert found.file == "cart.js"
    assert found.healed
    assert found.guess


async def test_a_type_checker_of_the_project_is_asked(tmp_path: Path) -> None:
    project = tmp_path / "p"
    (project / "node_modules" / ".bin").mkdir(parents=True)
    text = "class Jar {\n  amount() { return 3; }\n}\nconsole.log(new Jar().count());\n"
    (project / "jar.js").write_text(text, encoding="utf-8")
    said = "jar.js(4,23): error TS2551: Property 'count' does not exist on type 'Jar'. Did you mean 'amount'?"
    checker = project / "node_modules" / ".bin" / "tsc"
    checker.write_text(f'#!/bin/sh\necho "{said}"\nexit 2\n', encoding="utf-8")
    checker.chmod(0o755)
    found = await conduct(Command(words=("node", "jar.js"), folder=project, workspace=tmp_path / "w"))
    assert found.steps == ("'count' of Jar became 'amount'",)


@pytest.mark.parametrize("named", ["", " ", "missing.py", "."], ids=["empty", "blank", "missing", "folder"])
async def test_what_is_no_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="is no file"):
        await heal(named)
    with pytest.raises(UsageError, match=r"name a file|cannot be read"):
        await conduct(Command(words=(named,), folder=tmp_path, workspace=tmp_path / "w"))


async def test_an_assertion_of_the_program_itself_is_not_bent(tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text("n = 9 // 3\nassert n == 4\nprint(n)\n", encoding="utf-8")
    found = await heal(tmp_path / "half.py", workspace=tmp_path / "w", seconds=20)
    assert "assert" not in "".join(line for line in found.diff.splitlines() if line.startswith(("-", "+")))
    assert not found.silent


async def test_a_file_beside_it_that_is_no_text_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "count.py").write_text(WRONG, encoding="utf-8")
    (tmp_path / "old.py").write_bytes(b"# caf\xe9\n")
    assert (await heal(tmp_path / "count.py", workspace=tmp_path / "w")).healed


async def test_a_command_that_does_not_start_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'nosuch' did not start"):
        await conduct(Command(words=("nosuch",), folder=tmp_path, workspace=tmp_path / "w"))

from pathlib import Path

import pytest

from cambrian.core.evaluation import Status
from cambrian.improvement.healing.commands import read_failure
from cambrian.improvement.healing.healing import Healed, HealSettings, heal
from cambrian.improvement.healing.learned import Learned
from cambrian.improvement.healing.python import PythonHealer
from cambrian.improvement.healing.scripts import ScriptRunner
from cambrian.sandbox import CPythonJail
from cambrian.sandbox.command_terms import CommandResult
from cambrian.source.repair.report import Failure, Pattern


async def healed(jail: CPythonJail, text: str, *, expected: str | None = None, **rest: object) -> Healed:
    runner = ScriptRunner(jail, "prog.py", expected=expected, limit=0.5)
    try:
        return await heal(text, PythonHealer(), runner, HealSettings(seconds=20), **rest)  # type: ignore[arg-type]
    finally:
        await runner.aclose()


SEED = """\
import asyncio


class Response:
    async def json(self):
        return {"id": 7}


async def fetch(url):
    return Response()


async def main():
    r = await fetch("http://example.com")
    data = await r.jason()
    print(data["id"])


asyncio.run(main())
"""


AWAITED = """\
import asyncio


async def g():
    return 3


async def main():
    print((await g()) + 1)


asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (SEED, SEED.replace("jason", "json")),
        ("xs = []\nxs.appned(3)\nprint(xs)\n", "xs = []\nxs.append(3)\nprint(xs)\n"),
        ("print(math.sqrt(4))\n", "import math\nprint(math.sqrt(4))\n"),
        ("n = 3\nprint('n: ' + n)\n", "n = 3\nprint('n: ' + str(n))\n"),
        ("def f(x)\n    return x\n\n\nprint(f(2))\n", "def f(x):\n    return x\n\n\nprint(f(2))\n"),
        (AWAITED.replace("(await g())", "g()"), AWAITED),
    ],
)
async def test_slips_are_healed_and_may_be_applied_unseen(jail: CPythonJail, wrong: str, right: str) -> None:
    found = await healed(jail, wrong)
    assert found.text == right
    assert found.silent


async def test_two_mistakes_one_behind_the_other(jail: CPythonJail) -> None:
    found = await healed(
        jail, "from collections import defaultdic\nd = defaultdic(int)\nprint(d['a'] + math.floor(2.5))\n"
    )
    assert found.healed
    assert len(found.steps) == 2
    assert not found.silent  # what a first guess leads to is shown first


async def test_two_fixes_that_nothing_tells_apart_are_not_applied_unseen(jail: CPythonJail) -> None:
    text = "cat = 1\ncar = 2\nprint(cas)\n"
    blind = await healed(jail, text)
    assert blind.healed
    assert not blind.silent
    assert len(blind.others) >= 1
    checked = await healed(jail, text, expected="2\n")
    assert checked.text == text.replace("cas", "car")


async def test_mistakes_of_logic_need_a_check_and_are_never_silent(jail: CPythonJail) -> None:
    text = "def f(n):\n    total = 0\n    for i in range(n):\n        total += i\n    return total\n\n\nprint(f(4))\n"
    assert (await healed(jail, text)).failure is None
    found = await healed(jail, text, expected="10\n")
    assert found.healed
    assert not found.silent


async def test_what_cannot_be_healed_is_told(jail: CPythonJail) -> None:
    found = await healed(jail, "raise RuntimeError('no')\n")
    assert found.left is not None or not found.small
    found = await healed(jail, "while True:\n    pass\n", expected="1\n")
    assert found.failure is not None
    assert found.failure.type == "Timeout"


async def test_what_was_learned_comes_first(jail: CPythonJail) -> None:
    text = "cat = 1\ncar = 2\nprint(cas)\n"
    for word in ("cat", "car"):
        found = await healed(jail, text, learned=[Pattern("NameError", "", "cas", word)])
        assert found.text == text.replace("cas", word)
        assert not found.silent  # it was right elsewhere; here nothing tells the two apart


UNSURE = {
    "repeated": "def rule(sign, n):\n    return sign + n\n\n\nprint(rule('-', 3))\n",
    "one letter": "pairs = [(1, 2), (3, 4)]\nprint([x * z for x, y in pairs])\n",
    "variable or import": "def spell(word):\n    return [c for c in word if c in digits]\n\n\nprint(spell('a'))\n",
    "module or variable": "print(len(string))\n",
    "quote": "def sign(n):\n    return n == -' or n == '!'\n\n\nprint(sign('-'))\n",
    "name left": "xs = []\nxs.appned(1)\n\n\ndef late():\n    return undone\n\n\nprint(xs)\n",
}


@pytest.mark.parametrize("text", UNSURE.values(), ids=list(UNSURE))
async def test_where_the_error_leaves_several_meanings_nothing_is_written_unseen(jail: CPythonJail, text: str) -> None:
    assert not (await healed(jail, text)).silent


CLOCK = """import asyncio


async def ticks(n):
    await asyncio.sleep(0)
    return list(range(n))


async def main():
    print(len("ab"), ticks(2))


asyncio.run(main())
"""
METER = """\
class Meter:
    total = 0

    def read(self, n):
        self.total = n


meter = Meter()
meter.read(4)
print(meter.total)
"""
BOX = "class Box:\n    def put(self, x):\n        print('put', x)\n\n\nbox = Box\nbox.put(4)\n"
LATE = "def last(xs):\n    return deque(xs, 1)\n\n\nprint(Counter('aab')['a'])\n"


@pytest.mark.parametrize(
    ("wrong", "expected", "has"),
    [
        (AWAITED.replace("run(main())", "run(main)"), None, "asyncio.run(main())"),
        ("n = 3\nif n > 2:\n    console.log(n)\nconsole.log('end')\n", "3\nend\n", "print('end')"),
        ("t = [\n    [1, 2],\n    [3, 4]\n    [5, 6],\n]\nprint(len(t))\n", "3\n", "[3, 4],\n    [5, 6]"),
        ("rows = [4, 5]\nprint(rows0] + rows[1])\n", "9\n", "rows[0] + rows[1]"),
        ("from decimal import decimal\nprint(decimal('1') + 1)\n", "2\n", "from decimal import Decimal\n"),
        (AWAITED.replace("print((await g()) + 1)", "print(sum(asyncio.gather(g(), g())))"), "6\n", "await asyncio"),
        (
            "def line(a, n):\n    return a * n\n\n\nprint(line('=', 4))\nprint(line('='))\n",
            "====\n====\n",
            "'=', 4))\nprint(line('=', 4)",
        ),
        ("from os.path import baseName\nprint(baseName('a/b'))\n", "b\n", "basename"),
        (METER.replace("self.total =", "self.totl ="), "4\n", "self.total = n"),
        (METER.replace("self.total =", "total ="), "4\n", "self.total = n"),
        (CLOCK, "2 [0, 1]\n", "await ticks(2)"),
        (BOX, "put 4\n", "box = Box()"),
        (LATE, None, "from collections import Counter, deque\n"),
        ("class Mode(IntFlag):\n    READ = 1\n\n\nprint(Mode.READ.value)\n", None, "from enum import IntFlag\n"),
    ],
    ids=[
        "coroutine not called",
        "foreign print",
        "row of a table",
        "bracket in a word",
        "other case",
        "future",
        "as elsewhere",
        "member of a module",
        "attribute",
        "self",
        "awaited in a call",
        "class not called",
        "all of a module",
        "base class",
    ],
)
async def test_further_slips(jail: CPythonJail, wrong: str, expected: str | None, has: str) -> None:
    found = await healed(jail, wrong, expected=expected)
    assert found.healed
    assert has in found.text
    assert found.silent or expected is not None  # what no error names is shown first


def test_patterns_are_kept_replaced_and_forgotten(tmp_path: Path) -> None:
    learned = Learned(tmp_path / "deep" / "fixes.json")
    one, two = Pattern("NameError", "", "cas", "cat"), Pattern("NameError", "", "cas", "car")
    assert learned.patterns() == ()
    learned.learn([one])
    learned.learn([two])
    assert learned.patterns() == (two,)
    failure = Failure(type="NameError", name="cas")
    assert learned.forget(failure, [two]) == ()
    assert learned.forget(Failure(type="NameError", name="dog"), []) == ()
    assert learned.forget(failure, []) == (two,)
    assert learned.patterns() == ()
    (tmp_path / "deep" / "fixes.json").write_text("nonsense", encoding="utf-8")
    assert learned.patterns() == ()


async def test_the_worker_outlives_programs_that_kill_it(jail: CPythonJail) -> None:
    runner = ScriptRunner(jail, "prog.py", limit=0.2)
    endings = await runner.endings(["print(1)\n", "import os\nos._exit(0)\n", "print(2)\n"])
    await runner.aclose()
    assert [ending.failure is None for ending in endings] == [True, False, True]
    assert [ending.output for ending in endings] == ["1\n", "", "2\n"]


def test_a_failure_is_read_from_a_traceback_and_from_pytest(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    for name in ("shop.py", "tests/test_shop.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    trace = f'Traceback (most recent call last):\n  File "{tmp_path}/shop.py", line 4, in total\n    x\n'
    trace += "NameError: name 'x' is not defined\n"
    found = read_failure(CommandResult(status=Status.OK, exit_code=1, stderr=trace), tmp_path)
    assert (found.type, found.file, found.line, found.function, found.name) == ("NameError", "shop.py", 4, "total", "x")
    told = "tests/test_shop.py:5: in test_total\n    total()\nshop.py:9: AttributeError\n"
    told += "E   AttributeError: 'list' object has no attribute 'push'\n"
    found = read_failure(CommandResult(status=Status.OK, exit_code=1, stdout=told), tmp_path)
    assert (found.file, found.line, found.owner, found.name) == ("shop.py", 9, "list", "push")
    assert "append" in found.members
    told = "E       assert 5 == 6\n\ntests/test_shop.py:5: AssertionError\n"
    found = read_failure(CommandResult(status=Status.OK, exit_code=1, stdout=told), tmp_path)
    assert (found.type, found.message, found.file) == ("AssertionError", "assert 5 == 6", "tests/test_shop.py")
    told = 'File "/elsewhere/project/shop.py", line 3, in total\nKeyError: 1\n'
    found = read_failure(CommandResult(status=Status.OK, exit_code=1, stderr=told), tmp_path)
    assert (found.file, found.line) == ("shop.py", 3)

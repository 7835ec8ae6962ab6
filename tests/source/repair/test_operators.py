import ast
import textwrap

import pytest

from cambrian.source.repair.operators import OPERATORS, patches
from cambrian.source.repair.patch import clash
from cambrian.source.repair.surface import Surface
from cambrian.source.tree import Problem

PROGRAM = """\
def search(x, seq):
    \"\"\"Where x goes.\"\"\"
    count = 0  # of what is smaller
    for i, elem in enumerate(seq):
        if x <= elem and count >= 0:
            return i
        elif x > seq[-1]:
            count += 1
        else:
            continue
    return len(seq[1:])


def twice(n):
    out = []
    while n > 0:
        out = out + [n]
        out.append(sorted(range(n))[0])
        n -= 1
    print(out)
"""

MORE = """

def third(n):
    n = n.append(2)
    for n in range(2):
        if third(n):
            n += 1
    return n == 1 or 2 in n


def pairs(a):
    b, c = a
    a.sort()
"""


def surface(text: str) -> Surface:
    found = Surface.read(textwrap.dedent(text))
    assert not isinstance(found, Problem)
    return found


def texts(before: str) -> set[str]:
    read = surface(before)
    return {patch.on(read.text) for patch in patches(read)}


def test_every_operator_has_a_patch_somewhere_and_each_changes_the_text() -> None:
    read = surface(PROGRAM + MORE)
    made = {operator.name: list(operator.patches(read)) for operator in OPERATORS}
    assert len(OPERATORS) >= 40
    assert [name for name, found in made.items() if not found] == []
    assert all(patch.on(read.text) != read.text for found in made.values() for patch in found)


def test_nearly_all_patches_compile_and_leave_comments_alone() -> None:
    made = texts(PROGRAM)
    good = 0
    for text in made:
        try:
            ast.parse(text)
        except SyntaxError:
            continue
        good += 1
    assert good > 0.97 * len(made)
    assert sum("# of what is smaller" in text for text in made) > 0.9 * len(made)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("def f(a):\n    return a[1:]\n", "def f(a):\n    return a[:]\n"),
        ("def f(a):\n    if a < 3:\n        return 1\n", "def f(a):\n    if a <= 3:\n        return 1\n"),
        ("def f(a):\n    a = a.append(3)\n    return a\n", "def f(a):\n    a.append(3)\n    return a\n"),
        ("def f(a):\n    return a.sort()\n", "def f(a):\n    return sorted(a)\n"),
        ("def f(a):\n    return a.reverse\n", "def f(a):\n    return a.reverse()\n"),
        (
            "def f(a):\n    for x in a:\n        if x:\n            return 1\n        else:\n            return 2\n",
            "def f(a):\n    for x in a:\n        if x:\n            return 1\n    return 2\n",
        ),
        ("def f(a):\n    if a:\n        pass\n    print(a)\n", "def f(a):\n    if a:\n        pass\n    return a\n"),
        ("def f(a):\n    return a == 1 or 2\n", "def f(a):\n    return a == 1 or a == 2\n"),
        ("def f(a):\n    n = 0\n    for x in a:\n        n = x\n    return n\n",
         "def f(a):\n    n = 0\n    for x in a:\n        n += x\n    return n\n"),
        ("def f(a):\n    return a[0]\n", "def f(a):\n    if not a:\n        return []\n    return a[0]\n"),
        ("def f(a):\n    for i in a:\n        a.remove(i)\n", "def f(a):\n    for i in a[:]:\n        a.remove(i)\n"),
        ("def f(a):\n    x = []\n    x += a\n    return x\n", "def f(a):\n    x = []\n    x += [a]\n    return x\n"),
        ("def f(a):\n    while a:\n        print(a)\n", "def f(a):\n    while a:\n        print(a)\n        a -= 1\n"),
    ],
)  # fmt: skip
def test_mistakes_as_people_make_them_are_one_patch(wrong: str, right: str) -> None:
    assert right in texts(wrong)


def test_windows_lines_and_tabs_stay() -> None:
    read = Surface.read("def f(a):\r\n\tif a:\r\n\t\treturn 1\r\n\treturn 2\r\n")
    assert not isinstance(read, Problem)
    for patch in patches(read):
        made = patch.on(read.text)
        assert made.count("\n") == made.count("\r\n")
        ast.parse(made)


def test_patches_that_touch_the_same_place_clash() -> None:
    read = surface("def f(a):\n    return a < 3\n")
    found = [patch for patch in patches(read) if patch.operator == "boundary"]
    assert clash(found[0], found[0])
    other = next(patch for patch in patches(read) if patch.operator == "base_case")
    assert not clash(found[0], other)

import pytest

from cambrian.source.repair.named import named
from cambrian.source.repair.report import Failure
from cambrian.source.repair.syntax import fault


def found(text: str, **failure: object) -> list[str]:
    return [fix.text for fix in named(text, Failure(**failure))]  # type: ignore[arg-type]


LIST = tuple(dir([]))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("def f(a, b:\n    return a\n", "def f(a, b):\n    return a\n"),
        ("if True\n    x = 1\n", "if True:\n    x = 1\n"),
        ("x = [1, 2\ny = 3\n", "x = [1, 2]\ny = 3\n"),
        ('print("a)\n', 'print("a")\n'),
        ("if x = 3:\n    pass\n", "if x == 3:\n    pass\n"),
        ('print "hi"\n', 'print("hi")\n'),
        ("x = 3\n  y = 4\n", "x = 3\ny = 4\n"),
        ("for x in y:\nprint(x)\n", "for x in y:\n    print(x)\n"),
        ("whlie True:\n    break\n", "while True:\n    break\n"),
        ("x = (1 2)\n", "x = (1, 2)\n"),
        ("if a:\n    pass\nelse if b:\n    pass\n", "if a:\n    pass\nelif b:\n    pass\n"),
        ("def f():\n    await g()\n", "async def f():\n    await g()\n"),
        ("i++\n", "i += 1\n"),
        ("x = a && b\n", "x = a and b\n"),
    ],
)
def test_texts_that_do_not_parse(wrong: str, right: str) -> None:
    failure = fault(wrong)
    assert failure is not None
    made = [fix.text for fix in named(wrong, failure)]
    assert right in made[:12]
    assert all(fault(text) is None or fault(text) != failure for text in made)


def test_an_attribute_is_what_the_object_has() -> None:
    text = "xs = []\nxs.appned(1)\n"
    failure = {"type": "AttributeError", "line": 2, "name": "appned", "owner": "list", "members": LIST}
    assert found(text, **failure)[0] == "xs = []\nxs.append(1)\n"


@pytest.mark.parametrize(
    ("wrong", "name", "owner", "right"),
    [
        ("n = xs.length\n", "length", "list", "n = len(xs)\n"),
        ("xs.push(1)\n", "push", "list", "xs.append(1)\n"),
        ("b = xs.contains(2)\n", "contains", "list", "b = (2 in xs)\n"),
        ("t = s.toUpperCase()\n", "toUpperCase", "str", "t = s.upper()\n"),
        ("t = xs.join(', ')\n", "join", "list", "t = ', '.join(xs)\n"),
    ],
)
def test_methods_of_other_languages(wrong: str, name: str, owner: str, right: str) -> None:
    members = tuple(dir(list if owner == "list" else str))
    failure = {"type": "AttributeError", "line": 1, "name": name, "owner": owner, "members": members}
    assert right in found(wrong, **failure)[:3]


def test_a_member_of_a_class_is_known_from_its_text() -> None:
    text = "class A:\n    def __init__(self):\n        self.price = 1\n\n\ndef f(a):\n    return a.prize\n"
    failure = {"type": "AttributeError", "line": 7, "name": "prize", "owner": "A"}
    assert text.replace("prize", "price") in found(text, **failure)


def test_names_modules_and_members_of_modules() -> None:
    assert found("total = 1\nprint(totl)\n", type="NameError", line=2, name="totl")[0] == "total = 1\nprint(total)\n"
    assert found("math.pi\n", type="NameError", line=1, name="math")[0] == "import math\nmath.pi\n"
    assert found("x = true\n", type="NameError", line=1, name="true")[0] == "x = True\n"
    assert "import json\n" in found("import jsn\n", type="ModuleNotFoundError", line=1, name="jsn")
    failure = {"type": "ImportError", "line": 1, "name": "defaultdic", "members": ("defaultdict", "deque")}
    assert "from collections import defaultdict\n" in found("from collections import defaultdic\n", **failure)


def test_an_import_goes_behind_docstring_and_future() -> None:
    text = '"""Doc."""\nfrom __future__ import annotations\nx = math.pi\n'
    made = found(text, type="NameError", line=3, name="math")
    assert '"""Doc."""\nfrom __future__ import annotations\nimport math\nx = math.pi\n' in made


def test_arguments() -> None:
    text = "class A:\n    def go():\n        return 1\n\n\nA().go()\n"
    message = "A.go() takes 0 positional arguments but 1 was given"
    assert text.replace("go():", "go(self):") == found(text, type="TypeError", message=message, line=6)[0]
    text = "def f(a, b):\n    return a\n\n\nb = 2\nf(1)\n"
    message = "f() missing 1 required positional argument: 'b'"
    assert text.replace("f(1)", "f(1, b)") in found(
        text, type="TypeError", message=message, line=6, visible={"b": "int"}
    )
    text = "xs = sorted([2, 1], revers=True)\n"
    message = "sort() got an unexpected keyword argument 'revers'"
    assert text.replace("revers=", "reverse=") in found(text, type="TypeError", message=message, line=1)


def test_kinds() -> None:
    message = 'can only concatenate str (not "int") to str'
    assert 'print("n" + str(3))\n' in found('print("n" + 3)\n', type="TypeError", message=message, line=1)
    assert 'print("n" + str(a - b))\n' in found('print("n" + a - b)\n', type="TypeError", message=message, line=1)
    message = "'builtin_function_or_method' object is not subscriptable"
    assert "xs.append(1)\n" in found("xs.append[1]\n", type="TypeError", message=message, line=1)
    failure = {"type": "KeyError", "message": "'prise'", "line": 1, "name": "prise", "members": ("price",)}
    assert "row['price']\n" in found("row['prise']\n", **failure)


def test_a_coroutine_that_nobody_awaited() -> None:
    text = "async def g():\n    return 1\n\n\nasync def main():\n    return g() + 1\n"
    message = "unsupported operand type(s) for +: 'coroutine' and 'int'"
    made = found(text, type="TypeError", message=message, line=6, unawaited=("g",))
    assert made[0] == text.replace("return g() + 1", "return (await g()) + 1")


def test_costs_rise_and_no_fix_is_the_text_itself() -> None:
    text = "total = 1\nprint(totl)\n"
    fixes = named(text, Failure(type="NameError", line=2, name="totl"))
    assert [fix.cost for fix in fixes] == sorted(fix.cost for fix in fixes)
    assert text not in [fix.text for fix in fixes]

"""About which pairs symbolic execution may speak: refused, doubted or taken, by their text alone."""

from __future__ import annotations

import pytest

from cambrian.core.errors import UsageError
from cambrian.core.ports import Program
from cambrian.verify.cases import Case
from cambrian.verify.symbolic_scope import Question, question

OLD = "def f(x: int, y: int) -> int:\n    return (x + y) * (x - y)\n"
NEW = OLD.replace("(x + y) * (x - y)", "x * x - y * y")


def program(text: str, **others: str) -> Program:
    files = {"m.py": text, **{f"{name}.py": other for name, other in others.items()}}
    return Program(files=files, entry="m.py:f")


def ask(old: str, new: str, cases: tuple[tuple[object, ...], ...] = ()) -> Question:
    return question(program(old), program(new), [Case(arguments=arguments) for arguments in cases])


def test_two_pure_functions_of_numbers_leave_no_doubt() -> None:
    asked = ask(OLD, NEW)
    assert asked.doubts == ()
    assert asked.hints == ("int", "int")
    assert asked.bound == "every x: int, y: int"


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("int | None", "Union[int, None]"),
        ("'Optional[str]'", "Union[str, None]"),
        ("typing.Sequence[bytes]", "list[bytes]"),
        ("tuple[int, ...]", "tuple[int, ...]"),
        ("List[Tuple[int, bool]]", "list[tuple[int, bool]]"),
    ],
    ids=["union", "quoted", "sequence", "endless", "nested"],
)
def test_hints_become_built_in_types(hint: str, told: str) -> None:
    text = f"def f(x: {hint}):\n    return 1\n"
    assert ask(text, text.replace("1", "0 + 1")).hints == (told,)


@pytest.mark.parametrize("hint", ["float", "dict[str, int]", "set[int]", "list[float]"])
def test_of_some_types_only_differences_are_searched_for(hint: str) -> None:
    text = f"def f(x: {hint}):\n    return 1\n"
    assert ask(text, text.replace("1", "0 + 1")).doubts


def test_without_a_hint_the_known_calls_say_the_type() -> None:
    text = "def f(x, y):\n    return 1\n"
    asked = ask(text, text.replace("1", "0 + 1"), ((1, [2]), (None, [3, 4])))
    assert asked.hints == ("Union[int, None]", "list[int]")
    assert asked.guessed
    assert asked.bound.endswith("the types of the known calls")
    with pytest.raises(UsageError, match="'x'"):
        ask(text, text.replace("1", "0 + 1"))


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        (OLD, NEW.replace("x: int, y: int", "x: int, y: int = 0"), "other arguments"),
        (OLD, NEW.replace("x: int, y: int", "x: int, z: int"), "other arguments"),
        ("import functools\n@functools.cache\n" + OLD, NEW, "no plain function"),
        (OLD, NEW.replace("x: int, y: int", "*x: int"), "no plain function"),
        (OLD, "def g(): ...\n", "no plain function"),
        ("def f(x: Money):\n    return x\n", "def f(x: Money):\n    return +x\n", "'x'"),
    ],
    ids=["default", "name", "decorated", "starred", "gone", "own class"],
)
def test_of_what_nothing_can_be_asked(old: str, new: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        ask(old, new)


@pytest.mark.parametrize(
    ("new", "word"),
    [
        (NEW.replace("    return", "    print(x)\n    return"), "only computes"),
        ("seen = []\n" + NEW.replace("    return", "    seen.append(x)\n    return"), "only computes"),
        (NEW.replace("x * x", "g(x)"), "only computes"),
        (NEW.replace("x * x", "(0 if x is y else x * x)"), "identities"),
        (NEW.replace("x * x", "hash(x) * x"), "identities"),
        ("import crosshair\n" + NEW, "more than functions"),
        ("print()\n" + NEW, "more than functions"),
        ("class A:\n    pass\n" + NEW, "more than functions"),
    ],
    ids=["prints", "keeps", "calls", "is", "hash", "machinery", "runs", "class"],
)
def test_what_is_in_doubt_is_said(new: str, word: str) -> None:
    assert any(word in doubt for doubt in ask(OLD, new).doubts)


def test_what_a_candidate_may_add_to_its_file() -> None:
    more = "import math\nLIMIT = 3\n\n\ndef square(x):\n    return x * x\n\n\n"
    assert ask(OLD, more + NEW).doubts == ()


@pytest.mark.parametrize("change", ["K = 2", "K = 1\nK = 2"])
def test_a_variable_that_others_read_is_a_doubt(change: str) -> None:
    others = "K = 1\n\n\ndef g():\n    return K\n\n\n"
    assert ask(others + OLD, others.replace("K = 1", change) + NEW).doubts == (
        "the candidate changes what others in its file may read",
    )
    assert ask(others + OLD, others + NEW).doubts == ()


def test_files_that_use_the_file_are_a_doubt() -> None:
    asked = question(program(OLD, n="import m\n"), program(NEW, n="import m\n"), ())
    assert asked.doubts == ("other files of the program use its file",)
    with pytest.raises(UsageError, match="more than one file"):
        question(program(OLD, n="a = 1\n"), program(NEW, n="a = 2\n"), ())

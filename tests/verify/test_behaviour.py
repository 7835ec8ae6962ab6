"""What a jailed call gave: answer or exception, arguments after the call, output, objects; and what is made of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cambrian.app.taskfile import load_task
from cambrian.core.budget import Budget
from cambrian.core.codec import encode
from cambrian.core.errors import TaskError, UsageError
from cambrian.core.evaluation import Objective, Status
from cambrian.core.limits import Limits
from cambrian.core.ports import Exit, Program, Reply
from cambrian.core.variant import Origin, Variant
from cambrian.sandbox import CPythonJail
from cambrian.search.evaluation import Evaluator
from cambrian.search.task import Task
from cambrian.verify.behaviour import around
from cambrian.verify.inside.behaviour import Behaviour, Unfit, behaviour_difference, read_behaviour
from cambrian.verify.policy import ANSWERS, Policy

pytestmark = pytest.mark.anyio
STRICT = Policy()


@pytest.fixture(scope="module")
async def jail(anyio_backend: str) -> AsyncIterator[CPythonJail]:
    made = await CPythonJail.start()
    yield made
    await made.aclose()


async def behave(jail: CPythonJail, body: str, *arguments: object, policy: Policy = STRICT) -> Behaviour:
    program = Program(files={"p.py": body}, entry="p.py:f")
    session = await jail.launch(around(program, policy), Limits(wall=20.0))
    assert not isinstance(session, Exit), session
    try:
        reply = await session.call(encode(arguments))
        assert isinstance(reply, Reply), reply
        return read_behaviour(reply.raised, reply.payload, captured=policy.captures)
    finally:
        await session.close()


async def difference(jail: CPythonJail, old: str, new: str, *arguments: object, policy: Policy = STRICT) -> str | None:
    one = await behave(jail, old, *arguments, policy=policy)
    other = await behave(jail, new, *arguments, policy=policy)
    return behaviour_difference(one, other, msgspec.to_builtins(policy))


CLASS = "class P:\n def __init__(s, x): s.x = x\n def __eq__(s, o): return True\n"
GENERATOR = "def f(n):\n for i in range(n): yield i\n"
PAIRS: list[tuple[str, str, str, tuple[object, ...], Policy, str]] = [
    ("mutation", "def f(x):\n x.sort(); return 0", "def f(x): return 0", ([2, 1],), Policy(mutation="ignore"),
     "arguments (after the call)[0][0] is 2, expected 1"),
    ("output", "def f(): print('a')", "def f(): print('b')", (), Policy(output=False), "output['text'] is b'b"),
    ("state", CLASS + "def f(): return P(1)", CLASS + "def f(): return P(2)", (), ANSWERS, "answer.x is 2, expected 1"),
    ("message", "def f(): raise ValueError('a')", "def f(): raise ValueError('b')", (), Policy(exceptions="type"),
     "the exception's message is 'b', expected 'a'"),
    ("type", "def f(): raise ValueError('a')", "def f(): raise KeyError('a')", (), Policy(exceptions="any"),
     "the exception's type is 'KeyError', expected 'ValueError'"),
    ("aliasing", "def f(x): return x", "def f(x): return list(x)", ([1],), Policy(), "<shared>"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "given", "lenient", "said"), PAIRS, ids=[pair[0] for pair in PAIRS])
async def test_each_part_of_a_behaviour_counts_if_asked_for(
    name: str, old: str, new: str, given: tuple[object, ...], lenient: Policy, said: str, jail: CPythonJail
) -> None:
    strict = Policy(identity=name == "aliasing")
    found = await difference(jail, old, new, *given, policy=strict)
    assert found is not None
    assert said in found
    assert await difference(jail, old, old, *given, policy=strict) is None
    if lenient is not ANSWERS:
        assert await difference(jail, old, new, *given, policy=lenient) is None


async def test_arguments_of_exceptions(jail: CPythonJail) -> None:
    policy = Policy(exceptions="type+args")
    old, new = "def f(): raise ValueError(1, [2])", "def f(): raise ValueError(1, [True])"
    assert await difference(jail, old, old, policy=policy) is None
    assert "args" in str(await difference(jail, old, new, policy=policy))


async def test_an_iterator_is_what_it_gives(jail: CPythonJail) -> None:
    assert await difference(jail, GENERATOR, GENERATOR, 3) is None
    assert await difference(jail, GENERATOR, GENERATOR.replace("yield i", "yield i + 1"), 3) is not None
    assert await difference(jail, GENERATOR, "def f(n): return list(range(n))", 3) is not None
    late = GENERATOR + " raise ValueError(n)\n"
    assert (await behave(jail, late, 2)).kind == "error"


async def test_objects_of_any_kind_cross(jail: CPythonJail) -> None:
    body = (
        "import datetime, decimal, enum, collections, dataclasses\n"
        "class C(enum.Enum): A = 1\n"
        "@dataclasses.dataclass(eq=False)\nclass D:\n x: object\n"
        "def f():\n me = D(1); me.x = me\n"
        " return [C.A, D({1, 2}), decimal.Decimal('1.10'), datetime.date(2026, 1, 1), collections.deque([1], 3), me,"
        " '\\ud800', {D(1): 2}, range(3), ValueError('x'), bytearray(b'a')]\n"
    )
    assert await difference(jail, body, body) is None
    assert await difference(jail, body, body.replace("me.x = me", "me.x = D(me)")) is not None
    assert await difference(jail, body, body.replace("1.10", "1.1")) is not None


@pytest.mark.parametrize("answer", ["lambda: 1", "open", "object()", "__import__('threading').Lock()"])
async def test_what_cannot_be_told_is_nobodys_reference(answer: str, jail: CPythonJail) -> None:
    plain, odd = "def f(): return 1", f"def f(): return {answer}"
    found = await difference(jail, plain, odd)
    assert found is not None
    assert "cannot be told" in found
    with pytest.raises(Unfit):
        await difference(jail, odd, odd)


async def test_how_deep_calls_may_go_is_no_part_of_what_a_function_does(jail: CPythonJail) -> None:
    deep = "def f(n): return 0 if n == 0 else 1 + f(n - 1)"
    with pytest.raises(Unfit, match="ran out of stack"):
        await difference(jail, deep, "def f(n): return n", 10**5)
    assert "RecursionError" in (await difference(jail, "def f(n): return n", deep, 10**5) or "")


@pytest.mark.parametrize("payload", [
    encode(1), encode(b"x"), encode(encode(1)), encode(encode({})), encode(encode({"value": 1})),
])  # fmt: skip
def test_what_an_enemy_writes_is_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"behaviour|codec"):
        read_behaviour(False, payload, captured=True)


@pytest.mark.parametrize("record", [1, {}, {"type": [1]}, {"type": "ValueError", "message": {}}, None])
def test_any_record_of_an_exception_is_survived(record: object) -> None:
    right = Behaviour("error", {"type": "ValueError", "message": "a", "args": (1,)})
    for policy in (Policy(), Policy(exceptions="type+args")):
        plain: dict[str, Any] = msgspec.to_builtins(policy)
        assert behaviour_difference(right, Behaviour("error", record), plain) is not None
        assert behaviour_difference(Behaviour("answer", 1), Behaviour("error", record), plain) is not None


def test_a_program_may_not_hide_what_stands_around_it() -> None:
    program = Program(files={"p.py": "", "cambrian/core/codec.py": ""}, entry="p.py:f")
    with pytest.raises(UsageError, match=r"cambrian/core/codec\.py"):
        around(program, STRICT)
    assert around(program, ANSWERS) is program


INPUTS = "def inputs(rng):\n    return [([3, 1, 2],)] * 2\n"
SORTS = "def f(x):\n    for _ in range(3000):\n        y = sorted(x)\n    return y\n"
IN_PLACE = "def f(x):\n    x.sort()\n    return x\n"


@pytest.mark.parametrize(("policy", "status"), [(ANSWERS, Status.OK), (STRICT, Status.INVALID)])
async def test_a_task_says_what_counts(policy: Policy, status: Status, tmp_path: Path) -> None:
    (tmp_path / "evaluate.py").write_text(INPUTS, encoding="utf-8")
    task = Task(
        name="t", folder=str(tmp_path), program={"p.py": SORTS}, entry="p.py:f", evaluator_text=INPUTS, mode="callable",
        objectives=(Objective(name="speedup"),), budget=Budget(evaluations=1), equivalence=policy,
    )  # fmt: skip
    evaluator = await Evaluator.start(task)
    try:
        other = Variant(files={"p.py": IN_PLACE}, entry="p.py:f", origin=Origin(proposer="test"))
        told = (await evaluator.evaluate(other)).evaluation
        assert told.status is status
        assert ("arguments (after the call)" in told.feedback) == (status is Status.INVALID)
        assert (await evaluator.evaluate(task.initial)).evaluation.ok
        odd = Variant(files={"p.py": "def f(x): return f"}, entry="p.py:f", origin=Origin(proposer="test"))
        assert (await evaluator.evaluate(odd)).evaluation.status is Status.INVALID
    finally:
        await evaluator.aclose()


async def test_an_initial_program_whose_answers_cannot_be_told_is_no_reference(tmp_path: Path) -> None:
    (tmp_path / "evaluate.py").write_text(INPUTS, encoding="utf-8")
    task = Task(
        name="t", folder=str(tmp_path), program={"p.py": "def f(x): return {*x}, f"}, entry="p.py:f",
        evaluator_text=INPUTS, mode="callable", objectives=(Objective(name="speedup"),),
    )  # fmt: skip
    evaluator = await Evaluator.start(task)
    try:
        told = (await evaluator.evaluate(task.initial)).evaluation
        assert told.status is Status.SCORER_ERROR
        assert "[equivalence]" in told.feedback
    finally:
        await evaluator.aclose()


def write_task(folder: Path, table: str, mode: str = "callable") -> Path:
    (folder / "p.py").write_text("def f(x): return x\n", encoding="utf-8")
    scorer = INPUTS if mode == "callable" else "def score(x): return 1.0\n"
    (folder / "evaluate.py").write_text(scorer, encoding="utf-8")
    head = f'mode = "{mode}"\nprogram = ["p.py"]\nentry = "p.py:f"\n'
    goals = '[objectives]\nx = "maximize"\n' if mode == "artifact" else ""
    (folder / "task.toml").write_text(head + goals + table, encoding="utf-8")
    return folder


def test_the_table_is_read(tmp_path: Path) -> None:
    assert load_task(write_task(tmp_path, "")).equivalence == ANSWERS
    text = (
        '[equivalence]\nfloat_rtol = 1e-9\nmutation = "same"\noutput = true\nexceptions = "type+args"\norder = "none"\n'
    )
    expected = msgspec.structs.replace(
        ANSWERS, float_rtol=1e-9, mutation="same", output=True, exceptions="type+args", order="none"
    )
    assert load_task(write_task(tmp_path, text)).equivalence == expected


@pytest.mark.parametrize(("table", "said"), [
    ("[equivalence]\nfloat_rtol = 2\n", "float_rtol is 2.0"), ('[equivalence]\ntypes = "loose"\n', "'numeric'"),
    ("[equivalence]\noutput = 1\n", "true or false"), ("[equivalence]\nrtol = 1e-9\n", "float_rtol"),
])  # fmt: skip
def test_a_wrong_table_is_told_with_its_place(table: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=said):
        load_task(write_task(tmp_path, table))


def test_nothing_is_compared_in_artifact_mode(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="nothing is compared in artifact mode"):
        load_task(write_task(tmp_path, "[equivalence]\noutput = true\n", mode="artifact"))

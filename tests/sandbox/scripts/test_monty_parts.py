"""The parts of the Python drivers that are theirs alone: JSON values, clock, random bytes, gaps, the saved state."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.sandbox.inside.drivers import turns
from cambrian.sandbox.inside.drivers.monty_gaps import Failure, gap_of, is_builtin, is_module
from cambrian.sandbox.inside.drivers.monty_state import State
from cambrian.sandbox.inside.drivers.terms import RandomBytes, VirtualClock

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_json_values_are_plain_as_they_are(value: object) -> None:
    assert turns.done(value) == {"turn": "done", "value": value, "shown": ""}
    json.dumps(turns.done(value), allow_nan=False)


class Liar(int):
    def __repr__(self) -> str:
        return "liar"


@pytest.mark.parametrize("value", [{1}, b"", 1j, {1: 2}, math.nan, -math.inf, [math.nan], Liar(3), 1 << 5000, ...])
def test_what_is_no_json_is_shown_and_never_a_value(value: object) -> None:
    turn = turns.done(value)
    assert turn["value"] is None
    assert turn["shown"]
    assert turns.inspected({"x": value}) == {"variables": {"x": turn["shown"]}}


def test_a_circle_is_shown() -> None:
    circle: list[object] = []
    circle.append(circle)
    assert turns.done(circle) == {"turn": "done", "value": None, "shown": "[[...]]"}


def test_what_is_raised_has_bounds() -> None:
    turn = turns.raised("X" * 10**6, "m" * 10**6, "t" * 10**6 + "\nend", 3)
    assert len(json.dumps(turn)) < 10_000
    assert str(turn["traceback"]).endswith("end")


@given(st.integers(), st.lists(st.integers(min_value=0, max_value=100), max_size=8))
def test_random_bytes_are_one_stream_however_they_are_read(seed: int, sizes: list[int]) -> None:
    source, whole = RandomBytes(seed), RandomBytes(seed).read(sum(sizes))
    parts: list[bytes] = []
    for size in sizes:
        parts.append(source.read(size))
        source = RandomBytes(seed, source.taken)  # as after a snapshot
    assert b"".join(parts) == whole


def test_random_bytes_of_other_seeds_and_purposes_differ() -> None:
    drawn = {RandomBytes(seed, purpose=purpose).read(16) for seed in range(50) for purpose in ("", "/module")}
    assert len(drawn) == 100


@given(st.lists(st.floats(min_value=-10, max_value=10**10) | st.just("look") | st.integers(0, 10**9), max_size=20))
def test_the_clock_never_goes_back(steps: list[float | str]) -> None:
    clock = VirtualClock(1e9)
    for step in steps:
        before = clock.now
        if isinstance(step, str):
            assert clock.look() == before + 1000
        elif isinstance(step, float):
            clock.sleep(step)
            assert clock.now - before == max(0, round(step * 1e9))
        else:
            clock.give(step * 2.5)
        assert clock.now >= before


def test_the_clock_shows_what_the_host_gave_and_what_passed() -> None:
    clock = VirtualClock(1000.0)
    clock.sleep(5.0)
    clock.give(2000.0)
    assert clock.now == 2005 * 10**9
    clock.wake(2004 * 10**9)
    assert clock.now == 2005 * 10**9
    clock.wake(2010 * 10**9)
    assert VirtualClock(2000.0, clock.passed).now == 2010 * 10**9


def test_a_saved_state_comes_back_whole() -> None:
    state = State(name="n", code="c\n", tools={"a": True}, inputs=["x"], seed=3, now=1.5, next_call=2, passed=9)
    state.calls.append({"id": 1, "tool": "a", "args": [[1]], "kwargs": {"k": None}})
    state.futures[7], state.answers[5], state.naps[6] = 1, {"call": 0, "value": "v"}, 10**18
    state.blocked, state.last = 7, {"turn": "done"}
    assert State.unpack(state.pack(b"engine")) == (state, b"engine")
    large = bytes(10**6)
    assert State.unpack(state.pack(large)) == (state, large)
    assert len(state.pack(large)) < 10**5


@pytest.mark.parametrize("data", [b"", b"\0\0", b"\x05\0\0\0\0{}", b"\x02\0\0\0\0[]", b"\x02\0\0\0\x01{}x"])
def test_what_is_no_saved_state_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"snapshot|Expecting"):
        State.unpack(data)


def failure(kind: str, message: str, *, code: str = "", source: str = "x", parsed: bool = True) -> Failure:
    return Failure(kind, message, code, source=source, parsed=parsed)


FAILURES = {
    "of the parser": (
        failure("NotImplementedError", "The monty syntax parser does not yet support yield expressions", parsed=False),
        "syntax:yield",
    ),
    "of a newer parser": (
        failure("NotImplementedError", "The monty syntax parser does not yet support t-strings", parsed=False),
        "syntax:t-strings",
    ),
    "at run time": (failure("NotImplementedError", "f() does not yet support keyword arguments"), "f() does not yet"),
    "the script's own": (failure("NotImplementedError", "not supported", source="raise E('not supported')"), ""),
    "the script's own word": (failure("NotImplementedError", "later"), ""),
    "module": (failure("AttributeError", "module 'math' has no attribute 'sumprods'"), ""),
    "module of CPython": (failure("AttributeError", "module 'math' has no attribute 'lcm'"), "import:math.lcm"),
    "method of CPython": (failure("AttributeError", "'str' object has no attribute 'casefold'"), "attribute:str.case"),
    "method of a type": (
        failure("AttributeError", "type object 'datetime.datetime' has no attribute 'utcnow'"),
        "attribute:datetime.datetime.utcnow",
    ),
    "no method": (failure("AttributeError", "'str' object has no attribute 'nope'"), ""),
    "of a class of its own": (failure("AttributeError", "'Odd' object has no attribute 'upper'"), ""),
    "name of CPython's module": (
        failure("ImportError", "cannot import name 'ChainMap' from 'collections' (unknown location)"),
        "import:collections.ChainMap",
    ),
    "no name": (failure("ImportError", "cannot import name 'Nope' from 'collections' (unknown location)"), ""),
    "syntax that CPython takes": (failure("SyntaxError", "odd", code="await f()", parsed=False), "syntax:odd"),
    "syntax that it does not": (failure("SyntaxError", "odd", code="x = = 1", parsed=False), ""),
    "attribute of a function": (
        failure(
            "AttributeError", "'function' object has no attribute 'hits' and no __dict__ for setting new attributes"
        ),
        "attribute:function.__dict__",
    ),
    "argument that it cannot take yet": (
        failure("TypeError", "callable replacement is not yet supported in re.sub()"),
        "callable replacement",
    ),
    "the script's own type": (failure("TypeError", "x is not yet supported in f()", source="raise TypeError(m)"), ""),
    "a list for a generator": (
        failure("TypeError", "'list' object is not an iterator", code="next(x for x in y)"),
        "syntax:lazy-generator",
    ),
    "a list that was one": (failure("TypeError", "'list' object is not an iterator", code="next([1])"), ""),
    "inside": (failure("RuntimeError", "Internal error in monty: oh"), "Internal error in monty: oh"),
    "plain": (failure("ValueError", "no"), ""),
}


@pytest.mark.parametrize(("given_failure", "what"), FAILURES.values(), ids=FAILURES)
def test_gaps_are_told_from_the_scripts_own_errors(given_failure: Failure, what: str) -> None:
    found = gap_of(given_failure)
    assert found.startswith(what)
    assert bool(found) == bool(what)


def test_what_cpython_has() -> None:
    assert is_module("statistics")
    assert is_module("numpy.linalg")
    assert not is_module("nowhere_at_all")
    assert not is_module("driver")
    assert not is_module("")
    assert is_builtin("super")
    assert not is_builtin("supper")

"""Verdicts from wait statuses and confessions."""

from __future__ import annotations

import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.core.evaluation import Status
from cambrian.core.limits import Level, Limits
from cambrian.sandbox.inside import syscalls
from cambrian.sandbox.inside.wire import Call, Frame, Gone, Order
from cambrian.sandbox.verdict import Ending, exit_of

LIMITS = Limits(cpu=2.0)


def judged(ending: Ending, *, status: int = 0, cpu: float = 0.1, refused: int = -1) -> tuple[str, str]:
    end = exit_of(ending, Gone(status, cpu, 1, refused), LIMITS, Level.L3, b"", 1.0)
    return end.status, end.detail


@pytest.mark.parametrize(
    ("status", "cpu", "verdict"),
    [
        (0, 0.1, ("error", "exit 0")),
        (7 << 8, 0.1, ("error", "exit 7")),
        (signal.SIGSEGV, 0.1, ("signal", "SIGSEGV")),
        (signal.SIGABRT | 0x80, 0.1, ("signal", "SIGABRT")),
        (signal.SIGKILL, 0.1, ("killed", "SIGKILL")),
        (signal.SIGKILL, 2.1, ("timeout", "cpu")),
        (signal.SIGXCPU, 2.1, ("timeout", "cpu")),
        (signal.SIGSYS, 0.1, ("denied", "foreign system call interface")),
        (35, 0.1, ("signal", "signal 35")),
    ],
)
def test_the_kernel_s_account(status: int, cpu: float, verdict: tuple[str, str]) -> None:
    assert judged(Ending(), status=int(status), cpu=cpu) == verdict


def test_what_the_engine_did_comes_first() -> None:
    assert judged(Ending(Status.TIMEOUT, "wall"), status=9) == ("timeout", "wall")
    assert judged(Ending(Status.OK), status=9) == ("ok", "")


def test_a_refused_call_is_named_by_the_zygote() -> None:
    confession = Ending.confessed(b"denied\nsyscall\ntrace")
    assert judged(confession, refused=syscalls.table()["socket"]) == ("denied", "socket")
    assert judged(confession, refused=9999) == ("denied", "syscall 9999")


@given(st.binary(max_size=200))
def test_no_confession_is_better_than_a_failure(body: bytes) -> None:
    ending = Ending.confessed(body)
    assert ending.status in (Status.ERROR, Status.MEMORY, Status.OUTPUT, Status.DENIED)
    assert len(ending.detail) <= 80
    assert ending.detail.isprintable() or "\t" in ending.detail


@given(st.binary(max_size=10_000), st.text(max_size=5000))
def test_text_is_short_and_printable(printed: bytes, said: str) -> None:
    end = exit_of(Ending(Status.ERROR, "", said), Gone(0, 0.0, 0, -1), LIMITS, Level.L2, printed, 0.0)
    assert len(end.text) <= 4096
    assert all(c.isprintable() or c in "\n\t" for c in end.text)


U32, U64 = st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)


@given(st.builds(Frame, st.integers(0, 255), U32, U32, U32), st.builds(Call, U32, U32))
def test_data_headers_round_trip(frame: Frame, call: Call) -> None:
    assert Frame.unpack(frame.pack()) == frame
    assert Call.unpack(call.pack()) == call


FLOATS = st.floats(allow_nan=False)
INT = st.integers(-(2**31), 2**31 - 1)


@given(st.builds(Order, U32, U32, FLOATS, U64, U64, U64), st.builds(Gone, INT, FLOATS, U64, INT))
def test_control_packets_round_trip(order: Order, gone: Gone) -> None:
    assert Order.unpack(order.pack()) == order
    assert Gone.unpack(gone.pack()) == gone

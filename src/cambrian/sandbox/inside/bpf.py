"""Sandbox, inside: an assembler for seccomp filters (classic BPF). It knows no system call by name.

A filter is a binary search over the call's number, so the kernel runs some eight instructions per call, and few when it
computes its own table of always-allowed calls. Jumps are relative and forward only; conditional ones reach 255
instructions, so far ones go through an unconditional jump (linux/bpf_common.h, Documentation/networking/filter.rst).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["ALLOW", "KILL", "NOTIFY", "OWN_PID", "Action", "Check", "assemble", "errno_action"]

ALLOW, NOTIFY, KILL, _ERRNO = 0x7FFF0000, 0x7FC00000, 0x80000000, 0x00050000
OWN_PID = 0x50494421
"""Stands for the pid of the process to be confined; replaced in the finished program."""

_LOAD, _JUMP, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x05, 0x15, 0x35, 0x54, 0x06
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16


class Check(NamedTuple):
    """A condition on a call: ``argument & mask`` is one of `values` (low 32 bits of the argument).

    Args:
        argument: index, 0–5.
        mask: bits compared.
        values: what is allowed.
        otherwise: action if not.
    """

    argument: int
    mask: int
    values: tuple[int, ...]
    otherwise: int = NOTIFY


Action = int | tuple[Check, ...]
"""One answer, or checks that must all pass for the call to be allowed."""


def errno_action(code: int) -> int:
    """The action that makes a call fail with an error number."""
    return _ERRNO | code


def _instruction(code: int, k: int, jt: int = 0, jf: int = 0) -> bytes:
    return struct.pack("<HBBI", code, jt, jf, k)


def _leaf(action: Action) -> list[bytes]:
    if isinstance(action, int):
        return [_instruction(_RETURN, action)]
    code: list[bytes] = []
    for check in action:
        code += [_instruction(_LOAD, _ARGUMENTS + 8 * check.argument), _instruction(_AND, check.mask)]
        code += [_instruction(_EQUAL, value, jt=len(check.values) - at) for at, value in enumerate(check.values)]
        code.append(_instruction(_RETURN, check.otherwise))
    return [*code, _instruction(_RETURN, ALLOW)]


def _intervals(actions: Mapping[int, Action], default: Action) -> list[tuple[int, Action]]:
    """Sorted (first number, action), neighbours of one action merged, gaps filled with the default."""
    starts: list[tuple[int, Action]] = [(0, default)]
    for number in sorted(actions):
        for at, action in ((number, actions[number]), (number + 1, default)):
            if starts[-1][0] == at:
                starts.pop()
            if not starts or starts[-1][1] != action:
                starts.append((at, action))
    return starts


def _search(intervals: list[tuple[int, Action]]) -> list[bytes]:
    if len(intervals) == 1:
        return _leaf(intervals[0][1])
    middle = len(intervals) // 2
    low, high = _search(intervals[:middle]), _search(intervals[middle:])
    bound = intervals[middle][0]
    if len(low) <= 255:
        return [_instruction(_AT_LEAST, bound, jt=len(low)), *low, *high]
    return [_instruction(_AT_LEAST, bound, jf=1), _instruction(_JUMP, len(low)), *low, *high]


def assemble(arch: int, actions: Mapping[int, Action], default: Action) -> bytes:
    """A filter: a call of another architecture kills, a listed number gets its action, the rest the default.

    Args:
        arch: the one AUDIT_ARCH value accepted.
        actions: call number → action.
        default: for every other number. On x86_64 this includes the x32 numbers, which have bit 30 set.
    """
    head = [
        _instruction(_LOAD, _ARCH),
        _instruction(_EQUAL, arch, jt=1),
        _instruction(_RETURN, KILL),
        _instruction(_LOAD, _NUMBER),
    ]
    code = head + _search(_intervals(actions, default))
    if len(code) > 4096:
        raise ValueError(f"a filter of {len(code)} instructions; the kernel takes 4096")
    return b"".join(code)

"""The filter assembler, against an interpreter of classic BPF written from its documentation."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.sandbox.inside import syscalls
from cambrian.sandbox.inside.bpf import ALLOW, KILL, NOTIFY, OWN_PID, Action, Check, assemble, errno_action
from cambrian.sandbox.inside.policy import compile_filter

ARCH = 0xC000003E
NUMBERS = st.integers(0, 600)
VALUES = st.integers(0, 2**32 - 1)
CHECKS = st.builds(
    Check, st.integers(0, 5), VALUES, st.lists(VALUES, min_size=1, max_size=4).map(tuple), st.just(errno_action(1))
)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.sampled_from([ALLOW, errno_action(38)]), st.lists(CHECKS, min_size=1, max_size=2).map(tuple)
)


def run(program: bytes, number: int, arguments: tuple[int, ...] = (), arch: int = ARCH) -> int:
    """What a filter says to a call."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    code = [struct.unpack_from("<HBBI", program, at) for at in range(0, len(program), 8)]
    accumulator = at = 0
    while True:
        operation, jt, jf, k = code[at]
        at += 1
        if operation == 0x06:
            return k
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, k)
        elif operation == 0x54:
            accumulator &= k
        elif operation == 0x05:
            at += k
        else:
            taken = {0x15: accumulator == k, 0x35: accumulator >= k}[operation]
            at += jt if taken else jf


def meant(action: Action, arguments: tuple[int, ...]) -> int:
    """What an action means, said directly."""
    if isinstance(action, int):
        return action
    for check in action:
        if arguments[check.argument] & check.mask not in check.values:
            return check.otherwise
    return ALLOW


@given(st.dictionaries(NUMBERS, ACTIONS, max_size=60), NUMBERS, st.tuples(*[VALUES] * 6))
def test_a_filter_does_what_its_actions_mean(
    actions: dict[int, Action], number: int, arguments: tuple[int, ...]
) -> None:
    program = assemble(ARCH, actions, NOTIFY)
    assert run(program, number, arguments) == meant(actions.get(number, NOTIFY), arguments)
    for listed, action in actions.items():
        assert run(program, listed, arguments) == meant(action, arguments)


@given(st.integers(0, 2**32 - 1).filter(lambda arch: arch != ARCH))
def test_another_architecture_kills(arch: int) -> None:
    assert run(assemble(ARCH, {0: ALLOW}, ALLOW), 0, arch=arch) == KILL


def test_far_jumps_reach() -> None:
    actions: dict[int, Action] = {number: (Check(0, 0xFF, (1, 2, 3)),) for number in range(0, 400, 2)}
    program = assemble(ARCH, actions, NOTIFY)
    assert len(program) // 8 > 1000
    assert run(program, 398, (2,)) == ALLOW
    assert run(program, 0, (9,)) == NOTIFY
    assert run(program, 397) == NOTIFY


def test_too_long_a_filter_is_refused() -> None:
    with pytest.raises(ValueError, match="4096"):
        assemble(ARCH, {number: (Check(0, 1, (number,)),) for number in range(0, 4000, 2)}, NOTIFY)


NEVER = [
    "socket",
    "connect",
    "bind",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "init_module",
    "kexec_load",
    "memfd_create",
    "shmget",
    "shmat",
    "msgget",
    "semget",
    "mq_open",
    "open_by_handle_at",
    "pidfd_open",
    "pidfd_getfd",
    "setuid",
    "setresuid",
    "personality",
    "landlock_restrict_self",
    "seccomp",
    "mknodat",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "accept",
    "listen",
    "io_uring_setup",
    "clone3",
    "sched_setaffinity",
]
ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("scratch", [True, False])
def test_policy_never_allows(machine: str, processes: int, scratch: bool) -> None:
    program = compile_filter(processes, scratch=scratch, machine=machine)
    table, arch = syscalls.table(machine), ARCHES[machine]
    for name in NEVER:
        assert run(program, table[name], arch=arch) != ALLOW, name
    for name in ("read", "write", "mmap", "futex", "openat", "exit_group"):
        assert run(program, table[name], arch=arch) == ALLOW, name
    assert (run(program, table["fchmod"], arch=arch) == ALLOW) == scratch
    assert (run(program, table["execve"], arch=arch) == ALLOW) == (processes > 1)


@given(st.integers(0, 2**32 - 1))
def test_one_process_clones_threads_only(flags: int) -> None:
    program = compile_filter(1, scratch=True, machine="x86_64")
    thread, namespaces = 0x10000, 0x7E020000
    allowed = run(program, syscalls.X86_64["clone"], (flags,)) == ALLOW
    assert allowed == (bool(flags & thread) and not flags & namespaces)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_socket_pairs_are_local_streams(family: int, kind: int) -> None:
    program = compile_filter(1, scratch=True, machine="x86_64")
    allowed = run(program, syscalls.X86_64["socketpair"], (family, kind)) == ALLOW
    assert allowed == (family == 1 and kind & 0xFF == 1)
    assert run(program, syscalls.X86_64["socketpair"], (1, 1 | 0x80000)) == ALLOW


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_with_loopback_there_are_sockets_of_the_internet_and_no_others(family: int, kind: int) -> None:
    program = compile_filter(2, scratch=True, machine="x86_64", loopback=True)
    number = syscalls.X86_64["socket"]
    assert (run(program, number, (family, kind)) == ALLOW) == (family in (2, 10) and kind & 0xFF in (1, 2))
    assert run(program, number, (2, 1 | 0x80000)) == ALLOW
    for name in set(NEVER) - {"socket", "connect", "bind", "listen", "accept", "accept4"}:
        assert run(program, syscalls.X86_64[name]) != ALLOW, name


def test_signals_go_to_oneself_only() -> None:
    program = compile_filter(1, scratch=True, machine="x86_64").replace(
        struct.pack("<I", OWN_PID), struct.pack("<I", 77)
    )
    for name in ("kill", "tgkill", "tkill"):
        assert run(program, syscalls.X86_64[name], (77, 9)) == ALLOW
        for other in (0, 1, 76, 2**32 - 1):
            assert run(program, syscalls.X86_64[name], (other, 9)) == NOTIFY


@given(st.integers(0x40000000, 2**32 - 1))
def test_x32_numbers_are_refused(number: int) -> None:
    assert run(compile_filter(1, scratch=True, machine="x86_64"), number) == NOTIFY


def test_tables_agree_with_each_other() -> None:
    for machine in ("x86_64", "aarch64"):
        assert len(syscalls.names(machine)) == len(syscalls.table(machine))
    common = set(syscalls.X86_64) & set(syscalls.AARCH64)
    for name in common:
        if syscalls.X86_64[name] >= 424:  # one numbering for all machines from here on
            assert syscalls.X86_64[name] == syscalls.AARCH64[name], name
    with pytest.raises(OSError, match="riscv64"):
        syscalls.table("riscv64")

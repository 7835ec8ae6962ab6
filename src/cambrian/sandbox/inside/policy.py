"""Sandbox, inside: which system calls a jailed program may make. An allow-list: a call not named here is refused.

Refused calls fail with EPERM, and the zygote hears their number (`bpf.NOTIFY`). A few that libraries try first and do
without are refused quietly.
"""

from __future__ import annotations

import errno
import os

from . import syscalls
from .bpf import ALLOW, NOTIFY, OWN_PID, Action, Check, assemble, errno_action

__all__ = ["compile_filter"]

_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_FILES = """
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 close close_range lseek fstat stat lstat
    newfstatat statx poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
    eventfd eventfd2 pipe pipe2 dup dup2 dup3 flock fsync fdatasync ftruncate fallocate copy_file_range
    sendfile splice tee open openat openat2 creat access faccessat faccessat2 getdents getdents64 getcwd chdir fchdir
    rename renameat renameat2 mkdir mkdirat rmdir unlink unlinkat symlink symlinkat link linkat readlink readlinkat
    umask statfs fstatfs fadvise64 readahead sync_file_range
"""
_ATTRIBUTES = "chmod fchmod fchmodat utime utimes utimensat futimesat truncate"
"""Landlock does not stop these (before ABI 3 `truncate`, at all the others): only read-only mounts do."""

_MEMORY = "mmap munmap mprotect mremap madvise brk msync mincore membarrier"
_TIME = """
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times alarm setitimer getitimer timer_create
    timer_settime timer_gettime timer_getoverrun timer_delete timerfd_create timerfd_settime timerfd_gettime
"""
_PROCESS = """
    getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getpgid getpgrp getsid getrusage
    getrlimit setrlimit getpriority getcpu sched_yield sched_getaffinity sched_getparam sched_getscheduler
    sched_get_priority_max sched_get_priority_min sysinfo uname set_tid_address set_robust_list rseq futex futex_waitv
    exit exit_group restart_syscall wait4 waitid getrandom arch_prctl
"""
_SIGNALS = """
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause signalfd
    signalfd4
"""
_PAIRS = "sendto recvfrom sendmsg recvmsg shutdown getsockopt setsockopt getsockname getpeername"
_LOOPBACK = "connect bind listen accept accept4"
_TREE = "fork vfork execve execveat setpgid setsid kill tkill tgkill"

_EXTENDED = """
    getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr removexattr lremovexattr
    fremovexattr
"""

_QUIET = {
    # glibc and libuv ask for these first and fall back; what clone3 is asked for cannot be seen by a filter.
    "clone3": errno.ENOSYS,
    "io_uring_setup": errno.ENOSYS,
    "mbind": errno.ENOSYS,
    "set_mempolicy": errno.ENOSYS,
    "sched_setaffinity": errno.EPERM,
    "mlock": errno.EPERM,
    # V8 asks for a key to guard the code it compiles and does without; Node asks what it may do.
    "pkey_alloc": errno.ENOSYS,
    "capget": errno.EPERM,
    # Copying a file with its attributes goes on where there are none, and fails where they are refused.
    **dict.fromkeys(_EXTENDED.split(), errno.ENOTSUP),
}

_THREAD, _NAMESPACES = 0x10000, 0x7E020000
_AF_UNIX, _AF_INET, _AF_INET6, _STREAM, _DATAGRAM, _TYPE_MASK = 1, 2, 10, 1, 2, 0xFF
_PRCTL = (3, 15, 16, 0x53564D41)  # get dumpable, set and get name, name a mapping
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)
"""Duplicates, flags, locks, the size of a pipe. Not F_SETOWN and F_SETSIG, which make the kernel send any signal to any
process of this user; not leases, which hold up others' writes; not larger pipes, which are memory that nobody counts.
"""
_WHOLE = 0xFFFFFFFF


def _checks(processes: int) -> dict[str, Action]:
    checks: dict[str, Action] = {
        "prctl": (Check(0, _WHOLE, _PRCTL),),
        "ioctl": (Check(1, _WHOLE, _IOCTL, errno_action(errno.ENOTTY)),),
        "fcntl": (Check(1, _WHOLE, _FCNTL),),
        "prlimit64": (Check(0, _WHOLE, (0, OWN_PID)),),
        "socketpair": (Check(0, _WHOLE, (_AF_UNIX,)), Check(1, _TYPE_MASK, (_STREAM,))),
    }
    if processes > 1:
        return {**checks, "clone": (Check(0, _NAMESPACES, (0,)),)}
    own = (Check(0, _WHOLE, (OWN_PID,)),)
    thread = (Check(0, _NAMESPACES | _THREAD, (_THREAD,)),)
    return {**checks, "clone": thread, "kill": own, "tgkill": own, "tkill": own}


def _sockets() -> dict[str, Action]:
    """TCP and UDP, of both families. Others fail as they do where a kernel lacks them: libraries go on without."""
    return {
        "socket": (
            Check(0, _WHOLE, (_AF_INET, _AF_INET6), errno_action(errno.EAFNOSUPPORT)),
            Check(1, _TYPE_MASK, (_STREAM, _DATAGRAM), errno_action(errno.EPROTONOSUPPORT)),
        )
    }


def _actions(machine: str, processes: int, *, scratch: bool, loopback: bool) -> dict[int, Action]:
    numbers = syscalls.table(machine)
    allowed = [
        _FILES,
        _MEMORY,
        _TIME,
        _PROCESS,
        _SIGNALS,
        _PAIRS,
        *([_TREE] if processes > 1 else []),
        *([_ATTRIBUTES] if scratch else []),
        *([_LOOPBACK] if loopback else []),
    ]
    actions: dict[str, Action] = dict.fromkeys(" ".join(allowed).split(), ALLOW)
    actions.update(_checks(processes))
    actions.update(_sockets() if loopback else {})
    actions.update({name: errno_action(code) for name, code in _QUIET.items()})
    return {numbers[name]: action for name, action in actions.items() if name in numbers}


def compile_filter(
    processes: int, *, scratch: bool, machine: str | None = None, loopback: bool = False
) -> bytes:  # fmt: skip
    """The filter for a tree of so many processes, in a file tree that has a scratch folder and is read-only elsewhere.

    `bpf.OWN_PID` in it has to be replaced by the pid of the process to be confined. A socket pair is let through only
    as a stream: a datagram socket could be sent from to any address that this network namespace knows. With `loopback`
    there are sockets of the internet's families, too: only for a network namespace that has nothing but loopback.
    """
    name = machine or os.uname().machine
    return assemble(_ARCH[name], _actions(name, processes, scratch=scratch, loopback=loopback), NOTIFY)

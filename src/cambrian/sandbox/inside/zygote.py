"""Sandbox, inside: the zygote. Confines itself once, then makes one caged child per launch, and buries it.

One thread, no secret, no evaluator in memory. It never reads from a child; it hears of its end from the kernel. At
level 3 it is pid 1 of its own pid namespace: when it dies, for whatever reason, the kernel kills everything that it
started.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
from io import TextIOWrapper
from typing import Any, NoReturn, cast

from . import cage, kernel, root, runner
from .wire import BORN, ERROR, GONE, LAUNCH, MAP, NOBODY, READY, Gone, Order, Profile

__all__ = ["main"]

_PACKET = 2**18
_NOTIFICATION = 80  # bytes of struct seccomp_notif
_NOTIFY_RECEIVE, _NOTIFY_ANSWER = 0xC0502100, 0xC0182101  # linux/seccomp.h
_MOST_REFUSALS = 1000
_EPERM = 1


def main(descriptor: int) -> NoReturn:
    """Speak with the engine over the control socket until it closes it."""
    kernel.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with socket.socket(fileno=descriptor) as control:
        control.set_inheritable(False)
        profile: Profile = json.loads(control.recv(_PACKET))
        try:
            made = _confine(control, profile)
        except (OSError, ImportError) as error:
            control.send(ERROR + _sentence(error).encode())
            sys.exit(1)
        control.send(READY)
        _Zygote(control, made).serve()
    sys.exit(0)


def _sentence(error: OSError | ImportError) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'a step of the jail'}: {error.strerror}"
    return str(error)


def _confine(control: socket.socket, profile: Profile) -> cage.Cage:
    level = profile["level"]
    _volunteer_for_the_oom_killer()
    user = _enter_namespaces(control) if level == 3 else None
    sys.path.extend(profile["path"])
    _preload(profile["preload"])
    if profile["loopback"]:
        with contextlib.suppress(PermissionError):  # some containers keep it to themselves; then nothing listens
            kernel.loopback_up()
    visible = tuple(profile["visible"])
    base = _address_space()
    if level == 3:
        root.build(visible, proc=profile["proc"], copied=profile["copied"], loopback=profile["loopback"])
        os.environ.update(HOME=root.SCRATCH, TMPDIR=root.SCRATCH)
    made = cage.prepare(level, user, visible, base, resident=profile["resident"], loopback=profile["loopback"])
    for stream in (sys.stdout, sys.stderr):
        cast("TextIOWrapper", stream).reconfigure(line_buffering=True, errors="backslashreplace")
    gc.collect()
    gc.freeze()
    gc.disable()
    return made


def _volunteer_for_the_oom_killer() -> None:
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
            score.write("1000")
    except OSError:
        return  # a courtesy to the machine, not a wall


def _enter_namespaces(control: socket.socket) -> int | None:
    """Enter the namespaces and become pid 1 of the new pid namespace.

    Returns:
        The user that programs can become, if the engine may map more than one.
    """
    uid, gid = os.geteuid(), os.getegid()
    kernel.unshare(root.NAMESPACES)
    control.send(MAP)
    several = control.recv(16) == b"mapped"
    if not several:
        _map_self(uid, gid)
    child = os.fork()
    if child:
        _wait_for(child, control)
    kernel.die_with_parent()
    return NOBODY if several else None


def _map_self(uid: int, gid: int) -> None:
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _wait_for(child: int, control: socket.socket) -> NoReturn:
    """The outer process: it only holds the inner one's parent-death signal."""
    control.close()
    _, status = os.waitpid(child, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _preload(names: list[str]) -> None:
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise ImportError(f"preload {name!r}: {error}") from None


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as sizes:
        return int(sizes.read().split()[0]) * resource.getpagesize()


def _reseed() -> None:
    """`random` reseeds itself after a fork; numpy's global generator does not."""
    module: Any = sys.modules.get("numpy.random")
    if module is not None:
        module.seed(int.from_bytes(os.urandom(4), "little"))


class _Zygote:
    """The loop: launch, watch, bury."""

    def __init__(self, control: socket.socket, made: cage.Cage) -> None:
        self._control = control
        self._cage = made
        self._folder = root.SCRATCH if made.level == 3 else ""
        self._side, self._side_of_child = socket.socketpair()
        self._refused = -1
        self._refusals = 0

    def serve(self) -> None:
        """Until the engine closes the control socket."""
        while True:
            packet, descriptors, _, _ = socket.recv_fds(self._control, _PACKET, 2)
            if not packet.startswith(LAUNCH):
                return
            order = Order.unpack(packet[1:])
            try:
                self._launch(order, *descriptors)
            except OSError as error:
                self._control.send(ERROR + _sentence(error).encode())

    def _launch(self, order: Order, data: int, output: int) -> None:
        if self._folder:
            root.fresh_scratch(order.disk, order.files, self._cage.user or NOBODY)
        child = os.fork()
        if child == 0:
            self._become_program(order, data, output)
        os.close(data)
        os.close(output)
        handle = os.pidfd_open(child)
        socket.send_fds(self._control, [BORN], [handle])
        self._watch(handle)
        os.close(handle)
        gone = self._bury(child)
        if self._folder:
            root.clear_scratch()
        self._control.send(GONE + gone.pack())

    def _become_program(self, order: Order, data: int, output: int) -> NoReturn:
        try:
            os.chdir(self._folder or "/")
            cage.close(self._cage, order, data, output, self._side_of_child.fileno())
            _reseed()
        except OSError as error:
            runner.broken(error)
        try:
            runner.serve(self._folder, order.output)
        finally:
            os._exit(71)  # never fall back into the zygote's loop

    def _watch(self, child: int) -> None:
        """Until the child has ended; meanwhile answer its refused system calls. A closed control socket ends us."""
        self._refused, self._refusals = -1, 0
        poll = select.poll()
        poll.register(child, select.POLLIN)
        poll.register(self._control, 0)  # hang-up only
        if self._cage.level >= 2:
            poll.register(self._side, select.POLLIN)
        listener = -1
        while True:
            ready = dict(poll.poll())
            if self._control.fileno() in ready:
                os._exit(0)
            if self._side.fileno() in ready:
                listener = self._receive_listener(poll)
            elif listener in ready and not (ready[listener] & select.POLLIN and self._refuse(listener)):
                poll.unregister(listener)  # a hang-up comes milliseconds before the end: do not spin on it
                os.close(listener)
                listener = -1
            if child in ready:
                break
        if listener >= 0:
            os.close(listener)

    def _receive_listener(self, poll: select.poll) -> int:
        _, [listener], _, _ = socket.recv_fds(self._side, 1, 1)
        poll.unregister(self._side)
        poll.register(listener, select.POLLIN)
        return listener

    def _refuse(self, listener: int) -> bool:
        """Answer one refused call with EPERM and remember its number; False when there is no more to hear."""
        notice = bytearray(_NOTIFICATION)
        try:
            fcntl.ioctl(listener, _NOTIFY_RECEIVE, notice)
            identity, number = struct.unpack_from("<Qxxxxxxxxi", notice)
            fcntl.ioctl(listener, _NOTIFY_ANSWER, struct.pack("<QqiI", identity, 0, -_EPERM, 0))
        except FileNotFoundError:  # it was killed in the middle of the call
            return True
        except OSError:  # the filter has no user left
            return False
        self._refused = number
        self._refusals += 1
        return self._refusals < _MOST_REFUSALS

    def _bury(self, child: int) -> Gone:
        """Kill what is left of the tree, reap it, and sum up what it used."""
        if self._cage.level == 3:
            _quietly(os.kill, -1)  # everybody else in this pid namespace
        else:
            _quietly(os.killpg, child)
        status, cpu, peak = 0, 0.0, 0
        while True:
            try:
                pid, ended, usage = os.wait4(-1, 0)
            except ChildProcessError:
                return Gone(status, cpu, peak, self._refused)
            cpu += usage.ru_utime + usage.ru_stime
            peak = max(peak, usage.ru_maxrss * 1024)
            status = ended if pid == child else status


def _quietly(kill: Any, target: int) -> None:
    try:
        kill(target, signal.SIGKILL)
    except ProcessLookupError:
        return  # nobody is left

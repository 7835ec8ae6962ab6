"""Sandbox: the engine's handle on one zygote process: start it, send orders, hear reports. Nothing of programs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO, cast

import anyio
import msgspec

from cambrian.core.errors import IsolationUnavailable, SandboxError, WorkerDied

from .inside.wire import BORN, ERROR, GONE, LAUNCH, MAP, READY, Gone, Order, Profile
from .profile import ENVIRONMENT

__all__ = ["Child", "Zygote"]

_BOOT = str(Path(__file__).with_name("inside") / "boot.py")
_START_S = 120.0  # preloading scipy on a busy machine takes many seconds
_GRACE_S = 30.0  # for steps that take milliseconds
_PACKET = 2**16
_HOST_PID = b"Pid:"


class Child(msgspec.Struct, frozen=True):
    """A child just made: its handle (the receiver closes it) and its pid as this process sees it."""

    handle: int
    pid: int


class Zygote:
    """One zygote. Not for concurrent use."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._closed = False

    @classmethod
    async def start(cls, profile: Profile) -> Zygote:
        """Start one and wait until it is confined and ready.

        Raises:
            IsolationUnavailable: a step of the confinement is refused here, or a preload fails; names it.
            WorkerDied: it ended without a word.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-S", "-B", _BOOT, str(theirs.fileno())],
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self = cls(process, ours)
        try:
            await self._handshake(profile)
        except BaseException:
            await self.aclose()
            raise
        return self

    async def _handshake(self, profile: Profile) -> None:
        self._control.send(msgspec.json.encode(profile))
        while True:
            packet, _ = await self._receive(_START_S)
            if packet == MAP:
                self._control.send(b"mapped" if _map_user(self._process.pid) else b"single")
            elif packet == READY:
                return
            else:
                raise IsolationUnavailable(_refusal(packet))

    @property
    def alive(self) -> bool:
        """Whether it can take orders."""
        return not self._closed and self._process.poll() is None

    def fileno(self) -> int:
        """The control socket: readable when there is a report, or when the zygote has died."""
        return self._control.fileno()

    @property
    def pid(self) -> int:
        """Process id of the outermost of its processes."""
        return self._process.pid

    async def launch(self, order: Order, data: int, output: int) -> Child:
        """Make a caged child that holds the two descriptors.

        Raises:
            SandboxError: it could not be made.
            WorkerDied: the zygote is gone.
        """
        try:
            socket.send_fds(self._control, [LAUNCH + order.pack()], [data, output])
        except OSError as error:
            raise self._died(error) from None
        packet, handles = await self._answer()
        if packet != BORN:
            for handle in handles:
                os.close(handle)
            raise SandboxError(_refusal(packet))
        return Child(handles[0], _host_pid(handles[0]))

    async def burial(self) -> Gone:
        """Wait until nothing of the child's tree lives. Somebody must have ended it.

        Raises:
            WorkerDied: the zygote is gone, and with it everything that it had started.
        """
        packet, _ = await self._answer()
        if not packet.startswith(GONE):
            raise SandboxError(_refusal(packet))
        return Gone.unpack(packet[1:])

    async def _answer(self) -> tuple[bytes, list[int]]:
        """The answer to an order. It comes soon, and whoever gave the order has to hear it: not to be cancelled."""
        packet, handles = b"", list[int]()
        with anyio.CancelScope(shield=True):
            packet, handles = await self._receive(_GRACE_S)
        return packet, handles

    async def _receive(self, seconds: float) -> tuple[bytes, list[int]]:
        with anyio.move_on_after(seconds):
            while True:
                try:
                    packet, handles, _, _ = socket.recv_fds(self._control, _PACKET, 1)
                except BlockingIOError:
                    await anyio.wait_readable(self._control)
                    continue
                except OSError as error:
                    raise self._died(error) from None
                if not packet:
                    raise self._died(None)
                return packet, handles
        self._process.kill()
        raise WorkerDied(
            f"the jail's zygote (pid {self._process.pid}) gave no answer within {seconds} s; it was killed"
        )

    def _died(self, error: OSError | None) -> WorkerDied:
        self._process.kill()
        self._process.wait()  # at once: SIGKILL
        said = _last_words(cast("IO[bytes]", self._process.stderr))
        cause = f": {error.strerror}" if error else ""
        return WorkerDied(f"the jail's zygote ended with {self._process.returncode!r}{cause}{said}")

    async def aclose(self) -> None:
        """End it and all that it started. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._control.close()
        self._process.kill()
        with anyio.CancelScope(shield=True):
            await _reaped(self._process)
        cast("IO[bytes]", self._process.stderr).close()


async def _reaped(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        handle = os.pidfd_open(process.pid)
        try:
            await anyio.wait_readable(handle)
        finally:
            os.close(handle)
        process.wait()


def _refusal(packet: bytes) -> str:
    if packet.startswith(ERROR):
        return packet[1:].decode(errors="replace")
    return f"the jail's zygote sent an unexpected report {packet[:20]!r}"


def _last_words(stream: IO[bytes]) -> str:
    os.set_blocking(stream.fileno(), False)
    text = (stream.read() or b"").decode(errors="replace").strip()
    return f"\n{text[-2000:]}" if text else ""


def _map_user(pid: int) -> bool:
    """As root, let a user namespace have all users that this one has: root for the zygote, nobody for programs.

    All, so that files of any owner stay readable to a program that holds CAP_DAC_READ_SEARCH.
    """
    if os.geteuid() != 0:
        return False
    try:
        for name in ("uid_map", "gid_map"):
            ranges = [line.split() for line in Path(f"/proc/self/{name}").read_text(encoding="ascii").splitlines()]
            text = "".join(f"{first} {first} {count}\n" for first, _, count in ranges)
            Path(f"/proc/{pid}/{name}").write_text(text, encoding="ascii")
    except OSError:  # root without the capability, as in many containers
        return False
    return True


def _host_pid(handle: int) -> int:
    file = os.open(f"/proc/self/fdinfo/{handle}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        lines = os.read(file, _PACKET).splitlines()
    finally:
        os.close(file)
    for line in lines:
        if line.startswith(_HOST_PID):
            return int(line.removeprefix(_HOST_PID))
    raise SandboxError(f"/proc/self/fdinfo/{handle} names no pid; is /proc that of this pid namespace?")

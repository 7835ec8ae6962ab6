"""A web server on loopback for tests: what it was asked, and answers of every kind."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

__all__ = ["Asked", "Web", "web"]


class Asked(NamedTuple):
    """A request that arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Web(ThreadingHTTPServer):
    """The server; `asked` are the requests so far, `cut` is set when a client leaves before the end of an answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port: int = self.server_address[1]
        self.asked: list[Asked] = []
        self.cut = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: Web  # pyright: ignore[reportIncompatibleVariableOverride]

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(Asked(self.command, self.path, headers, body))
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        getattr(self, f"_{parts.path.strip('/')}", self._hello)(query)

    do_GET = do_POST = do_HEAD = do_PUT = _answer  # noqa: N815 - the library's names

    def _say(self, body: bytes, *, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _hello(self, _: dict[str, str]) -> None:
        self._say(b"hello", content_type="text/plain; charset=us-ascii")

    def _redirect(self, query: dict[str, str]) -> None:
        self._say(b"", status=int(query.get("status", "302")), location=query["to"])

    def _loop(self, _: dict[str, str]) -> None:
        self._say(b"", status=302, location="/loop")

    def _binary(self, _: dict[str, str]) -> None:
        self._say(b"\xff\xfe\x00", content_type="application/octet-stream")

    def _strange(self, _: dict[str, str]) -> None:
        self._say("grüß".encode(), content_type="text/plain; charset=punycode")

    def _big(self, query: dict[str, str]) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self._say(b"x" * int(query["bytes"]))

    def _short(self, _: dict[str, str]) -> None:
        self._say(b"part", length=100)

    def _drip(self, _: dict[str, str]) -> None:
        self._say(b"", length=1000)
        try:
            for _second in range(200):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.05)
        except (BrokenPipeError, ConnectionResetError):
            self.server.cut.set()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def web() -> Generator[Web]:
    """A server for as long as the block."""
    server = Web()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()

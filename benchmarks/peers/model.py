"""A language model that answers at once: an OpenAI-compatible server on loopback, always with a whole new program.

    python model.py

Prints its port and serves until it is ended. Each answer is the trivial program with another number, in the notations
that OpenEvolve, SkyDiscover and ShinkaEvolve take.
"""

from __future__ import annotations

import itertools
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROGRAM = (Path(__file__).parent / "program.py").read_text(encoding="utf-8")
COUNT = itertools.count(1)


class Model(BaseHTTPRequestHandler):
    """Chat completions, and nothing else."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer a request for a completion."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        text = PROGRAM.replace("VALUE = 0.5", f"VALUE = {0.5 + next(COUNT) / 1000!r}")
        head = "<NAME>\nnext\n</NAME>\n<DESCRIPTION>\nanother number\n</DESCRIPTION>\n"
        answer = f"{head}<CODE>\n```python\n{text}```\n</CODE>\n"
        self._send(
            {
                "id": "c", "object": "chat.completion", "created": 0, "model": "instant",
                "choices": [
                    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": answer}}
                ],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
        )  # fmt: skip

    def do_GET(self) -> None:
        """Name the models."""
        self._send({"object": "list", "data": [{"id": "instant", "object": "model"}]})

    def _send(self, record: dict[str, object]) -> None:
        body = json.dumps(record).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
        del format, args


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()

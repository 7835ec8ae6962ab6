"""A server that breaks the protocol in the way that its argument names. Speaks JSON lines without any library."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

HOW = sys.argv[1]
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"pattern": {"type": "string"}}}


def say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def answer(request: dict[str, Any]) -> dict[str, Any]:
    match request["method"]:
        case "initialize":
            return {"result": {
                "protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                "serverInfo": {"name": "rude", "version": "0"},
            }}  # fmt: skip
        case "tools/list":
            tool = {"name": "t", "inputSchema": SCHEMA}
            if HOW == "pattern":
                tool["outputSchema"] = {"type": "object", "properties": {"a": {"pattern": "(a+)+$"}}}
            if HOW == "promise":
                tool["outputSchema"] = {"type": "object", "properties": {"a": {"type": "integer"}}}
            return {"result": {"tools": [tool]}}
        case "tools/call":
            return call()
        case _:
            return {"error": {"code": -32601, "message": "Method not found"}}


def call() -> dict[str, Any]:
    match HOW:
        case "nonsense":
            return {"result": {"content": "no list"}}
        case "pattern" | "promise":
            return {"result": {"content": [], "structuredContent": {"a": "a" * 40 + "!"}}}
        case "closed":
            return {"error": {"code": -32000, "message": "an error of my own"}}
        case "flood":
            sys.stdout.write("x" * (17 << 20))
        case "errors":
            sys.stderr.write("e" * (1 << 20))
        case _:
            pass
    return {"result": {"content": [{"type": "text", "text": "ok"}]}}


if HOW == "silent":
    time.sleep(300)
if HOW == "stubborn":
    sys.stdout.write("this is no message\n")
for line in sys.stdin:
    received = json.loads(line)
    if "id" in received and "method" in received:
        say({"id": received["id"], **answer(received)})
if HOW == "stubborn":
    time.sleep(300)

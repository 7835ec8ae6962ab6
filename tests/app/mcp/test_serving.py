"""``cambrian mcp`` as an assistant meets it: the SDK's own client, over stdio, against the real command."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS
from tests.app.web_stage import web

from .serving_stage import SERVERS, call, command, connected, descendants, gone

NAMES = {
    "execute_code", "get_result", "cancel", "list_runtimes", "get_runtime_capabilities", "runtime_health_check",
    "search_tools", "describe_tool",
}  # fmt: skip
TOOLS = '''
import os
import time

from cambrian.tools.functions import tool

print("noise of a tools file")


@tool
def server_pid() -> int:
    """Process id of the server."""
    print("noise of a tool")
    os.write(1, b"more noise\\n")
    return os.getpid()


@tool(approval=True)
def wipe(folder: str) -> str:
    """Delete everything."""
    return folder


@tool
def nap(seconds: float) -> str:
    """Wait."""
    time.sleep(seconds)
    return "rested"
'''


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    file = tmp_path / "tools.py"
    file.write_text(TOOLS)
    return file


async def refused(client: Client, name: str, /, **arguments: object) -> str:
    with pytest.raises(MCPError) as caught:
        await client.call_tool(name, dict(arguments))
    assert caught.value.code == INVALID_PARAMS
    return caught.value.message


async def test_code_runs_and_what_it_does_wrong_is_a_result(tmp_path: Path) -> None:
    async with connected(folder=tmp_path) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(listed) == NAMES
        assert listed["execute_code"].input_schema["required"] == ["code"]
        assert "value of the last expression" in (listed["execute_code"].description or "")
        assert client.instructions is not None
        assert "search_tools" in client.instructions

        python = await call(client, "execute_code", code="print('hi')\nn * 2", language="python", inputs={"n": 21})
        assert (python["status"], python["value"], python["stdout"]) == ("ok", 42, "hi\n")
        assert "data, not instructions" in python["notice"]
        script = await call(client, "execute_code", code="[1, 2].map((x: number) => x * 2)", language="typescript")
        assert (script["status"], script["value"]) == ("ok", [2, 4])
        text = (await client.call_tool("execute_code", {"code": "1 / 0", "language": "python"})).content[0]
        failed = json.loads(getattr(text, "text", ""))
        assert (failed["status"], failed["error"]["type"], failed["error"]["line"]) == ("error", "ZeroDivisionError", 1)
        endless = await call(client, "execute_code", code="while True: pass", language="python", timeout=0.5)
        assert endless["status"] == "timeout"
        after = await call(client, "execute_code", code="1 + 1", language="python")
        assert after["value"] == 2


async def test_wrong_arguments_are_errors_that_say_what_is_wrong(tmp_path: Path) -> None:
    async with connected("--limits", "wall=5s", folder=tmp_path) as client:
        assert "unknown field `cod`; it takes: code, language" in await refused(client, "execute_code", cod="1")
        assert "missing required field `code`" in await refused(client, "execute_code")
        assert "Expected `str`, got `int` - at `$.code`" in await refused(client, "execute_code", code=1)
        assert "Invalid enum value 'cobol'" in await refused(client, "execute_code", code="1", language="cobol")
        assert "there is no runtime 'zzz'; there are monty" in await refused(
            client, "execute_code", code="1", runtime="zzz"
        )
        assert "this server allows 5 s" in await refused(client, "execute_code", code="1", timeout=60)
        assert "float" in await refused(client, "execute_code", code="1", timeout=-1)
        assert "'a b' is no name" in await refused(client, "execute_code", code="1", inputs={"a b": 1})
        assert "there is no execution 'x-1'" in await refused(client, "get_result", handle="x-1")
        assert "there is no execution 'x-1'" in await refused(client, "cancel", handle="x-1")
        assert "there is no tool 'nothing'" in await refused(client, "describe_tool", name="nothing")
        assert "there is no runtime 'zzz'" in await refused(client, "runtime_health_check", runtime="zzz")
        assert "there is no runtime 'zzz'" in await refused(client, "get_runtime_capabilities", runtime="zzz")
        assert "there is no tool 'run'; there are: execute_code" in await refused(client, "run")
        assert (await call(client, "execute_code", code="1", language="python"))["value"] == 1


async def test_runtimes_are_told(tmp_path: Path) -> None:
    async with connected(folder=tmp_path) as client:
        found = {each["name"]: each for each in (await call(client, "list_runtimes"))["runtimes"]}
        assert set(found) == {"monty", "cpython", "quickjs", "deno", "bun", "node"}
        assert all(each["version"] or each["fix"] for each in found.values())
        healthy = (await call(client, "runtime_health_check", runtime="monty"))["runtimes"]
        assert [(each["runtime"], each["healthy"]) for each in healthy] == [("monty", True)]
        capable = await call(client, "get_runtime_capabilities", runtime="quickjs")
        assert (capable["languages"], capable["level"]) == (["javascript"], "L3")
        assert capable["features"]["class:inheritance"] is True
        assert capable["features"]["global:fetch"] is False


async def test_one_script_chains_the_tools_of_two_servers(tmp_path: Path, tools: Path) -> None:
    servers = [shlex.join([sys.executable, str(SERVERS / name)]) for name in ("shop.py", "bank.py")]
    words = [word for each in servers for word in ("--mcp", each)]
    async with connected("--tools", str(tools), *words, folder=tmp_path) as client:
        found = await call(client, "search_tools", query="change euros into another currency")
        assert (found["tools"][0]["name"], found["total"]) == ("exchange", 5)
        described = await call(client, "describe_tool", name="exchange", language="typescript")
        assert "declare function exchange" in described["tool"]["stub"]
        assert described["tool"]["server"] == "bank"
        assert "claims" in described["notice"]
        python = (
            "import asyncio\nprices = await asyncio.gather(price('apple'), price('pear'))\n"
            "(await exchange(sum(each['result'] for each in prices), 'NOK'))['result']"
        )
        done = await call(client, "execute_code", code=python, language="python")
        assert (done["status"], done["value"], done.get("calls")) == ("ok", 15.0, 3), done
        script = (
            "const prices = await Promise.all(['apple', 'pear'].map(article => price({article})));"
            "(await exchange(prices[0].result + prices[1].result, 'USD')).result"
        )
        done = await call(client, "execute_code", code=script, language="javascript")
        assert (done["status"], done["value"], done.get("calls")) == ("ok", 1.5625, 3), done
        denied = await call(client, "execute_code", code="wipe('/')", language="python")
        assert denied["error"]["type"] == "ToolError"
        assert "needs approval" in denied["error"]["message"]


@pytest.mark.slow
async def test_code_reaches_what_the_owner_allowed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.txt").write_text("read me")
    code = f"[open({str(folder / 'a.txt')!r}).read(), (await http_get(url))['text']]"
    with web() as site:
        url = f"http://127.0.0.1:{site.port}/"
        async with connected("--allow", f"net:127.0.0.1:{site.port},read:{folder}", folder=tmp_path) as client:
            found = await call(client, "search_tools", query="read a url")
            assert found["tools"][0]["name"] == "http_get"
            for runtime, folders in (("cpython", [str(folder)]), ("monty", [])):
                capable = await call(client, "get_runtime_capabilities", runtime=runtime)
                assert capable["folders"] == folders
            done = await call(client, "execute_code", code=code, language="python", inputs={"url": url})
            assert done["value"] == ["read me", "hello"], done
        async with connected(folder=tmp_path) as client:  # the control: it is the word that opens it
            done = await call(client, "execute_code", code=code, language="python", inputs={"url": url})
            assert done["status"] == "error"


async def test_what_takes_long_gets_a_handle(tmp_path: Path, tools: Path) -> None:
    async with connected("--tools", str(tools), folder=tmp_path) as client:
        begun = time.monotonic()
        first = await call(client, "execute_code", code="nap(2)", language="python", wait=0)
        assert (first["status"], time.monotonic() - begun < 1.9) == ("running", True)
        early = await call(client, "get_result", handle=first["handle"], wait=0.01)
        assert (early["status"], early["handle"]) == ("running", first["handle"])
        late = await call(client, "get_result", handle=first["handle"])
        assert (late["status"], late["value"]) == ("ok", "rested")
        again = await call(client, "get_result", handle=first["handle"])
        assert again == late, "a result can be fetched again"

        endless = await call(client, "execute_code", code="while True: pass", language="python", timeout=100, wait=0)
        ended = await call(client, "cancel", handle=endless["handle"])
        assert ended["status"] == "cancelled"
        assert (await call(client, "get_result", handle=endless["handle"]))["status"] == "cancelled"
        assert (await call(client, "cancel", handle=first["handle"]))["value"] == "rested", "that one had ended"
        for _ in range(16):
            await call(client, "execute_code", code="while True: pass", language="python", timeout=100, wait=0)
        assert "16 executions are running" in await refused(client, "execute_code", code="1")


@pytest.mark.slow
async def test_no_call_takes_longer_than_a_clients_patience(tmp_path: Path, tools: Path) -> None:
    async with connected("--tools", str(tools), folder=tmp_path) as client:
        begun = time.monotonic()
        first = await call(client, "execute_code", code="nap(24)", language="python")
        took = time.monotonic() - begun
        assert (first["status"], 19 < took < 30) == ("running", True)
        assert (await call(client, "get_result", handle=first["handle"]))["value"] == "rested"


async def test_what_is_long_is_cut(tmp_path: Path) -> None:
    async with connected(folder=tmp_path) as client:
        code = "print('a' * 100_000 + 'THE END')\n'<' + 'b' * 200_000 + '>'"
        done = await call(client, "execute_code", code=code, language="python")
        assert (done["value"], done["cut"]) == (None, ["value", "stdout"])
        assert done["shown"].startswith('"<bbb')
        assert done["shown"].endswith('bbb>"')
        assert done["stdout"].endswith("THE END\n")
        assert "characters left out" in done["stdout"]
        assert len(json.dumps(done)) < 50_000


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "end of input"])
async def test_ending_the_server_ends_everything(how: str, tmp_path: Path, tools: Path) -> None:
    server = shlex.join([sys.executable, str(SERVERS / "shop.py")])
    process = subprocess.Popen(
        command("--tools", str(tools), "--mcp", server, folder=tmp_path),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
    )  # fmt: skip
    try:
        raw = Raw(process)
        raw.greet()
        pid = raw.call("execute_code", {"code": "server_pid()", "language": "python"})["value"]
        assert pid == process.pid
        for language, code in (("python", "while True: pass"), ("javascript", "for (;;) {}")):
            told = raw.call("execute_code", {"code": code, "language": language, "timeout": 100, "wait": 0.2})
            assert told["status"] == "running"
        family = descendants(process.pid)
        assert len(family) >= 4, "the server, the tool server and workers"
        if how == "end of input":
            raw.close()
        else:
            process.send_signal(signal.Signals[how])
        status = await anyio.to_thread.run_sync(lambda: process.wait(20))
        assert status == {"SIGKILL": -signal.SIGKILL, "SIGTERM": 128 + signal.SIGTERM, "end of input": 0}[how]
        assert gone(family) == set()
    finally:
        process.kill()
        process.communicate()


async def test_nothing_but_the_protocol_is_on_stdout(tmp_path: Path, tools: Path) -> None:
    process = subprocess.Popen(
        command("--tools", str(tools), folder=tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
    )  # fmt: skip
    try:
        raw = Raw(process)
        raw.greet()
        raw.send(b"this is no message\n")
        raw.send(b"\xff\xfe\n")
        code = "import sys\nprint('out')\nprint('err', file=sys.stderr)\nserver_pid()"
        assert raw.call("execute_code", {"code": code, "language": "python"})["stdout"] == "out\n"
        big = raw.call("execute_code", {"code": f"len('''{'x' * 900_000}''')", "language": "python"})
        assert big["value"] == 900_000
        raw.close()
        process.wait(20)
    finally:
        process.kill()
        rest, errors = process.communicate()
    assert rest == b""
    assert b"noise of a tools file" in errors
    assert b"noise of a tool" in errors
    assert b"more noise" in errors


class Raw:
    """A client that sees each line. Each is one message of the protocol, or it fails."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._in, self._out, self._id = process.stdin, process.stdout, 0

    def send(self, data: bytes) -> None:
        self._in.write(data)
        self._in.flush()

    def close(self) -> None:
        self._in.close()
        self._process.stdin = None

    def ask(self, method: str, params: dict[str, object]) -> dict[str, Any]:
        self._id += 1
        message = {"jsonrpc": "2.0", "id": self._id, "method": method, "params": params}
        self.send(json.dumps(message).encode() + b"\n")
        while True:
            answer = json.loads(self._out.readline())
            assert answer["jsonrpc"] == "2.0"
            if answer.get("id") == self._id:
                return answer["result"]

    def greet(self) -> None:
        info = {"name": "raw", "version": "0"}
        told = self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": info})
        assert told["serverInfo"]["name"] == "cambrian"
        self.send(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')

    def call(self, name: str, arguments: dict[str, object]) -> dict[str, Any]:
        return self.ask("tools/call", {"name": name, "arguments": arguments})["structuredContent"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--tools", "none.py"), "there is no such file"),
        (("--limits", "wall=5parsecs"), "wall=5parsecs"),
        (("--allow", "net:everything"), "write for example net:api.example.com:443"),
        (("--mcp", "/does/not/exist"), "cannot be started"),
    ],
)
def test_a_wrong_word_ends_it_before_it_begins(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = subprocess.run(
        command(*words, folder=tmp_path), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_without_the_sdk_it_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import importlib.util as u, sys\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'mcp' else find(name, *more)\n"
        "from cambrian.app.cli import main\nmain(['mcp'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1
    assert "pip install cambrian[mcp]" in done.stderr

"""Servers of the Model Context Protocol: real ones, in processes of their own, over stdio and over HTTP on loopback."""

from __future__ import annotations

import base64
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio
import msgspec
import pytest

from cambrian.core.errors import CapabilityMissing, UsageError
from cambrian.core.tool import Answer, Call
from cambrian.tools.mcp_client import McpServer
from cambrian.tools.mcp_file import read_servers
from cambrian.tools.policy import ToolPolicy
from cambrian.tools.registry import Toolbox

SERVERS = Path(__file__).parent / "servers"
SECRET = "s3cr3t/va+lue=42"


def everything(**options: object) -> McpServer:
    return McpServer([sys.executable, str(SERVERS / "everything.py")], **options)  # pyright: ignore[reportArgumentType]


def rude(how: str, **options: object) -> McpServer:
    return McpServer([sys.executable, str(SERVERS / "rude.py"), how], **options)  # pyright: ignore[reportArgumentType]


async def call(box: Toolbox, tool: str, **arguments: object) -> Answer:
    made = Call(id=3, tool=tool, kwargs=arguments)
    assert box.refusal(made) == ""
    return await box.invoke(made, key="key-1")


def texts(answer: Answer) -> dict[str, str]:
    return msgspec.convert(answer.value, dict[str, str])


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be reaped by whoever adopted it does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


async def eventually(condition: Callable[[], bool]) -> None:
    with anyio.fail_after(20):
        while not condition():
            await anyio.sleep(0.02)


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    before = children()
    yield
    assert children() - before == set(), "a process was left, or a zombie"


@asynccontextmanager
async def over_http() -> AsyncGenerator[str]:
    """A server on loopback; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with start_http(port) as process:
        try:
            await until_open(port)
            yield f"127.0.0.1:{port}"
        finally:
            process.kill()


def start_http(port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(SERVERS / "everything.py"), str(port)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


async def until_open(port: int) -> None:
    with anyio.fail_after(60):
        while True:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            await anyio.sleep(0.05)


async def test_calls_over_stdio() -> None:
    async with Toolbox([everything()]) as box:
        tools = {tool.name: tool for tool in box.tools()}
        assert tools["add"].description == "Add two numbers."
        assert tools["add"].server == "everything"
        assert tools["add"].asynchronous
        assert tools["odd_name"].name == "odd_name"
        assert (await call(box, "add", a=1, b=2)).value == {"result": 3}, "structured content is preferred"
        assert (await call(box, "echo", text="hé")).value == "hé"
        assert (await call(box, "echo", text=None)).value == "nothing", "null is an argument"
        assert (await call(box, "odd_name")).value == "odd"
        failed = await call(box, "fail", words="not today")
        assert "not today" in failed.error
        assert failed.value is None
        blocks = (await call(box, "picture")).value
        assert blocks == ["a dot", {"type": "image", "data": "iVBORw==", "mimeType": "image/png"}]
        assert (await call(box, "key")).value == {"result": "key-1"}
        assert "'a' is missing" in box.refusal(Call(id=0, tool="add"))
        assert "'x' is not of type 'integer'" in box.refusal(Call(id=0, tool="add", args=["x"]))


async def test_calls_run_side_by_side() -> None:
    async with Toolbox([everything()]) as box:
        await call(box, "add", a=1)
        started = time.monotonic()
        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(lambda: call(box, "wait", seconds=0.5))
        assert time.monotonic() - started < 2, "one after the other it takes 2.5 s"


@pytest.mark.slow
async def test_pages_and_their_end(tmp_path: Path) -> None:
    pages = [sys.executable, str(SERVERS / "pages.py")]
    async with Toolbox([McpServer(pages, folder=tmp_path)]) as box:
        assert [tool.name for tool in box.tools()] == [f"tool_{number}" for number in range(7)]
    with pytest.raises(UsageError, match="more than 5000 tools or 200 pages"):
        async with Toolbox([McpServer([*pages, "endless"], folder=tmp_path)]):
            raise AssertionError


async def test_the_environment_is_minimal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CANARY", "host-only")
    async with Toolbox([everything(env={"GREETING": "hello"})]) as box:
        found = texts(await call(box, "environment"))
        mark = {"CAMBRIAN_TOOL_SERVER"}
        assert set(found) - mark - {"LC_CTYPE"} == {"PATH", "HOME", "LANG", "GREETING"}
        assert "host-only" not in str(found)
        home = Path(found["HOME"])
        assert home.is_dir()
        assert home != Path.home()
    assert not home.exists()
    control = subprocess.run([sys.executable, "-c", "import os; print(os.environ)"], capture_output=True, check=True)
    assert b"host-only" in control.stdout, "a process started without care does see it"


async def test_secrets_come_back_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    encoded = base64.b64encode(SECRET.encode()).decode()
    server = everything(env={"API_KEY": SECRET, "MODE": "plain-words"})
    async with Toolbox([server]) as box:
        found = texts(await call(box, "environment"))
        assert found["API_KEY"] == "‹secret›"
        assert found["MODE"] == "plain-words"
        failed = await call(box, "fail", words="key")
        echoed = await call(box, "echo", text=f"<{encoded}>")
        assert encoded[:-4] not in str(echoed), "what is made of it is found, too"
        assert SECRET not in repr(server) + str(failed)
    assert "s3cr3t" not in caplog.text


@pytest.mark.slow
async def test_a_call_that_takes_too_long_ends_the_whole_tree(tmp_path: Path) -> None:
    async with Toolbox([everything(timeout=3.0)]) as box:
        pid = await call(box, "pid")
        late = await call(box, "hang", path=str(tmp_path / "pids"))
        assert "took longer than 3 s; the server's processes were ended" in late.error
        helpers = [int(each) for each in (tmp_path / "pids").read_text().split()]
        assert len(helpers) == 3
        await eventually(lambda: not any(map(alive, helpers)))
        again = await call(box, "pid")
        assert again.value != pid.value, "the next call starts it anew"
        assert again.error == ""


async def test_a_server_that_blocks_does_not_hold_its_end_up() -> None:
    started = time.monotonic()
    async with Toolbox([everything(timeout=1.0)]) as box:
        assert "took longer than 1 s" in (await call(box, "block", seconds=60)).error
    assert time.monotonic() - started < 30


@pytest.mark.slow
async def test_helpers_end_with_the_toolbox(tmp_path: Path) -> None:
    async with Toolbox([everything()]) as box:
        with anyio.move_on_after(2):
            await call(box, "hang", path=str(tmp_path / "pids"))
        helpers = [int(each) for each in (tmp_path / "pids").read_text().split()]
        assert any(map(alive, helpers)), "the control: they do run"
    await eventually(lambda: not any(map(alive, helpers)))


@pytest.mark.slow
async def test_a_server_that_dies(tmp_path: Path) -> None:
    async with Toolbox([everything(trust_hints=True)]) as box:
        dead = await call(box, "die", status=3)
        assert "lost during the call: its process ended with status 3; its last words: last words" in dead.error
        assert "whether it had its effect is not known" in dead.error
        assert (await call(box, "add", a=1)).value == {"result": 1}
        log = tmp_path / "idempotent"
        assert (await call(box, "die_once", path=str(log))).value == {"result": "alive"}, "made once more"
        assert log.read_text() == "called\n" * 2
    async with Toolbox([everything()]) as box:
        log = tmp_path / "unknown"
        assert "is not known" in (await call(box, "die_once", path=str(log))).error, "a hint is a claim"
        assert log.read_text() == "called\n"


@pytest.mark.slow
async def test_hints_are_believed_only_when_told_so() -> None:
    for trust in (False, True):
        async with Toolbox([everything(trust_hints=trust)]) as box:
            tools = {tool.name: tool for tool in box.tools()}
            assert tools["add"].read_only is trust
            assert tools["die_once"].idempotent is trust
            assert not tools["echo"].read_only
            assert len({tool.version for tool in tools.values()}) == len(tools)


@pytest.mark.slow
async def test_a_tool_that_changed_after_a_restart_is_not_called(tmp_path: Path) -> None:
    server = McpServer([sys.executable, str(SERVERS / "pages.py")], folder=tmp_path)
    async with Toolbox([server]) as box:
        assert (await call(box, "tool_6")).value == "tool_6 in life 0"
        assert "lost during the call" in (await call(box, "tool_5")).error
        assert (await call(box, "tool_4")).value == "tool_4 in life 1"
        assert "has changed or dropped 'tool_6'" in (await call(box, "tool_6")).error


@pytest.mark.parametrize(("how", "words"), [
    ("nonsense", "the server broke the protocol"),
    ("promise", "the result is not what the server promised: "),
    ("closed", "an error of my own"),
    ("flood", "it was ended for a message of more than 16777216 bytes"),
])  # fmt: skip
async def test_servers_that_break_the_protocol(how: str, words: str) -> None:
    async with Toolbox([rude(how)]) as box:
        assert words in (await call(box, "t")).error


@pytest.mark.parametrize("how", ["errors", "stubborn", "pattern"])
async def test_servers_that_are_odd_but_answer(how: str) -> None:
    async with Toolbox([rude(how)]) as box:
        assert (await call(box, "t")).error == ""
        assert (await call(box, "t", pattern="x")).error == ""


async def test_a_server_that_never_answers() -> None:
    started = time.monotonic()
    with pytest.raises(UsageError, match=r"did not answer within 0\.5 s"):
        async with Toolbox([rude("silent", connect_timeout=0.5)]):
            raise AssertionError
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(("target", "words"), [
    (["no-such-program-at-all"], "'no-such-program-at-all' cannot be started: No such file"),
    ([sys.executable, "-c", "import sys; sys.exit('went wrong')"], "ended with status 1; its last words: went wrong"),
    ("http://127.0.0.1:9/mcp", "ConnectError"),
])  # fmt: skip
async def test_servers_that_are_not_there(target: str | list[str], words: str) -> None:
    with pytest.raises(UsageError, match="cannot be reached") as caught:
        async with Toolbox([McpServer(target)]):
            raise AssertionError
    assert words in str(caught.value)


@pytest.mark.parametrize(("target", "options", "words"), [
    ("", {}, "a command or a URL"),
    ([], {}, "a command or a URL"),
    ("python 'x", {}, "close its quotes"),
    ("python x.py", {"headers": {"a": "b"}}, "headers are for a URL"),
    ("http://x/mcp", {"env": {"a": "b"}}, "env is for a command"),
    ("ftp://user:password@x/", {}, "URL cannot be read"),
    ("python x.py", {"timeout": 0}, "timeout"),
])  # fmt: skip
def test_wrong_arguments(target: str | list[str], options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        McpServer(target, **options)  # pyright: ignore[reportArgumentType]
    assert "password" not in str(caught.value)


async def test_without_the_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_name: str) -> None:
        return None

    monkeypatch.setattr("importlib.util.find_spec", nothing)
    with pytest.raises(CapabilityMissing, match=r"pip install cambrian\[mcp\]"):
        async with everything():
            raise AssertionError


async def test_it_must_be_entered_and_only_once() -> None:
    server = everything()
    with pytest.raises(UsageError, match="not entered"):
        await server.entries()
    async with server:
        with pytest.raises(UsageError, match="in use already"):
            async with server:
                raise AssertionError


async def test_relative_paths_are_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SERVERS)
    async with Toolbox([McpServer([sys.executable, "rude.py", "fine"])]) as box:
        assert (await call(box, "t")).value == "ok"


async def test_default_names() -> None:
    assert everything().name == "everything"
    assert McpServer("npx -y some-server").name == "npx"
    assert McpServer("https://user:pw@tools.example.com:8443/mcp?key=x").name == "tools_example_com"
    assert McpServer("python x.py", name="my files").name == "my_files"


async def test_calls_over_http(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with over_http() as address:
        server = McpServer(
            f"http://ada:{SECRET.replace('/', '%2F')}@{address}/mcp?token=query-{SECRET.replace('+', '%2B')}",
            headers={"X-Api-Key": f"header-{SECRET}"},
            timeout=2.0,
        )
        async with Toolbox([server], policy=ToolPolicy(deny=("die*",))) as box:
            assert (await call(box, "add", a=1, b=2)).value == {"result": 3}
            assert "not today" in (await call(box, "fail", words="not today")).error
            found = texts(await call(box, "headers"))
            assert found["x-api-key"] == "‹secret›", "it arrived"
            assert "‹secret›" in found["authorization"]
            late = await call(box, "wait", seconds=30)
            assert "took longer than 2 s" in late.error
            assert (await call(box, "echo", text="still there")).value == "still there"
        assert SECRET not in repr(server)
    assert "/mcp" in caplog.text, "the libraries do log what they ask for"
    assert "s3cr3t" not in caplog.text, "in no form"


async def test_headers_come_from_a_file_and_its_environment(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with over_http() as address:
        headers = {"Authorization": "Bearer ${MY_VALUE}", "X-Plain": "a ${MY_VALUE} b"}
        given = {"mcpServers": {"web": {"type": "http", "url": f"http://{address}/mcp", "headers": headers}}}
        (tmp_path / "mcp.json").write_bytes(msgspec.json.encode(given))
        async with Toolbox(read_servers(tmp_path / "mcp.json", {"MY_VALUE": SECRET})) as box:
            found = texts(await call(box, "headers"))
            assert (found["authorization"], "‹secret›" in found["x-plain"]) == ("‹secret›", True)
    assert "s3cr3t" not in caplog.text


@pytest.mark.slow
async def test_an_http_server_that_is_restarted() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    first = start_http(port)
    try:
        await until_open(port)
        async with Toolbox([McpServer(f"http://127.0.0.1:{port}/mcp")]) as box:
            before = (await call(box, "pid")).value
            first.kill()
            first.wait()
            gone = await call(box, "pid")
            assert "is not known" in gone.error
            first = start_http(port)
            await until_open(port)
            after = await call(box, "pid")
            assert after.error == ""
            assert after.value != before
    finally:
        first.kill()
        first.wait()

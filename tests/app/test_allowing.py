"""``--allow``: how it is written, folders in jails, and a `fetch` that goes nowhere else. Attacks have a control."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

import anyio
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cambrian.app.execution.allowing import Reach, read_allow
from cambrian.app.execution.exchange import MAX_BODY
from cambrian.app.execution.fetching import Fetched, fetch_tools
from cambrian.app.execution.history import read_history
from cambrian.app.execution.places import Place, is_public, read_host, read_url
from cambrian.app.execution.running import Sandbox
from cambrian.app.execution.tracing import Journey
from cambrian.core.errors import UsageError
from cambrian.core.tool import Call
from cambrian.tools.functions import tool
from cambrian.tools.registry import Toolbox

from .web_stage import Web, web

Fetch = Callable[..., Awaitable[Fetched]]


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as server:
        yield server


@pytest.fixture
def other() -> Iterator[Web]:
    """The one that nobody may reach: a canary."""
    with web() as server:
        yield server


def tools_for(*places: Place) -> tuple[Fetch, Fetch]:
    fetch, http_get = fetch_tools(places)
    return cast("Fetch", fetch), cast("Fetch", http_get)


@asynccontextmanager
async def sandbox_with(tmp_path: Path, allow: str) -> AsyncGenerator[Sandbox]:
    async with Sandbox(workspace=tmp_path / "workspace", workers=1, allow=allow) as made:
        yield made


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


# -- how it is written


def test_words_are_read(tmp_path: Path) -> None:
    (tmp_path / "a,b").mkdir()
    found = read_allow([f"net:API.Example.com.:443, read:{tmp_path / 'a,b'}", "net:[::1]:80"])
    assert found.places == (Place("api.example.com", 443), Place("::1", 80))
    assert found.folders == ((tmp_path / "a,b").resolve(),)
    assert read_allow(found.words()) == found
    assert read_allow("") == read_allow(()) == read_allow(read_allow(""))


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("net:example.com", "net:api.example.com:443"),
        ("net:example.com:0", "'0' is no port"),
        ("net:example.com:65536", "no port"),
        ("net:example.com:https", "'https' is no port"),
        ("net:https://example.com:443", "is a URL"),
        ("net:*.example.com:443", "is no host"),
        ("net::443", "is no host"),
        ("net:::1:80", "is not net:HOST:PORT"),
        ("net:[::1]", "is not net:HOST:PORT"),
        ("net:2130706433:80", "four decimal numbers"),
        ("net:0x7f.1:80", "four decimal numbers"),
        ("net:[::ffff:127.0.0.1]:80", "write 127.0.0.1"),
        ("net:[fe80::1%eth0]:80", "names an interface"),
        ("read:", "names no folder"),
        ("read:/does/not/exist", "there is no such folder"),
        ("read:/", "no folder to hand out"),
        ("read:/proc/self", "no folder to hand out"),
        ("write:/tmp", "neither net:HOST:PORT nor read:DIR"),
        ("net:example.com:443,raed:/tmp", "'raed:/tmp' is neither"),
    ],
)
def test_wrong_words_are_named_with_the_fix(word: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        Reach(word, ())
    assert says in str(caught.value)
    assert "allow" in str(caught.value)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    with pytest.raises(UsageError, match="is no folder"):
        read_allow(f"read:{tmp_path / 'secret'}")


def test_what_is_of_cambrian_itself_is_not_handed_out(tmp_path: Path) -> None:
    workspace, data = tmp_path / ".cambrian", tmp_path / "data"
    for folder in (workspace / "inner", data):
        folder.mkdir(parents=True)
    (tmp_path / "alias").symlink_to(workspace)
    for folder in (tmp_path, workspace, workspace / "inner", tmp_path / "alias", data / ".." / ".cambrian"):
        with pytest.raises(UsageError, match="of Cambrian itself"):
            Reach(f"read:{folder}", (workspace,))
    assert Reach(f"read:{data}", (workspace,)).folders == (data.resolve(),)


def test_tools_of_the_same_name_are_refused() -> None:
    @tool(name="fetch")
    def mine(url: str) -> str:
        return url

    reach = Reach("net:example.com:443", ())
    with pytest.raises(UsageError, match="a tool is called 'fetch'"):
        reach.over(Toolbox([mine]))
    offered = {each.name: each for each in reach.over(Toolbox([sys.intern])).tools()}
    assert set(offered) == {"intern", "fetch", "http_get"}
    assert offered["http_get"].read_only
    assert not offered["fetch"].read_only


# -- hosts and URLs


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://example.com", "example.com", 80, "/"),
        ("https://EXAMPLE.com./a?b=c d#frag".replace(" ", "%20"), "example.com", 443, "/a?b=c%20d"),
        ("http://[2001:DB8:0::1]:8080/x", "2001:db8::1", 8080, "/x"),
        ("http://bücher.example/ü", "xn--bcher-kva.example", 80, "/%C3%BC"),
        ("http://１２７.0.0.1/", "127.0.0.1", 80, "/"),
        ("http://example.com:/", "example.com", 80, "/"),
    ],
)
def test_a_url_has_one_reading(url: str, host: str, port: int, path: str) -> None:
    target = read_url(url)
    assert target.place == Place(host, port)
    assert target.path == path
    assert read_url(target.url) == target


@given(st.text(max_size=60))
def test_a_host_is_refused_or_stays_what_it_is(text: str) -> None:
    try:
        host = read_host(text)
    except UsageError:
        return
    assert read_host(host) == host
    assert read_url(f"http://{Place(host, 80).shown}/").place.host == host


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("0.0.0.0", False),
        ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.0.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("::", False),
        ("fe80::1", False), ("fd00::1", False), ("ff02::1", False), ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False), ("2002:5db8:d822::", True), ("64:ff9b::7f00:1", False), ("64:ff9b::5db8:d822", True),
    ],
)  # fmt: skip
def test_addresses_of_the_internet(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


# -- fetch


async def test_fetch_sends_and_receives(site: Web) -> None:
    fetch, http_get = tools_for(Place("127.0.0.1", site.port))
    found = await http_get(f"http://127.0.0.1:{site.port}/hello", {"X-Mine": "1"})
    assert (found["status"], found["text"], found["base64"]) == (200, "hello", "")
    assert found["headers"]["content-type"] == "text/plain; charset=us-ascii"
    await fetch(f"http://127.0.0.1:{site.port}/hello", "POST", {"Content-Type": "application/json"}, '{"a": "ü"}')
    get, post = site.asked
    assert (get.method, get.headers["x-mine"], get.headers["host"]) == ("GET", "1", f"127.0.0.1:{site.port}")
    assert (post.method, json.loads(post.body)) == ("POST", {"a": "ü"})
    head = await fetch(f"http://127.0.0.1:{site.port}/hello", "HEAD")
    assert (head["status"], head["text"]) == (200, "")


async def test_what_is_no_text_is_base64(site: Web) -> None:
    _, http_get = tools_for(Place("127.0.0.1", site.port))
    assert (await http_get(f"http://127.0.0.1:{site.port}/binary"))["base64"] == "//4A"
    assert (await http_get(f"http://127.0.0.1:{site.port}/strange"))["text"] == "grüß"


LOOPBACK = (
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
    "http://2130706433:{port}/", "http://0x7f000001:{port}/", "http://0177.0.0.1:{port}/", "http://127.1:{port}/",
    "http://127.0.0.1.:{port}/", "http://0:{port}/", "http://0.0.0.0:{port}/", "http://１２７.0.0.1:{port}/",
    "http://good.example:80@127.0.0.1:{port}/", "http://127.0.0.1:{port}#@good.example:80/",
    "http://127.0.0.1:{port}\\@good.example:80/", "http://good.example:80\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}%00good.example/", "http://127.0.0.1%2f:{port}/", "http://good.example:80\t@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: good.example\r\n\r\n", "//127.0.0.1:{port}/", "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/", "http:127.0.0.1:{port}/", "http:///127.0.0.1:{port}/",
    "HTTP://LOCALHOST:{port}/", "http://localhost.:{port}/", "http://[::1%25lo]:{port}/", "http://127.0.0.1:{port}x/",
)  # fmt: skip


@pytest.mark.parametrize("trick", LOOPBACK)
async def test_no_spelling_of_loopback_gets_through(trick: str, other: Web) -> None:
    fetch, http_get = tools_for(Place("good.example", 80))
    for send in (fetch, http_get):
        with pytest.raises(UsageError):
            await send(trick.format(port=other.port))
    assert other.asked == []
    # the control: the canary is there for whoever is allowed
    _, allowed = tools_for(Place("127.0.0.1", other.port))
    await allowed(f"http://127.0.0.1:{other.port}/")
    assert len(other.asked) == 1


async def test_another_port_of_the_same_host_is_another_place(site: Web, other: Web) -> None:
    _, http_get = tools_for(Place("127.0.0.1", site.port))
    with pytest.raises(UsageError) as caught:
        await http_get(f"http://127.0.0.1:{other.port}/")
    assert f"--allow net:127.0.0.1:{other.port}" in str(caught.value)
    assert other.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "spelling", ["http://127.0.0.1:{port}/hello", "//127.0.0.1:{port}/hello", "http://2130706433:{port}/"]
)
async def test_redirects_are_checked_again(status: int, spelling: str, site: Web, other: Web) -> None:
    here, there = Place("127.0.0.1", site.port), Place("127.0.0.1", other.port)
    url = f"http://{here}/redirect?status={status}&to={spelling.format(port=other.port)}"
    for send in tools_for(here):
        with pytest.raises(UsageError, match="redirects, and there"):
            await send(url)
    assert other.asked == []
    if "2130706433" not in spelling:  # the control: allowed, the same redirect is followed
        found = await tools_for(here, there)[1](url)
        assert (found["text"], found["url"], len(other.asked)) == ("hello", f"http://{there}/hello", 1)


async def test_secrets_do_not_follow_a_redirect(site: Web, other: Web) -> None:
    here, there = Place("127.0.0.1", site.port), Place("127.0.0.1", other.port)
    fetch, _ = tools_for(here, there)
    headers = {"Authorization": "Bearer s3cret", "Cookie": "a=b", "X-Api-Key": "s3cret", "Accept": "text/plain"}
    await fetch(f"http://{here}/redirect?status=307&to=http://{there}/hello", "POST", headers, "body")
    assert site.asked[0].headers["authorization"] == "Bearer s3cret"
    assert (other.asked[0].method, other.asked[0].body) == ("POST", b"body")
    assert "s3cret" not in json.dumps(other.asked[0].headers)
    assert "cookie" not in other.asked[0].headers
    assert other.asked[0].headers["accept"] == "text/plain"
    await fetch(f"http://{here}/redirect?status=307&to=/hello", "POST", headers, "body")
    assert site.asked[-1].headers["authorization"] == "Bearer s3cret", "the same place may have them"
    await fetch(f"http://{here}/redirect?status=303&to=/hello", "POST", headers, "body")
    assert (site.asked[-1].method, site.asked[-1].body) == ("GET", b"")


async def test_redirects_end(site: Web) -> None:
    _, http_get = tools_for(Place("127.0.0.1", site.port))
    with pytest.raises(ConnectionError, match="more than 5 times"):
        await http_get(f"http://127.0.0.1:{site.port}/loop")
    assert len(site.asked) == 6


class Names:
    """Resolves names as somebody else's server would."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, host: str, port: int, *_: object, **__: object) -> list[tuple[Any, ...]]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        family = socket.AF_INET6 if ":" in answer else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (answer, port))]


@pytest.mark.parametrize("answer", ["127.0.0.1", "::1", "0.0.0.0", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.5"])
async def test_a_name_that_leads_home_is_not_followed(answer: str, other: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(answer))
    place = Place("rebound.example", other.port)
    _, http_get = tools_for(place)
    with pytest.raises(UsageError, match="no address of the internet"):
        await http_get(f"http://{place}/")
    assert other.asked == []


async def test_a_name_that_leads_home_is_followed_if_its_address_is_allowed(
    other: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names("127.0.0.1"))
    place = Place("intranet.example", other.port)
    _, http_get = tools_for(place, Place("127.0.0.1", other.port))
    assert (await http_get(f"http://{place}/"))["status"] == 200
    assert other.asked[0].headers["host"] == str(place)


async def test_localhost_is_this_machine_only_if_it_is_named(other: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place("localhost", other.port)
    monkeypatch.setattr(socket, "getaddrinfo", Names("127.0.0.1"))
    assert (await tools_for(place)[1](f"http://{place}/"))["status"] == 200
    monkeypatch.setattr(socket, "getaddrinfo", Names("10.0.0.5"))
    with pytest.raises(UsageError, match="no address of the internet"):
        await tools_for(place)[1](f"http://{place}/")


def _stands_for_public(address: object) -> bool:
    return str(address) == "203.0.113.9"


async def test_names_are_resolved_once(other: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was checked is what is connected to: a second answer, of this machine, is never asked for."""
    names = Names("203.0.113.9", "127.0.0.1")
    monkeypatch.setattr("cambrian.app.execution.fetching.is_public", _stands_for_public)
    monkeypatch.setattr(socket, "getaddrinfo", names)
    place = Place("rebound.example", other.port)
    with anyio.move_on_after(0.5):  # nobody is at that address
        with pytest.raises(ConnectionError):
            await tools_for(place)[1](f"http://{place}/")
    assert (names.asked, other.asked) == (1, [])


@pytest.mark.parametrize(
    "headers",
    [
        {"X": "a\r\nInjected: 1"}, {"X\r\nInjected": "1"}, {"X: y\nInjected": "1"}, {"Host": "good.example"},
        {"content-length": "3"}, {"Transfer-Encoding": "chunked"}, {"Proxy-Authorization": "x"}, {"": "x"},
        {"X": "a\x00b"}, {"X": "☃"}, {f"X-{n}": "1" for n in range(51)},
    ],
)  # fmt: skip
async def test_headers_cannot_smuggle(headers: dict[str, str], site: Web) -> None:
    fetch, _ = tools_for(Place("127.0.0.1", site.port))
    with pytest.raises(UsageError, match="header"):
        await fetch(f"http://127.0.0.1:{site.port}/", headers=headers)
    assert site.asked == []


async def test_what_is_too_long_or_cut_off_is_an_error(site: Web) -> None:
    fetch, http_get = tools_for(Place("127.0.0.1", site.port))
    with pytest.raises(ConnectionError, match=f"more than {MAX_BODY} bytes"):
        await http_get(f"http://127.0.0.1:{site.port}/big?bytes={MAX_BODY + 1}")
    assert len((await http_get(f"http://127.0.0.1:{site.port}/big?bytes={MAX_BODY}"))["text"]) == MAX_BODY
    with pytest.raises(ConnectionError, match="cut off"):
        await http_get(f"http://127.0.0.1:{site.port}/short")
    with pytest.raises(UsageError, match="at most"):
        await fetch(f"http://127.0.0.1:{site.port}/", "POST", body="x" * (MAX_BODY + 1))


async def test_a_call_that_is_given_up_cuts_its_connection(site: Web) -> None:
    _, http_get = tools_for(Place("127.0.0.1", site.port))
    with anyio.move_on_after(0.3) as scope:
        await http_get(f"http://127.0.0.1:{site.port}/drip")
    assert scope.cancelled_caught
    assert await anyio.to_thread.run_sync(site.cut.wait, 10), "the server goes on writing"


async def test_nobody_there_is_told(site: Web) -> None:
    place = Place("127.0.0.1", site.port)
    site.shutdown()
    site.server_close()
    with pytest.raises(ConnectionError, match="cannot be reached"):
        await tools_for(place)[1](f"http://{place}/")


async def test_nothing_of_the_environment_goes_along(
    site: Web, other: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password s3cret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{other.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    url = f"http://127.0.0.1:{site.port}/hello"
    found = await tools_for(Place("127.0.0.1", site.port))[1](url)
    assert found["text"] == "hello"
    assert other.asked == []
    assert "authorization" not in site.asked[0].headers

    # the control: a client that believes its environment goes to the proxy
    def believes() -> None:
        urllib.request.urlopen(url, timeout=5).close()

    await anyio.to_thread.run_sync(believes)
    assert len(other.asked) == 1


async def test_a_certificate_must_be_valid_and_the_hosts_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Path(__file__).with_name("tls_stage.py")
    with subprocess.Popen([sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        named, numbered = Place("localhost", port), Place("127.0.0.1", port)
        _, http_get = tools_for(named, numbered)
        with pytest.raises(ConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
            await http_get(f"https://{named}/")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))  # the control: somebody trusted it
        assert (await http_get(f"https://{named}/"))["text"] == "over TLS"
        with pytest.raises(ConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
            await http_get(f"https://{numbered}/")
        process.kill()


async def test_addresses_are_tried_until_one_answers(site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names("::1")
    both = [*names("", site.port), (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", site.port))]

    def resolve(*_: object, **__: object) -> list[tuple[Any, ...]]:
        return both

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    place = Place("localhost", site.port)
    assert (await tools_for(place)[1](f"http://{place}/"))["text"] == "hello"


# -- in scripts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data" / "inner").mkdir(parents=True)
    (tmp_path / "data" / "inner" / "a.txt").write_text("read me")
    (tmp_path / "secret.txt").write_text("s3cret")
    (tmp_path / "data" / "way out").symlink_to(tmp_path / "secret.txt")
    return tmp_path / "data"


READERS = {
    "cpython": "open({path!r}).read()",
    "deno": "Deno.readTextFileSync({path!r})",
    "node": "(await import('node:fs')).readFileSync({path!r}, 'utf8')",
    "bun": "(await import('node:fs')).readFileSync({path!r}, 'utf8')",
}
WRITERS = {
    "cpython": "open({path!r}, 'w').write('x')",
    "deno": "Deno.writeTextFileSync({path!r}, 'x')",
    "node": "(await import('node:fs')).writeFileSync({path!r}, 'x')",
    "bun": "(await import('node:fs')).writeFileSync({path!r}, 'x')",
}


@pytest.mark.parametrize("runtime", READERS)
async def test_a_folder_can_be_read_and_nothing_beside_it(runtime: str, folder: Path, tmp_path: Path) -> None:
    language = "python" if runtime == "cpython" else "javascript"

    async with sandbox_with(tmp_path, f"read:{folder}") as sandbox:
        if why := sandbox.catalogue.missing(runtime):
            pytest.skip(f"needs runtime.{runtime}: {why}")

        async def look(code: str, path: Path) -> tuple[str, object]:
            done = await sandbox.run(code.format(path=str(path)), language=language, runtime=runtime)
            return done.status, done.value

        assert await look(READERS[runtime], folder / "inner" / "a.txt") == ("ok", "read me")
        for path in (tmp_path / "secret.txt", folder / ".." / "secret.txt", folder / "way out", Path("/etc/passwd")):
            status, value = await look(READERS[runtime], path)
            assert (status, value) == ("error", None), path
        for path in (folder / "new", folder / "inner" / "a.txt"):
            assert (await look(WRITERS[runtime], path))[0] in {"error", "denied"}
    assert (folder / "inner" / "a.txt").read_text() == "read me"
    assert not (folder / "new").exists()
    async with sandbox_with(tmp_path / "second", "") as closed:  # the control: it is the word that opens it
        done = await closed.run(
            READERS[runtime].format(path=str(folder / "inner" / "a.txt")), runtime=runtime, language=language
        )
        assert done.status == "error"


@pytest.mark.parametrize("runtime", ["cpython", "deno", "node"])
@pytest.mark.parametrize("given", ["data", "./data", "."])
async def test_a_relative_path_means_what_it_means_outside(
    runtime: str, given: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    language = "python" if runtime == "cpython" else "javascript"
    (tmp_path / "here").mkdir()
    folder.rename(tmp_path / "here" / "data")
    monkeypatch.chdir(tmp_path / "here")
    async with sandbox_with(tmp_path, f"read:{given}") as sandbox:
        if why := sandbox.catalogue.missing(runtime):
            pytest.skip(f"needs runtime.{runtime}: {why}")
        for path, status in (("data/inner/a.txt", "ok"), ("../secret.txt", "error")):
            done = await sandbox.run(READERS[runtime].format(path=path), language=language, runtime=runtime)
            assert (done.status, done.value) == (status, "read me" if status == "ok" else None), done.error
    async with sandbox_with(tmp_path / "second", f"read:{tmp_path / 'here' / 'data'}") as absolute:  # the control
        code = READERS[runtime].format(path="data/inner/a.txt")
        done = await absolute.run(code, language=language, runtime=runtime)
        assert done.status == "error"


async def test_a_script_without_a_folder_writes_where_it_is(tmp_path: Path) -> None:
    code = "open('new', 'w').write('x'); import os; [os.getcwd(), open('new').read()]"
    async with sandbox_with(tmp_path, "") as sandbox:
        assert (await sandbox.run(code, runtime="cpython")).value == ["/scratch/program", "x"]


async def test_a_runtime_without_files_is_left_for_one_that_has_them(folder: Path, tmp_path: Path) -> None:
    code = READERS["cpython"].format(path=str(folder / "inner" / "a.txt"))
    async with sandbox_with(tmp_path, f"read:{folder}") as sandbox:
        done = await sandbox.run(code)
        assert (done.value, done.runtime) == ("read me", "cpython")
        forced = await sandbox.run(code, runtime="monty")
        assert forced.status == "gap"
        (folder / "inner" / "a.txt").write_text("changed")
        assert (await sandbox.run(code, cache=60.0)).value == "changed", "what reads files is never taken from before"
        (folder / "inner" / "a.txt").write_text("again")
        assert (await sandbox.run(code, cache=60.0)).value == "again"


FETCHERS = [
    ("monty", "python", "(await fetch({url!r}))['text']"),
    ("cpython", "python", "(await http_get({url!r}))['text']"),
    ("quickjs", "javascript", "(await fetch({url!r})).text"),
    ("deno", "javascript", "(await fetch({{url: {url!r}, method: 'GET'}})).text"),
]


@pytest.mark.parametrize(("runtime", "language", "code"), FETCHERS)
async def test_scripts_fetch_through_the_tool_alone(
    runtime: str, language: str, code: str, site: Web, other: Web, tmp_path: Path
) -> None:
    async with sandbox_with(tmp_path, f"net:127.0.0.1:{site.port}") as sandbox:
        if why := sandbox.catalogue.missing(runtime):
            pytest.skip(f"needs runtime.{runtime}: {why}")
        named = cast("Any", language)
        done = await sandbox.run(code.format(url=f"http://127.0.0.1:{site.port}/"), runtime=runtime, language=named)
        assert (done.value, done.calls, done.error) == ("hello", 1, None)
        refused = await sandbox.run(code.format(url=f"http://127.0.0.1:{other.port}/"), runtime=runtime, language=named)
        assert refused.error is not None
        assert (refused.error.type, "may not be reached" in refused.error.message) == ("ToolError", True)
    assert (len(site.asked), other.asked) == (1, [])


async def test_the_jail_itself_has_no_network(site: Web, tmp_path: Path) -> None:
    code = f"import socket\nsocket.create_connection(('127.0.0.1', {site.port}), 2).close()"
    async with sandbox_with(tmp_path, f"net:127.0.0.1:{site.port}") as sandbox:
        assert (await sandbox.run(code, runtime="cpython")).status != "ok"
    exec(code, {})  # the control: the same code outside


async def test_fetch_joins_the_tools_of_a_toolbox(site: Web, tmp_path: Path) -> None:
    def add(a: int, b: int) -> int:
        return a + b

    code = f"add(len((await fetch('http://127.0.0.1:{site.port}/'))['text']), 1)"
    async with sandbox_with(tmp_path, f"net:127.0.0.1:{site.port}") as sandbox:
        for tools in (Toolbox([add]), [add]):
            assert (await sandbox.run(code, tools=tools)).value == 6
        box = sandbox.reach.over(Toolbox([add]))
        assert "there is no tool" in box.refusal(Call(id=0, tool="nothing"))
        assert box.refusal(Call(id=0, tool="fetch", kwargs={"url": 1})).startswith("fetch() does not fit")


def test_the_command_takes_it(folder: Path, tmp_path: Path, site: Web) -> None:
    code = (
        f"a = open({str(folder / 'inner' / 'a.txt')!r}).read()\n"
        f"b = await http_get('http://127.0.0.1:{site.port}/')\n[a, b['text']]"
    )
    words = ["run", "-", "--language", "python", "--workspace", str(tmp_path / "w"), "--json"]
    allow = ["--allow", f"net:127.0.0.1:{site.port},read:{folder}"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cambrian", *words, *more],
            input=code, capture_output=True, text=True, env=environment, timeout=60, check=False,
        )  # fmt: skip

    done = run(*allow)
    assert json.loads(done.stdout)["value"] == ["read me", "hello"], done.stderr
    assert json.loads(run().stdout)["status"] == "error"
    wrong = run("--allow", "net:127.0.0.1")
    assert (wrong.returncode, "write for example net:" in wrong.stderr) == (2, True)


async def test_a_run_says_what_it_was_allowed_and_is_taken_up_with_it(folder: Path, tmp_path: Path, site: Web) -> None:
    place = f"127.0.0.1:{site.port}"
    code = f"a = await http_get('http://{place}/')\nb = open({str(folder / 'inner' / 'a.txt')!r}).read()\n"
    code += f"c = await fetch('http://{place}/', 'POST')\n[a['text'], b, c['status']]"
    allow = f"net:{place},read:{folder}"
    async with sandbox_with(tmp_path, allow) as sandbox:
        first = await sandbox.run(code, runtime="cpython")
        assert first.value == ["hello", "read me", 200]
    journey = Journey(run=first.run, at=0, workspace=tmp_path / "workspace")
    forgetful = await journey.resume()
    assert forgetful.error is not None
    assert forgetful.error.type == "FileNotFoundError"
    again = await msgspec.structs.replace(journey, allow=(allow,)).resume()
    assert again.value == first.value
    assert [each.method for each in site.asked] == ["GET", "POST", "POST"], "the first answer came from the record"
    async with sandbox_with(tmp_path, "") as reader, reader.workspace.reading() as runs:
        assert (await read_history(runs, first.run)).opened.allow == (f"net:{place}", f"read:{folder}")

"""URLs of servers, taken apart."""

from __future__ import annotations

import pytest

from cambrian.core.errors import UsageError
from cambrian.tools.endpoint import read_endpoint


def test_what_may_be_shown_and_what_not() -> None:
    endpoint = read_endpoint("https://ada:p%40ss@Example.com:8443/a/mcp?key=k%2Bk&x=#f", {"X-Key": "v", "Accept": "z"})
    assert endpoint.url == "https://example.com:8443/a/mcp"
    assert endpoint.query == (("key", "k+k"), ("x", ""))
    assert endpoint.headers == {"X-Key": "v", "Accept": "z", "Authorization": "Basic YWRhOnBAc3M="}
    assert set(endpoint.secrets) == {"v", "Basic YWRhOnBAc3M=", "ada:p@ss", "p@ss", "k+k", ""}
    assert repr(endpoint) == "Endpoint('https://example.com:8443/a/mcp')"


def test_a_header_of_the_users_wins() -> None:
    assert read_endpoint("http://a:b@h/", {"Authorization": "Bearer x"}).headers == {"Authorization": "Bearer x"}
    assert read_endpoint("http://[::1]:9/mcp", {}).url == "http://[::1]:9/mcp"


@pytest.mark.parametrize(
    "url", ["", "x", "ftp://h/", "http://", "http://h:port/", "http://[::1/", "file:///etc/passwd"]
)
def test_what_is_no_url_of_a_server(url: str) -> None:
    with pytest.raises(UsageError, match="URL cannot be read"):
        read_endpoint(url, {})

"""The rule ssrf: a request goes where somebody outside wants it. Trees only."""

from __future__ import annotations

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.reaching import ReachingRule

__all__ = ["RULE", "Ssrf"]


class Ssrf(ReachingRule):
    """A request goes where somebody outside wants it."""

    id = "ssrf"
    title = "A request goes where somebody outside wants it"
    why = (
        "Who chooses the address of a request that a server makes reaches what only the server reaches: other "
        "machines of its network, the metadata of a cloud. Told only, as what is allowed is for the program "
        "to say: compare the host with a list. "
    )
    cwe = "cwe-918"
    tags = ("cwe-918", "owasp-a10")
    severity = "high"
    sinks = ("ssrf",)
    what = "{call} asks an address that comes from outside"
    advice = "compare the scheme and the host (urllib.parse.urlsplit) with a list of those that are allowed"
    places = (0, "url")
    examples = (
        Example(
            before="""\
import requests
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    return requests.get(request.args["url"]).text
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
import requests
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    return requests.get("https://example.org/", params=request.args).text
""",
            after=None,
            note="only the question comes from outside",
        ),
        Example(
            before="""\
import requests


def load(url):
    return requests.get(url)
""",
            after=None,
            note="nobody knows where it comes from",
        ),
    )


RULE = Ssrf()

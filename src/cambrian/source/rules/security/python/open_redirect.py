"""The rule open-redirect: a redirect goes where somebody outside wants it. Trees only."""

from __future__ import annotations

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.reaching import ReachingRule

__all__ = ["RULE", "OpenRedirect"]


class OpenRedirect(ReachingRule):
    """A redirect goes where somebody outside wants it."""

    id = "open-redirect"
    title = "A redirect goes where somebody outside wants it"
    why = (
        "A link to a site that is trusted leads on to one that is not. Told only: check that the target has "
        "no host, or one of your own (url_has_allowed_host_and_scheme). "
    )
    cwe = "cwe-601"
    tags = ("cwe-601", "owasp-a01")
    severity = "medium"
    sinks = ("redirect",)
    what = "{call} goes to an address that comes from outside"
    advice = "redirect to addresses of your own only: url_for, or a check of the host"
    examples = (
        Example(
            before="""\
from flask import Flask, redirect, request

app = Flask(__name__)


@app.route("/")
def view():
    return redirect(request.args["next"])
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
from flask import Flask, redirect, request, url_for

app = Flask(__name__)


@app.route("/")
def view():
    return redirect(url_for("home"))
""",
            after=None,
            note="an address of the program",
        ),
        Example(
            before="""\
from flask import Flask, redirect, request

app = Flask(__name__)


@app.route("/")
def view():
    target = request.args["next"]
    if target not in {"/home", "/cart"}:
        target = "/"
    return redirect(target)
""",
            after=None,
            note="a list of what is allowed",
        ),
    )


RULE = OpenRedirect()

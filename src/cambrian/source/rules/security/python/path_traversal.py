"""The rule path-traversal: a path from outside leads out of its folder. Trees only."""

from __future__ import annotations

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.reaching import ReachingRule

__all__ = ["RULE", "PathTraversal"]


class PathTraversal(ReachingRule):
    """A path from outside leads out of its folder."""

    id = "path-traversal"
    title = "A path from outside leads out of its folder"
    why = (
        "A name such as ../../etc/passwd leads out of the folder that it was joined to. Only values that "
        "certainly come from outside are told; a name that went through secure_filename or basename, or was "
        "checked with is_relative_to or against a list, is left alone. "
    )
    cwe = "cwe-22"
    tags = ("cwe-22", "owasp-a01")
    severity = "high"
    sinks = ("path",)
    what = "{call} gets a path that comes from outside"
    advice = (
        "resolve the path and check that it lies in the folder that is meant (Path.is_relative_to), or keep the last "
        "part of it only (werkzeug.utils.secure_filename)"
    )
    places = (0, "receiver", 1)
    examples = (
        Example(
            before="""\
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    return open("pages/" + request.args["page"]).read()
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
from flask import Flask, request
from werkzeug.utils import secure_filename

app = Flask(__name__)


@app.route("/")
def view():
    return open("pages/" + secure_filename(request.args["page"])).read()
""",
            after=None,
            note="the last part of a path only",
        ),
        Example(
            before="""\
def read(name):
    return open(name).read()
""",
            after=None,
            note="nobody knows where it comes from",
        ),
    )


RULE = PathTraversal()

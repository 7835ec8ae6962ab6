"""The rule template-injection: a template is made from what comes from outside. Trees only."""

from __future__ import annotations

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.reaching import ReachingRule

__all__ = ["RULE", "TemplateInjection"]


class TemplateInjection(ReachingRule):
    """A template is made from what comes from outside."""

    id = "template-injection"
    title = "A template is made from what comes from outside"
    why = (
        "A template is a program: {{ 7 * 7 }} is computed, and more. Give values to a template as its "
        "variables. Templates whose text is of unknown origin are told as less severe. "
    )
    cwe = "cwe-1336"
    tags = ("cwe-1336", "owasp-a03")
    severity = "critical"
    local = True
    sinks = ("template",)
    what = "{call} takes a template that comes from outside"
    advice = "write the template in the program and hand values over as its variables"
    places = (0, "source")
    examples = (
        Example(
            before="""\
from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.route("/")
def view():
    return render_template_string("<p>Hello " + request.args["name"] + "</p>")
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.route("/")
def view():
    return render_template_string("<p>Hello {{ name }}</p>", name=request.args["name"])
""",
            after=None,
            note="a variable",
        ),
        Example(
            before="""\
from jinja2 import Template

PAGE = Template("<p>{{ text }}</p>")
""",
            after=None,
            note="a template of the program",
        ),
    )


RULE = TemplateInjection()

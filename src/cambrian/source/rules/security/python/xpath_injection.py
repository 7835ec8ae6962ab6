"""The rule xpath-injection: a value is written into an XPath or LDAP query. Trees only."""

from __future__ import annotations

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.reaching import ReachingRule

__all__ = ["RULE", "XpathInjection"]


class XpathInjection(ReachingRule):
    """A value is written into an XPath or LDAP query."""

    id = "xpath-injection"
    title = "A value is written into an XPath or LDAP query"
    why = (
        "As in SQL, a value that is written into a query is read as a part of it. Told only: XPath takes "
        "variables (tree.xpath(query, name=value)), LDAP has functions that escape. "
    )
    cwe = "cwe-643"
    tags = ("cwe-643", "owasp-a03")
    severity = "high"
    sinks = ("xpath", "ldap")
    what = "{call} gets a query with a value that comes from outside"
    advice = "hand values over as variables of the query, or escape them (ldap.filter.escape_filter_chars)"
    places = (0, 1, 2)
    examples = (
        Example(
            before="""\
from lxml import etree
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    tree = etree.parse("people.xml")
    return str(tree.xpath("//person[name='" + request.args["name"] + "']"))
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
from lxml import etree
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    tree = etree.parse("people.xml")
    return str(tree.xpath("//person[name=$name]", name=request.args["name"]))
""",
            after=None,
            note="a variable",
        ),
        Example(
            before="""\
def names(tree):
    return tree.xpath("//name")
""",
            after=None,
            note="a query of the program",
        ),
    )


RULE = XpathInjection()

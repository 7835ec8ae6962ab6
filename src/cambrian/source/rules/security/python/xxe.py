"""The rule xxe: xML from outside may name files and addresses to be read. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, Seen
from cambrian.source.rules.security.reaching import ReachingRule
from cambrian.source.taint.frame import Hit

__all__ = ["RULE", "Xxe"]


class Xxe(ReachingRule):
    """XML from outside may name files and addresses to be read."""

    id = "xxe"
    title = "XML from outside may name files and addresses to be read"
    why = (
        "An XML parser that follows entities reads files and addresses for whoever wrote the text. The fix "
        "turns that off where the parser is told to do it. "
    )
    cwe = "cwe-611"
    tags = ("cwe-611", "owasp-a05")
    severity = "high"
    sinks = ("xxe",)
    what = "{call} reads XML that comes from outside"
    advice = "use defusedxml, or lxml.etree.XMLParser(resolve_entities=False, no_network=True)"
    places = (0,)
    examples = (
        Example(
            before="""\
from lxml import etree
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    return str(etree.fromstring(request.data))
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
from lxml import etree

PARSER = etree.XMLParser(resolve_entities=True)
""",
            after="""\
from lxml import etree

PARSER = etree.XMLParser(resolve_entities=False)
""",
            note="a parser that follows entities",
        ),
        Example(
            before="""\
from defusedxml import ElementTree
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    return str(ElementTree.fromstring(request.data))
""",
            after=None,
            note="a parser that refuses them",
        ),
        Example(
            before="""\
import xml.etree.ElementTree as ET


def load(path):
    return ET.parse(path)
""",
            after=None,
            note="a file of unknown origin",
        ),
    )

    def concerns(self, seen: Seen, hit: Hit) -> bool:
        """Reading, without a parser that was told to be careful."""
        del seen
        careful = isinstance(hit.node, ast.Call) and (
            len(hit.node.args) > 1 or any(each.arg == "parser" for each in hit.node.keywords)
        )
        return not careful and not hit.tag.endswith("XMLParser") and "defusedxml" not in hit.tag

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Also parsers that are told to follow entities."""
        yield from super().findings(seen)
        for hit, call in seen.calls("xxe"):
            for each in call.keywords:
                value = each.value
                if each.arg == "resolve_entities" and isinstance(value, ast.Constant) and value.value is True:
                    fix = [seen.module.splice(value, "False")]
                    yield self.found(seen, call, f"{hit.tag}() follows entities", severity="medium", splices=fix)


RULE = Xxe()

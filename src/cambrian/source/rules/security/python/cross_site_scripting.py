"""The rule cross-site-scripting: a value is written into a page as it is. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen, severity_of
from cambrian.source.rules.security.sql.template import Reader, Unit
from cambrian.source.rules.security.sql.variables import Carriers
from cambrian.source.taint.frame import Hit
from cambrian.source.taint.value import HOSTILE

__all__ = ["RULE", "CrossSiteScripting"]


class CrossSiteScripting(SecurityRule):
    """A value is written into a page as it is."""

    id = "cross-site-scripting"
    title = "A value is written into a page as it is"
    why = (
        "What comes from a client and is written into HTML runs as a script in the browsers of others. The "
        "fix escapes it: markupsafe.escape where Flask is, html.escape elsewhere. Values that go through "
        "templates, were escaped, are numbers, or are written into something that is no HTML, are left "
        "alone."
    )
    cwe = "cwe-79"
    tags = ("cwe-79", "owasp-a03")
    severity = "high"
    examples = (
        Example(
            before="""\
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    name = request.args["name"]
    return f"<h1>Hello {name}</h1>"
""",
            after="""\
from markupsafe import escape
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    name = request.args["name"]
    return f"<h1>Hello {escape(name)}</h1>"
""",
            note="a page",
        ),
        Example(
            before="""\
from flask import Flask, request
from markupsafe import escape

app = Flask(__name__)


@app.route("/")
def view():
    return "<p>" + escape(request.args["name"]) + "</p>"
""",
            after=None,
            note="escaped",
        ),
        Example(
            before="""\
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    return {"name": request.args["name"]}
""",
            after=None,
            note="no page, but data",
        ),
        Example(
            before="""\
from markupsafe import Markup

LINE = Markup("<br>")
""",
            after=None,
            note="written in the program",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Answers to requests, and what is said to be safe."""
        for hit in seen.unit.of("xss", "answer"):
            given = _written(hit)
            value = hit.arguments.get(0)
            if value is None or value.harmless("xss") or (hit.sink == "answer" and isinstance(given, ast.Call)):
                continue
            trust, step = seen.worst(hit, 0)
            units = self._read(seen, given)
            page = "<" in "".join(unit.char for unit in units)
            called = hit.tag.rpartition(".")[2]
            marked = called in {"Markup", "mark_safe", "SafeString", "HTMLResponse"}
            if trust < HOSTILE and not (marked and trust and value.labels):
                continue
            if not page and not marked and not (isinstance(given, ast.Name) and hit.sink == "xss"):
                continue
            name = "the answer" if hit.sink == "answer" else f"{called}()"
            yield self.found(
                seen, hit.node, f"a value is written into {name} as it is", step=step, hit=hit,
                severity=severity_of(trust, step, self.severity), splices=self._fix(seen, units),
                advice="escape it, or hand it to a template as a variable",
            )  # fmt: skip

    def _read(self, seen: Seen, node: ast.expr) -> list[Unit]:
        carriers = Carriers(seen.module.index, node)
        return Reader(seen.module.locator, carriers.events, lambda _: None).read(node)

    def _fix(self, seen: Seen, units: list[Unit]) -> list[Splice]:
        library = "markupsafe" if {"flask", "quart", "markupsafe", "jinja2"} & seen.unit.modules else "html"
        written = seen.module.importing(library, "escape")
        made: list[Splice] = []
        for unit in units:
            hole = unit.hole
            value = seen.unit.values.get(hole.node) if hole is not None and hole.node is not None else None
            if hole is None or (value is not None and value.harmless("xss")):
                continue
            if hole.node is None or unit.start < 0 or hole.kind not in {"field", "operand"} or hole.spec:
                return []
            plain = seen.module.segment(hole.node)
            if library == "html" and not (value is not None and value.level == HOSTILE):
                plain = f"str({plain})"
            inner = f"{written.spelling}({plain})"
            made.append(Splice(unit.start, unit.stop, f"{{{inner}}}" if hole.kind == "field" else inner))
        return [*made, *written.splices] if made else []


def _written(hit: Hit) -> ast.expr:
    """What is written as it is."""
    if hit.sink == "xss" and isinstance(hit.node, ast.Call) and hit.node.args:
        return hit.node.args[0]
    return hit.node


RULE = CrossSiteScripting()

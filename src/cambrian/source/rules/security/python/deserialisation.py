"""The rule unsafe-deserialisation: data from outside are read by a format that runs code. Trees only."""

from __future__ import annotations

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Seen, Severity
from cambrian.source.rules.security.reaching import ReachingRule
from cambrian.source.taint.frame import Hit
from cambrian.source.taint.value import HOSTILE, OPAQUE, Step

__all__ = ["RULE", "Deserialisation"]


class Deserialisation(ReachingRule):
    """Data from outside are read by a format that runs code."""

    id = "unsafe-deserialisation"
    title = "Data from outside are read by a format that runs code"
    why = (
        "Reading a pickle, a marshalled object or a shelf runs what its writer wants. Told as severe where "
        "the data come from outside, as slight where nobody knows; there is no safe way to read them, only "
        "other formats such as JSON. "
    )
    cwe = "cwe-502"
    tags = ("cwe-502", "owasp-a08")
    severity = "critical"
    local = True
    sinks = ("deserialise",)
    what = "{call} runs what whoever wrote the data wants"
    advice = "exchange data as JSON, or sign them and check the signature first (hmac)"
    least = OPAQUE
    examples = (
        Example(
            before="""\
import pickle
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def view():
    return str(pickle.loads(request.data))
""",
            after=None,
            note="told, with advice",
        ),
        Example(
            before="""\
import json


def read(text):
    return json.loads(text)
""",
            after=None,
            note="JSON holds data only",
        ),
        Example(
            before="""\
import pickle

DEFAULTS = pickle.loads(b"\\x80\\x04N.")
""",
            after=None,
            note="written in the program",
        ),
    )

    def grade(self, seen: Seen, hit: Hit, trust: int, step: Step | None) -> Severity:
        """Of unknown origin: it may well be a file of the program's own."""
        return super().grade(seen, hit, trust, step) if trust == HOSTILE else "low"


RULE = Deserialisation()

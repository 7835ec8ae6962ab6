"""The rule code-evaluation: text from outside is run as code. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen, severity_of
from cambrian.source.taint.value import HOSTILE

__all__ = ["RULE", "CodeEvaluation"]


def _origin(trust: int) -> str:
    return "that comes from outside" if trust == HOSTILE else "of unknown origin"


class CodeEvaluation(SecurityRule):
    """Text from outside is run as code."""

    id = "code-evaluation"
    title = "Text from outside is run as code"
    why = (
        "eval and exec run whatever the text says. ast.literal_eval reads literals (numbers, strings, "
        "lists, dicts) and refuses everything else; the fix takes it where the whole argument of eval comes "
        "from outside and no names are handed over. What computed before is refused then, so a person "
        "decides."
    )
    cwe = "cwe-95"
    tags = ("cwe-95", "owasp-a03")
    severity = "critical"
    examples = (
        Example(
            before="""\
def read(text):
    return eval(text)
""",
            after="""\
from ast import literal_eval


def read(text):
    return literal_eval(text)
""",
            note="data",
        ),
        Example(
            before="""\
def square():
    return eval("3 * 3")
""",
            after=None,
            note="written in the program",
        ),
        Example(
            before="""\
def run(model):
    model.eval()
    return model
""",
            after=None,
            note="another eval",
        ),
        Example(
            before="""\
import ast


def read(text):
    return ast.literal_eval(text)
""",
            after=None,
            note="literals only",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Calls of `eval`, `exec` and `compile`."""
        for hit, call in seen.calls("eval"):
            trust, step = seen.worst(hit, 0)
            if not trust or not call.args:
                continue
            name = hit.tag.replace("builtins.", "")
            outside = trust == HOSTILE
            if not outside and not hit.arguments[0].labels:
                continue
            yield self.found(
                seen, call, f"{name}() runs text {_origin(trust)}", step=step, hit=hit,
                severity=severity_of(trust, step, self.severity) if outside else "medium",
                splices=self._fix(seen, call, name), advice="read data with ast.literal_eval or json.loads",
            )  # fmt: skip

    def _fix(self, seen: Seen, call: ast.Call, name: str) -> list[Splice]:
        simple = isinstance(call.args[0], ast.Name | ast.Subscript | ast.Attribute | ast.Call)
        if name != "eval" or len(call.args) != 1 or call.keywords or not simple:
            return []
        written = seen.module.importing("ast", "literal_eval")
        return [*written.splices, seen.module.splice(call.func, written.spelling)]


RULE = CodeEvaluation()

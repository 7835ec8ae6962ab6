"""The rule unsafe-yaml: yAML is loaded with a loader that makes any object. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen, severity_of

__all__ = ["RULE", "YamlLoad"]

_SAFE = {"load": "safe_load", "load_all": "safe_load_all", "unsafe_load": "safe_load", "full_load": "safe_load"}


class YamlLoad(SecurityRule):
    """YAML is loaded with a loader that makes any object."""

    id = "unsafe-yaml"
    title = "YAML is loaded with a loader that makes any object"
    why = (
        "yaml.load with a full loader makes objects of any class that the text names, and so runs code. The "
        "safe loader makes plain data. Where the text names classes of the program, the safe loader refuses "
        "it: then data and code have to be parted."
    )
    cwe = "cwe-502"
    tags = ("cwe-502", "owasp-a08")
    severity = "high"
    examples = (
        Example(
            before="""\
import yaml


def read(text):
    return yaml.load(text)
""",
            after="""\
import yaml


def read(text):
    return yaml.safe_load(text)
""",
            note="no loader named",
        ),
        Example(
            before="""\
import yaml


def read(text):
    return yaml.load(text, Loader=yaml.FullLoader)
""",
            after="""\
import yaml


def read(text):
    return yaml.load(text, Loader=yaml.SafeLoader)
""",
            note="a full loader",
        ),
        Example(
            before="""\
import yaml


def read(text):
    return yaml.load(text, Loader=yaml.CSafeLoader)
""",
            after=None,
            note="a safe loader",
        ),
        Example(
            before="""\
import yaml


def read(text):
    return yaml.safe_load(text)
""",
            after=None,
            note="the safe way",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Calls of `yaml.load` and the like."""
        for hit, call in seen.calls("yaml"):
            loader = (
                call.args[1]
                if len(call.args) > 1
                else next((k.value for k in call.keywords if k.arg == "Loader"), None)
            )
            if loader is not None and "Safe" in seen.module.segment(loader):
                continue
            trust, step = seen.worst(hit, 0)
            yield self.found(
                seen, call, f"{hit.tag}() makes any object that the text names", hit=hit,
                step=step if trust else None, severity=severity_of(trust, step, "critical") if trust else "medium",
                splices=self._fix(seen, call, loader), advice="use yaml.safe_load",
            )  # fmt: skip

    def _fix(self, seen: Seen, call: ast.Call, loader: ast.expr | None) -> list[Splice]:
        name = call.func
        if loader is not None:
            if not isinstance(loader, ast.Attribute):
                return []
            return [seen.module.splice(loader, f"{seen.module.segment(loader.value)}.SafeLoader")]
        if isinstance(name, ast.Attribute) and name.attr in _SAFE:
            return [seen.module.splice(name, f"{seen.module.segment(name.value)}.{_SAFE[name.attr]}")]
        return []


RULE = YamlLoad()

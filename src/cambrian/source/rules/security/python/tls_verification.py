"""The rule tls-verification: certificates are not verified. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen

__all__ = ["RULE", "TlsVerification"]

_METHODS = frozenset(
    {"get", "post", "put", "delete", "patch", "head", "options", "request", "Client", "AsyncClient", "send"}
)


def _is_http(seen: Seen, call: ast.Call) -> bool:
    """Whether a call asks a server, or makes what does."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    libraries = {"requests", "httpx", "aiohttp"} & {module.partition(".")[0] for module in seen.unit.modules}
    return bool(libraries) and name in _METHODS


class TlsVerification(SecurityRule):
    """Certificates are not verified."""

    id = "tls-verification"
    title = "Certificates are not verified"
    why = (
        "With verify=False anybody on the way can read and change what is exchanged. The fix verifies; a "
        "server with a certificate of its own needs that one named (verify=path). Flagged are requests, "
        "httpx, aiohttp, and contexts of ssl."
    )
    cwe = "cwe-295"
    tags = ("cwe-295", "owasp-a07")
    severity = "high"
    examples = (
        Example(
            before="""\
import requests


def load(url):
    return requests.get(url, verify=False)
""",
            after="""\
import requests


def load(url):
    return requests.get(url, verify=True)
""",
            note="turned off",
        ),
        Example(
            before="""\
import ssl

CONTEXT = ssl._create_unverified_context()
""",
            after="""\
import ssl

CONTEXT = ssl.create_default_context()
""",
            note="a context that takes anything",
        ),
        Example(
            before="""\
import requests


def load(url):
    return requests.get(url, verify="ca.pem")
""",
            after=None,
            note="a certificate of its own",
        ),
        Example(
            before="""\
def check(token):
    return decode(token, verify=False)
""",
            after=None,
            note="another verify",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Calls and assignments that turn verification off."""
        for call in seen.module.of(ast.Call):
            for each in call.keywords:
                off = isinstance(each.value, ast.Constant) and each.value.value is False
                if off and (
                    (each.arg == "verify" and _is_http(seen, call)) or (each.arg == "ssl" and _is_http(seen, call))
                ):
                    fix = [seen.module.splice(each.value, "True")]
                    yield self.found(seen, call, f"{each.arg}=False: certificates are not verified", splices=fix)
        for _, call in seen.calls("tls"):
            if seen.module.segment(call.func).endswith("_create_unverified_context"):
                yield self.found(seen, call, "a context that takes any certificate", splices=self._context(seen, call))
        for node in seen.module.of(ast.Assign):
            yield from self._assigned(seen, node)

    def _context(self, seen: Seen, call: ast.Call) -> list[Splice]:
        name = call.func
        if not isinstance(name, ast.Attribute):
            return []
        return [seen.module.splice(name, f"{seen.module.segment(name.value)}.create_default_context")]

    def _assigned(self, seen: Seen, node: ast.Assign) -> Iterator[Finding]:
        target, text = node.targets[0], seen.module.segment(node.value)
        if not isinstance(target, ast.Attribute):
            return
        off = isinstance(node.value, ast.Constant) and node.value.value is False
        if (target.attr == "check_hostname" and off) or (target.attr == "verify_mode" and text.endswith("CERT_NONE")):
            yield self.found(
                seen, node, f"{target.attr} is turned off", advice="use ssl.create_default_context() as it is"
            )
        elif target.attr == "verify" and off and "requests" in seen.unit.modules:
            fix = [seen.module.splice(node.value, "True")]
            yield self.found(seen, node, "certificates are not verified", splices=fix)


RULE = TlsVerification()

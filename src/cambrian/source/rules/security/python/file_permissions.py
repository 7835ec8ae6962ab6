"""The rule file-permissions: a file may be written by everybody. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen

__all__ = ["RULE", "FilePermissions"]


class FilePermissions(SecurityRule):
    """A file may be written by everybody."""

    id = "file-permissions"
    title = "A file may be written by everybody"
    why = (
        "Rights such as 0o777 let every user of the machine change the file, and so what a program reads or "
        "runs. The fix takes away the right of others to write, nothing else."
    )
    cwe = "cwe-732"
    tags = ("cwe-732", "owasp-a01")
    severity = "medium"
    examples = (
        Example(
            before="""\
import os


def share(path):
    os.chmod(path, 0o777)
""",
            after="""\
import os


def share(path):
    os.chmod(path, 0o755)
""",
            note="all rights",
        ),
        Example(
            before="""\
import os


def share(path):
    os.chmod(path, 0o644)
""",
            after=None,
            note="others read",
        ),
        Example(
            before="""\
import os


def share(path, mode):
    os.chmod(path, mode)
""",
            after=None,
            note="not known",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Rights that are given."""
        for _, call in seen.calls("chmod"):
            for mode in call.args[-1:]:
                rights = mode.value if isinstance(mode, ast.Constant) else None
                if isinstance(rights, int) and not isinstance(rights, bool) and rights & 0o002:
                    fix = [seen.module.splice(mode, f"{rights & ~0o022:#o}".replace("0o", "0o"))]
                    yield self.found(seen, call, f"{rights:#o} lets everybody write", splices=fix)


RULE = FilePermissions()

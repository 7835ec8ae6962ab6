"""The rule command-injection: a value is written into a command for the shell. Trees only."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen, severity_of
from cambrian.source.rules.security.shell import words_of_command
from cambrian.source.rules.security.sql.template import Reader
from cambrian.source.rules.security.sql.variables import Carriers
from cambrian.source.taint.frame import Hit
from cambrian.source.taint.value import HOSTILE

__all__ = ["RULE", "CommandInjection"]

_OUTPUTS = frozenset({"subprocess.getoutput", "subprocess.getstatusoutput"})


def _by_shell(tag: str, call: ast.Call) -> bool:
    """Whether a shell reads the command."""
    if not tag.startswith("subprocess.") or tag in _OUTPUTS:
        return True
    shell = next((each.value for each in call.keywords if each.arg == "shell"), None)
    return isinstance(shell, ast.Constant) and shell.value is True


def _constant(seen: Seen, node: ast.expr) -> str | None:
    value = seen.unit.values.get(node)
    return value.text if value is not None and not value.trust else None


def _without_shell(seen: Seen, call: ast.Call) -> list[Splice]:
    """``shell=True`` goes, with the comma before it."""
    locator = seen.module.locator
    for each in call.keywords:
        if each.arg == "shell":
            start = locator.offset(each.lineno, each.col_offset)
            _, stop = locator.range(each.value)
            comma = seen.module.text.rfind(",", 0, start)
            return [Splice(comma, stop, "")]
    return []


class CommandInjection(SecurityRule):
    """A value is written into a command for the shell."""

    id = "command-injection"
    title = "A value is written into a command for the shell"
    why = (
        "The shell reads what is written into a command: a name such as x; rm -rf ~ is a second command. "
        "Given as a list, every word stays a word, and no shell is asked. The fix is made where the words "
        "are clear: no pipes, redirections, wildcards or variables of the shell in what the program writes; "
        "elsewhere quote the value with shlex.quote."
    )
    cwe = "cwe-78"
    tags = ("cwe-78", "owasp-a03")
    severity = "critical"
    examples = (
        Example(
            before="""\
import subprocess


def show(path):
    subprocess.run(f"ls -l {path}", shell=True, check=True)
""",
            after="""\
import subprocess


def show(path):
    subprocess.run(["ls", "-l", path], check=True)
""",
            note="words that are clear",
        ),
        Example(
            before="""\
import os


def ping(host):
    os.system("ping -c 1 " + host)
""",
            after="""\
from subprocess import call
import os


def ping(host):
    call(["ping", "-c", "1", host])
""",
            note="a command for the shell",
        ),
        Example(
            before="""\
import shlex
import subprocess


def show(path):
    subprocess.run(f"ls -l {shlex.quote(path)} | head", shell=True)
""",
            after=None,
            note="quoted",
        ),
        Example(
            before="""\
import subprocess


def show(path):
    subprocess.run(["ls", "-l", path])
""",
            after=None,
            note="a list",
        ),
        Example(
            before="""\
import os

os.system("clear")
""",
            after=None,
            note="written in the program",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Commands for the shell."""
        for hit, call in seen.calls("command"):
            if not call.args or not _by_shell(hit.tag, call):
                continue
            trust, step = seen.worst(hit, 0)
            if not trust or isinstance(call.args[0], ast.List):
                continue
            whole = isinstance(call.args[0], ast.Name | ast.Attribute | ast.Subscript) and trust < HOSTILE
            fix = self._fix(seen, hit, call)
            quiet = whole and not fix and not hit.arguments[0].labels
            yield self.found(
                seen, call, "a value is written into a command for the shell", step=step, hit=hit, dormant=quiet,
                severity=severity_of(trust, step, self.severity), splices=fix,
                advice="hand the command over as a list of words, or quote the value with shlex.quote",
            )  # fmt: skip

    def _fix(self, seen: Seen, hit: Hit, call: ast.Call) -> list[Splice]:
        module = seen.module
        if any(each.arg in {"executable", None} for each in call.keywords):
            return []  # another shell is asked for, which would be run instead of the command
        carriers = Carriers(module.index, call)
        command = call.args[0]
        if isinstance(command, ast.Name):
            events = carriers.events(command.id) or []
            owned = [each.statement for each in events]
            if len(events) != 1 or carriers.leaks(command.id, [command], owned) or not carriers.dominates(owned[0]):
                return []
            command = events[0].node
        reader = Reader(module.locator, lambda _: None, lambda node: _constant(seen, node))
        words = words_of_command(reader.read(command), module.segment)
        if words is None:
            return []
        listed = module.splice(command, f"[{', '.join(words)}]")
        if hit.tag.startswith("subprocess.") and hit.tag not in _OUTPUTS:
            return [listed, *_without_shell(seen, call)]
        outer = module.parent(call)
        if hit.tag == "os.system" and len(call.args) == 1 and not call.keywords and isinstance(outer, ast.Expr):
            written = module.importing("subprocess", "call")
            return [listed, *written.splices, module.splice(call.func, written.spelling)]
        return []


RULE = CommandInjection()

"""The rule js-command-injection: a value is written into a command for the shell. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding
from cambrian.source.taint.value import OPAQUE

from .calls import reached
from .flow import Flow
from .ruling import ScriptRule
from .statement import ScriptStatement
from .tree import Node, callee

__all__ = ["RULE", "ScriptCommandInjection"]

_NAMES = r"^(?:\w+\.)?exec(?:Sync)?$"
_SPECIAL = frozenset("|&;<>()$`\\*?[]{}~#!'\"\n")


def _fix(flow: Flow, call: Node) -> list[Splice]:
    """The same command as a list of words, where these are clear."""
    node = call.children[-1].parts[0]
    if node.kind == "identifier":
        return []
    words: list[list[str]] = [[]]
    for unit in ScriptStatement(flow, node).units:
        if unit.hole is None and unit.char in _SPECIAL:
            return []
        if unit.hole is None and unit.char.isspace():
            words.append([])
        else:
            words[-1].append(unit.char if unit.hole is None else "\0" + unit.hole.source)
    written = [_word(word) for word in words if word]
    if not written or "\0" in "".join(words[0]) or not words[0]:
        return []
    called = callee(call)
    name = called.text.rpartition(".")[2]
    other = name.replace("exec", "execFile")
    splices = [Splice(node.start, node.stop, f"{written[0]}, [{', '.join(written[1:])}]")]
    spot = called.children[-1] if called.kind == "member_expression" else called
    splices.append(Splice(spot.start, spot.stop, other))
    return splices if called.kind == "member_expression" else [*splices, *_imported(flow, name, other)]


def _word(parts: list[str]) -> str:
    if len(parts) == 1 and parts[0].startswith("\0"):
        return parts[0][1:]
    if not any(part.startswith("\0") for part in parts):
        return "'" + "".join(parts) + "'"
    return "`" + "".join("${" + part[1:] + "}" if part.startswith("\0") else part for part in parts) + "`"


def _imported(flow: Flow, name: str, other: str) -> list[Splice]:
    """The other function beside the one that is imported by name."""
    if any(each.text == other for each in flow.script.of("shorthand_property_identifier_pattern", "identifier")):
        return []
    for each in flow.script.of("shorthand_property_identifier_pattern", "import_specifier"):
        if each.text == name:
            return [Splice(each.stop, each.stop, f", {other}")]
    return []


class ScriptCommandInjection(ScriptRule):
    """A value is written into a command for the shell."""

    id = "js-command-injection"
    title = "A value is written into a command for the shell"
    why = (
        "The shell reads what is written into a command: a name such as x; rm -rf ~ is a second command. "
        "execFile takes the words as a list and asks no shell. The fix is made where the words are clear "
        "and the function is imported by name or as a member."
    )
    cwe = "cwe-78"
    tags = ("cwe-78", "owasp-a03")
    severity = "critical"
    examples = (
        Example(
            before="""\
const { exec } = require('child_process');

function show(path, done) {
  exec(`ls -l ${path}`, done);
}
""",
            after="""\
const { exec, execFile } = require('child_process');

function show(path, done) {
  execFile('ls', ['-l', path], done);
}
""",
            note="words that are clear",
        ),
        Example(
            before="""\
const cp = require('child_process');

function show(path) {
  return cp.execSync('ls -l ' + path);
}
""",
            after="""\
const cp = require('child_process');

function show(path) {
  return cp.execFileSync('ls', ['-l', path]);
}
""",
            note="a member",
        ),
        Example(
            before="""\
const { execFile } = require('child_process');

function show(path) {
  execFile('ls', ['-l', path]);
}
""",
            after=None,
            note="a list",
        ),
        Example(
            before="""\
const { exec } = require('child_process');

exec('clear');
""",
            after=None,
            note="written in the program",
        ),
        Example(
            before="""\
function find(pattern, text) {
  return pattern.exec('a' + text);
}
""",
            after=None,
            note="a regular expression",
        ),
    )

    def look(self, flow: Flow) -> Iterator[Finding]:
        """Calls of `exec`."""
        if "child_process" not in flow.script.modules:
            return
        for call, step, severity in reached(flow, _NAMES, 0, self.severity, least=OPAQUE):
            if call.children[-1].parts[0].kind in {
                "template_string",
                "binary_expression",
                "identifier",
                "member_expression",
            }:
                yield self.found(
                    flow, call, "a value is written into a command for the shell", step=step, severity=severity,
                    splices=_fix(flow, call), advice="use execFile with a list of words",
                )  # fmt: skip


RULE = ScriptCommandInjection()

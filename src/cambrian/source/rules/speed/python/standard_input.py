"""``input()`` in a loop of a script: lines are read from `sys.stdin`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_BROAD = frozenset(["EOFError", "Exception", "BaseException", "KeyboardInterrupt", "ValueError"])
_STRIPPING = frozenset(["split", "strip", "rstrip"])
_NUMBERS = ("builtins.int", "builtins.float")


class StandardInput(PythonRule):
    """`sys.stdin.readline` instead of `input`."""

    id = "standard-input"
    title = "Read lines from sys.stdin instead of by input()"
    why = (
        "`input()` writes out what was printed, and asks whether somebody types, for each line; "
        "`sys.stdin.readline()` takes the next line from the buffer. The line's end, which `input` takes off, is "
        "taken off where it matters: `int` and `split` do not mind it. The guard sees that no prompt is shown, that"
        " nothing in the file waits for the end of the input by an exception (`readline` gives an empty text "
        "there), and that `sys.stdin` is not replaced by the file."
    )
    words = ("input",)
    examples = (
        Example(
            note="numbers and words, a line each",
            before=(
                "def main():\n"
                "    count = int(input())\n"
                "    for _ in range(count):\n"
                "        name = input()\n"
                "        first, *rest = map(int, input().split())\n"
                "        print(name, first, rest)\n"
            ),
            after=(
                "from sys import stdin\n\n\n"
                "def main():\n"
                "    count = int(stdin.readline())\n"
                "    for _ in range(count):\n"
                '        name = stdin.readline().rstrip("\\n")\n'
                "        first, *rest = map(int, stdin.readline().split())\n"
                "        print(name, first, rest)\n"
            ),
        ),
        Example(
            note="in a comprehension, with sys at hand",
            before="import sys\n\n\ndef rows(count):\n    return [list(input()) for _ in range(count)]\n",
            after=(
                "import sys\n\n\n"
                'def rows(count):\n    return [list(sys.stdin.readline().rstrip("\\n")) for _ in range(count)]\n'
            ),
        ),
        Example(
            note="somebody is asked",
            before="def names(count):\n    return [input('Name: ') for _ in range(count)]\n",
            after=None,
        ),
        Example(
            note="until there is no more",
            before=(
                "def total():\n"
                "    found = 0\n"
                "    while True:\n"
                "        try:\n"
                "            found += int(input())\n"
                "        except EOFError:\n"
                "            return found\n"
            ),
            after=None,
        ),
        Example(note="once", before="def count():\n    return int(input())\n", after=None),
        Example(
            note="it is that already",
            before=(
                "import sys\n\ninput = sys.stdin.readline\n\n\n"
                "def rows(count):\n    return [int(input()) for _ in range(count)]\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        calls = [call for call in parsed.of(ast.Call) if parsed.calls(call, "builtins.input")]
        named = [name for name in parsed.of(ast.Name) if parsed.is_builtin(name, "input")]
        repeated = [call for call in calls if parsed.loops(call)]
        if not repeated or len(named) > len(calls) or any(call.args or call.keywords for call in calls):
            return
        if _minds_the_end(parsed) or _replaces(parsed):
            return
        stdin = parsed.importing("sys", "stdin")
        splices = [*stdin.splices, *(_line(parsed, call, f"{stdin.spelling}.readline()") for call in calls)]
        assumes = {
            "there are as many lines of input as are read",
            "nobody types them, or waits for what is printed in between",
        }
        yield self.at(parsed, repeated[0], "lines are read by input()", splices, assumes=assumes, gain=3.0)


def _line(module: Module, call: ast.Call, text: str) -> Splice:
    """The call written otherwise, without the line's end where that would be seen."""
    above = module.parent(call)
    if isinstance(above, ast.Attribute) and above.attr in _STRIPPING:
        method = module.parent(above)
        if isinstance(method, ast.Call) and method.func is above and not method.args and not method.keywords:
            return module.splice(call, text)
    if module.calls(above, *_NUMBERS) and isinstance(above, ast.Call) and len(above.args) == 1 and not above.keywords:
        return module.splice(call, text)
    return module.splice(call, f'{text}.rstrip("\\n")')


def _minds_the_end(module: Module) -> bool:
    """Whether an error of `input` at the end may be caught anywhere in the file."""
    for handler in module.of(ast.ExceptHandler):
        if handler.type is None:
            return True
        if any(isinstance(part, ast.Name) and part.id in _BROAD for part in ast.walk(handler.type)):
            return True
    return any(name.id == "EOFError" for name in module.of(ast.Name))


def _replaces(module: Module) -> bool:
    """Whether the file gives `sys.stdin` another value, or has another way to it."""
    stored = (node for node in module.of(ast.Attribute) if node.attr == "stdin" and not isinstance(node.ctx, ast.Load))
    return (
        any(True for _ in stored) or "reconfigure" in module.text or "fdopen" in module.text or "fileno" in module.text
    )


RULE = StandardInput()

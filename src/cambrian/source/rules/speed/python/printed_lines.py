"""`print` on each turn of a loop: what is printed is put together, and written once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import has
from cambrian.source.analysis.tables import PURE
from cambrian.source.edit import Splice
from cambrian.source.rules.catching import caught
from cambrian.source.rules.loops import unit
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_DEEP = 6
_QUIET = PURE | {
    "builtins.input", "builtins.next", "builtins.iter", "builtins.getattr", "builtins.hasattr", "sys.stdin.readline",
    "heapq.heappush", "heapq.heappop", "heapq.heapify", "heapq.heapreplace", "heapq.heappushpop", "bisect.insort",
}  # fmt: skip
_WRITING = frozenset(
    ["write", "writelines", "flush", "print", "show", "display", "log", "info", "debug", "warning", "error"]
)
_LEAVING = (
    ast.Return,
    ast.Raise,
    ast.Yield,
    ast.YieldFrom,
    ast.Await,
    ast.Import,
    ast.ImportFrom,
    ast.With,
    ast.AsyncWith,
)


class PrintedLines(PythonRule):
    """One write instead of many."""

    id = "printed-lines"
    title = "Write what a loop prints at once"
    why = (
        "Each `print` finds standard output, takes its lock and writes twice. A loop that prints thousands of lines"
        " spends most of its time there; a list of lines, joined and printed behind the loop, takes a fifth. The "
        "guard sees that nothing else in the loop writes, that no function of unknown effects is called, that the "
        "loop goes through something of known length and is not left by a return, and that all prints go to "
        "standard output. What an error in the middle would leave printed is not."
    )
    words = ("print",)
    examples = (
        Example(
            note="a line each",
            before=(
                "def squares(count: int):\n"
                "    for i in range(count):\n"
                "        if i % 2:\n"
                "            print(i * i)\n"
                "        else:\n"
                "            print('even')  # or so\n"
            ),
            after=(
                "def squares(count: int):\n"
                "    lines = []\n"
                "    for i in range(count):\n"
                "        if i % 2:\n"
                "            lines.append(str(i * i))\n"
                "        else:\n"
                "            lines.append('even')  # or so\n"
                "    if lines:\n"
                '        print("\\n".join(lines))\n'
            ),
            calls=("squares(4)", "squares(0)"),
        ),
        Example(
            note="several values, and other ends",
            before=(
                "def table(rows: list[tuple[int, str]]):\n"
                "    for number, name in rows:\n"
                "        print(number, name, sep=': ')\n"
                "        print(*name, end='!')\n"
            ),
            after=(
                "from io import StringIO\n\n\n"
                "def table(rows: list[tuple[int, str]]):\n"
                "    printed = StringIO()\n"
                "    for number, name in rows:\n"
                "        print(number, name, sep=': ', file=printed)\n"
                "        print(*name, end='!', file=printed)\n"
                '    print(printed.getvalue(), end="")\n'
            ),
            calls=("table([(1, 'a'), (2, 'bc')])", "table([])"),
        ),
        Example(
            note="a function that prints, too: the order would be another",
            before=(
                "def head(i):\n    print('#', i)\n\n\n"
                "def all_of(count: int):\n    for i in range(count):\n        head(i)\n        print(i)\n"
            ),
            after=None,
        ),
        Example(
            note="the loop is left",
            before=(
                "def until(values: list[int]):\n"
                "    for value in values:\n"
                "        print(value)\n"
                "        if value > 3:\n"
                "            return value\n"
            ),
            after=None,
        ),
        Example(
            note="an error ends it, and is waited for",
            before=(
                "def pages(lines: list[str]):\n"
                "    try:\n"
                "        for i in range(10):\n"
                "            print(lines[i])\n"
                "    except IndexError:\n"
                "        pass\n"
            ),
            after=None,
        ),
        Example(
            note="somebody waits for it",
            before=(
                "import time\n\n\n"
                "def count(n: int):\n    for i in range(n):\n        print(i)\n        time.sleep(1)\n"
            ),
            after=None,
        ),
        Example(
            note="a loop of unknown length",
            before="def told(lines):\n    for line in iter(lines):\n        print(line)\n",
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of(ast.For):
            around = [one for one in parsed.loops(loop) if isinstance(one, ast.For)]
            if any(self._prints(parsed, one) is not None for one in around):
                continue
            prints = self._prints(parsed, loop)
            if prints:
                yield self._found(parsed, loop, prints)

    def _prints(self, module: Module, loop: ast.For) -> list[ast.Call] | None:
        """All prints of a loop that can be put off to its end; ``None`` if they cannot."""
        whole = module.alone(loop) and _known_length(module, loop.iter) and module.scope(loop).kind != "class"
        if not whole or caught(module, loop):
            return None
        prints: list[ast.Call] = []
        for part in (one for statement in (*loop.body, *loop.orelse) for one in ast.walk(statement)):
            if isinstance(part, (*_LEAVING, ast.While, ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.Try)):
                return None
            if not isinstance(part, ast.Call):
                continue
            if module.calls(part, "builtins.print"):
                if not _plain(module, part):
                    return None
                prints.append(part)
            elif not _quiet(module, part, _DEEP):
                return None
        return prints or None

    def _found(self, module: Module, loop: ast.For, prints: list[ast.Call]) -> Rewrite:
        single = all(
            len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred) for call in prints
        )
        splices = _joined(module, loop, prints) if single else _buffered(module, loop, prints)
        assumes = {
            "no error ends the loop: what was printed before it would be missing",
            "nobody waits for what is printed meanwhile; standard output is not replaced in between",
        }
        return self.at(module, prints[0], "print is called on each turn of a loop", splices, assumes=assumes, gain=3.0)


def _joined(module: Module, loop: ast.For, prints: list[ast.Call]) -> list[Splice]:
    lines, text = module.fresh("lines", "printed"), module.builtin("str")
    deeper = unit(module, loop)
    name = module.segment(prints[0].func)
    splices = [module.before(loop, f"{lines} = []"), *text.splices]
    for call in prints:
        given = module.segment(call.args[0])
        written = given if module.is_kind(call.args[0], "str") else f"{text.spelling}({given})"
        splices.append(module.splice(call, f"{lines}.append({written})"))
    return [*splices, module.after(loop, f"if {lines}:", f'{deeper}{name}("\\n".join({lines}))')]


def _buffered(module: Module, loop: ast.For, prints: list[ast.Call]) -> list[Splice]:
    printed, buffer = module.fresh("printed", "lines"), module.importing("io", "StringIO")
    name = module.segment(prints[0].func)
    splices = [*buffer.splices, module.before(loop, f"{printed} = {buffer.spelling}()")]
    for call in prints:
        start, stop = module.locator.range(call)
        inside = module.text[module.locator.range(call.func)[1] + 1 : stop - 1].rstrip()
        lead = "" if not (call.args or call.keywords) or inside.endswith(",") else ", "
        splices.append(Splice(stop - 1, stop - 1, f"{lead}file={printed}"))
        assert start < stop
    return [*splices, module.after(loop, f'{name}({printed}.getvalue(), end="")')]


def _known_length(module: Module, items: ast.expr) -> bool:
    """Whether what a loop goes through is there as a whole, as far as its kind tells."""
    if module.calls(items, "builtins.enumerate", "builtins.zip", "builtins.reversed", "builtins.map"):
        assert isinstance(items, ast.Call)
        given = items.args[1:] if module.calls(items, "builtins.map") else items.args
        return bool(given) and all(_known_length(module, one) for one in given)
    kind = module.hinted(items)
    return kind is not None and kind.name in {
        "range",
        "list",
        "tuple",
        "str",
        "dict",
        "set",
        "view",
        "deque",
        "Counter",
    }


def _plain(module: Module, call: ast.Call) -> bool:
    """Whether a print stands as a statement of its own, and goes to standard output, some time."""
    alone = isinstance(module.parent(call), ast.Expr) and "#" not in module.segment(call)
    return alone and all(word.arg in {"sep", "end"} for word in call.keywords)


def _quiet(module: Module, call: ast.Call, deep: int) -> bool:
    """Whether a call neither writes nor ends the program."""
    meaning = module.meaning(call.func)
    if meaning:
        return meaning in _QUIET and _quiet_library(module, call, meaning)
    if isinstance(call.func, ast.Attribute):
        return call.func.attr not in _WRITING and module.hinted(call.func.value) is not None
    function = module.own_function(call.func)
    if function is None or deep == 0 or has(function.body, (*_LEAVING[1:], ast.Global)):
        return False
    calls = [one for statement in function.body for one in ast.walk(statement) if isinstance(one, ast.Call)]
    return all(_quiet(module, one, deep - 1) for one in calls)


def _quiet_library(module: Module, call: ast.Call, meaning: str) -> bool:
    """Whether a quiet function of the library is so with these arguments."""
    if any(word.arg == "key" and not module.meaning(word.value) for word in call.keywords):
        return False
    return not (meaning == "builtins.input" and call.args)


RULE = PrintedLines()

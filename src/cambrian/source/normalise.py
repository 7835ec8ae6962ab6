"""One digest for all spellings of the same program: what decides that a candidate is a duplicate. Nothing is executed.

Python: comments, formatting, docstrings, ``pass`` and other statements without effect do not matter; names and literals
do, with their types (``1``, ``1.0`` and ``True`` differ). Docstrings count where the program reads ``__doc__``. Local
variables are *not* renamed: with ``locals()``, keyword calls and closures about, a wrong merge would lose a candidate
unseen, whereas a missed one costs a single evaluation.

Other languages: text without comments, blank lines and needless blanks. A rule errs on the side of "different".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cambrian.core.ids import Digest, digest

from .reading import expect, read
from .syntax import is_python
from .tree import Problem

_FREE_FORM = "c c++ cpp cuda opencl objective-c java rust go csharp c# kotlin swift scala zig d glsl verilog"
_LINE_COMMENT = {
    "#": "python ruby shell bash sh perl r julia yaml toml nim elixir crystal",
    "//": "javascript typescript js ts php dart",
    "--": "sql lua haskell ada elm vhdl",
    ";": "lisp scheme clojure asm racket",
    "%": "tex latex matlab octave erlang prolog",
    "!": "fortran",
}
_TOKEN = re.compile(
    r"(?P<drop>//[^\n]*|/\*.*?\*/)|(?P<keep>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`[^`]*`)"
    r"|(?P<word>\w+)|(?P<line>[ \t\r\f]*\n\s*)|(?P<blank>[ \t\r\f]+)|(?P<mark>.)",
    re.DOTALL,
)


def canonical(files: Mapping[str, str], language: str) -> Digest:
    """Digest that two programs share when they differ only in ways that cannot matter.

    A Python file that does not parse counts as its own text. Stable for one version of Python; the trees of two
    versions may differ.
    """
    expect(files.values())
    parts: list[str] = [language]
    for name, text in sorted(files.items()):
        content = _python(text) if is_python(name, language) else _other(text, language)
        parts += (name, content)
    return digest("\0".join(parts).encode("utf-8", "surrogatepass"))


def _python(text: str) -> str:
    found = read(text)
    return "raw:" + text if isinstance(found, Problem) else "ast:" + found.canonical()


def _other(text: str, language: str) -> str:
    if language in _FREE_FORM.split():
        return "tokens:" + _tokens(text)
    comment = next((mark for mark, names in _LINE_COMMENT.items() if language in names.split()), None)
    kept = [line.rstrip() for line in text.splitlines()]
    return "lines:" + "\n".join(line for line in kept if line and not (comment and line.lstrip().startswith(comment)))


def _tokens(text: str) -> str:
    """Free-form text without comments; a blank stays where taking it away could join two tokens."""
    parts: list[str] = []
    gap = ""
    last = "line"
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind in {"drop", "blank"}:
            gap = gap or " "
        elif kind == "line":
            gap = "\n"  # kept: it ends a preprocessor line, and a statement in some of these languages
        else:
            parts += (gap if gap == "\n" or (gap and last == kind) else "", match[0])
            gap, last = "", kind
    return "".join(parts).strip()

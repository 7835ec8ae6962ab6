"""One digest for all spellings of the same program: what decides that a candidate is a duplicate. Nothing is executed.

Python: comments, formatting, docstrings, ``pass`` and other statements without effect do not matter; names and literals
do, with their types (``1``, ``1.0`` and ``True`` differ). Docstrings count where the program reads ``__doc__``. Local
variables are *not* renamed: with ``locals()``, keyword calls and closures about, a wrong merge would lose a candidate
unseen, whereas a missed one costs a single evaluation.

Other languages: text without comments, blank lines and needless blanks. A rule errs on the side of "different".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from cambrian.core.ids import Digest, digest

from .syntax import Problem, is_python, parse

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
    parts: list[str] = [language]
    for name, text in sorted(files.items()):
        content = _python(text) if is_python(name, language) else _other(text, language)
        parts += (name, content)
    return digest("\0".join(parts).encode("utf-8", "surrogatepass"))


def canonical_tree(tree: ast.Module, *, keep_docstrings: bool = False) -> str:
    """The text that stands for a tree, whatever its formatting. The tree comes from `syntax.parse`: bounded depth."""
    parts: list[str] = []
    _write(tree, parts, keep_docstrings)
    return "".join(parts)


def _python(text: str) -> str:
    tree = parse(text)
    if isinstance(tree, Problem):
        return "raw:" + text
    return "ast:" + canonical_tree(tree, keep_docstrings="__doc__" in text)


def _write(node: object, parts: list[str], keep: bool) -> None:
    if isinstance(node, ast.Constant):
        parts.append(f"{type(node.value).__name__}:{node.value!r};")
    elif isinstance(node, ast.AST):
        parts.append(f"{type(node).__name__}(")
        for name in node._fields:
            if name not in {"ctx", "type_comment", "type_ignores"}:
                _write(getattr(node, name, None), parts, keep)
        parts.append(")")
    elif isinstance(node, list):
        items: list[object] = node  # pyright: ignore[reportUnknownVariableType]
        parts.append("[")
        for item in _with_effect(items, keep):
            _write(item, parts, keep)
        parts.append("]")
    else:
        parts.append(f"{node!r},")


def _with_effect(items: list[object], keep: bool) -> list[object]:
    """A list of nodes; if they are statements, without those that do nothing."""
    if not items or not isinstance(items[0], ast.stmt):
        return items
    first = items[0] if keep and _is_text(items[0]) else None
    return [item for item in items if item is first or not _is_idle(item)]


def _is_text(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_idle(node: object) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


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

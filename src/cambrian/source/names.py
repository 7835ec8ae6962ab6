"""Names that certainly do not resolve: a cheap reason not to run a candidate. Nothing is executed or imported.

Scopes come from Python's own symbol tables (`symtable`), so nested functions, comprehensions, classes, ``global`` and
``nonlocal`` mean what they mean to the compiler. In doubt a name is taken to be defined: a program with a star import,
``exec``, ``globals()`` or a handler of ``NameError`` is never faulted, nor is a name that only annotations mention.
"""

from __future__ import annotations

import ast
import builtins
import symtable
import warnings
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .syntax import Problem, is_python, parse

_MODULE_NAMES = (
    "__annotations__ __builtins__ __cached__ __class__ __dict__ __file__ __firstlineno__ __module__ __path__ "
    "__qualname__ __static_attributes__ __type_params__ __conditional_annotations__ __classdict__ "
    "WindowsError copyright credits exit help license quit"
)
_IMPLICIT = frozenset(dir(builtins)) | frozenset(_MODULE_NAMES.split())
_ESCAPE_NAMES = (
    "exec eval globals locals vars builtins __builtins__ __dict__ __main__ NameError modules f_globals _getframe "
    "install global_enum _convert_"
)
_ESCAPES = frozenset(_ESCAPE_NAMES.split())
"""Words whose presence means that names may come from anywhere. The last three are library functions that write into a
module: gettext's ``install``, enum's ``global_enum`` and ``_convert_``."""


class Undefined(NamedTuple):
    """A name that nothing in the program binds, with the line of its first use."""

    file: str
    line: int
    name: str

    def __str__(self) -> str:
        """``file:line: name 'x' is not defined``."""
        return f"{self.file}:{self.line}: name {self.name!r} is not defined"


def undefined(files: Mapping[str, str], language: str = "python") -> tuple[Undefined, ...]:
    """Names of a Python program that are certainly undefined, in order of file and line.

    Files that do not parse, and programs in other languages, give nothing: that is `syntax.check`'s business.
    """
    trees = {name: parse(text, name) for name, text in files.items() if is_python(name, language)}
    facts = {name: _Facts(tree) for name, tree in trees.items() if not isinstance(tree, Problem)}
    injected = {attribute for fact in facts.values() for attribute in fact.attributes}
    found: list[Undefined] = []
    for name, fact in facts.items():
        if fact.loads and not fact.open:
            missing = _unbound(files[name], name, fact)
            found += (Undefined(name, fact.loads[word], word) for word in missing - injected)
    return tuple(sorted(found))


class _Facts:
    """What one walk over a file's tree tells.

    Args:
        tree: the file's tree.

    `loads`: names read outside annotations and the line of the first read; `bound`: names that an assignment expression
    binds; `attributes`: names set as attributes of something, perhaps of this very module; `open`: whether names may
    come from anywhere.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.loads: dict[str, int] = {}
        self.bound: set[str] = set()
        self.attributes: set[str] = set()
        self.open = False
        for node in _evaluated(tree):
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            self.open |= node.id in _ESCAPES
            if isinstance(node.ctx, ast.Load):
                self.loads[node.id] = min(node.lineno, self.loads.get(node.id, node.lineno))
        elif isinstance(node, ast.Attribute):
            self.open |= node.attr in _ESCAPES
            if not isinstance(node.ctx, ast.Load):
                self.attributes.add(node.attr)
        elif isinstance(node, ast.NamedExpr):
            self.bound.add(node.target.id)
        elif isinstance(node, ast.alias):
            self.open |= node.name == "*" or node.name.rpartition(".")[2] in _ESCAPES
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            self.attributes.add(node.value)  # setattr(module, "name", …)


def _evaluated(tree: ast.Module) -> Iterator[ast.AST]:
    """All nodes but those inside annotations, which need not be evaluated."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        yield node
        skipped = {id(getattr(node, name, None)) for name in ("annotation", "returns")}
        todo += (child for child in ast.iter_child_nodes(node) if id(child) not in skipped)


def _unbound(text: str, name: str, fact: _Facts) -> set[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            top = symtable.symtable(text, name, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    used: set[str] = set()
    bound = set(fact.bound)
    for table in _tables(top):
        if table is not top and table.get_name() == "top":
            return set()  # CPython's symtable takes a function called "top" for the module
        for symbol in table.get_symbols():
            if symbol.is_global() or table is top:
                word = symbol.get_name()
                if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                    bound.add(word)
                elif symbol.is_referenced():
                    used.add(word)
    return (used & fact.loads.keys()) - bound - _IMPLICIT


def _tables(top: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    todo = [top]
    while todo:
        table = todo.pop()
        yield table
        todo += table.get_children()

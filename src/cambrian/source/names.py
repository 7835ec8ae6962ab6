"""Names that certainly do not resolve: a cheap reason not to run a candidate. Nothing is executed or imported.

Scopes come from Python's own symbol tables (`symtable`), so nested functions, comprehensions, classes, ``global`` and
``nonlocal`` mean what they mean to the compiler. In doubt a name is taken to be defined: a program with a star import,
``exec``, ``globals()`` or a handler of ``NameError`` is never faulted, nor is a name that only annotations mention.
"""

from __future__ import annotations

import builtins
import symtable
import warnings
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .cache import Cache
from .reading import Reading, read
from .syntax import is_python
from .tree import Problem

_MODULE_NAMES = (
    "__annotations__ __builtins__ __cached__ __class__ __dict__ __file__ __firstlineno__ __module__ __path__ "
    "__qualname__ __static_attributes__ __type_params__ __conditional_annotations__ __classdict__ "
    "WindowsError copyright credits exit help license quit"
)
_IMPLICIT = frozenset(dir(builtins)) | frozenset(_MODULE_NAMES.split())


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

    Files that do not compile, and programs in other languages, give nothing: that is `syntax.check`'s business.
    """
    read_files = {name: read(text, name) for name, text in files.items() if is_python(name, language)}
    readings = {name: found for name, found in read_files.items() if not isinstance(found, Problem)}
    injected = frozenset[str]().union(*(chunk.attributes for found in readings.values() for chunk in found.chunks))
    missing: list[Undefined] = []
    for name, found in readings.items():
        if not any(chunk.open for chunk in found.chunks):
            missing += _in_file(found, name, injected)
    return tuple(sorted(missing))


def _in_file(found: Reading, name: str, injected: frozenset[str]) -> Iterator[Undefined]:
    suspects = _suspects(found, injected)
    if suspects:
        suspects = _unbound(found, suspects)
    if suspects:
        lines = _first_loads(found, suspects)
        yield from (Undefined(name, lines[word], word) for word in suspects)


def _suspects(found: Reading, injected: frozenset[str]) -> frozenset[str]:
    """Names that the code looks up and reads, and that the module does not plainly bind. Mostly none."""
    words = found.words()
    if not words:
        return frozenset()
    bound = (names for chunk in found.chunks for names in (chunk.variables, chunk.defined, chunk.assigned))
    suspects = frozenset[str]().union(*words).difference(_IMPLICIT, injected, *bound)
    return suspects and suspects.intersection(frozenset[str]().union(*(chunk.names for chunk in found.chunks)))


def _first_loads(found: Reading, words: frozenset[str]) -> dict[str, int]:
    """Name → line of the file in which it is read first."""
    lines: dict[str, int] = {}
    before = 0
    for chunk in found.chunks:
        for word in words & chunk.names:
            lines.setdefault(word, before + chunk.loads[word])
        before += chunk.lines
    return lines


def _unbound(found: Reading, suspects: frozenset[str]) -> frozenset[str]:
    """Those names that some scope takes from the module, while no scope binds them there."""
    used: set[str] = set()
    bound: set[str] = set()
    _SCOPES.widen(_FILES * (_FIXED * len(found.chunks) + _PER_CHARACTER * len(found.text)))
    for chunk in found.chunks:
        scopes = _scopes(chunk.text, postponed=found.flags != 0)
        if scopes is None:
            return frozenset()
        used |= scopes.used
        bound |= scopes.bound
    return frozenset((used & suspects) - bound)


class _Scopes(NamedTuple):
    """What the scopes of a chunk take from the module, and what they bind there."""

    used: frozenset[str]
    bound: frozenset[str]


_SCOPES: Cache[tuple[str, bool], _Scopes] = Cache(500_000)
_FILES, _FIXED, _PER_CHARACTER = 4, 500, 4
"""Of the largest files seen, how many are remembered; bytes that a chunk and each of its characters weigh, about."""


def _scopes(text: str, *, postponed: bool) -> _Scopes | None:
    """The scopes of a chunk; ``None`` if they cannot be known.

    Args:
        text: the chunk.
        postponed: annotations are not evaluated, since the file's head says so.
    """
    key = (text, postponed)
    known = _SCOPES.get(key)
    if known is not None:
        return known
    head = "from __future__ import annotations\n" if postponed else ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            top = symtable.symtable(head + text, "program.py", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    made = _taken(top)
    return None if made is None else _SCOPES.put(key, made, _FIXED + _PER_CHARACTER * len(text))


def _taken(top: symtable.SymbolTable) -> _Scopes | None:
    used: set[str] = set()
    bound: set[str] = set()
    for table in _tables(top):
        if table is not top and table.get_name() == "top":
            return None  # CPython's symtable takes a function called "top" for the module
        for symbol in table.get_symbols():
            if symbol.is_global() or table is top:
                word = symbol.get_name()
                if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                    bound.add(word)
                elif symbol.is_referenced():
                    used.add(word)
    return _Scopes(frozenset(used), frozenset(bound))


def _tables(top: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    todo = [top]
    while todo:
        table = todo.pop()
        yield table
        todo += table.get_children()

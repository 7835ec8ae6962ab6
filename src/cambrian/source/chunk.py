"""A file in chunks: runs of whole top-level statements, each looked at once however many programs it stands in.

Why chunks may be looked at one by one: a text that parses by itself and ends with its line leaves Python's tokenizer as
it found it (no bracket, no string, no block open), and no statement begins with a word that could continue the one
before (``else``, ``except``, …). So a file that is a sequence of such texts has their statements, one after the other.
How a file is cut is therefore a guess that cannot do harm: each chunk's own parse is the proof.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from types import CodeType

from .cache import Cache
from .edit import count
from .tree import Problem, code_of, ends_plain, opened, raw
from .walk import TooDeep, Walk

_START = re.compile(r"^[^\s#)\]}]", re.MULTILINE)
_COMPOUND = re.compile(r"(?:@|(?:async|class|def|for|if|match|try|while|with)\b)")
_CONTINUING = re.compile(r"(?:elif|else|except|finally)\b")
_MERGES = 4
"""How often a chunk that does not parse by itself is taken together with what follows: a text or a bracket with lines
at the margin stands in it. Beyond that a file is one chunk."""
_ROOM = 2_500_000
_FIXED, _PER_CHARACTER, _FAILED = 3_000, 12, 300
_FILES, _SHORT = 4, 200
"""Bytes that a chunk weighs, about, and what turned out to be none; how many of the largest programs seen there is
always room for, and the characters of a chunk that is short."""


class Chunk:
    """What is known of a chunk. Lines count from its own first.

    Args:
        text: its text.
        statements: its statements.

    Raises:
        TooDeep: its tree is too deep to walk.
    """

    __slots__ = (
        "_codes", "_kept", "assigned", "attributes", "canonical", "defined", "futures", "lines", "loads",
        "names", "open", "plain", "shares", "text", "variables",
    )  # fmt: skip

    def __init__(self, text: str, statements: Sequence[ast.stmt]) -> None:
        walk = Walk()
        walk.statements(statements)
        self.text = text
        self.lines = count(text)
        self.canonical = "".join(walk.parts)
        self.loads = walk.loads
        self.names = frozenset(walk.loads)
        self.assigned = frozenset(walk.assigned)
        self.attributes = frozenset(walk.attributes)
        self.open = walk.open
        self.futures = frozenset(walk.futures)
        variables, defined, self.shares = _module_names(statements)
        self.variables = frozenset(variables)
        self.defined = frozenset(defined)
        self.plain = ends_plain(text)
        self._codes: dict[int, frozenset[str] | None] = {}
        self._kept: dict[bool, str] = {}

    def with_texts(self, *, first: bool) -> str:
        """The canonical text of a program that reads docstrings: those of its blocks stay.

        Args:
            first: the chunk begins the file, so its first text is the module's docstring.
        """
        if first not in self._kept:
            tree = raw(self.text)
            walk = Walk(keep=True)
            walk.statements([] if isinstance(tree, Problem) else tree.body, keep=first)
            self._kept[first] = "".join(walk.parts)
        return self._kept[first]

    def words(self, flags: int) -> frozenset[str] | None:
        """Names that its code looks up beyond its functions' own, attributes included; ``None`` if it has no code.

        Args:
            flags: features of ``__future__`` that hold, as `compile` takes them.
        """
        if flags not in self._codes:
            code = code_of(self.text, flags=flags)
            self._codes[flags] = None if isinstance(code, Problem) else frozenset(words(code))
        return self._codes[flags]


def expect(characters: int) -> None:
    """Have room for programs of so many characters, whatever files they consist of."""
    _CHUNKS.widen(_FILES * (_PER_CHARACTER + _FIXED // _SHORT) * characters)
    _JOINED.widen(_FILES * characters)


def divide(text: str) -> tuple[Chunk, ...] | None:
    """The chunks of a Python file; ``None`` if it does not parse, or is too deep."""
    whole = "\ufeff" in text or "barry_as_FLUFL" in text  # these change how the text after them is read
    ends = [] if whole else list(_ends(text))
    expect(max(len(text), _SHORT * len(ends)))
    chunks = _proved(text, ends) if len(ends) > 1 else None
    if chunks is None:
        only = _chunk(text)
        return None if only is None else (only,)
    return chunks


def _proved(text: str, ends: list[int]) -> tuple[Chunk, ...] | None:
    """The chunks of a text that is cut at `ends`, neighbours taken together where one does not stand by itself."""
    found: list[Chunk] = []
    start = at = 0
    while at < len(ends):
        chunk = _chunk(text[start : ends[at]])
        if not _stands(chunk):
            at = _joined(text, start, ends, at)
            chunk = _chunk(text[start : ends[at]])
        if chunk is None or not (chunk.plain or at + 1 == len(ends)):
            return None
        found.append(chunk)
        start, at = ends[at], at + 1
    return tuple(found)


def _joined(text: str, start: int, ends: list[int], at: int) -> int:
    """The first cut after the `at`-th at which what begins at `start` stands by itself; a guess if none is found."""
    begun = text[start : ends[at]]
    known = _JOINED.get(begun)
    if known is not None and text.startswith(known, start):
        cut = bisect_left(ends, start + len(known))
        if cut < len(ends) and ends[cut] == start + len(known):
            return cut
    for _ in range(_MERGES):
        if at + 1 == len(ends):
            break
        at = _next_plain(text, start, ends, at + 1)
        whole = text[start : ends[at]]
        if _stands(_chunk(whole)):
            _JOINED.put(begun, whole, len(begun) + len(whole))
            break
    return at


def _stands(chunk: Chunk | None) -> bool:
    return chunk is not None and chunk.plain


def _next_plain(text: str, start: int, ends: list[int], at: int) -> int:
    """The first cut from the `at`-th on that lies in no string and no bracket, counting from `start`; or the last."""
    for open_from, open_to in opened(text, start):
        if ends[at] <= open_from:
            return at
        while at < len(ends) - 1 and ends[at] < open_to:
            at += 1
    return at


def _ends(text: str) -> Iterator[int]:
    """Where chunks are likely to end: in front of functions, classes and loops, and behind them; and the text's end."""
    starts = [match.start() for match in _START.finditer(text)]
    for before, here in pairwise(starts):
        if _begins(text, before, here):
            yield here
    yield len(text)


def _begins(text: str, before: int, here: int) -> bool:
    if text[before] == "@" or _CONTINUING.match(text, here):
        return False
    indented = text.find("\n ", before, here) >= 0 or text.find("\n\t", before, here) >= 0
    return indented or _COMPOUND.match(text, here) is not None


_CHUNKS: Cache[str, Chunk | bool] = Cache(_ROOM)
"""Text → its chunk, or `False` if it is none."""

_JOINED: Cache[str, str] = Cache(_ROOM // 4)
"""What does not stand by itself → the text, beginning with it, that does."""


def _chunk(text: str) -> Chunk | None:
    known = _CHUNKS.get(text)
    if known is None:
        found = _looked_at(text)
        weight = _FIXED + _PER_CHARACTER * len(text) if found else _FAILED + len(text)
        known = _CHUNKS.put(text, found or False, weight)
    return known if isinstance(known, Chunk) else None


def is_chunk(text: str) -> bool:
    """Whether a text is known as a chunk."""
    return isinstance(_CHUNKS.get(text), Chunk)


def _looked_at(text: str) -> Chunk | None:
    tree = raw(text)
    if isinstance(tree, Problem):
        return None
    try:
        return Chunk(text, tree.body)
    except TooDeep:
        return None


def words(code: CodeType) -> Iterator[str]:
    """Names that code and the functions in it look up beyond their own variables; attributes are among them."""
    todo = [code]
    while todo:
        code = todo.pop()
        yield from code.co_names
        todo += [item for item in code.co_consts if isinstance(item, CodeType)]


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _module_names(statements: Iterable[ast.stmt]) -> tuple[set[str], set[str], bool]:
    """Variables of the module, its functions, classes and imports, and whether it declares a name ``global`` itself."""
    variables: set[str] = set()
    defined: set[str] = set()
    shares = False
    todo: list[ast.AST] = list(statements)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                variables.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            defined.update((item.asname or item.name).partition(".")[0] for item in node.names)
        elif isinstance(node, _SCOPES):
            defined.add("" if isinstance(node, ast.Lambda) else node.name)
        elif not isinstance(node, _COMPREHENSIONS):
            shares |= isinstance(node, ast.Global)
            todo += ast.iter_child_nodes(node)
    return variables, defined - {""}, shares

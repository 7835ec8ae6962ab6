"""What changed along a lineage, from texts: hunks, who brought which line, lines that came back. Pure text.

Lines that a search removes and later adds again, byte for byte, are about 30 % of all that published runs add
(EvoTrace, arXiv 2605.20086); `returned` counts them.
"""

from __future__ import annotations

import difflib
import io
import keyword
import tokenize
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from cambrian.source.edit import lines

_LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE)

Files = Mapping[str, str]
"""Path → text."""

EditKind = Literal["numbers", "names", "operators", "added", "removed", "rewritten", "moved", "layout", "nothing"]
"""numbers: only literals differ. names: identifiers too. operators: only operators. added, removed: lines only came or
went. moved: the same lines in another order. layout: the same tokens. rewritten: anything else."""


class Hunk(msgspec.Struct, frozen=True, kw_only=True):
    """A place where two programs differ.

    Args:
        path: the file.
        line: 1-based line in the older text at which it begins.
        removed: lines that went, without their ends.
        added: lines that came.
    """

    path: str
    line: int
    removed: tuple[str, ...]
    added: tuple[str, ...]


class Returned(NamedTuple):
    """Lines added by changes, and how many of these an ancestor had contained before."""

    added: int
    returned: int


def hunks(before: Files, after: Files) -> list[Hunk]:
    """Where two programs differ, files in order of name, neighbouring lines together."""
    found: list[Hunk] = []
    for path in sorted(before.keys() | after.keys()):
        old, new = _bare(before.get(path, "")), _bare(after.get(path, ""))
        matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag != "equal":
                found.append(Hunk(path=path, line=a + 1, removed=tuple(old[a:b]), added=tuple(new[c:d])))
    return found


def _bare(text: str) -> list[str]:
    return [line.rstrip("\r\n") for line in lines(text)]


def kind_of(before: Files, after: Files) -> EditKind:
    """What kind of edit leads from one program to the other."""
    changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    if not changed:
        return "nothing"
    kinds: set[EditKind] = {_file_kind(before.get(path, ""), after.get(path, "")) for path in changed}
    return kinds.pop() if len(kinds) == 1 else "rewritten"


def _file_kind(before: str, after: str) -> EditKind:
    old, new = _tokens(before), _tokens(after)
    if old is not None and old == new:
        return "layout"
    if old is not None and new is not None and len(old) == len(new):
        kinds: set[EditKind | None] = {_token_kind(a, b) for a, b in zip(old, new, strict=True) if a != b}
        if len(kinds) == 1 and (kind := kinds.pop()) is not None:
            return kind
    return _line_kind(_bare(before), _bare(after))


def _token_kind(old: tuple[int, str], new: tuple[int, str]) -> EditKind | None:
    if old[0] != new[0]:
        return None
    if old[0] in (tokenize.NUMBER, tokenize.STRING):
        return "numbers"
    if old[0] == tokenize.OP:
        return "operators"
    is_name = old[0] == tokenize.NAME and not (keyword.iskeyword(old[1]) or keyword.iskeyword(new[1]))
    return "names" if is_name else None


def _line_kind(old: Sequence[str], new: Sequence[str]) -> EditKind:
    if sorted(old) == sorted(new):
        return "moved"
    tags = {tag for tag, *_ in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()} - {"equal"}
    if tags == {"insert"}:
        return "added"
    return "removed" if tags == {"delete"} else "rewritten"


def _tokens(text: str) -> list[tuple[int, str]] | None:
    """Tokens without layout; ``None`` for a text that is no Python."""
    try:
        read = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError, RecursionError):
        return None
    tokens: list[tuple[int, str]] = []
    for item in read:
        if item.type in _LAYOUT:
            continue
        text = "" if item.type == tokenize.INDENT else item.string
        if item.type == tokenize.NUMBER and _is_sign(tokens):
            text = tokens.pop()[1] + text  # a number and its sign are one thing to whoever tunes it
        tokens.append((item.type, text))
    return tokens


def _is_sign(tokens: Sequence[tuple[int, str]]) -> bool:
    """Whether the last token is a minus that belongs to the number after it."""
    if not tokens or tokens[-1] != (tokenize.OP, "-"):
        return False
    kind, text = tokens[-2] if len(tokens) > 1 else (tokenize.OP, "")
    return kind == tokenize.OP and text not in (")", "]", "}")


def sources_of(chain: Sequence[Files], hunk: Hunk) -> list[int]:
    """Steps of a lineage that made a hunk of its last program: positions in `chain`, in order, each once.

    A step made a line if it is the last one before which the file had fewer such lines; a removed line went where the
    file last had more of them.

    Args:
        chain: programs from the first ancestor to the last.
        hunk: of the difference between the first and the last.
    """
    texts = [_bare(files.get(hunk.path, "")) for files in chain]
    steps = {_last_change(texts, line, grows=True) for line in hunk.added}
    steps |= {_last_change(texts, line, grows=False) for line in hunk.removed}
    return sorted(step for step in steps if step is not None)


def _last_change(texts: Sequence[Sequence[str]], line: str, *, grows: bool) -> int | None:
    counts = [text.count(line) for text in texts]
    for step in range(len(texts) - 1, 0, -1):
        if (counts[step] > counts[step - 1]) if grows else (counts[step] < counts[step - 1]):
            return step
    return None


def returned(chain: Sequence[Files]) -> Returned:
    """Lines that steps of a lineage added, and those among them that an earlier ancestor had. Blank lines are left out.

    Args:
        chain: programs from the first ancestor to the last.
    """
    seen: set[tuple[str, str]] = set()
    before: set[tuple[str, str]] = set()
    added = back = 0
    for number, files in enumerate(chain):
        here = set(_placed(files))
        if number:
            new = here - before
            added += len(new)
            back += len(new & seen)
        seen |= before
        before = here
    return Returned(added, back)


def _placed(files: Files) -> Iterable[tuple[str, str]]:
    return ((path, line) for path, text in files.items() for line in _bare(text) if line.strip())

"""Repair of JavaScript: texts that parse, for one that does not: brackets, quotes, commas, words. Pure.

Candidates are made from the tokens alone, near the place where brackets stop to match or the engine gave up; the parser
says which of them is a program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from cambrian.source.javascript_tokens import Token, tokens
from cambrian.source.javascript_tree import Dialect, parse
from cambrian.source.repair.report import Fix
from cambrian.source.repair.spelling import similar
from cambrian.source.tree import Problem

from .words import FOREIGN, KEYWORDS

__all__ = ["reshaped"]

_OPEN = {"(": ")", "[": "]", "{": "}"}
_CLOSE = {close: opener for opener, close in _OPEN.items()}
_MOST_PARSED, _MOST_FOUND = 1500, 40
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_NEAR = 2


class _Idea(NamedTuple):
    cost: float
    start: int
    stop: int
    text: str
    what: str


def reshaped(text: str, line: int, dialect: Dialect) -> list[Fix]:
    """Texts that parse, the likeliest first.

    Args:
        text: one that does not.
        line: where the engine gave up; 0 if unknown.
        dialect: its grammar.
    """
    ideas = sorted({*_brackets(text), *_commas(text, line), *_quotes(text, line), *_words(text, line)})
    found: list[Fix] = []
    for idea in ideas[:_MOST_PARSED]:
        made = text[: idea.start] + idea.text + text[idea.stop :]
        if not isinstance(parse(made, dialect), Problem):
            at = text.count("\n", 0, idea.start) + 1
            found.append(Fix(text=made, what=f"{idea.what} in line {at}", cost=idea.cost, line=at))
        if len(found) >= _MOST_FOUND:
            break
    return found


def _brackets(text: str) -> Iterator[_Idea]:
    """At the first bracket that does not match: what could be missing between it and the one it should close."""
    every = list(tokens(text))
    open_: list[tuple[int, Token]] = []
    for index, token in enumerate(every):
        if token.kind == "mark" and token.text in _OPEN:
            open_.append((index, token))
        elif token.kind == "mark" and token.text in _CLOSE:
            if open_ and _OPEN[open_[-1][1].text] == token.text:
                open_.pop()
                continue
            yield from _missing(text, every, open_, index)
            return
    for index, token in open_:
        yield from _inserted(text, every[index:], _OPEN[token.text], 1.0, text)


def _missing(text: str, every: list[Token], open_: list[tuple[int, Token]], index: int) -> Iterator[_Idea]:
    closer = every[index]
    begin = open_[-1][0] if open_ else 0
    if open_:
        yield from _inserted(text, every[begin:index], _OPEN[open_[-1][1].text], 1.0, text)
    earlier = every[max(0, open_[-2][0] if len(open_) > 1 else 0) : index]
    yield from _inserted(text, earlier, _CLOSE[closer.text], 1.2, text)
    yield _Idea(1.4, closer.end - 1, closer.end, "", f"took {closer.text!r} away")


def _inserted(text: str, gaps: Iterable[Token], mark: str, cost: float, whole: str) -> Iterator[_Idea]:
    """A bracket behind each of these tokens; ends of lines, and places before ``; { ,`` are likelier."""
    every = list(gaps)
    for number, token in enumerate(every):
        after = whole[token.end : token.end + 2]
        rest = whole[token.end :].split("\n", 1)[0].strip()
        likely = rest == "" or after[:1] in (";", ",", ")", " ") or rest[:1] in ("{", ";")
        bias = 0.0 if likely else 0.2
        if mark == "}":
            yield from _brace(text, token, cost)
            continue
        if mark == "{":
            bias = 0.0 if rest == "" and token.text in (")", "=>", "else", "try", "finally") else 0.3
        far = 0.004 * (len(every) - number)
        lead = " " if mark == "{" else ""
        yield _Idea(cost + bias + far, token.end, token.end, lead + mark, f"put {mark!r}")


def _brace(text: str, token: Token, cost: float) -> Iterator[_Idea]:
    """A closing brace in a line of its own, or behind a token."""
    line_end = text.find("\n", token.end)
    line_end = len(text) if line_end < 0 else line_end
    if text[token.end : line_end].strip():
        yield _Idea(cost + 0.3, token.end, token.end, " }", "put '}'")
        return
    own = _indent(text, token.end)
    following = re.match(r"\s*\n([ \t]*)\S", text[line_end:])
    less = following is None or len(following[1]) < len(own)
    for depth in range(len(own), -1, -1):
        if own[:depth] in {_indent(text, place) for place in (token.end,)} or depth % 2 == 0:
            fits = less and following is not None and depth == len(following[1]) + (len(own) - len(following[1])) // 2
            bias = 0.0 if fits else 0.1 if less else 0.4
            yield _Idea(cost + bias, line_end, line_end, f"\n{own[:depth]}}}", "put '}'")


def _indent(text: str, place: int) -> str:
    start = text.rfind("\n", 0, place) + 1
    match = re.match(r"[ \t]*", text[start:])
    return match[0] if match else ""


def _commas(text: str, line: int) -> Iterator[_Idea]:
    for before, after in _gaps(text, line):
        value = before.kind in ("word", "number", "string", "template") or before.text in (")", "]", "}")
        begins = after.kind in ("word", "number", "string", "template", "regex") or after.text in ("(", "[", "{", "...")
        if value and begins:
            yield _Idea(1.0, before.end, before.end, ",", "put a comma")
            yield _Idea(1.5, before.end, before.end, ":", "put a colon")
            yield _Idea(1.5, before.end, before.end, " =>", "put an arrow")
            yield _Idea(1.6, before.end, before.end, ".", "put a dot")
        if before.text in (",", ";", ".", "=", ":", "+"):
            yield _Idea(1.6, before.end - 1, before.end, "", f"took {before.text!r} away")
        if after.text == "=":
            yield _Idea(0.6, after.end - 1, after.end, "===", "put '===' for '='")
    for before, after in _gaps(text, line):
        if after.text == ";" and before.text not in (";", "{"):
            continue
        yield _Idea(1.7, before.end, before.end, ";", "put a semicolon")


def _gaps(text: str, line: int) -> list[tuple[Token, Token]]:
    """Neighbours near a line; everywhere if it is unknown."""
    every = list(tokens(text))
    found: list[tuple[Token, Token]] = []
    low, high = (line - _NEAR, line + 1) if line else (0, 10**9)
    number = 1
    last = 0
    for before, after in pairwise(every):
        number += text.count("\n", last, before.end)
        last = before.end
        if low <= number <= high:
            found.append((before, after))
    return found


def _quotes(text: str, line: int) -> Iterator[_Idea]:
    """A quote anywhere in a line that has an odd number of one kind."""
    start = 0
    for number, content in enumerate(text.split("\n"), 1):
        for quote in "'\"`":
            if content.count(quote) % 2 == 0 or (line and quote != "`" and abs(number - line) > _NEAR):
                continue
            for place in range(len(content) + 1):
                around = content[max(0, place - 1) : place + 1]
                inside = len(around) == 2 and all(c.isalnum() or c == "_" for c in around)
                blank = around.isspace() and len(around) == 2
                if inside or blank:
                    continue
                cost = 1.0 + (0.0 if _at_edge(content, place) else 0.3) + 0.001 * place
                yield _Idea(cost, start + place, start + place, quote, f"put {quote}")
        start += len(content) + 1


def _at_edge(content: str, place: int) -> bool:
    """Whether a text usually begins or ends there."""
    before, after = content[:place].rstrip()[-1:], content[place:].lstrip()[:1]
    return before in "([{,=:+?" or after in ")]},;:+?"


def _words(text: str, line: int) -> Iterator[_Idea]:
    """Words of other languages, and keywords with a wrong letter, near a line."""
    number, last = 1, 0
    for match in _WORD.finditer(text):
        number += text.count("\n", last, match.start())
        last = match.start()
        if line and not line - _NEAR <= number <= line + 1:
            continue
        word = match[0]
        if text[match.start() - 1 : match.start()] == "#" and text[match.start() - 2 : match.start() - 1] != ".":
            yield _Idea(0.6, match.start() - 1, match.start() - 1, "this.", f"'this.' before '#{word}'")
        for other in FOREIGN.get(word, ()):
            yield _Idea(0.8, match.start(), match.end(), other, f"{word!r} became {other!r}")
        if word not in KEYWORDS:
            if text[match.end() : match.end() + 1] == " ":
                yield _Idea(1.3, match.start(), match.end() + 1, "", f"took {word!r} away")
            for other, edits in similar(word, KEYWORDS, most=2):
                yield _Idea(0.8 + 0.4 * edits, match.start(), match.end(), other, f"{word!r} became {other!r}")

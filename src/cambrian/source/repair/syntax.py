"""Texts that do not parse: what may have been meant, tried until they do. Pure text; nothing is executed."""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections.abc import Iterator

from cambrian.source.edit import lines
from cambrian.source.tree import Problem, compiled

from .foreign import KEYWORDS
from .report import Failure, Fix
from .spelling import similar

__all__ = ["fault", "repairs"]

_WORD = re.compile(r"[A-Za-z_]\w*")
_OPENING = re.compile(r"\s*(?:async\s+)?(?:if|elif|else|for|while|def|class|try|except|finally|with|match|case)\b")
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_NEAR = 3
"""Lines before the one that the parser names that are looked at, too."""
_SOFT = ("print", "range", "len", "self", "True", "False", "None")


def fault(text: str) -> Failure | None:
    """Where and why a text does not parse or compile."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return Failure(type=type(error).__name__, message=error.msg, line=error.lineno or 0)
    except (ValueError, RecursionError, MemoryError) as error:
        return Failure(type="SyntaxError", message=str(error))
    problem = compiled(text)
    if isinstance(problem, Problem):
        kind, _, message = problem.message.partition(": ")
        return Failure(type=kind, message=message, line=problem.line)
    return None


def repairs(text: str, failure: Failure) -> Iterator[Fix]:
    """Texts that compile, or that fail for another reason further down, near ones first."""
    seen: set[str] = {text}
    for made, what, cost, line in _tries(text, failure):
        if made in seen:
            continue
        seen.add(made)
        left = fault(made)
        if left is None:
            yield Fix(text=made, what=what, cost=cost, line=line)
        elif left.line > failure.line + 1:
            yield Fix(text=made, what=what, cost=cost + 2, line=line)


_Try = tuple[str, str, float, int]


def _tries(text: str, failure: Failure) -> Iterator[_Try]:
    every = lines(text if text.endswith("\n") else text + "\n")
    at = min(max(failure.line, 1), len(every)) - 1
    near = [at, *range(at - 1, max(-1, at - 1 - _NEAR), -1), *([at + 1] if at + 1 < len(every) else [])]
    for distance, index in enumerate(near):
        for made, what, cost in _line_tries(every[index]):
            yield _with(every, index, made), what, cost + 0.2 * distance, index + 1
    for index in near:
        yield from _indentation(every, index)
    yield from _brackets(every, at)
    yield from _async_def(every, at, failure)


def _with(every: list[str], index: int, line: str) -> str:
    return "".join([*every[:index], line, *every[index + 1 :]])


def _line_tries(line: str) -> Iterator[tuple[str, str, float]]:
    body = line.rstrip("\r\n")
    end = line[len(body) :]
    for made, what, cost in (*_colon(body), *_words(body), *_foreign(body), *_quotes(body), *_closers(body),
                             *_separators(body), *_equals(body)):  # fmt: skip
        yield made + end, what, cost


def _colon(body: str) -> Iterator[tuple[str, str, float]]:
    code = body.split("#", maxsplit=1)[0].rstrip()
    if _OPENING.match(body) and not code.endswith(":"):
        yield body[: len(code)] + ":" + body[len(code) :], "a colon at the end", 0.5
        if code.endswith((";", ",", ".")):
            yield code[:-1] + ":", "a colon at the end", 0.6
        for closer in ")]}":
            yield body[: len(code)] + closer + ":" + body[len(code) :], f"{closer!r} and a colon", 1.5
    match = re.match(r"(\s*(?:async\s+)?def\s+\w+)\s*(:?)\s*$", code)
    if match:
        yield f"{match[1]}():", "brackets after the function's name", 0.5
    header = re.match(
        r"(\s*(?:if|elif|while|for|else|try|except|finally|with|def|class)\b.*?[)\]\w'\"])\s+(\S.*)$", code
    )
    if header and ":" not in code:
        yield f"{header[1]}: {header[2]}", "a colon", 1.8
    if not _OPENING.match(body) and code.endswith(":"):
        yield code[:-1], "without the colon", 1.5


def _words(body: str) -> Iterator[tuple[str, str, float]]:
    """Misspelled keywords."""
    for match in _WORD.finditer(body):
        word = match[0]
        if keyword.iskeyword(word):
            continue
        for other, edits in similar(word, keyword.kwlist, most=3):
            if edits <= 2 and len(word) > 1:
                made = body[: match.start()] + other + body[match.end() :]
                yield made, f"{word!r} → {other!r}", 0.5 * edits + (0.0 if word not in _SOFT else 2.0)
    match = re.match(r"(\s*)(\w+)\s*\((.*)\)\s*:\s*$", body)
    if match and not keyword.iskeyword(match[2]):
        yield f"{match[1]}def {match[2]}({match[3]}):", "'def' before the function's name", 1.0
    match = re.match(r"(\s*)for\s+(\w+(?:\s*,\s*\w+)*)\s+(?!in\b)(of\s+|:\s*)?(.+)$", body)
    if match:
        yield f"{match[1]}for {match[2]} in {match[4]}", "'in' after the loop's variable", 0.8


def _foreign(body: str) -> Iterator[tuple[str, str, float]]:
    for pattern, replacement in KEYWORDS:
        made = re.sub(pattern, replacement, body)
        if made != body:
            yield made, f"{body.strip()[:40]!r} → {made.strip()[:40]!r}", 0.7
    spread = body
    for pattern, replacement in KEYWORDS:
        spread = re.sub(pattern, replacement, spread)
    if spread != body:
        yield spread, f"{body.strip()[:40]!r} → {spread.strip()[:40]!r}", 1.5
        if _OPENING.match(spread) and not spread.rstrip().endswith(":"):
            yield spread.rstrip() + ":", f"{body.strip()[:40]!r} → {spread.strip()[:38]!r} with a colon", 1.5


def _quotes(body: str) -> Iterator[tuple[str, str, float]]:
    """A quote that is missing, or one too many."""
    for quote in ("'", '"'):
        if body.count(quote) % 2 == 0:
            continue
        places = [match.start() for match in re.finditer(r"[)\],:}\s]", body)] + [len(body)]
        last = body.rfind(quote)
        for place in sorted(places, key=lambda at: (at < last, -at if at > last else at)):
            yield body[:place] + quote + body[place:], f"{quote} put in", 1.0
        for match in re.finditer(r"(?<=[(\[,=:{\s])(?=\S)", body):
            yield body[: match.start()] + quote + body[match.start() :], f"{quote} put in", 1.2
        for match in re.finditer(r"(?<=\w)(?=[^\w\s])|(?<=[^\w\s])(?=\w)|(?<=[^\w\s])(?=[^\w\s])", body):
            yield body[: match.start()] + quote + body[match.start() :], f"{quote} put in", 1.3
        for match in re.finditer(re.escape(quote), body):
            other = '"' if quote == "'" else "'"
            yield body[: match.start()] + other + body[match.end() :], f"{quote} → {other}", 1.0
            yield body[: match.start()] + body[match.end() :], f"{quote} taken out", 1.4


def _closers(body: str) -> Iterator[tuple[str, str, float]]:
    """A bracket that is missing, of the wrong kind, or one too many."""
    missing = _missing(body)
    code = body.rstrip()
    ends = [at for at in (len(code) - 1, len(code)) if at > 0]
    if missing:
        for at in ends:
            yield body[:at] + missing + body[at:], f"{missing!r} put in", 0.8
        for match in re.finditer(r"(?=[)\]},:=+\-*/%<>!]|\s(?:for|if|in|and|or|else|is|not)\b)|$", code):
            yield body[: match.start()] + missing[:1] + body[match.start() :], f"{missing[:1]!r} put in", 1.0
    for match in re.finditer(r"[()\[\]{}]", body):
        yield body[: match.start()] + body[match.end() :], f"{match[0]!r} taken out", 1.2
        for other in "()[]{}":
            if other != match[0] and (other in "([{") == (match[0] in "([{"):
                yield body[: match.start()] + other + body[match.end() :], f"{match[0]!r} → {other!r}", 1.0
    for opener in "([{":
        if body.count(_CLOSERS[opener]) > body.count(opener):
            for match in re.finditer(r"(?<=\w)(?=[^\w\s])|(?<=\W)(?=\S)|(?<=\w)(?=\w)", body):
                cost = 1.3 if body[match.start() - 1 : match.start() + 1].isidentifier() else 1.0
                yield body[: match.start()] + opener + body[match.start() :], f"{opener!r} put in", cost


def _missing(body: str) -> str:
    """Closing brackets that a line lacks, innermost first; those in texts count, too: it is only a try."""
    open_: list[str] = []
    for mark in re.sub(r"\"[^\"]*\"|'[^']*'", "", body).split("#")[0]:
        if mark in _CLOSERS:
            open_.append(_CLOSERS[mark])
        elif open_ and mark == open_[-1]:
            open_.pop()
    return "".join(reversed(open_))


def _separators(body: str) -> Iterator[tuple[str, str, float]]:
    """A comma, a dot or an operator that is missing, or one too many."""
    for match in re.finditer(r"(?<=[\w)\]}'\"])(\s+)(?=[\w(\[{'\"\-])", body):
        before = re.search(r"\w+$", body[: match.start()])
        if before and (keyword.iskeyword(before[0]) or before[0] == "print"):
            continue
        for mark, cost in ((", ", 1.0), (" = ", 1.6), (" + ", 2.2), (" in ", 1.4), (".", 2.0), (": ", 1.8)):
            yield body[: match.start()] + mark + body[match.end() :], f"{mark.strip()!r} put in", cost
    if re.search(r"[\])}'\"\w]\s*$", body):
        yield body.rstrip() + ",", "a comma at the end", 0.9
    for match in re.finditer(r"[,.;:=]", body):
        yield body[: match.start()] + body[match.end() :], f"{match[0]!r} taken out", 1.6


def _equals(body: str) -> Iterator[tuple[str, str, float]]:
    for match in re.finditer(r"(?<![=!<>+\-*/%:])=(?!=)", body):
        yield body[: match.start()] + "==" + body[match.end() :], "'=' → '=='", 0.6
    for match in re.finditer(r"==", body):
        yield body[: match.start()] + "=" + body[match.end() :], "'==' → '='", 1.0
    for match in re.finditer(r":(?!=)", body):
        yield body[: match.start()] + " =" + body[match.end() :], "':' → '='", 1.6
        yield body[: match.start()] + ":=" + body[match.end() :], "':' → ':='", 2.5


def _indentation(every: list[str], index: int) -> Iterator[_Try]:
    """A line, or it and those that follow as deep, at another level that the file has around."""
    line = every[index]
    if not line.strip():
        return
    own = line[: len(line) - len(line.lstrip())]
    levels = _levels(every, index, own)
    for level in levels:
        if level != own:
            cost = 0.8 + 0.1 * abs(len(level.expandtabs(4)) - len(own.expandtabs(4))) / 4
            yield _with(every, index, level + line.lstrip()), "indentation", cost, index + 1
            made, count = _block(every, index, own, level)
            if count > 1:
                yield made, f"indentation of {count} lines", cost + 0.1, index + 1
    if "\t" in "".join(every):
        yield "".join(each.expandtabs(4) for each in every), "tabs as blanks", 0.5, index + 1
    if index + 1 <= len(every) and line.rstrip().endswith(":"):
        yield _with(every, index, line.rstrip("\r\n") + " pass\n"), "'pass' for an empty block", 2.0, index + 1


def _levels(every: list[str], index: int, own: str) -> list[str]:
    found: dict[str, None] = {}
    for other in (*reversed(every[max(0, index - 40) : index]), *every[index + 1 : index + 8]):
        if other.strip():
            level = other[: len(other) - len(other.lstrip())]
            found.setdefault(level)
            if other.rstrip().endswith(":"):
                found.setdefault(level + "    ")
    return sorted(found, key=lambda level: abs(len(level) - len(own)))


def _block(every: list[str], index: int, own: str, level: str) -> tuple[str, int]:
    made = list(every)
    count = 0
    for at in range(index, len(every)):
        line = every[at]
        if line.strip() and not line.startswith(own):
            break
        if line.strip() and count and len(line) - len(line.lstrip()) < len(own):
            break
        made[at] = level + line[len(own) :] if line.strip() else line
        count += bool(line.strip())
    return "".join(made), count


def _brackets(every: list[str], at: int) -> Iterator[_Try]:
    """A bracket that was opened further up: closed at the end of a line from there on."""
    text = "".join(every)
    code = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", lambda match: " " * len(match[0]), text)
    open_: list[tuple[str, int]] = []
    line = 0
    for mark in code:
        line += mark == "\n"
        if mark in _CLOSERS:
            open_.append((_CLOSERS[mark], line))
        elif open_ and mark == open_[-1][0]:
            open_.pop()
    for closer, begun in reversed(open_[-3:]):
        for index in range(begun, min(len(every), max(at, begun) + 2)):
            body = every[index].rstrip("\r\n")
            for end in (body.rstrip(), body.rstrip(":").rstrip()):
                made = end + closer + body[len(end) :] + "\n"
                yield _with(every, index, made), f"{closer!r} put in", 1.0 + 0.1 * (index - begun), index + 1


def _async_def(every: list[str], at: int, failure: Failure) -> Iterator[_Try]:
    """``await`` in a function that is not ``async``."""
    if "async" not in failure.message and "await" not in failure.message:
        return
    for index in range(at, -1, -1):
        match = re.match(r"(\s*)def\b", every[index])
        if match:
            yield (
                _with(every, index, f"{match[1]}async {every[index].lstrip()}"),
                "'async' before 'def'",
                0.4,
                index + 1,
            )
            break
    yield _with(every, at, re.sub(r"\bawait\s+", "", every[at])), "without 'await'", 0.9, at + 1

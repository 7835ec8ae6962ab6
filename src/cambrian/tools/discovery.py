"""Tools, discovery: a few of many tools, found by words and shown in full; nobody has to read them all. Pure."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from cambrian.core.checks import check_choice, check_whole
from cambrian.core.errors import UsageError
from cambrian.core.script import LANGUAGES, Language
from cambrian.core.tool import Tool

from .schema import properties, signature
from .stubs import plain_text, python_stub, typescript_stub

__all__ = ["Description", "Match", "describe", "search"]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_COMMON = frozenset(
    {"a", "all", "an", "and", "by", "for", "from", "in", "is", "it", "of", "on", "or", "that", "the", "to"}
)
_NAME, _PARAMETER = 4, 2  # how many times a word counts that stands in a name, as against in a text


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A tool that was found.

    Args:
        name: its name.
        summary: the first line of its description.
        score: how well it fits; comparable within one search only.
    """

    name: str
    summary: str
    score: float


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to say about a tool.

    Args:
        name: its name.
        server: where it comes from; "" for a function.
        call: its call in one line.
        stub: its declaration in the language asked for.
        parameters: JSON Schema.
        returns: JSON Schema; empty if it is not known.
        approval: whether a person has to allow each call.
        read_only: whether it changes nothing.
    """

    name: str
    server: str
    call: str
    stub: str
    parameters: dict[str, object]
    returns: dict[str, object]
    approval: bool
    read_only: bool


def search(tools: Sequence[Tool], text: str, *, limit: int = 10) -> list[Match]:
    """The tools that a text is about, best first; all of them by name for an empty text.

    Ranked by Okapi BM25 over the words of names, parameters and descriptions; a word also finds those that it begins.

    Args:
        tools: all there are.
        text: a few words.
        limit: at most so many.
    """
    check_whole("limit", limit, example="limit=10")
    words = set(_words(text)) - _COMMON
    pages = {tool.name: _page(tool) for tool in tools}
    scores = _scores(words, pages) if words else dict.fromkeys(pages, 1.0)
    found = [
        Match(name=tool.name, summary=_summary(tool), score=round(scores[tool.name], 4))
        for tool in tools
        if scores[tool.name] > 0
    ]
    return sorted(found, key=lambda match: (-match.score, match.name))[:limit]


def describe(tools: Sequence[Tool], name: str, *, language: Language = "python") -> Description:
    """One tool in full.

    Raises:
        UsageError: there is no such tool; names those that come near.
    """
    check_choice("language", language, LANGUAGES, example='language="python"')
    tool = next((each for each in tools if each.name == name), None)
    if tool is None:
        near = ", ".join(match.name for match in search(tools, name, limit=3)) or "none comes near"
        raise UsageError(f"there is no tool {name!r:.80}; {near}; search for a word to find others")
    return Description(
        name=tool.name,
        server=tool.server,
        call=signature(tool),
        stub=python_stub([tool]) if language == "python" else typescript_stub([tool]),
        parameters=tool.parameters,
        returns=tool.returns,
        approval=tool.approval,
        read_only=tool.read_only,
    )


def _summary(tool: Tool) -> str:
    lines = plain_text(tool.description)
    return lines[0][:200] if lines else ""


@functools.lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """Plural and verb endings off, so that "files" finds "file" and "fetching" finds "fetch"."""
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e") if len(word) > 3 else word


def _words(text: str) -> list[str]:
    return [_stem(word.lower()) for word in _WORD.findall(text[:20_000])]


def _page(tool: Tool) -> Counter[str]:
    page = Counter(_words(tool.description))
    for word in _words(f"{tool.name} {tool.server}"):
        page[word] += _NAME
    for word in _words(" ".join(properties(tool.parameters))):
        page[word] += _PARAMETER
    return page


def _scores(words: set[str], pages: dict[str, Counter[str]]) -> dict[str, float]:
    """Okapi BM25 (Robertson and Zaragoza 2009), k1 = 1.2, b = 0.5; a beginning counts half."""
    mean = sum(page.total() for page in pages.values()) / len(pages) if pages else 1.0
    scores = dict.fromkeys(pages, 0.0)
    for word in sorted(words):
        hits = {name: _hits(word, page) for name, page in pages.items()}
        holders = sum(1 for each in hits.values() if each)
        weight = math.log(1 + (len(pages) - holders + 0.5) / (holders + 0.5))
        for name, each in hits.items():
            scores[name] += weight * each * 2.2 / (each + 1.2 * (0.5 + 0.5 * pages[name].total() / (mean or 1.0)))
    return scores


def _hits(word: str, page: Counter[str]) -> float:
    begun = sum(count for other, count in page.items() if other != word and len(word) > 2 and other.startswith(word))
    return page[word] + begun / 2

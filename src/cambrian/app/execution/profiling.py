"""App, execution: where a script's time went, line by line and call by call, and what could be done about it.

The run is played again on CPython from its record, with every line timed; nothing is done in the world. So it can be
asked of any Python run, also of one that ran elsewhere and was not profiled then. Times of calls are the recorded ones.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import msgspec

from .history import History

__all__ = ["CallCost", "LineCost", "Profile", "profile"]

_DEAR, _OFTEN = 0.2, 20


class LineCost(msgspec.Struct, frozen=True, kw_only=True):
    """A line.

    Args:
        line: its number, from 1.
        text: what it says.
        count: how often it ran.
        ms: milliseconds in all; a line that calls tools has the way of their recorded answers in it, not the waiting.
        share: of all lines' time.
    """

    line: int
    text: str
    count: int
    ms: float
    share: float


class CallCost(msgspec.Struct, frozen=True, kw_only=True):
    """A tool.

    Args:
        tool: its name.
        calls: how many calls.
        repeated: how many of them had arguments that had been given before.
        ms: milliseconds that its calls took, summed up; where they were side by side, less was waited.
    """

    tool: str
    calls: int
    repeated: int
    ms: float


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Where the time went.

    Args:
        run: of which run.
        lines: the dearest first.
        calls: by tool, the dearest first.
        suggestions: what could be done.
    """

    run: str
    lines: tuple[LineCost, ...]
    calls: tuple[CallCost, ...]
    suggestions: tuple[str, ...]


def profile(history: History, timed: Sequence[tuple[int, int, float]]) -> Profile:
    """Read what was timed.

    Args:
        history: of the run.
        timed: see `Traveller.timed`.
    """
    code = history.opened.script.code
    lines = _lines(code, timed)
    calls = _calls(history)
    return Profile(
        run=history.run,
        lines=lines,
        calls=calls,
        suggestions=tuple(_suggestions(code, lines, calls, history)),
    )


def _lines(code: str, told: Sequence[tuple[int, int, float]]) -> tuple[LineCost, ...]:
    texts = code.split("\n")
    whole = sum(seconds for _, _, seconds in told) or 1.0
    found = [
        LineCost(
            line=line,
            text=texts[line - 1].strip(),
            count=count,
            ms=round(1000 * seconds, 3),
            share=round(seconds / whole, 4),
        )
        for line, count, seconds in told
        if 0 < line <= len(texts)
    ]
    return tuple(sorted(found, key=lambda each: -each.ms))


def _calls(history: History) -> tuple[CallCost, ...]:
    seen = set[bytes]()
    costs: dict[str, list[float]] = {}
    for _, each in history.record:
        cost = costs.setdefault(each.call.tool, [0, 0, 0.0])
        said = msgspec.json.encode([each.call.tool, each.call.args, each.call.kwargs])
        cost[0] += 1
        cost[1] += said in seen
        cost[2] += each.took
        seen.add(said)
    found = [
        CallCost(tool=tool, calls=int(count), repeated=int(again), ms=round(1000 * seconds, 3))
        for tool, (count, again, seconds) in costs.items()
    ]
    return tuple(sorted(found, key=lambda each: -each.ms))


def _suggestions(code: str, lines: Sequence[LineCost], calls: Sequence[CallCost], history: History) -> Iterator[str]:
    looped = _looped_calls(code, {tool.name: tool.asynchronous for tool in history.opened.tools})
    for each in calls:
        if each.repeated:
            yield (
                f"{each.tool}() was called {each.repeated} times with arguments that it had been given before: "
                "keep its answers in a dict"
            )
        if each.calls > 1 and each.tool in looped:
            line, awaited = looped[each.tool]
            way = "await asyncio.gather(…)" if awaited else "make the tool async and await asyncio.gather(…)"
            yield (
                f"line {line}: {each.calls} calls of {each.tool}() one after the other took {each.ms:.0f} ms; "
                f"if none needs the answer of the one before, make them together: {way}"
            )
    for cost in lines[:3]:
        if cost.share >= _DEAR and cost.count >= _OFTEN:
            hint = _hint(cost.text)
            if hint:
                yield f"line {cost.line} ({cost.share:.0%} of the time, {cost.count} times): {hint}"


def _looped_calls(code: str, tools: dict[str, bool]) -> dict[str, tuple[int, bool]]:
    """Tool → the line of its first call in a loop, and whether it is awaited."""
    found: dict[str, tuple[int, bool]] = {}
    for loop in ast.walk(ast.parse(code)):
        if not isinstance(loop, ast.For | ast.While | ast.ListComp | ast.DictComp | ast.SetComp):
            continue
        for node in ast.walk(loop):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in tools:
                found.setdefault(node.func.id, (node.lineno, tools[node.func.id]))
    return found


def _hint(text: str) -> str:
    try:
        tree = ast.parse(text.rstrip(":") if not text.endswith(":") else f"{text} pass")
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
            return "if what is searched is a list, make it a set before the loop"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("insert", "pop") and node.args and _is_zero(node.args[0]):
                return "the front of a list is slow; use collections.deque"
            if node.func.attr in ("count", "index"):
                return f".{node.func.attr}() looks through all of it each time; count once into a dict before the loop"
        if isinstance(node, ast.AugAssign) and isinstance(node.value, ast.List):
            return "use append or extend instead of adding lists"
    return ""


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0

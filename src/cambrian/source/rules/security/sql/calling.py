"""How the call that executes a statement is handed its parameters: the edits of its arguments. Text and trees only."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from cambrian.source.edit import Locator, Splice

from .assembly import CARRIED, Given
from .drivers import Driver
from .parameters import Refused

__all__ = ["Call", "call_of", "hand_over", "marked_by"]

_KEYWORDS = ("params", "parameters", "args", "vars", "seq_of_parameters", "seq_of_params", "bind_vars", "translations")
_QUERIES = ("sql", "query", "statement", "operation", "raw_query", "clause", "command", "stmt", "text", "q")


class Call(NamedTuple):
    """A call that executes a statement.

    Args:
        node: it.
        query: the statement.
        given: the parameters that it is handed already.
        keyword: by which keyword parameters are handed over; ``""`` as the argument behind the statement.
        kind: ``"many"`` for `executemany`, ``"list"`` where a list is wanted, else ``""``.
    """

    node: ast.Call
    query: ast.expr
    given: ast.expr | None
    keyword: str = ""
    kind: str = ""


def call_of(node: ast.Call, method: str) -> Call | None:
    """A call of this method as one that executes a statement; ``None`` if there is none in it."""
    keywords = {each.arg: each.value for each in node.keywords if each.arg is not None}
    query = node.args[0] if node.args else next((keywords[name] for name in _QUERIES if name in keywords), None)
    if query is None or isinstance(query, ast.Starred):
        return None
    behind = node.args[1] if len(node.args) > 1 and not method.startswith("read_sql") else None
    given = behind or next((keywords[name] for name in _KEYWORDS if name in keywords), None)
    keyword = "params" if method.startswith("read_sql") else ""
    kind = "many" if method == "executemany" else "list" if method in {"raw", "RawSQL"} else ""
    return Call(node, query, given, keyword, kind)


def marked_by(given: ast.expr | None) -> list[str]:
    """Names of the parameters that a call has already."""
    if not isinstance(given, ast.Dict):
        return []
    return [str(key.value) for key in given.keys if isinstance(key, ast.Constant)]


def hand_over(
    call: Call, given: Sequence[Given], driver: Driver, locator: Locator, marks: int
) -> list[Splice] | Refused:
    """The edits that hand over parameters.

    Args:
        call: the call.
        given: the parameters.
        driver: whose.
        locator: of the file.
        marks: how many placeholders the statement had before.
    """
    if not given:
        return []
    if call.kind == "many":
        return _each_row(call, given, locator, marks)
    if driver.spread:
        text = ", ".join(each.source for each in given)
        return [_insert(call, f", {text}", locator)] if call.given is None else Refused(_MERGE)
    if driver.style == ":name":
        return _named(call, given, locator)
    if call.given is None:
        carried = len(given) == 1 and given[0].name == CARRIED and call.kind != "list"
        written = (
            given[0].source[1:] if carried else _written([each.source for each in given], as_list=call.kind == "list")
        )
        return [_insert(call, f", {call.keyword}={written}" if call.keyword else f", {written}", locator)]
    return _merged(call.given, given, locator, marks)


_MERGE = "the call has parameters already, and their order cannot be told"


def _written(sources: Sequence[str], *, as_list: bool) -> str:
    if as_list or (len(sources) == 1 and sources[0].startswith("*")):
        return f"[{', '.join(sources)}]"
    return f"({', '.join(sources)}{',' if len(sources) == 1 else ''})"


def _insert(call: Call, text: str, locator: Locator) -> Splice:
    """Behind the statement, or behind all arguments if it goes by keyword."""
    last = call.query
    if call.keyword or call.query not in call.node.args:
        last = max(
            (*call.node.args, *(each.value for each in call.node.keywords)), key=lambda each: locator.range(each)[1]
        )
        text = text if call.keyword or call.query in call.node.args else f", parameters={text[2:]}"
    _, stop = locator.range(last)
    _, end = locator.range(call.node)
    between = locator.text[stop : end - 1]
    closed = 0
    for place, char in enumerate(between):
        if char == ")":
            closed = place + 1
        elif char == "," or not char.isspace():
            break
    return Splice(stop + closed, stop + closed, text)


def _named(call: Call, given: Sequence[Given], locator: Locator) -> list[Splice] | Refused:
    entries = [f'"{each.name}": {each.source}' for each in given]
    if call.given is None:
        written = f"{{{', '.join(entries)}}}"
        return [_insert(call, f", {call.keyword}={written}" if call.keyword else f", {written}", locator)]
    if not isinstance(call.given, ast.Dict):
        return Refused(_MERGE)
    _, stop = locator.range(call.given)
    before = ", " if call.given.keys else ""
    return [Splice(stop - 1, stop - 1, before + ", ".join(entries))]


def _merged(there: ast.expr, given: Sequence[Given], locator: Locator, marks: int) -> list[Splice] | Refused:
    if isinstance(there, ast.Tuple | ast.List) and len(there.elts) == marks:
        old = [locator.segment(each) for each in there.elts]
        new: list[str] = []
        for rank in range(marks + 1):
            new += [each.source for each in given if each.rank == rank]
            new += old[rank : rank + 1]
        return [locator.splice(there, _written(new, as_list=isinstance(there, ast.List)))]
    if isinstance(there, ast.Dict):
        return Refused(_MERGE)
    text = locator.segment(there)
    if not isinstance(there, ast.Name | ast.Attribute | ast.Call):
        return Refused(_MERGE)
    sources = [each.source for each in given]
    if all(each.rank == marks for each in given):
        return [locator.splice(there, _written([f"*{text}", *sources], as_list=False))]
    if all(each.rank == 0 for each in given):
        return [locator.splice(there, _written([*sources, f"*{text}"], as_list=False))]
    return Refused(_MERGE)


def _each_row(call: Call, given: Sequence[Given], locator: Locator, marks: int) -> list[Splice] | Refused:
    """Of `executemany`: every row gets the values besides its own."""
    if call.given is None or isinstance(call.given, ast.Dict):
        return Refused("it cannot be told which rows there are")
    sources = ", ".join(each.source for each in given)
    rows = locator.segment(call.given)
    rows = f"({rows})" if isinstance(call.given, ast.IfExp | ast.Lambda) else rows
    if all(each.rank == marks for each in given):
        return [locator.splice(call.given, f"[(*row, {sources}) for row in {rows}]")]
    if all(each.rank == 0 for each in given):
        return [locator.splice(call.given, f"[({sources}, *row) for row in {rows}]")]
    return Refused(_MERGE)

"""App, MCP: what each operation may be asked. One struct each: its docstring is what a client reads. Values only."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from cambrian.core.script import Language

__all__ = [
    "PATIENCE_S",
    "Cancel",
    "DescribeTool",
    "ExecuteCode",
    "GetResult",
    "GetRuntimeCapabilities",
    "ListRuntimes",
    "RuntimeHealthCheck",
    "SearchTools",
]

PATIENCE_S = 20.0
"""Seconds that a call waits for an execution before it answers with a handle. Many clients give up after 30."""

_CODE = 1_000_000
Runtime = Annotated[str, Meta(description="Name of a runtime, as list_runtimes tells it.")]
Handle = Annotated[str, Meta(description="As execute_code gave it.", max_length=64)]
Seconds = Annotated[float, Meta(description="That the code may run, its waiting for tools not counted.", gt=0)]
Wait = Annotated[
    float,
    Meta(description="Seconds to wait for the end before a handle is given; 0 for one at once.", ge=0, le=PATIENCE_S),
]


class ExecuteCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Run Python, JavaScript or TypeScript in a sandbox.

    Answers with the value of the last expression, what was printed, and what went wrong. Tools (search_tools finds
    them) are global functions of the code: `add(1, 2)` in Python, or `await add(1, 2)` if describe_tool shows it as
    async; `await add({a: 1, b: 2})` in JavaScript. Top-level await works. Call several tools and filter their results
    in one execution. There is no network and, unless the server's owner says otherwise, no files. What takes longer
    than `wait` goes on and is answered with a handle.
    """

    code: Annotated[str, Meta(description="Source text.", min_length=1, max_length=_CODE)]
    language: Annotated[Language | None, Meta(description="Default: found out from the code.")] = None
    runtime: Annotated[str, Meta(description="Run on this one only. Default: the best that may and can.")] = "auto"
    timeout: Seconds | None = None
    inputs: Annotated[dict[str, object], Meta(description="Global variables of the code: name to JSON value.")] = {}
    wait: Wait = PATIENCE_S


class GetResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The result of an execution that was answered with a handle; status "running" if it has not ended yet."""

    handle: Handle
    wait: Wait = PATIENCE_S


class Cancel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """End an execution that was answered with a handle. Tool calls that it has made stay made."""

    handle: Handle


class ListRuntimes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What code can run on here: each runtime, its languages, and for those that are missing what would add them."""


class GetRuntimeCapabilities(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one runtime can do, by feature, as trying it has shown."""

    runtime: Runtime


class RuntimeHealthCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Run `1 + 1` on a runtime, or on each that is here, and tell how long it took."""

    runtime: Annotated[str | None, Meta(description="Default: all of them.")] = None


class SearchTools(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Find tools that executed code can call, by a few words about what they do. All of them for an empty query."""

    query: Annotated[str, Meta(description="A few words.", max_length=1000)] = ""
    limit: Annotated[int, Meta(description="At most so many.", ge=1, le=50)] = 10


class DescribeTool(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tool in full: how executed code calls it, as a declaration in the language of the code."""

    name: Annotated[str, Meta(description="As search_tools tells it.", max_length=200)]
    language: Annotated[Language, Meta(description="Of the declaration.")] = "python"

"""Tools, functions: a Python function as a tool, by its signature, annotations and docstring.

The functions are the user's own, trusted code; they run in this process. Those written with ``async def`` are awaited,
and cancelled at their time limit; a blocking call inside one of them blocks everything. The others run in `Threads`.
"""

from __future__ import annotations

import contextvars
import functools
import hashlib
import inspect
import types
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar, cast, get_type_hints, overload

import anyio
import msgspec

from cambrian.core.checks import check_number
from cambrian.core.errors import CodecError, UsageError
from cambrian.core.tool import Tool

from .annotations import annotated_text, convert, schemas
from .docstrings import Docstring, read_docstring
from .entry import Outcome
from .naming import identifier
from .plain import to_plain
from .threads import Threads, describe

__all__ = ["FunctionTool", "Marks", "ToolFunction", "idempotency_key", "tool"]

ToolFunction = Callable[..., object]
F = TypeVar("F", bound=ToolFunction)

_MARKS = "__cambrian_tool__"
_key: contextvars.ContextVar[str] = contextvars.ContextVar("cambrian tool key", default="")


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """What a signature cannot say about a tool; see `core.tool.Tool`.

    Args:
        name: instead of the function's.
        description: instead of the docstring's.
        read_only: it changes nothing in the world.
        idempotent: calling it twice with one key does what calling it once does.
        approval: a person has to allow each call.
        timeout: seconds for one call, instead of the toolbox's.
    """

    name: str = ""
    description: str = ""
    read_only: bool = False
    idempotent: bool = False
    approval: bool = False
    timeout: float | None = None

    def __post_init__(self) -> None:
        if self.timeout is not None:
            check_number("a tool's timeout", self.timeout, example="@tool(timeout=10.0)")


@overload
def tool(function: F, /) -> F: ...
@overload
def tool(
    *,
    name: str = "",
    description: str = "",
    read_only: bool = False,
    idempotent: bool = False,
    approval: bool = False,
    timeout: float | None = None,
) -> Callable[[F], F]: ...
def tool(
    function: F | None = None,
    /,
    *,
    name: str = "",
    description: str = "",
    read_only: bool = False,
    idempotent: bool = False,
    approval: bool = False,
    timeout: float | None = None,
) -> F | Callable[[F], F]:
    """Mark a function as a tool. The function stays what it is; see `Marks` for the arguments.

    >>> @tool(read_only=True)
    ... def add(a: int, b: int = 0) -> int:
    ...     "Add two numbers."
    ...     return a + b
    >>> add(1, 2)
    3
    """
    marks = Marks(
        name=name,
        description=description,
        read_only=read_only,
        idempotent=idempotent,
        approval=approval,
        timeout=timeout,
    )

    def mark(marked: F) -> F:
        setattr(marked, _MARKS, marks)
        return marked

    return mark if function is None else mark(function)


def is_marked(function: object) -> bool:
    """Whether `tool` has marked it."""
    return isinstance(getattr(function, _MARKS, None), Marks)


def idempotency_key() -> str:
    """The key of the call that is being carried out, for a tool to hand on; the same if the call is repeated."""
    return _key.get()


class FunctionTool:
    """A Python function behind a tool.

    Args:
        function: any callable with annotations; without ``*args`` and ``**kwargs``.
        threads: where it runs, if it is not asynchronous.
        timeout: seconds for one call, if its marks say nothing.

    Raises:
        UsageError: its signature cannot be a tool's; names the file, the line and the fix.
    """

    def __init__(self, function: ToolFunction, *, threads: Threads, timeout: float) -> None:
        self._function = function
        self._threads = threads
        self._place = _place(function)
        marks = getattr(function, _MARKS, Marks())
        self._parameters = self._read_parameters()
        self._timeout = timeout if marks.timeout is None else marks.timeout
        self.tool = self._describe(marks)

    async def call(self, arguments: Mapping[str, object], *, key: str) -> Outcome:
        """See `Entry.call`."""
        try:
            bound = self._bind(arguments)
        except CodecError as error:
            return Outcome(error=f"the arguments of {self.tool.name}() do not fit: {error}")
        token = _key.set(key)
        try:
            if self.tool.asynchronous:
                return await self._await(bound)
            return await self._threads.run(bound, limit=self._timeout)
        finally:
            _key.reset(token)

    async def _await(self, bound: Callable[[], object]) -> Outcome:
        with anyio.move_on_after(self._timeout):
            try:
                return Outcome(value=await cast("Awaitable[object]", bound()))
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a request handler's boundary: it is the answer
                return Outcome(error=describe(error))
        return Outcome(error=f"TimeoutError: it took longer than {self._timeout:g} s and was cancelled")

    def _bind(self, arguments: Mapping[str, object]) -> Callable[[], object]:
        args: list[object] = []
        kwargs: dict[str, object] = {}
        for name, parameter in self._parameters.items():
            if name not in arguments:
                continue
            value = convert(arguments[name], parameter.annotation)
            if parameter.kind is parameter.POSITIONAL_ONLY:
                args.append(value)
            else:
                kwargs[name] = value
        return functools.partial(self._function, *args, **kwargs)

    def _read_parameters(self) -> dict[str, inspect.Parameter]:
        try:
            parameters = inspect.signature(self._function).parameters.values()
            hints = get_type_hints(_underlying(self._function), include_extras=True)
        except (NameError, TypeError, ValueError) as error:
            raise self._wrong(
                f"its signature cannot be read: {error}", "annotate it with names of its module"
            ) from None
        self._returns = hints.get("return", inspect.Parameter.empty)
        for each in parameters:
            if each.kind in {each.VAR_POSITIONAL, each.VAR_KEYWORD}:
                star = "*" if each.kind is each.VAR_POSITIONAL else "**"
                raise self._wrong(
                    f"it takes {star + each.name!r}", "name each parameter; use a list or a dict for more"
                )
        return {each.name: each.replace(annotation=hints.get(each.name, each.annotation)) for each in parameters}

    def _describe(self, marks: Marks) -> Tool:
        docstring = read_docstring(_docstring(self._function))
        return Tool(
            name=self._name(marks.name),
            description=marks.description or docstring.description,
            parameters=self._schema(docstring),
            returns=_returned(self._returns),
            asynchronous=_is_asynchronous(self._function),
            read_only=marks.read_only,
            idempotent=marks.idempotent or marks.read_only,
            approval=marks.approval,
            version=_version(self._function),
        )

    def _name(self, wanted: str) -> str:
        name = wanted or _function_name(self._function)
        if not name:
            raise self._wrong("it has no name", '@tool(name="…")')
        if identifier(name) != name:
            raise self._wrong(
                f"its name {name!r} is no identifier in both Python and JavaScript",
                f'@tool(name="{identifier(name)}"), or another name',
            )
        return name

    def _schema(self, docstring: Docstring) -> dict[str, object]:
        try:
            found, definitions = schemas([each.annotation for each in self._parameters.values()])
        except UsageError:
            raise self._misfit() from None
        parts = zip(self._parameters.values(), found, strict=True)
        schema: dict[str, object] = {
            "type": "object",
            "properties": {each.name: _property(each, part, docstring) for each, part in parts},
            "required": [name for name, each in self._parameters.items() if each.default is inspect.Parameter.empty],
            "additionalProperties": False,
        }
        return {**schema, "$defs": definitions} if definitions else schema

    def _misfit(self) -> UsageError:
        """The same once more, for one parameter at a time: which one is it?"""
        for name, each in self._parameters.items():
            try:
                schemas([each.annotation])
            except UsageError as error:
                return self._wrong(f"its parameter {name!r} cannot be one of a tool: {error}", "change its annotation")
        return self._wrong("its parameters together cannot be those of a tool", "give its types different names")

    def _wrong(self, what: str, fix: str) -> UsageError:
        name = _function_name(self._function) or repr(self._function)
        return UsageError(f"{self._place}the function {name} cannot be a tool: {what}\n  fix: {fix}")


def _property(parameter: inspect.Parameter, schema: dict[str, object], docstring: Docstring) -> dict[str, object]:
    found = dict(schema)
    text = annotated_text(parameter.annotation) or docstring.parameters.get(parameter.name, "")
    if text:
        found["description"] = text
    if parameter.default is not inspect.Parameter.empty:
        try:
            found["default"] = to_plain(parameter.default)
        except CodecError:
            found.pop("default", None)  # a default that is no JSON value, such as a sentinel, is not shown
    return found


def _returned(annotation: object) -> dict[str, object]:
    """Schema of the result; empty where the type says nothing that JSON Schema can say."""
    try:
        [schema], definitions = schemas([type(None) if annotation is None else annotation])
    except UsageError:
        return {}
    return {**schema, "$defs": definitions} if definitions else schema


def _underlying(function: ToolFunction) -> ToolFunction:
    """What carries the annotations: the function inside partial objects, or an object's ``__call__``."""
    while isinstance(function, functools.partial):
        function = cast("functools.partial[object]", function).func
    if inspect.isroutine(function) or isinstance(function, types.FunctionType):
        return function
    return cast("ToolFunction", type(function).__call__)


def _is_asynchronous(function: ToolFunction) -> bool:
    return inspect.iscoroutinefunction(inspect.unwrap(_underlying(function)))


def _docstring(function: ToolFunction) -> str | None:
    while isinstance(function, functools.partial):
        function = cast("functools.partial[object]", function).func
    return inspect.getdoc(function)


def _function_name(function: ToolFunction) -> str:
    name = getattr(function, "__name__", "") or getattr(_underlying(function), "__name__", "")
    if name == "__call__":
        return type(function).__name__
    return "" if name == "<lambda>" else str(name)


def _place(function: ToolFunction) -> str:
    code = getattr(inspect.unwrap(_underlying(function)), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}: " if isinstance(code, types.CodeType) else ""


def _version(function: ToolFunction) -> str:
    """Changes with the file that the function stands in; what it imports is not looked at."""
    underlying = inspect.unwrap(_underlying(function))
    name = f"{getattr(underlying, '__module__', '')}.{getattr(underlying, '__qualname__', '')}"
    code = getattr(underlying, "__code__", None)
    if not isinstance(code, types.CodeType):
        return name
    try:
        content = Path(code.co_filename).read_bytes()
    except OSError:  # typed in, not in a file
        content = code.co_code + repr(code.co_names).encode()
    return hashlib.sha256(name.encode() + b"\0" + content).hexdigest()[:16]

"""JavaScript scripts: made to return the value of their last expression; what they ask of a host. Nothing is executed.

The text is read by `javascript_tree`; TypeScript becomes JavaScript in `typescript`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .cache import Cache
from .javascript_tree import MAX_CHARACTERS, MAX_NESTING, Dialect, parse, span, walk
from .tree import Problem

if TYPE_CHECKING:
    from ast_grep_py import SgNode

__all__ = ["MAX_CHARACTERS", "MAX_NESTING", "Dialect", "Import", "Outline", "check", "outline", "wrap"]

_FUNCTION_KINDS = (
    "function_declaration function_expression arrow_function method_definition generator_function "
    "generator_function_declaration class_static_block"
)
_FUNCTIONS = frozenset(_FUNCTION_KINDS.split())
_IDLE = frozenset(("empty_statement", "comment", "hash_bang_line"))
_ROOM, _FIXED = 2_000_000, 200
_WRAPPED: Cache[str, str] = Cache(_ROOM)
"""The last scripts: many are run again and again with other inputs."""


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """A module that a script names.

    Args:
        module: as written, such as ``"node:fs"``; "" where it is computed.
        line: 1-based.
        dynamic: ``import(…)`` or ``require(…)``, which an expression may hold; a declaration otherwise.
    """

    module: str
    line: int
    dynamic: bool = False


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """What a script does outside of its functions, and which modules it names anywhere.

    Args:
        returns: line of the first ``return`` at top level, if there is one.
        awaits: line of the first ``await`` at top level, likewise.
        exports: line of the first ``export``, likewise.
        imports: in the order of the text.
    """

    returns: int | None = None
    awaits: int | None = None
    exports: int | None = None
    imports: tuple[Import, ...] = ()


def check(code: str, dialect: Dialect = "javascript", name: str = "script") -> Problem | None:
    """Why a text does not parse or is not to be looked at, see `javascript_tree.parse`; ``None`` if it does."""
    found = parse(code, dialect, name)
    return found if isinstance(found, Problem) else None


def wrap(code: str) -> str:
    r"""The body of an async function that returns the value of the script's last expression.

    If the last statement (empty ones aside) is an expression, it becomes ``return (…)``; an object literal that stands
    there alone is an object, as at a prompt. All lines stay where they are. Text that does not parse is given back as
    it is: the engine says why, in its own words. ``import`` and ``export`` declarations, which `outline` names, stay
    too: no function body may hold them.

    Compile the result with the ``AsyncFunction`` constructor, which takes it for a body and nothing else; text pasted
    between ``async () => {`` and ``}`` could close the brace.

    Example:
        >>> wrap("const a = 1;\na + 1 // two")
        'const a = 1;\nreturn (a + 1) // two'
    """
    known = _WRAPPED.get(code)
    if known is not None:
        return known
    body = _wrapped(code)
    return body if len(code) > MAX_CHARACTERS else _WRAPPED.put(code, body, _FIXED + 2 * len(code))


def _wrapped(code: str) -> str:
    root = parse(code, "javascript")
    if isinstance(root, Problem):
        return code
    last = next((node for node in reversed(root.children()) if node.kind() not in _IDLE), None)
    if last is None:
        return _without_hash_bang(code)
    expression = _expression(last)
    if expression is None:
        return _without_hash_bang(code)
    start, end = span(expression)
    return _without_hash_bang(f"{code[:start]}return ({code[start:end]}){code[end:]}")


def outline(code: str, dialect: Dialect = "javascript") -> Outline | Problem:
    """What a script does at top level, or why it cannot be read."""
    root = parse(code, dialect)
    if isinstance(root, Problem):
        return root
    lines: dict[str, int] = {}
    imports: list[Import] = []
    for node in walk(root):
        kind = node.kind()
        if kind == "import_statement" and not _is_type(node):
            imports.append(Import(module=_module(node), line=_line(node)))
        elif kind == "export_statement":
            lines.setdefault("exports", _line(node))
        elif kind == "call_expression" and (called := _imported(node)) is not None:
            imports.append(called)
    for node in _outside_functions(root):
        if node.kind() == "return_statement":
            lines.setdefault("returns", _line(node))
        elif node.kind() == "await_expression" or (node.kind() == "for_in_statement" and _has(node, "await")):
            lines.setdefault("awaits", _line(node))
    return Outline(imports=tuple(imports), **lines)


def _expression(statement: SgNode) -> SgNode | None:
    """The expression that a statement consists of."""
    if statement.kind() == "statement_block" and not statement.named_children():
        return statement  # {} alone: an empty object
    inner = statement.named_children() if statement.kind() == "expression_statement" else []
    return next((node for node in inner if node.kind() != "comment"), None)


def _without_hash_bang(code: str) -> str:
    return f"//{code[2:]}" if code.startswith("#!") else code


def _outside_functions(root: SgNode) -> list[SgNode]:
    todo = [root]
    found: list[SgNode] = []
    while todo:
        node = todo.pop()
        found.append(node)
        todo += [child for child in reversed(node.children()) if child.kind() not in _FUNCTIONS]
    return found


def _line(node: SgNode) -> int:
    return node.range().start.line + 1


def _has(node: SgNode, kind: str) -> bool:
    return any(child.kind() == kind for child in node.children())


def _is_type(statement: SgNode) -> bool:
    return _has(statement, "type")


def _module(statement: SgNode) -> str:
    """The module of an import declaration, whose text stands in it or in its ``require``."""
    for node in walk(statement):
        if node.kind() == "string":
            return node.text()[1:-1]
    return ""


def _imported(call: SgNode) -> Import | None:
    """What a call of ``import`` or ``require`` names."""
    function = call.field("function")
    arguments = call.field("arguments")
    if function is None or arguments is None or (function.kind() != "import" and not function.is_leaf()):
        return None
    if function.text() not in ("import", "require"):
        return None
    first = next(iter(arguments.named_children()), None)
    literal = first is not None and first.kind() == "string"
    return Import(module=first.text()[1:-1] if first is not None and literal else "", line=_line(call), dynamic=True)

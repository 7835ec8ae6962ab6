"""Whether calls that are awaited one by one may as well run at the same time."""

from __future__ import annotations

import ast

from cambrian.source.analysis import Module
from cambrian.source.analysis.shapes import has
from cambrian.source.analysis.tables import CHANGES

__all__ = ["awaited", "may_overlap"]


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DEEP = 6
"""Functions of the file that are looked into, one behind the other."""
_ONE_AT_A_TIME = _set(
    "conn connection cur cursor db database tx transaction session_db lock semaphore ws websocket reader writer "
    "stream sock socket queue channel proc process page browser driver"
)
"""Names of things that mostly serve one caller at a time."""
_TELLING = frozenset(
    ["builtins.print", "builtins.input", "builtins.open", "builtins.next", "builtins.setattr", "builtins.exec"]
)
_ORDERED_ROOMS = frozenset(["random", "os", "shutil", "logging", "sqlite3", "subprocess"])
"""Modules whose functions have effects, or results, that hang on the order of calls."""
_SERVING = frozenset(["client", "api", "http", "service"])
"""Names of things that serve many callers at once."""
_ASKING = _set(
    "ask check compute describe detail details download fetch find get head info list load lookup measure parse "
    "ping price query quote read resolve retrieve score search select stat status validate weather"
)
"""Words with which the name of a function begins that asks for something."""
_EFFECTS = _set(
    "acquire cancel charge close commit create debit deduct delete deliver deposit drop enqueue execute insert lock "
    "log mark move next order pay place pop post publish push put receive recv refund register release remove "
    "reserve reset rollback save send set sleep spend start stop store submit transfer update upload wait withdraw "
    "write"
)
"""Words in a function's name that say that it does something, rather than ask for something."""


def awaited(node: ast.expr | None) -> ast.Call | None:
    """The call that is awaited, if it is one of a plain function with plain arguments."""
    call = node.value if isinstance(node, ast.Await) else None
    if not isinstance(call, ast.Call) or any(isinstance(part, ast.Starred) for part in call.args):
        return None
    return call if all(word.arg is not None for word in call.keywords) else None


def may_overlap(module: Module, call: ast.Call, assumes: set[str]) -> bool:
    """Whether nothing speaks against running such a call beside others.

    A function of the file must not change anything that others see, print, or draw random numbers, nor what it calls.
    Of a function from elsewhere nothing is seen: its name must not say that it does something.

    Args:
        module: the file.
        call: what is awaited; its arguments have no effects.
        assumes: takes what has to be trusted.
    """
    func = call.func
    name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
    given = [*call.args, *(word.value for word in call.keywords)]
    names = {part.id for one in [func, *given] for part in ast.walk(one) if isinstance(part, ast.Name)}
    if not name or names & _ONE_AT_A_TIME or not all(module.pure(one, assumes) for one in given):
        return False
    if not _lets_others_run(module, func, name):
        return False
    assumes.add(f"calls of {name!r} may run at the same time: none hangs on what another does")
    return True


def _lets_others_run(module: Module, func: ast.expr, name: str) -> bool:
    """Whether a function waits, and does nothing that another call of it would notice."""
    own = _own(module, func)
    if own is None:
        return _asks(name) and (not isinstance(func, ast.Attribute) or _shared(func))
    return not _does(name) and _waits(own) and _keeps_to_itself(module, own, _DEEP)


def _waits(function: ast.AST) -> bool:
    """Whether a function waits for anything, so that another can run meanwhile."""
    return has(function, ast.Await | ast.AsyncWith | ast.AsyncFor)


def _asks(name: str) -> bool:
    """Whether a function's name says that it asks for something."""
    return bool(_words(name)[:1]) and _words(name)[0] in _ASKING


def _does(name: str) -> bool:
    """Whether a function's name says that it does something."""
    return not _asks(name) and bool(_EFFECTS.intersection(_words(name)))


def _words(name: str) -> list[str]:
    return [word for word in name.lower().split("_") if word]


def _shared(func: ast.Attribute) -> bool:
    """Whether the owner of a method is something that serves many callers, by its name."""
    return isinstance(func.value, ast.Name) and func.value.id.lower().rpartition("_")[2] in _SERVING


def _own(module: Module, func: ast.expr) -> ast.AsyncFunctionDef | ast.FunctionDef | None:
    """The function of the file that is called: by its name, or as a method of the object at hand."""
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "self":
        around = next((above for above in module.ancestors(func) if isinstance(above, ast.ClassDef)), None)
        methods = [] if around is None else around.body
        named = [one for one in methods if isinstance(one, ast.AsyncFunctionDef | ast.FunctionDef)]
        return next((one for one in named if one.name == func.attr), None)
    variable = module.variable(func)
    node = variable.bindings[0].node if variable is not None and len(variable.bindings) == 1 else None
    return node if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef) else None


def _keeps_to_itself(module: Module, function: ast.AsyncFunctionDef | ast.FunctionDef, deep: int) -> bool:
    """Whether a function changes only what it made itself, as far as its text shows."""
    parts = (one for statement in function.body for one in ast.walk(statement))
    return deep > 0 and all(_minds_its_own(module, part, function, deep) for part in parts)


def _minds_its_own(module: Module, part: ast.AST, function: ast.AST, deep: int) -> bool:
    if isinstance(part, ast.Global | ast.Nonlocal | ast.Yield | ast.YieldFrom):
        return False
    if isinstance(part, ast.AsyncWith) and not all(isinstance(one.context_expr, ast.Call) for one in part.items):
        return False  # a lock: what it guards is shared
    if isinstance(part, ast.Attribute | ast.Subscript) and not isinstance(part.ctx, ast.Load):
        return isinstance(part.value, ast.Name) and module.owned(part.value)
    if isinstance(part, ast.Call):
        return _quiet(module, part, function, deep)
    return not (isinstance(part, ast.Name) and part.id in _ONE_AT_A_TIME)


def _quiet(module: Module, call: ast.Call, around: ast.AST, deep: int) -> bool:
    meaning = module.meaning(call.func)
    if meaning in _TELLING or meaning.partition(".")[0] in _ORDERED_ROOMS:
        return False
    own = _own(module, call.func)
    if own is not None:
        return own is around or _keeps_to_itself(module, own, deep - 1)
    if meaning.startswith("asyncio."):
        return meaning in {"asyncio.sleep", "asyncio.wait_for", "asyncio.timeout", "asyncio.to_thread"}
    if isinstance(call.func, ast.Attribute) and not meaning:
        owner = call.func.value
        changes = call.func.attr in CHANGES or _does(call.func.attr)
        return not changes or (isinstance(owner, ast.Name) and module.owned(owner))
    return not (isinstance(call.func, ast.Name) and not meaning and _does(call.func.id))

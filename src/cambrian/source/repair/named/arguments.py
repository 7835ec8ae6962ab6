"""Repairs of calls whose arguments do not fit. Pure; nothing is executed."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.repair.report import Failure, Fix, Pattern
from cambrian.source.repair.spelling import similar
from cambrian.source.repair.surface import Function, Surface

from .writing import calls, function, made

__all__ = ["fixes", "unmade"]

_MISSING = re.compile(
    r"(?:(\w+)\.)?(?:<locals>\.)?(\w+)\(\) missing (\d+) required (?:positional|keyword-only) arguments?: (.+)"
)
_TAKES = re.compile(
    r"(?:(\w+)\.)?(\w+)\(\) takes (?:from )?(\d+)(?: to \d+)? positional arguments? but (\d+) (?:was|were) given"
)
_NONE = re.compile(r"(?:(\w+)\.)?(\w+)\(\) takes (?:no|exactly \w+) arguments?")
_TWICE = re.compile(r"(?:(\w+)\.)?(\w+)\(\) got multiple values for argument '(\w+)'")
_KEYWORD = re.compile(r"(?:(\w+)\.)?(\w+)\(\) got an unexpected keyword argument '(\w+)'")
_INVALID = re.compile(r"'(\w+)' is an invalid keyword argument for (\w+)\(\)")
_FEW = 8
"""Values of other calls that are tried."""
_METHODS = {
    "sort": ("key", "reverse"), "split": ("sep", "maxsplit"), "print": ("sep", "end", "file", "flush"),
    "open": ("file", "mode", "encoding", "newline", "errors"), "max": ("key", "default"), "min": ("key", "default"),
    "dumps": ("indent", "sort_keys", "separators", "default", "ensure_ascii"), "namedtuple": ("defaults", "rename"),
    "sorted": ("key", "reverse"), "encode": ("encoding", "errors"), "decode": ("encoding", "errors"), "int": ("base",),
    "enumerate": ("iterable", "start"), "field": ("default", "default_factory", "init", "repr", "compare", "hash"),
    "dataclass": ("frozen", "order", "eq", "slots", "kw_only", "repr"), "defaultdict": ("default_factory",),
    "Counter": ("iterable",), "deque": ("iterable", "maxlen"), "round": ("number", "ndigits"), "sum": ("start",),
    "gather": ("return_exceptions",), "zip": ("strict",), "run": ("debug",), "sub": ("count", "flags"),
}  # fmt: skip


def fixes(surface: Surface, failure: Failure) -> Iterator[Fix]:
    """For TypeError of calls."""
    if failure.type != "TypeError":
        return
    message = failure.message
    if match := _MISSING.search(message):
        yield from unmade(surface, match[1] or "")
        yield from _missing(surface, failure, match[1] or "", match[2], re.findall(r"'(\w+)'", match[4]))
    if match := _TAKES.search(message) or _NONE.search(message):
        yield from _too_many(surface, failure, match[1] or "", match[2])
    if match := _TWICE.search(message):
        yield from _too_many(surface, failure, match[1] or "", match[2])
    if match := _KEYWORD.search(message):
        yield from _keyword(surface, failure, match[2], match[3])
    if match := _INVALID.search(message):
        yield from _keyword(surface, failure, match[2], match[1])


def unmade(surface: Surface, owner: str) -> Iterator[Fix]:
    """``x = Class`` where an instance is meant, which shows when a method is called."""
    classes = {node.name for node in ast.walk(surface.tree) if isinstance(node, ast.ClassDef)}
    for node in ast.walk(surface.tree):
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Name) and value.id in classes and value.id == (owner or value.id):
            stop = surface.locator.range(value)[1]
            yield made(surface, Splice(stop, stop, "()"), f"{value.id} → {value.id}()", 0.4, value.lineno)


def _name_of_call(name: str, owner: str) -> str:
    return owner if name == "__init__" and owner else name


def _missing(surface: Surface, failure: Failure, owner: str, name: str, wanted: list[str]) -> Iterator[Fix]:
    """An argument put in at the call; a default at the function; an instance for the class; ``@staticmethod``."""
    called = _name_of_call(name, owner)
    for distance, site, node in calls(surface, failure, called):
        texts = [surface.segment(arg) for arg in node.args]
        words = [f"{each.arg}={surface.segment(each.value)}" if each.arg else f"**{surface.segment(each.value)}"
                 for each in node.keywords]  # fmt: skip
        head = surface.segment(node.func)
        near = dict(similar(wanted[0], failure.visible)) if wanted else {}
        alike = _alike(surface, node)
        for word in dict.fromkeys((*_values(failure, site.scope.visible, wanted), *alike)):
            cost = 0.3 if word in wanted else 1.0 if word in near else 1.3 if word in alike else 1.6
            for at in {len(texts), *range(len(texts))} if len(texts) < 5 else {len(texts)}:
                inside = ", ".join([*texts[:at], word, *texts[at:], *words])
                splice = surface.locator.splice(node, f"{head}({inside})")
                fixed = cost + 0.3 * distance + (0.0 if at == len(texts) else 0.1)
                yield made(
                    surface, splice, f"{word} as an argument of {called}()", fixed, node.lineno, named=word in wanted
                )
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and wanted[:1] == ["self"]:
            stop = surface.locator.range(node.func.value)[1]
            yield made(surface, Splice(stop, stop, "()"), f"{surface.segment(node.func.value)}()", 0.5, node.lineno)
    for node in _functions(surface, owner, name):
        yield from _defaults(surface, node, wanted)
        yield from _fewer(surface, node, wanted)


def _alike(surface: Surface, call: ast.Call) -> tuple[str, ...]:
    """What other calls of the same function are given."""
    head = surface.segment(call.func)
    others = (site.node for site in surface.sites if isinstance(site.node, ast.Call) and site.node is not call)
    given = (arg for other in others if surface.segment(other.func) == head for arg in other.args)
    return tuple(dict.fromkeys(surface.segment(arg) for arg in given if isinstance(arg, ast.Constant)))[:_FEW]


def _values(failure: Failure, visible: tuple[str, ...], wanted: list[str]) -> list[str]:
    plain = [name for name, kind in failure.visible.items() if kind not in ("module", "function", "type")]
    found = [name for name in wanted if name in failure.visible or name in visible]
    return list(dict.fromkeys([*found, *plain[:12], "None", "0", "1", "''", "[]", "True", "False"]))


def _functions(surface: Surface, owner: str, name: str) -> list[Function]:
    return (function(surface, name, owner=owner) if owner else []) or function(surface, name)


def _defaults(surface: Surface, node: Function, wanted: list[str]) -> Iterator[Fix]:
    for argument in (*node.args.args, *node.args.kwonlyargs):
        if argument.arg in wanted and argument.arg != "self":
            stop = surface.locator.offset(argument.end_lineno or 0, argument.end_col_offset or 0)
            for value in ("None", "0", "''", "1", "[]", "False", "True"):
                what = f"{argument.arg}={value} by default"
                yield made(surface, Splice(stop, stop, f"={value}"), what, 2.0, node.lineno, named=False)


def _fewer(surface: Surface, node: Function, wanted: list[str]) -> Iterator[Fix]:
    """A parameter that nothing reads."""
    for index, argument in enumerate(node.args.args):
        read = any(isinstance(each, ast.Name) and each.id == argument.arg for each in ast.walk(node))
        if argument.arg in wanted and not read:
            yield made(
                surface, _without(surface, node, index), f"without the parameter {argument.arg}", 1.2, node.lineno
            )


def _without(surface: Surface, node: Function, index: int) -> Splice:
    every = node.args.args
    start = surface.locator.offset(every[index].lineno, every[index].col_offset)
    stop = surface.locator.offset(every[index].end_lineno or 0, every[index].end_col_offset or 0)
    if index + 1 < len(every):
        stop = surface.locator.offset(every[index + 1].lineno, every[index + 1].col_offset)
    elif index:
        start = surface.locator.offset(every[index - 1].end_lineno or 0, every[index - 1].end_col_offset or 0)
    return Splice(start, stop, "")


def _too_many(surface: Surface, failure: Failure, owner: str, name: str) -> Iterator[Fix]:
    """``self`` that is no parameter; an argument left out at the call; a parameter put in; ``__init__`` misspelled."""
    for node in _functions(surface, owner, name):
        yield from _parameters(surface, failure, node, name)
    for distance, _, node in calls(surface, failure, _name_of_call(name, owner)):
        yield from _given_less(surface, node, distance)
    yield from _constructors(surface, name)


def _parameters(
    surface: Surface, failure: Failure, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> Iterator[Fix]:
    """``self``, or a name that the function reads and nobody binds, as a parameter."""
    first = node.args.args[0].arg if node.args.args else ""
    start = surface.text.index("(", surface.locator.range(node)[0]) + 1
    if _is_method(surface, node) and first not in ("self", "cls"):
        text = "self, " if node.args.args or node.args.vararg or node.args.kwonlyargs else "self"
        yield made(surface, Splice(start, start, text), f"'self' as the first parameter of {name}()", 0.1, node.lineno)
    for word in [name for name in _free(surface, node) if name not in failure.visible]:
        stop = surface.text.index(")", start)
        text = f", {word}" if node.args.args else word
        yield made(
            surface, Splice(stop, stop, text), f"{word} as a parameter of {name}()", 0.7, node.lineno, named=False
        )


def _given_less(surface: Surface, node: ast.Call, distance: float) -> Iterator[Fix]:
    """A call without one of its arguments, or with all of them as one."""
    texts = [surface.segment(arg) for arg in node.args]
    words = [f"{each.arg}={surface.segment(each.value)}" for each in node.keywords if each.arg]
    for index in reversed(range(len(texts))):
        inside = ", ".join([*texts[:index], *texts[index + 1 :], *words])
        splice = surface.locator.splice(node, f"{surface.segment(node.func)}({inside})")
        cost = 0.6 + 0.2 * distance + 0.2 * (len(texts) - 1 - index)
        yield made(surface, splice, f"without the argument {texts[index]}", cost, node.lineno, named=False)
    for form in ("[{}]", "({})") if len(texts) > 1 else ():
        splice = surface.locator.splice(node, f"{surface.segment(node.func)}({form.format(', '.join(texts))})")
        yield made(surface, splice, "arguments in brackets", 0.9, node.lineno, named=False)


def _constructors(surface: Surface, name: str) -> Iterator[Fix]:
    for owner in ast.walk(surface.tree):
        if isinstance(owner, ast.ClassDef) and owner.name == name:
            for node in owner.body:
                if isinstance(node, Function):
                    for word, cost in similar(node.name, ("__init__",)):
                        start = surface.text.index(node.name, surface.locator.range(node)[0] + 3)
                        splice = Splice(start, start + len(node.name), word)
                        yield made(surface, splice, f"def {node.name} → def {word}", cost, node.lineno)


def _is_method(surface: Surface, node: Function) -> bool:
    owners = (each for each in ast.walk(surface.tree) if isinstance(each, ast.ClassDef))
    return any(node in each.body for each in owners) and not node.decorator_list


def _free(surface: Surface, node: Function) -> list[str]:
    """Names that a function reads and nobody binds."""
    bound = {
        each.id for each in ast.walk(surface.tree) if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)
    }
    bound |= {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)} | {
        each.name for each in surface.functions
    }
    read = [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
    return [name for name in dict.fromkeys(read) if name not in bound and not hasattr(builtins, name)]


def _keyword(surface: Surface, failure: Failure, name: str, word: str) -> Iterator[Fix]:
    """Another keyword; none at all."""
    for distance, site in ((d, s) for d, s, _ in calls(surface, failure)):
        node = site.node
        assert isinstance(node, ast.Call)
        for given in node.keywords:
            if given.arg != word:
                continue
            own = getattr(node.func, "attr", getattr(node.func, "id", ""))
            start = surface.locator.offset(given.lineno, given.col_offset)
            for other, cost in _keywords(surface, name, own, word):
                pattern = Pattern(failure.type, own, word, other)
                splice = Splice(start, start + len(word), other)
                yield made(surface, splice, f"{word}= → {other}=", cost + 0.2 * distance, given.lineno, pattern=pattern)
            text = surface.segment(given.value)
            splice = Splice(start, surface.locator.range(given.value)[1], text)
            yield made(surface, splice, f"{word}={text} → {text}", 1.3, given.lineno)


def _keywords(surface: Surface, name: str, called: str, word: str) -> Iterator[tuple[str, float]]:
    known: list[str] = []
    for node in (*function(surface, name), *function(surface, "__init__", owner=called)):
        known += [each.arg for each in (*node.args.args, *node.args.kwonlyargs) if each.arg != "self"]
    known += _fields(surface, called)
    known += (*_METHODS.get(name, ()), *_METHODS.get(called, ()))
    known = known or _of_builtin(name)
    near = dict(similar(word, known))
    for other in dict.fromkeys(known):
        yield other, near.get(other, 2.0 if other != word else 9.0)


def _fields(surface: Surface, called: str) -> Iterator[str]:
    """The annotated names of a class, which a dataclass takes."""
    for owner in ast.walk(surface.tree):
        if isinstance(owner, ast.ClassDef) and owner.name == called:
            annotated = (each.target for each in owner.body if isinstance(each, ast.AnnAssign))
            yield from (target.id for target in annotated if isinstance(target, ast.Name))


def _of_builtin(name: str) -> list[str]:
    """The parameters of a builtin, if it tells them."""
    found = getattr(builtins, name, None)
    if not callable(found):
        return []
    try:
        return list(inspect.signature(found).parameters)
    except (ValueError, TypeError):
        return []

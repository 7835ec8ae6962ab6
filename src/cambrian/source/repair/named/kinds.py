"""Repairs of values of the wrong kind: text and numbers, what is not called, keys. Pure; nothing is executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from cambrian.source.edit import Splice
from cambrian.source.repair.patch import atom
from cambrian.source.repair.report import Failure, Fix, Pattern
from cambrian.source.repair.spelling import similar
from cambrian.source.repair.surface import Site, Surface

from .attributes import awaiting, rare
from .writing import made, on_lines, sites

__all__ = ["fixes"]

_METHODS = frozenset(name for kind in (str, list, dict, set, bytes, int) for name in dir(kind) if name[0] != "_")
_WORDS = re.compile(r"""(['"])[^'"\n]*[A-Za-z:,.;()\[\] ][^'"\n]*\1""")
"""A text with words or marks in it, to which a value is joined; a single sign may be meant to be repeated."""
_UNSURE = 0.6
"""What is added where a message leaves several meanings."""


def fixes(surface: Surface, failure: Failure) -> Iterator[Fix]:
    """For TypeError of values, KeyError, IndexError, and calls that nobody awaited."""
    if failure.unawaited or any(word in failure.message for word in ("coroutine", "await", "Future")):
        yield from awaiting(surface, failure)
    if failure.type == "KeyError":
        yield from _key(surface, failure)
    if failure.type == "Output":
        yield from rare(surface)
    if failure.type in ("TypeError", "ValueError"):
        yield from _of_values(surface, failure)


def _of_values(surface: Surface, failure: Failure) -> Iterator[Fix]:
    for words, work in _TABLE:
        if any(word in failure.message for word in words):
            for distance, site in on_lines(surface, failure):
                for text, what, cost in work(surface, site):
                    sure = _is_sure(failure.message, work, text)
                    fixed = cost + 0.25 * distance + (0.0 if sure else _UNSURE)
                    splice = surface.locator.splice(site.node, text)
                    yield made(surface, splice, what, fixed, site.node.lineno, named=sure)
    if "method" in failure.message or "'function'" in failure.message:
        yield from _never_called(surface)
    if "NoneType" in failure.message:
        yield from _nothing(surface, failure)
    yield from _shadowed(surface, failure)


def _is_sure(message: str, work: object, text: str) -> bool:
    """Whether a message leaves hardly another meaning; else many conversions run through and few are right."""
    if work in (_joined, _summed):
        whole = re.search(r"concatenate str \(not \"(?:int|float)\"\)", message)
        return "str(" in text and bool(whole) and bool(_WORDS.search(text))
    if work in (_uncalled, _indexed):
        return bool(re.search(r"method|function", message)) and text.endswith(")")
    return work is _texts


_Made = Iterator[tuple[str, str, float]]


def _joined(surface: Surface, site: Site) -> _Made:
    """``str + int``: either side converted."""
    node = site.node
    if not isinstance(node, ast.BinOp | ast.Compare):
        return
    right = node.right if isinstance(node, ast.BinOp) else node.comparators[0]
    sides = (node.left, right)
    start = surface.locator.range(node)[0]
    for side in sides:
        text = surface.segment(side)
        a, b = (offset - start for offset in surface.locator.range(side))
        for kind in ("str", "int", "float", "len", "list"):
            if _converts(side, kind):
                own = f"{site.text[:a]}{kind}({text}){site.text[b:]}"
                cost = {"str": 0.3, "int": 0.5, "float": 0.7}.get(kind, 1.2) + (0.1 if side is node.left else 0.0)
                yield own, f"{text} → {kind}({text})", cost
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and not _WORDS.search(site.text):
        a, b = surface.locator.range(node.left)[1] - start, surface.locator.range(node.right)[0] - start
        yield f"{site.text[:a]} * {site.text[b:]}", "'+' → '*'", 0.5


def _summed(surface: Surface, site: Site) -> _Made:
    """``text + a - b``: from some operand on, all of it is meant to be a number and then text."""
    start, node = surface.locator.range(site.node)[0], site.node
    while isinstance(node, ast.BinOp) and isinstance(node.left, ast.BinOp):
        at = surface.locator.range(node.left.right)[0] - start
        if isinstance(node.left.op, ast.Add):
            rest = site.text[at:]
            yield f"{site.text[:at]}str({rest})", f"{rest} → str({rest})", 0.6
        node = node.left


def _converts(side: ast.expr, kind: str) -> bool:
    """Whether converting this would change anything, and can succeed as far as one sees."""
    if isinstance(side, ast.JoinedStr):
        return kind in ("int", "float")
    if not isinstance(side, ast.Constant):
        return True
    if isinstance(side.value, str):
        return side.value.strip().isdigit() and kind in ("int", "float")
    return kind == "str"


def _called(surface: Surface, site: Site) -> _Made:
    """What is no function is indexed, or only read; an operator or a comma may be missing."""
    node = site.node
    if isinstance(node, ast.Call):
        head = surface.segment(node.func)
        inside = ", ".join(surface.segment(arg) for arg in node.args)
        if len(node.args) == 1:
            yield f"{head}[{inside}]", f"{head}(…) → {head}[…]", 0.4
            yield f"{atom(node.func, head)} * ({inside})", f"{head}(…) → {head} * (…)", 1.0
        if not node.args:
            yield head, f"{head}() → {head}", 0.3
        if node.args and isinstance(node.func, ast.Constant | ast.Tuple | ast.List | ast.JoinedStr):
            yield f"{head}, ({inside})", "a comma", 0.8
            yield f"{head} % ({inside})", "'%' between a text and its values", 0.9


def _indexed(surface: Surface, site: Site) -> _Made:
    """A function is called, not indexed."""
    node = site.node
    if isinstance(node, ast.Subscript):
        head = surface.segment(node.value)
        start = surface.locator.range(node)[0]
        inner = surface.text[surface.locator.range(node.value)[1] + 1 : start + len(site.text) - 1].strip()
        yield f"{head}({inner})", f"{head}[…] → {head}(…)", 0.3
        yield f"{head}()[{inner}]", f"{head}[…] → {head}()[…]", 0.5
        yield f"{head}[int({inner})]", f"[{inner}] → [int({inner})]", 0.5
        if isinstance(node.value, ast.List | ast.Tuple | ast.Constant | ast.Dict):
            yield f"{head},{site.text[len(head) :]}", "a comma", 0.4
        yield head, f"{head}[…] → {head}", 1.1


def _uncalled(_surface: Surface, site: Site) -> _Made:
    """``x.items`` is meant to be called."""
    if isinstance(site.node, ast.Attribute | ast.Name) and not (
        isinstance(site.parent, ast.Call) and site.field == "func"
    ):
        yield f"{site.text}()", f"{site.text} → {site.text}()", 0.4


def _counted(_surface: Surface, site: Site) -> _Made:
    """A number where something that can be walked is wanted, or the other way round."""
    node = site.node
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.Constant) and site.field != "func":
        for kind in ("range", "len", "str", "list"):
            walked = (isinstance(site.parent, ast.For | ast.comprehension) and kind == "range") or (
                isinstance(site.parent, ast.Call) and kind in ("len", "str")
            )
            yield f"{kind}({site.text})", f"{site.text} → {kind}({site.text})", 0.4 if walked else 1.3
        yield f"[{site.text}]", f"{site.text} → [{site.text}]", 1.2
        yield f"({site.text},)", f"{site.text} → ({site.text},)", 1.3


def _hashed(_surface: Surface, site: Site) -> _Made:
    """A list as a key."""
    node = site.node
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.List | ast.ListComp):
        yield f"tuple({site.text})", f"{site.text} → tuple({site.text})", 0.6
        if isinstance(node, ast.List):
            yield f"({site.text[1:-1]},)", f"{site.text} → a tuple", 0.7


def _unpacked(surface: Surface, site: Site) -> _Made:
    """Pairs: ``.items()``, ``enumerate()``, ``zip()``."""
    node = site.node
    if isinstance(site.parent, ast.For | ast.comprehension) and site.field == "iter":
        yield f"{atom(node, site.text)}.items()", f"{site.text} → {site.text}.items()", 0.3
        yield f"enumerate({site.text})", f"{site.text} → enumerate({site.text})", 0.4
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("keys", "values"):
            value = surface.segment(node.func.value)
            yield f"{value}.items()", f".{node.func.attr}() → .items()", 0.3
        if isinstance(node, ast.Call) and len(node.args) == 1:
            inner = surface.segment(node.args[0])
            yield inner, f"{site.text} → {inner}", 0.8


def _number(_surface: Surface, site: Site) -> _Made:
    node = site.node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "int" and node.args:
        yield f"int(float({site.text[4:-1]}))", "int() → int(float())", 1.0
        yield f"float({site.text[4:-1]})", "int() → float()", 1.2
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield site.text.replace("/", "//"), "'/' → '//'", 0.4
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call) and site.field != "func":
        yield f"int({site.text})", f"{site.text} → int({site.text})", 0.7


def _texts(_surface: Surface, site: Site) -> _Made:
    """``", ".join(numbers)``."""
    node = site.node
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "join"
        and len(node.args) == 1
    ):
        start = len(site.text) - 1 - len(ast.unparse(node.args[0]))
        inner = site.text[site.text.index(".join(") + 6 : -1]
        head = site.text[: site.text.index(".join(") + 6]
        if start > 0:
            yield f"{head}map(str, {inner}))", f"join({inner}) → join(map(str, {inner}))", 0.3
            if isinstance(node.args[0], ast.GeneratorExp | ast.ListComp):
                element = ast.unparse(node.args[0].elt)
                yield f"{head}{inner.replace(element, f'str({element})', 1)})", f"{element} → str({element})", 0.35


_TABLE: tuple[tuple[tuple[str, ...], Callable[[Surface, Site], _Made]], ...] = (
    (("concatenate", "unsupported operand", "not supported between", "must be str, not"), _joined),
    (("concatenate str",), _summed),
    (("not callable",), _called),
    (("not subscriptable", "indices must be", "does not support item"), _indexed),
    (("method", "'function'", "has no len", "not iterable", "coroutine was expected"),
     _uncalled),
    (("not iterable", "has no len", "expected at least", "cannot be interpreted as an integer", "must be"), _counted),
    (("unhashable",), _hashed),
    (("unpack",), _unpacked),
    (("integer", "invalid literal", "slice indices", "indices must be"), _number),
    (("sequence item",), _texts),
)  # fmt: skip
"""Words of a message → what is tried at each expression of the line."""


def _never_called(surface: Surface) -> Iterator[Fix]:
    """A method of one of Python's types that is read and not called, wherever it is."""
    for site in surface.sites:
        node = site.node
        if isinstance(node, ast.Attribute) and node.attr in _METHODS and site.field != "func":
            splice = surface.locator.splice(node, f"{site.text}()")
            yield made(surface, splice, f".{node.attr} → .{node.attr}()", 0.5, node.lineno)


def _nothing(surface: Surface, failure: Failure) -> Iterator[Fix]:
    """A function that should have returned something, and did not; a method that changes its object."""
    for _, site in on_lines(surface, failure):
        if isinstance(site.node, ast.Call):
            name = getattr(site.node.func, "id", getattr(site.node.func, "attr", ""))
            yield from _returning(surface, name)
        if isinstance(site.node, ast.Name):
            yield from _kept(surface, site.node.id)
    for function in surface.functions:
        yield from _returning(surface, function.name, 0.8)


def _kept(surface: Surface, name: str) -> Iterator[Fix]:
    """``x = x.append(y)`` and ``y = x.sort()``."""
    for place in surface.places:
        node = place.node
        if isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == name for each in node.targets
        ):
            value = node.value
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
                text, receiver = surface.segment(value), surface.segment(value.func.value)
                if receiver == name:
                    yield made(surface, surface.instead(place, text), f"{name} = {text} → {text}", 0.3, node.lineno)
                lines = surface.instead(place, text, f"{name} = {receiver}")
                yield made(surface, lines, f"{text}; {name} = {receiver}", 0.6, node.lineno, named=False)
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
                yield from _returning(surface, value.func.id, 0.2)


def _returning(surface: Surface, name: str, cost: float = 0.5) -> Iterator[Fix]:
    for function in surface.functions:
        if function.name != name:
            continue
        last = surface.place(function.body[-1])
        if last is None:
            continue
        if isinstance(last.node, ast.Expr):
            splice = surface.locator.splice(last.node, f"return {surface.segment(last.node.value)}")
            yield made(surface, splice, f"{name}() returns its last value", cost, last.node.lineno, named=False)
        if not isinstance(last.node, ast.Return):
            for word in last.scope.own:
                if word not in last.scope.parameters:
                    splice = surface.after(last, f"return {word}")
                    yield made(surface, splice, f"{name}() returns {word}", cost + 0.3, last.node.lineno, named=False)
        elif last.node.value is None:
            for word in last.scope.own:
                splice = surface.locator.splice(last.node, f"return {word}")
                yield made(surface, splice, f"{name}() returns {word}", cost + 0.3, last.node.lineno, named=False)


def _shadowed(surface: Surface, failure: Failure) -> Iterator[Fix]:
    """A variable that hides a builtin which is called."""
    if "not callable" not in failure.message and "not iterable" not in failure.message:
        return
    for _, site in on_lines(surface, failure):
        if not isinstance(site.node, ast.Call) or not isinstance(site.node.func, ast.Name):
            continue
        name = site.node.func.id
        stores = [node for node in ast.walk(surface.tree) if isinstance(node, ast.Name) and node.id == name
                  and isinstance(node.ctx, ast.Store)]  # fmt: skip
        reads = [
            each for each in sites(surface, name) if not (isinstance(each.parent, ast.Call) and each.field == "func")
        ]
        if stores:
            splices = tuple(
                surface.locator.splice(node, f"{name}_") for node in (*stores, *(each.node for each in reads))
            )
            what = f"the variable {name} → {name}_"
            yield made(surface, splices, what, 0.6, stores[0].lineno, named=False)


def _key(surface: Surface, failure: Failure) -> Iterator[Fix]:
    """A key that is like it; ``.get()``."""
    wanted = failure.name or failure.message.strip("'\"")
    for _, site in on_lines(surface, failure):
        node = site.node
        if isinstance(node, ast.Constant) and node.value == wanted:
            for word, cost in similar(wanted, failure.members):
                pattern = Pattern(failure.type, "", wanted, word)
                splice = surface.locator.splice(node, _quoted(word, site))
                yield made(surface, splice, f"{wanted!r} → {word!r}", cost, node.lineno, pattern=pattern)
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
            yield from _asked_otherwise(surface, node)
    for site in surface.sites:  # the key may be misspelled where it is put in
        node = site.node
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != wanted:
            for _, cost in similar(node.value, (wanted,)):
                splice = surface.locator.splice(node, _quoted(wanted, site))
                yield made(surface, splice, f"{node.value!r} → {wanted!r}", cost + 0.3, node.lineno)


def _quoted(word: str, site: Site) -> str:
    """A word in the quotes that stand there."""
    quote = site.text[0] if site.text[:1] in "'\"" else "'"
    return f"{quote}{word}{quote}"


def _asked_otherwise(surface: Surface, node: ast.Subscript) -> Iterator[Fix]:
    """An item by its key as a text or number, or with ``.get()``."""
    key = surface.segment(node.slice)
    start, stop = surface.locator.range(node.slice)
    for kind in ("str", "int"):
        splice = Splice(start, stop, f"{kind}({key})")
        yield made(surface, splice, f"[{key}] → [{kind}({key})]", 1.0, node.lineno, named=False)
    if re.fullmatch(r"[\w.]+", surface.segment(node.value)):
        splice = surface.locator.splice(node, f"{surface.segment(node.value)}.get({key})")
        yield made(surface, splice, f"[{key}] → .get({key})", 2.5, node.lineno, named=False)

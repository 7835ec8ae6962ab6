"""Repairs of calls: methods, brackets, arguments, conversions, ranges, sorting. Pure; nothing is executed."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.mistakes import TWINS
from cambrian.source.repair.patch import Operator, Patch, Tier, atom, patched, replaced
from cambrian.source.repair.surface import Place, Site, Surface

__all__ = ["OPERATORS"]

_METHODS: tuple[tuple[str, ...], ...] = (
    ("append", "extend", "add", "insert", "push", "concat", "update"),
    ("pop", "remove", "discard"),
    ("index", "count", "find"),
)
_BUILTINS = frozenset(dir(builtins))
_IN_PLACE = frozenset(("append", "extend", "add", "insert", "remove", "sort", "reverse", "update", "discard", "clear"))
_CONVERSIONS = ("len", "int", "str", "list", "tuple", "set", "sorted", "sum", "max", "min", "abs", "range")


def twin(surface: Surface) -> Iterator[Patch]:
    """A function's or a method's counterpart."""
    for site in surface.sites:
        node = site.node
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        for other in _others(name, method=isinstance(node.func, ast.Attribute)):
            stop = surface.locator.range(node.func)[1]
            yield patched("twin", 1, node, Splice(stop - len(name), stop, other))


def _others(name: str, *, method: bool) -> list[str]:
    found = [b if a == name else a for a, b in TWINS if name in (a, b)]
    if method:
        found += [other for group in _METHODS if name in group for other in group if other != name]
    return list(dict.fromkeys(found))


def argument(surface: Surface) -> Iterator[Patch]:
    """Arguments swapped, one left out, one in brackets, no argument at all."""
    for site in surface.sites:
        node = site.node
        if not isinstance(node, ast.Call) or any(isinstance(arg, ast.Starred | ast.GeneratorExp) for arg in node.args):
            continue
        texts = [surface.segment(arg) for arg in node.args]
        words = [surface.segment(each.value) if each.arg is None else f"{each.arg}={surface.segment(each.value)}"
                 for each in node.keywords]  # fmt: skip
        function = surface.segment(node.func)
        for kept in _arguments(texts, words):
            yield replaced(surface, site, f"{function}({', '.join(kept)})", "argument", 2, open_=False)
        if isinstance(node.func, ast.Attribute) and len(texts) == 1:
            yield replaced(surface, site, f"{function}([{texts[0]}])", "argument", 2, open_=False)


def _arguments(texts: list[str], words: list[str]) -> Iterator[list[str]]:
    for index in range(len(texts)):
        yield texts[:index] + texts[index + 1 :] + words
    for index in range(len(words)):
        yield texts + words[:index] + words[index + 1 :]
    for index in range(len(texts) - 1):
        yield [*texts[:index], texts[index + 1], texts[index], *texts[index + 2 :], *words]


def more_arguments(surface: Surface) -> Iterator[Patch]:
    """A variable as one more argument."""
    for site in surface.sites:
        node = site.node
        if isinstance(node, ast.Call) and not node.keywords and _own_function(node, surface):
            texts = [surface.segment(arg) for arg in node.args]
            for word in site.scope.own:
                for at in range(len(texts) + 1):
                    new = ", ".join([*texts[:at], word, *texts[at:]])
                    yield replaced(surface, site, f"{surface.segment(node.func)}({new})", "argument", 2, open_=False)


def _own_function(node: ast.Call, surface: Surface) -> bool:
    return isinstance(node.func, ast.Name) and any(each.name == node.func.id for each in surface.functions)


def call_made(surface: Surface) -> Iterator[Patch]:
    """``x.reverse`` is no call, ``x.append[y]`` neither."""
    for site in surface.sites:
        node = site.node
        if isinstance(node, ast.Attribute) and not (isinstance(site.parent, ast.Call) and site.field == "func"):
            yield replaced(surface, site, f"{site.text}()", "call", 1, open_=False)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute | ast.Name):
            inner = surface.text[slice(*_inside(surface, node))]
            yield replaced(surface, site, f"{surface.segment(node.value)}({inner})", "call", 1, open_=False)
        if isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.func, ast.Name):
            text = f"{node.func.id}[{surface.segment(node.args[0])}]"
            yield replaced(surface, site, text, "call", 1 if node.func.id in site.scope.visible else 2, open_=False)


def _inside(surface: Surface, node: ast.Subscript) -> tuple[int, int]:
    start = surface.locator.range(node.value)[1]
    stop = surface.locator.range(node)[1]
    return surface.text.index("[", start, stop) + 1, stop - 1


def in_place(surface: Surface) -> Iterator[Patch]:
    """``x = x.append(y)`` and ``return x.sort()``: methods that change their object and answer nothing."""
    for place in surface.places:
        value = getattr(place.node, "value", None)
        if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _IN_PLACE):
            continue
        text, receiver = surface.segment(value), surface.segment(value.func.value)
        if isinstance(place.node, ast.Assign):
            yield patched("in_place", 1, place.node, surface.instead(place, text))
        if isinstance(place.node, ast.Return):
            yield patched("in_place", 1, place.node, surface.instead(place, text, f"return {receiver}"))
        if isinstance(place.node, ast.Assign | ast.Return) and value.func.attr in {"sort", "reverse"}:
            inside = ", ".join([receiver, *(surface.text[slice(*surface.locator.range(arg))] for arg in value.args),
                                *(f"{each.arg}={surface.segment(each.value)}" for each in value.keywords)])  # fmt: skip
            function = "sorted" if value.func.attr == "sort" else "list"
            yield patched("in_place", 1, place.node, surface.locator.splice(value, f"{function}({inside})"))


def mutated(surface: Surface) -> Iterator[Patch]:
    """``sorted(x)`` and ``x + [y]`` as statements: nothing is done with what they give."""
    for place in surface.places:
        node = place.node
        if not isinstance(node, ast.Expr):
            continue
        value = node.value
        if isinstance(value, ast.Call) and value.args and isinstance(value.args[0], ast.Name):
            text = f"{value.args[0].id} = {surface.segment(value)}"
            yield patched("in_place", 1, node, surface.instead(place, text))
        if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name):
            text = f"{value.left.id} = {surface.segment(value)}"
            yield patched("in_place", 1, node, surface.instead(place, text))
        if isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq) and isinstance(value.left, ast.Name):
            text = f"{value.left.id} = {surface.segment(value.comparators[0])}"
            yield patched("in_place", 1, node, surface.instead(place, text))


def ordering(surface: Surface) -> Iterator[Patch]:
    """The order of a sort: reversed, by another part."""
    for site in surface.sites:
        node = site.node
        name = _name(node)
        if not isinstance(node, ast.Call) or name not in {"sort", "sorted", "max", "min"}:
            continue
        given = {each.arg: surface.segment(each.value) for each in node.keywords if each.arg}
        plain = [surface.segment(arg) for arg in node.args]
        for words in _orders(given, extreme=name in {"max", "min"}):
            inside = ", ".join([*plain, *(f"{key}={value}" for key, value in words.items())])
            yield replaced(surface, site, f"{surface.segment(node.func)}({inside})", "ordering", 1, open_=False)


def _orders(given: dict[str, str], *, extreme: bool) -> Iterator[dict[str, str]]:
    if not extreme:
        other = "False" if given.get("reverse") == "True" else "True"
        yield {**given, "reverse": other}
    for at in (0, 1, -1):
        yield {**given, "key": f"lambda item: item[{at}]"}
        if not extreme:
            yield {**given, "key": f"lambda item: item[{at}]", "reverse": "True"}


def _name(node: ast.expr) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def converted(surface: Surface) -> Iterator[Patch]:
    """A small builtin around a value, or one too many."""
    for site in surface.sites:
        node = site.node
        if isinstance(node, ast.Constant | ast.Lambda | ast.Compare | ast.BoolOp) or _is_function(site):
            continue
        for function in _CONVERSIONS:
            if not (isinstance(node, ast.Call) and _name(node) == function):
                tier: Tier = 2 if function in _likely(site) else 3
                yield replaced(surface, site, f"{function}({site.text})", "conversion", tier, open_=False)


def _likely(site: Site) -> tuple[str, ...]:
    if isinstance(site.parent, ast.For):
        return ("range", "list", "sorted")
    if isinstance(site.parent, ast.Compare | ast.BinOp | ast.Slice) or _name_of(site.parent) == "range":
        return ("len", "int", "str")
    return ("list", "tuple", "str", "int")


def _name_of(node: ast.AST) -> str:
    return _name(node) if isinstance(node, ast.expr) else ""


def _is_function(site: Site) -> bool:
    return isinstance(site.parent, ast.Call) and site.field == "func"


def bracketed(surface: Surface) -> Iterator[Patch]:
    """A value in a list or a tuple of its own."""
    for site in surface.sites:
        added = isinstance(site.parent, ast.AugAssign) or (
            isinstance(site.parent, ast.BinOp) and isinstance(site.parent.op, ast.Add)
        )
        if (added or isinstance(site.parent, ast.Return)) and not isinstance(site.node, ast.Compare | ast.BoolOp):
            tier: Tier = 1 if added else 3
            yield replaced(surface, site, f"[{site.text}]", "bracketed", tier, open_=False)
            yield replaced(surface, site, f"({site.text},)", "bracketed", tier, open_=False)


def ranged(surface: Surface) -> Iterator[Patch]:
    """Bounds of a range: from 0 or 1, over a length, backwards; items instead of positions, and the other way round."""
    for site in surface.sites:
        node = site.node
        if isinstance(site.parent, ast.For) and site.field == "iter":
            yield from _walked(surface, site)
        if not (isinstance(node, ast.Call) and _name(node) == "range" and node.args):
            continue
        texts = [surface.segment(arg) for arg in node.args]
        for new in _ranges(texts):
            yield replaced(surface, site, f"range({', '.join(new)})", "range", 1, open_=False)


def _ranges(texts: list[str]) -> Iterator[list[str]]:
    if len(texts) == 1:
        yield ["1", texts[0]]
        yield [texts[0], "0", "-1"]
        yield [f"{texts[0]} - 1", "-1", "-1"]
        yield [f"len({texts[0]})"]
    elif len(texts) == 2:
        yield [texts[1]]
        yield ["0", texts[1]]
        yield ["1", texts[1]]
        yield [texts[1], texts[0]]
        yield [*texts, "-1"]
    else:
        yield texts[:2]


def _walked(surface: Surface, site: Site) -> Iterator[Patch]:
    node = site.node
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        yield replaced(surface, site, f"range(len({site.text}))", "range", 1, open_=False)
        yield replaced(surface, site, f"enumerate({site.text})", "range", 2, open_=False)
    if isinstance(node, ast.Call) and _name(node) in {"range", "enumerate"} and node.args:
        last = node.args[-1] if len(node.args) < 3 else node.args[1]
        inner = last.args[0] if isinstance(last, ast.Call) and _name(last) == "len" and last.args else last
        yield replaced(surface, site, surface.segment(inner), "range", 1, open_=False)


def renamed_target(surface: Surface) -> Iterator[Patch]:
    """A loop's variable that hides another one, or that its body calls by another name."""
    for place in surface.places:
        node = place.node
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            yield from _targets(surface, place, node)


def _targets(surface: Surface, place: Place, node: ast.For) -> Iterator[Patch]:
    assert isinstance(node.target, ast.Name)
    reads = {each.id for part in node.body for each in ast.walk(part) if isinstance(each, ast.Name)}
    unknown = sorted(reads - set(place.scope.visible) - _BUILTINS)
    fresh = [word for word in ("item", "i", "element") if word not in place.scope.visible]
    for word in (*unknown, *fresh[:1], *place.scope.own):
        if word != node.target.id:
            tier: Tier = 1 if word in unknown else 2
            yield patched("loop_variable", tier, node, surface.locator.splice(node.target, word))
    for word in fresh[:1]:
        uses = [site for site in surface.sites if site.text == node.target.id and _within(site.node, node)]
        splices = [surface.locator.splice(site.node, word) for site in uses]
        yield patched("loop_variable", 1, node, surface.locator.splice(node.target, word), *splices)
        for kept in range(len(splices)):
            some = splices[:kept] + splices[kept + 1 :]
            yield patched("loop_variable", 2, node, surface.locator.splice(node.target, word), *some)


def _within(node: ast.AST, loop: ast.For) -> bool:
    line: int = getattr(node, "lineno", 0)
    return loop.body[0].lineno <= line <= (loop.body[-1].end_lineno or 0)


def swapped_target(surface: Surface) -> Iterator[Patch]:
    """``for a, b in …`` as ``for b, a in …``; also in assignments."""
    for place in surface.places:
        node = place.node
        target = node.target if isinstance(node, ast.For) else node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(target, ast.Tuple) and len(target.elts) == 2:
            one, two = target.elts
            a, b = surface.segment(one), surface.segment(two)
            yield patched("targets", 1, node, surface.locator.splice(one, b), surface.locator.splice(two, a))


def negative(surface: Surface) -> Iterator[Patch]:
    """A number with the other sign."""
    for site in surface.sites:
        if isinstance(site.node, ast.Name | ast.Subscript | ast.Call) and isinstance(
            site.parent, ast.Return | ast.Subscript | ast.BinOp | ast.Lambda
        ):
            yield replaced(surface, site, f"-{atom(site.node, site.text)}", "sign", 3)


OPERATORS: tuple[Operator, ...] = (
    Operator("twin", "a function's counterpart", 1, twin),
    Operator("call", "a call that was none", 1, call_made),
    Operator("in_place", "a method that changes its object and answers nothing", 1, in_place),
    Operator("unused_value", "a value that nobody kept", 1, mutated),
    Operator("ordering", "another order of a sort", 1, ordering),
    Operator("bracketed", "a value in a list or tuple of its own", 1, bracketed),
    Operator("range", "other bounds of a range", 1, ranged),
    Operator("targets", "the two targets of an assignment or a loop swapped", 1, swapped_target),
    Operator("loop_variable", "another name for a loop's variable", 1, renamed_target),
    Operator("argument", "arguments swapped, left out or in brackets", 2, argument),
    Operator("more_arguments", "one more argument", 2, more_arguments),
    Operator("conversion", "a small builtin around a value", 2, converted),
    Operator("sign", "the other sign", 3, negative),
)

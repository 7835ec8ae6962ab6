"""Repair of JavaScript: small changes for mistakes of logic, one at a time. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.repair.report import Fix
from cambrian.source.rules.script import arguments
from cambrian.source.rules.script_nodes import Node

from .structure import Site, fix_at

__all__ = ["edited"]

_SWAPS: dict[str, tuple[str, ...]] = {
    "<": ("<=", ">", ">="), "<=": ("<", ">=", ">"), ">": (">=", "<", "<="), ">=": (">", "<=", "<"),
    "===": ("!==",), "!==": ("===",), "==": ("!=", "==="), "!=": ("==",), "&&": ("||",), "||": ("&&", "??"),
    "??": ("||",), "+": ("-",), "-": ("+",), "*": ("/", "+"), "/": ("*",), "%": ("/",), "**": ("*",),
    "+=": ("-=", "="), "-=": ("+=",), "*=": ("/=", "+="), "/=": ("*=",), "++": ("--",), "--": ("++",),
}  # fmt: skip


def edited(site: Site) -> Iterator[Fix]:
    """Each operator, number, condition, pair of arguments, name and literal, changed."""
    script = site.script
    for node in script.of("binary_expression", "augmented_assignment_expression", "update_expression"):
        operator = node.field("operator")
        for other in _SWAPS.get(operator.text, ()) if operator else ():
            yield fix_at(site, operator or node, other, f"operator became {other}", 2.0, named=False)
    for node in script.of("number"):
        if node.text.isdecimal():
            for value in (int(node.text) + 1, int(node.text) - 1, 0, 1):
                if value >= 0 and str(value) != node.text:
                    yield fix_at(site, node, str(value), f"{node.text} became {value}", 2.2, named=False)
    yield from _conditions(site)
    yield from _swapped(site)
    for node in script.of("true", "false"):
        yield fix_at(site, node, "false" if node.kind == "true" else "true", "the other truth", 2.2, named=False)
    yield from _variables(site)
    yield from _limits(site)


def _conditions(site: Site) -> Iterator[Fix]:
    for node in site.script.of("if_statement", "while_statement", "ternary_expression"):
        condition = node.field("condition")
        if condition is None:
            continue
        inner = condition.text.strip("()") if condition.kind == "parenthesized_expression" else condition.text
        body = condition.text[1:-1] if condition.kind == "parenthesized_expression" else condition.text
        text = body[1:] if body.startswith("!") and inner.startswith("!") else f"!({body})"
        yield fix_at(site, condition, f"({text})", "the condition, negated", 2.2, named=False)


def _swapped(site: Site) -> Iterator[Fix]:
    for call in site.script.of("call_expression", "new_expression"):
        given, target = arguments(call), call.field("arguments")
        for place in range(len(given) - 1):
            texts = [each.text for each in given]
            texts[place], texts[place + 1] = texts[place + 1], texts[place]
            if target is not None:
                yield fix_at(site, target, f"({', '.join(texts)})", "arguments swapped", 2.4, named=False)


def _variables(site: Site) -> Iterator[Fix]:
    """Another variable of the same function."""
    script = site.script
    for node in script.of("identifier"):
        binding = script.binding(node)
        function = script.function(node)
        if binding is None or node not in binding.reads or binding.kind in ("function", "import", "class"):
            continue
        for other in _beside(site, node, function):
            if other != node.text:
                yield fix_at(site, node, other, f"{node.text} became {other}", 2.6, named=False)


def _beside(site: Site, node: Node, function: Node | None) -> list[str]:
    scopes = site.script.scopes
    found: list[str] = []
    for name in scopes.visible(node)[:12]:
        binding = scopes.seen_from(node, name)
        if binding is None or binding.kind in ("function", "class", "import"):
            continue
        if function is None or binding.node.within(function):
            found.append(name)
    return found[:6]


def _limits(site: Site) -> Iterator[Fix]:
    """One more or less at what is compared with, indexed by or handed on."""
    for node in site.script.of("binary_expression", "subscript_expression"):
        part = node.field("index") or node.field("right")
        operator = node.field("operator")
        if (
            part is None
            or part.kind == "number"
            or (operator is not None and operator.text not in ("<", "<=", ">", ">="))
        ):
            continue
        for text in (f"{part.text} - 1", f"{part.text} + 1"):
            yield fix_at(site, part, text, f"{text} instead of {part.text}", 2.4, named=False)

"""Seeded wrong mutants of a function of a script: can calls tell them from it? Text in, text out; nothing is run.

The same kinds of mistakes as in `verify.mutants`, after Jia and Harman, "An analysis and survey of the development of
mutation testing" (2011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import msgspec

from .edit import Splice, apply
from .rules.script import Script, arguments
from .rules.script_nodes import FUNCTIONS, Node
from .script_tops import span, tops
from .tree import Problem

__all__ = ["ScriptMutant", "script_mutants"]


class ScriptMutant(msgspec.Struct, frozen=True, kw_only=True):
    """A file with one mistake in it.

    Args:
        text: the file.
        operator: the kind of mistake.
        place: ``file:line``.
        what: was changed, in a few words.
    """

    text: str
    operator: str
    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.operator}: {self.what}"


def script_mutants(script: Script, name: str, n: int, *, seed: int) -> tuple[ScriptMutant, ...]:
    """At most n different mutants of a function, the same ones for the same seed; all kinds of mistakes take turns.

    Args:
        script: the file.
        name: of a function at its top.
        n: how many at most.
        seed: of the choice.
    """
    binding = tops(script).get(name)
    body = span(binding).field("body") if binding is not None else None
    groups: dict[str, list[ScriptMutant]] = {}
    for mutant in _of(script.text, script.name, body) if body is not None else ():
        groups.setdefault(mutant.operator, []).append(mutant)
    rng = Random(seed)
    for group in groups.values():
        rng.shuffle(group)
    chosen: list[ScriptMutant] = []
    known = {script.text}
    while len(chosen) < n and any(groups.values()):
        for group in groups.values():
            if len(chosen) < n and group and _sound(mutant := group.pop(), script.name, known):
                chosen.append(mutant)
    return tuple(chosen)


def _sound(mutant: ScriptMutant, name: str, known: set[str]) -> bool:
    if mutant.text in known or isinstance(Script.read(mutant.text, name), Problem):
        return False
    known.add(mutant.text)
    return True


def _of(text: str, name: str, body: Node) -> Iterator[ScriptMutant]:
    for node in body.walk():
        for operator, change in _OPERATORS.items():
            for new in change(node):
                yield ScriptMutant(
                    text=apply(text, [Splice(node.start, node.stop, new)]), operator=operator,
                    place=f"{name}:{node.line}", what=f"{_short(node.text)} → {_short(new) or 'nothing'}",
                )  # fmt: skip


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 50 else line[:49] + "…"


Change = Callable[[Node], Iterator[str]]
_OPPOSITE = {
    "===": "!==", "!==": "===", "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
_TOUCHING = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_ARITHMETIC = {
    "+": "-", "-": "+", "*": "+", "/": "*", "%": "/", "**": "*", "&": "|", "|": "&", "^": "|", "<<": ">>", ">>": "<<",
    ">>>": "<<",
}  # fmt: skip
_ASSIGNED = {f"{one}=": f"{other}=" for one, other in _ARITHMETIC.items()}
_LOGICAL = {"&&": "||", "||": "&&", "??": "&&"}
_DROPPED = frozenset(("augmented_assignment_expression", "update_expression", "call_expression", "await_expression"))
_REVERSED = frozenset("-/%")
_COMMUTES = frozenset(("Math.max", "Math.min", "Math.hypot"))


def _binary(node: Node, tables: tuple[dict[str, str], ...]) -> Iterator[str]:
    """The same expression with another operator."""
    left, sign, right = node.field("left"), node.field("operator"), node.field("right")
    if left is None or sign is None or right is None:
        return
    for table in tables:
        other = table.get(sign.text)
        if other is not None:
            yield f"({left.text} {other} {right.text})"


def _comparison(node: Node) -> Iterator[str]:
    if node.kind == "binary_expression":
        yield from _binary(node, (_OPPOSITE, _TOUCHING))


def _arithmetic(node: Node) -> Iterator[str]:
    if node.kind == "binary_expression":
        yield from _binary(node, (_ARITHMETIC,))
    sign = node.field("operator")
    if node.kind == "augmented_assignment_expression" and sign is not None and sign.text in _ASSIGNED:
        left, right = node.field("left"), node.field("right")
        if left is not None and right is not None:
            yield f"{left.text} {_ASSIGNED[sign.text]} {right.text}"


def _constant(node: Node) -> Iterator[str]:
    if node.kind == "number" and node.text.isdigit():
        yield f"({int(node.text) + 1})"
        yield f"({int(node.text) - 1})"
    elif node.kind in ("true", "false"):
        yield "false" if node.kind == "true" else "true"
    elif node.kind == "string" and node.parent is not None and node.parent.kind not in ("pair", "expression_statement"):
        yield f"{node.text[0]}{node.text[1:-1][:-1] or 'x'}{node.text[0]}"


def _off_by_one(node: Node) -> Iterator[str]:
    if node.kind == "subscript_expression":
        owner, index = node.field("object"), node.field("index")
        if owner is not None and index is not None and index.kind not in ("string", "number"):
            yield f"{owner.text}[({index.text}) - 1]"


def _condition(node: Node) -> Iterator[str]:
    if node.kind == "binary_expression":
        yield from _binary(node, (_LOGICAL,))
    elif node.kind == "unary_expression" and node.text.startswith("!"):
        inner = node.field("argument")
        yield f"({inner.text})" if inner is not None else ""
    elif node.kind == "ternary_expression":
        test, one, other = (node.field(role) for role in ("condition", "consequence", "alternative"))
        if test is not None and one is not None and other is not None:
            yield f"({test.text} ? {other.text} : {one.text})"
    elif node.kind == "if_statement" and (test := node.field("condition")) is not None:
        yield _negated(node, test)


def _negated(node: Node, test: Node) -> str:
    begin, stop = test.start - node.start, test.stop - node.start
    return f"{node.text[:begin]}(!{test.text}){node.text[stop:]}"


def _dropped(node: Node) -> Iterator[str]:
    if node.kind in ("break_statement", "throw_statement"):
        yield ";"
    elif node.kind == "continue_statement":
        yield "break;"
    elif node.kind == "expression_statement" and node.parts:
        inner = node.parts[0]
        target = inner.field("left")
        if inner.kind in _DROPPED or (target is not None and target.kind != "identifier"):
            yield ";"


def _returned(node: Node) -> Iterator[str]:
    value = node.parts[0] if node.kind == "return_statement" and node.parts else None
    if value is not None and value.text not in ("undefined", "null"):
        yield "return undefined;"
        if value.kind in ("array", "identifier", "call_expression"):
            yield "return [];"


def _early(node: Node) -> Iterator[str]:
    """A loop that ends after its first round."""
    body = node.field("body") if node.kind in ("for_statement", "for_in_statement", "while_statement") else None
    if body is None or body.kind != "statement_block" or _leaves(body):
        return
    stop = body.stop - node.start - 1
    yield f"{node.text[:stop]} break; {node.text[stop:]}"


def _leaves(body: Node) -> bool:
    last = body.parts[-1].kind if body.parts else ""
    return last in ("break_statement", "return_statement")


def _swapped(node: Node) -> Iterator[str]:
    if node.kind == "call_expression":
        given, function = arguments(node), node.field("function")
        plain = function is not None and not any(
            each.kind == "spread_element" or each.kind in FUNCTIONS for each in given
        )
        if len(given) >= 2 and plain and function is not None and function.text not in _COMMUTES:
            words = [given[1].text, given[0].text, *(each.text for each in given[2:])]
            yield f"{function.text}({', '.join(words)})"
    if node.kind == "binary_expression":
        left, sign, right = node.field("left"), node.field("operator"), node.field("right")
        if left is not None and right is not None and sign is not None and sign.text in _REVERSED:
            yield f"({right.text} {sign.text} {left.text})"


_OPERATORS: dict[str, Change] = {
    "comparison": _comparison, "arithmetic": _arithmetic, "constant": _constant, "off by one": _off_by_one,
    "condition": _condition, "dropped statement": _dropped, "returned value": _returned, "early end": _early,
    "swapped operands": _swapped,
}  # fmt: skip

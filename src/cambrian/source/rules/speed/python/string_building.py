"""``text += part`` in a loop: the parts are collected, and joined once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.index import within
from cambrian.source.analysis.shapes import has
from cambrian.source.edit import Splice
from cambrian.source.rules.containing import kept_in
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite


class _Step(NamedTuple):
    """A statement that makes a text longer: by what, and whether in front."""

    statement: ast.Assign | ast.AugAssign
    names: tuple[ast.Name, ...]
    part: str
    value: ast.expr
    front: bool


class StringBuilding(PythonRule):
    """A list of parts and one join."""

    id = "string-building"
    title = "Collect the parts of a text and join them once"
    why = (
        "A text cannot be made longer: `text = part + text` copies all of it on each turn, which is quadratic, and so "
        "does `text += part` outside of functions (CPython spares a function's own variable most of that). A list of "
        "the parts is joined in one go. The guard sees that the loop does nothing else with the text, that it is a "
        "text, and that no error in the loop can show an unfinished one to anybody."
    )
    words = ("+",)
    examples = (
        Example(
            before=(
                'def backwards(text: str):\n    out = ""\n    for c in text:\n        out = c + out\n    return out\n'
            ),
            after=(
                "def backwards(text: str):\n"
                '    out = ""\n'
                "    out_parts = [out]\n"
                "    for c in text:\n"
                "        out_parts.append(c)\n"
                '    out = "".join(reversed(out_parts))\n'
                "    return out\n"
            ),
            calls=("backwards('abc')", "backwards('')"),
            note="in front",
        ),
        Example(
            before=(
                'text = "<"\nfor i in range(5):\n    if i % 2:\n        text += str(i)\n    text += ","\ntext += ">"\n'
            ),
            after=(
                'text = "<"\n'
                "text_parts = [text]\n"
                "for i in range(5):\n"
                "    if i % 2:\n"
                "        text_parts.append(str(i))\n"
                '    text_parts.append(",")\n'
                'text = "".join(text_parts)\n'
                'text += ">"\n'
            ),
            calls=("text",),
            note="behind, in a script",
        ),
        Example(
            before=("def total(n):\n    out = 0\n    for i in range(n):\n        out = i + out\n    return out\n"),
            after=None,
            note="a number",
        ),
        Example(
            before=(
                "def cut(text: str):\n"
                '    out = ""\n'
                "    for c in text:\n"
                "        out = c + out\n"
                "        if len(out) > 3:\n"
                "            break\n"
                "    return out\n"
            ),
            after=None,
            note="the loop reads the text",
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        groups: dict[tuple[object, ast.For | ast.While], list[_Step]] = {}
        for node in parsed.of(ast.AugAssign, ast.Assign):
            step = _step(parsed, node)
            loops = parsed.loops(node) if step is not None else []
            outer = loops[-1] if loops else None
            if step is not None and isinstance(outer, ast.For | ast.While) and within(node, outer.body):
                groups.setdefault((parsed.variable(step.names[0]), outer), []).append(step)
        for (_, loop), steps in groups.items():
            found = self._rewrite(parsed, loop, steps)
            if found is not None:
                yield found

    def _rewrite(self, module: Module, loop: ast.For | ast.While, steps: list[_Step]) -> Rewrite | None:
        name, front, assumes = steps[0].names[0], steps[0].front, set[str]()
        if any(step.front != front for step in steps) or not _kept(module, loop, steps):
            return None
        if not self._begun(module, name, loop) or not all(self._text(module, step, assumes) for step in steps):
            return None
        parts = module.fresh(f"{name.id}_parts", f"{name.id}_pieces")
        splices: list[Splice] = [module.before(loop, f"{parts} = [{name.id}]")]
        splices += [module.splice(step.statement, f"{parts}.append({step.part})") for step in steps]
        turned = module.builtin("reversed") if front else None
        splices += turned.splices if turned is not None else ()
        joined = f"{turned.spelling}({parts})" if turned is not None else parts
        splices.append(module.after(loop, f'{name.id} = "".join({joined})'))
        what = f"{name.id!r} is copied on every turn of the loop, to make it longer"
        return self.at(module, steps[0].statement, what, splices, assumes=assumes, gain=15.0 if front else 3.0)

    def _begun(self, module: Module, name: ast.Name, loop: ast.For | ast.While) -> bool:
        """Whether the variable is a text when the loop begins: it was assigned one in the same block."""
        block = module.block(loop)
        variable = module.variable(name)
        for before in reversed(block.statements[: block.place]):
            targets = before.targets if isinstance(before, ast.Assign) else []
            for target in targets:
                if isinstance(target, ast.Name) and module.variable(target) is variable:
                    assert isinstance(before, ast.Assign)
                    return module.is_kind(before.value, "str")
            if variable is None or any(within(one.node, before) for one in variable.bindings):
                return False
        return False

    def _text(self, module: Module, step: _Step, assumes: set[str]) -> bool:
        mine: set[str] = set()
        if has(step.value, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
            return False
        kind = module.kind(step.value, mine)
        if kind is not None and kind.name != "str":
            return False
        assumes |= mine if kind is not None else {f"{' '.join(step.part.split())!r} is a text"}
        return True


def _kept(module: Module, loop: ast.For | ast.While, steps: list[_Step]) -> bool:
    """Whether a loop uses the text for nothing else; one of a function that grows at its end costs little."""
    name = steps[0].names[0]
    variable = module.variable(name)
    if variable is None or variable.scope.kind == "class" or loop.orelse:
        return False
    if variable.scope.kind == "function" and not steps[0].front:
        return False
    return kept_in(module, name, loop, {one for step in steps for one in step.names})


def _step(module: Module, node: ast.AugAssign | ast.Assign) -> _Step | None:
    """A statement as a step, if it is one: ``s += x``, ``s = s + x``, ``s = x + s``."""
    match node:
        case ast.AugAssign(target=ast.Name() as target, op=ast.Add(), value=value) if not _names(value, target):
            return _Step(node, (target,), module.segment(value), value, False)
        case ast.Assign(targets=[ast.Name() as target], value=ast.BinOp(left=left, op=ast.Add(), right=right)):
            return _copied(module, node, target, left, right)
        case _:
            return None


def _copied(
    module: Module, node: ast.AugAssign | ast.Assign, target: ast.Name, left: ast.expr, right: ast.expr
) -> _Step | None:
    for own, part, front in ((left, right, False), (right, left, True)):
        if isinstance(own, ast.Name) and own.id == target.id and not _names(part, target):
            return _Step(node, (target, own), module.segment(part), part, front)
    return None


def _names(node: ast.expr, name: ast.Name) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name.id for part in ast.walk(node))


RULE = StringBuilding()

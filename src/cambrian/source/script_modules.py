"""What a file of JavaScript or TypeScript asks of other files and gives them; functions that tell their calls. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from .edit import Splice, apply
from .rules.script import Script, arguments
from .rules.script_nodes import Node
from .script_tops import span, tops

__all__ = ["exports", "sources", "telling"]


def sources(script: Script) -> Iterator[str]:
    """What it imports or requires, as it names it."""
    for node in script.of("import_statement", "export_statement"):
        source = _source(node)
        if source is not None:
            yield source.text[1:-1]
    for call in script.of("call_expression"):
        given = arguments(call)
        if len(given) == 1 and given[0].kind == "string" and call.text.startswith("require"):
            yield given[0].text[1:-1]


def _source(node: Node) -> Node | None:
    return next((each for each in node.children if each.kind == "string"), None)


def exports(script: Script) -> Iterator[str]:
    """Statements that give a module what it exports by name."""
    for node in script.of("export_statement"):
        source = _source(node)
        clause = next((each for each in node.parts if each.kind == "export_clause"), None)
        taken = f"require({source.text})" if source else ""
        if clause is not None:
            for each in clause.parts:
                words = [part.text for part in each.parts]
                local = f"{taken}.{words[0]}" if taken else words[0]
                yield f"module.exports.{words[-1]} = {local};"
        elif taken:
            yield f"Object.assign(module.exports, {taken});"
        elif not any(each.kind == "default" for each in node.children):
            yield from (f"module.exports.{name} = {name};" for name in _declared(node))


def _declared(node: Node) -> Iterator[str]:
    for each in node.parts:
        name = each.field("name")
        if name is not None:
            yield name.text
        for inner in each.parts:
            named = inner.field("name") if inner.kind == "variable_declarator" else None
            if named is not None and named.kind == "identifier":
                yield named.text


def telling(script: Script, name: str, told: str) -> str:
    """The file with a function that tells its arguments; "" if it cannot be made to.

    Args:
        script: the file.
        name: of a function at its top.
        told: a statement, with ``{given}`` where the arguments belong.
    """
    binding = tops(script).get(name)
    whole = span(binding) if binding is not None else None
    body = whole.field("body") if whole is not None else None
    given = _given(whole) if whole is not None else ""
    if body is None or not given:
        return ""
    told = told.format(given=given)
    if body.kind == "statement_block":
        return apply(script.text, [Splice(body.start + 1, body.start + 1, f" {told}")])
    return apply(script.text, [Splice(body.start, body.stop, f"{{ {told} return ({body.text}); }}")])


def _given(function: Node) -> str:
    """An expression for the arguments of a call; "" if there is none."""
    if function.kind != "arrow_function":
        return "[...arguments]"
    single, several = function.field("parameter"), function.field("parameters")
    names = [single] if single is not None else several.parts if several is not None else []
    plain = [each.field("pattern") or each for each in names]
    return f"[{', '.join(each.text for each in plain)}]" if all(each.kind == "identifier" for each in plain) else ""

"""``const a = await f(); const b = await g();``: the second call waits for the first, although it does not need it."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.awaiting import Calls
from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script
from cambrian.source.rules.script_nodes import Node


class ConsecutiveAwaits(JavaScriptRule):
    """One wait for several calls."""

    id = "consecutive-awaits"
    title = "Wait for independent calls together"
    why = (
        "Two requests that do not need each other's answers take the longer of their times if they are awaited "
        "together, and the sum if not. The guard asks that no declaration uses a name of an earlier one, and that the "
        "calls only ask for something: by their text if they are in the file, else by their names, which is assumed."
    )
    tags = ("async",)
    words = ("await",)
    examples = (
        Example(
            before=(
                "async function page(id) {\n  const user = await fetchUser(id);\n"
                "  const posts = await fetchPosts(id);\n"
                "  return { user, posts };\n}\n"
            ),
            after=(
                "async function page(id) {\n"
                "  const [user, posts] = await Promise.all([fetchUser(id), fetchPosts(id)]);\n"
                "  return { user, posts };\n}\n"
            ),
            note="two requests",
        ),
        Example(
            before=(
                "async function page(api, id) {\n  const a = await api.getA(id);\n  const b = await api.getB(id);\n"
                "  const c = await api.getC(b);\n  return a + b + c;\n}\n"
            ),
            after=(
                "async function page(api, id) {\n  const [a, b] = await Promise.all([api.getA(id), api.getB(id)]);\n"
                "  const c = await api.getC(b);\n  return a + b + c;\n}\n"
            ),
            note="the third needs the second",
        ),
        Example(
            before="async function f(id) {\n  const user = await fetchUser(id);\n"
            "  const posts = await fetchPosts(user.id);\n  return posts;\n}\n",
            after=None,
            note="the second needs the first",
        ),
        Example(
            before="async function f(db, row) {\n  const id = await db.insert(row);\n"
            "  const all = await db.findAll();\n  return [id, all];\n}\n",
            after=None,
            note="the first changes what the second reads",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for block in parsed.of("statement_block", "program"):
            run: list[Node] = []
            for statement in [*block.children, None]:
                if statement is not None and _fits(parsed, statement, run):
                    run.append(statement)
                    continue
                yield from self._run(parsed, run)
                run = [statement] if statement is not None and _fits(parsed, statement, []) else []

    def _run(self, script: Script, run: list[Node]) -> Iterator[Rewrite]:
        if len(run) < 2:
            return
        calls = Calls(script)
        values = [_waited(each) for each in run]
        if not calls.apart(value for value in values if value is not None):
            return
        names = ", ".join(_name(each) for each in run)
        asked = ", ".join(value.text for value in values if value is not None)
        word = run[0].children[0].text
        text = f"{word} [{names}] = await Promise.all([{asked}]){';' if run[0].text.endswith(';') else ''}"
        yield self.at(
            script, run[0], f"{names} are awaited one after the other", [Splice(run[0].start, run[-1].stop, text)],
            gain=float(len(run)),
            assumes=[
                *calls.assumptions(), "if one fails, the others may have started; any of several errors is raised",
            ],
        )  # fmt: skip


def _declarator(statement: Node) -> Node:
    return statement.parts[0]


def _name(statement: Node) -> str:
    name = _declarator(statement).field("name")
    return name.text if name else ""


def _waited(statement: Node) -> Node | None:
    """The call that a declaration awaits."""
    if statement.kind != "lexical_declaration" or len(statement.parts) != 1:
        return None
    value, kind = _declarator(statement).field("value"), _declarator(statement).field("type")
    if value is None or value.kind != "await_expression" or kind is not None:
        return None
    call = value.parts[0]
    nested = any(each.kind == "await_expression" for each in call.walk(into_functions=False))
    return call if call.kind == "call_expression" and not nested else None


def _fits(script: Script, statement: Node, run: list[Node]) -> bool:
    """Whether a statement may be waited for together with those before it."""
    call = _waited(statement)
    if call is None:
        return False
    if run and run[0].children[0].text != statement.children[0].text:
        return False
    used = script.names(call)
    return not any(binding.node.within(each) for binding in used for each in run)


RULE = ConsecutiveAwaits()

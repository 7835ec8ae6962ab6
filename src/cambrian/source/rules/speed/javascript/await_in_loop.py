"""``for (…) { … await f(x) … }``: each call waits for the one before, although it does not need it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.edit import Splice
from cambrian.source.rules.awaiting import Calls, pool
from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script, arguments, called, statements
from cambrian.source.rules.script_nodes import Node
from cambrian.source.rules.script_scopes import Binding

_JUMPS = frozenset(("break_statement", "return_statement", "yield_expression", "labeled_statement", "try_statement"))
_POOL = """
// Calls `work` for each item, at most 32 at a time. Results in the items' order; of errors that of the first item.
async function inParallel(items, work) {
  const todo = [...items].entries();
  const results = [];
  let failed = Infinity;
  let error;
  const worker = async () => {
    for (const [index, item] of todo) {
      if (index > failed) break;
      try {
        results[index] = await work(item);
      } catch (reason) {
        if (index < failed) [failed, error] = [index, reason];
      }
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  if (failed < Infinity) throw error;
  return results;
}
"""
_TYPED = (
    _POOL.replace("inParallel(items, work)", "inParallel<T, R>(items: Iterable<T>, work: (item: T) => Promise<R>)"
                  ": Promise<R[]>")
    .replace("const results =", "const results: R[] =")
    .replace("let error;", "let error: unknown;")
)  # fmt: skip
_SEED = """export async function load(ids) {
  const results = [];
  for (const id of ids) {
    const r = await fetch(`/users/${id}`);
    results.push(await r.json());
  }
  return results;
}
"""
_SEED_AFTER = """export async function load(ids) {
  const results = [];
  for (const json of await inParallel(ids, async (id) => {
    const r = await fetch(`/users/${id}`);
    return await r.json();
  })) {
    results.push(json);
  }
  return results;
}
"""
_HOLDERS = frozenset(("template_substitution", "pair", "array", "ternary_expression"))
"""Kinds of nodes that hand a value on as it is."""


class _Split(NamedTuple):
    """A loop's body: what waits, and what is done with it."""

    head: list[Node]
    tail: list[Node]
    waiting: Node | None
    """An await in the first statement of the tail, to be taken out of it."""


class AwaitInLoop(JavaScriptRule):
    """Awaits side by side."""

    id = "await-in-loop"
    title = "Wait for the calls of a loop side by side"
    why = (
        "A loop that awaits a request in each turn takes the sum of all waiting times; side by side it takes about the "
        "longest. A pool of 32 keeps the load bounded, results stay in order, and of several errors the one of the "
        "first item is raised, as before. The guard asks that no turn needs what an earlier one has done: nothing the "
        "waiting part reads is changed by the loop, no turn ends the loop, and the functions called are such that "
        "only ask for something: by their text if they are in the file, else by their names, which is assumed."
    )
    tags = ("async",)
    words = ("await",)
    examples = (
        Example(before=_SEED, after=_SEED_AFTER + _POOL, note="requests in a loop"),
        Example(
            before=_SEED.replace("load(ids)", "load(ids: string[])").replace("results =", "results: unknown[] ="),
            after=_SEED_AFTER.replace("load(ids)", "load(ids: string[])").replace("results =", "results: unknown[] =")
            + _TYPED,
            language="typescript",
            note="TypeScript",
        ),
        Example(
            before=(
                "async function totals(get, ids) {\n  const found = {};\n  for (let i = 0; i < ids.length; i++) {\n"
                "    const user = await get(ids[i]);\n    found[ids[i]] = user.total;\n  }\n  return found;\n}\n"
            ),
            after=(
                "async function totals(get, ids) {\n  const found = {};\n"
                "  for (const [i, user] of await inParallel(Array(ids.length).keys(), async (i) => {\n"
                "    const user = await get(ids[i]);\n    return [i, user];\n  })) {\n"
                "    found[ids[i]] = user.total;\n  }\n  return found;\n}\n" + _POOL
            ),
            note="a loop that counts",
        ),
        Example(
            before="async function all(urls) {\n  let last = '';\n  for (const url of urls) {\n"
            "    last = await fetch(url + last);\n  }\n  return last;\n}\n",
            after=None,
            note="each call needs the answer of the one before",
        ),
        Example(
            before="async function save(rows, db) {\n  for (const row of rows) {\n    await db.insert(row);\n  }\n}\n",
            after=None,
            note="calls that change something",
        ),
        Example(
            before="async function first(urls) {\n  for (const url of urls) {\n    const r = await fetch(url);\n"
            "    if (r.ok) return r;\n  }\n}\n",
            after=None,
            note="it stops at the first that fits",
        ),
        Example(
            before="async function post(urls) {\n  for (const url of urls) {\n"
            "    await fetch(url, { method: 'POST' });\n  }\n}\n",
            after=None,
            note="posts",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for loop in parsed.of("for_in_statement", "for_statement"):
            found = self._loop(parsed, loop)
            if found is not None:
                yield found

    def _loop(self, script: Script, loop: Node) -> Rewrite | None:
        header = _header(script, loop)
        body = loop.field("body")
        split = _split(script, loop) if body is not None and body.kind == "statement_block" else None
        if header is None or split is None or body is None or not _quiet(script, loop, body):
            return None
        calls = Calls(script)
        regions = [*split.head, *([split.waiting] if split.waiting else [])]
        if not _apart(script, loop, split) or not calls.apart(regions):
            return None
        return self.at(
            script, loop, "each turn of this loop awaits before the next begins", _written(script, loop, header, split),
            gain=20.0, assumes=[*calls.assumptions(), "calls after one that fails may have started"],
        )  # fmt: skip


def _header(script: Script, loop: Node) -> tuple[str, str] | None:
    """The items that a loop goes through, and what it calls one."""
    left, right = loop.field("left"), loop.field("right")
    if loop.kind == "for_in_statement":
        operator = loop.field("operator")
        waits = any(child.kind == "await" for child in loop.children)
        if left is None or right is None or operator is None or operator.text != "of" or waits:
            return None
        return (right.text, left.text) if loop.field("kind") is not None else None
    return _counted(script, loop)


def _counted(script: Script, loop: Node) -> tuple[str, str] | None:
    """``for (let i = 0; i < x.length; i++)``."""
    match loop.fields("initializer", "condition", "increment"):
        case start, condition, step if len(start.parts) == 1:
            declared = start.parts[0]
        case _:
            return None
    while condition.kind == "expression_statement" and condition.parts:
        condition = condition.parts[0]
    name, bound = declared.field("name"), condition.field("right")
    if name is None or bound is None or declared.text_of("value") != "0" or not bound.text.endswith(".length"):
        return None
    if condition.text != f"{name.text} < {bound.text}" or step.text not in (f"{name.text}++", f"++{name.text}"):
        return None
    binding, items = script.binding(name), _walked(script, bound, loop)
    if binding is None or items is None or len(binding.writes) != 1:
        return None
    return f"Array({bound.text}).keys()", name.text


def _walked(script: Script, bound: Node, loop: Node) -> Binding | None:
    """The variable whose length a bound is, if a loop leaves it as it is."""
    owner = bound.field("object")
    items = script.binding(owner) if owner is not None and owner.kind == "identifier" else None
    return None if items is None or items.writes or _touched(script, items, loop) else items


def _touched(script: Script, binding: Binding, loop: Node) -> bool:
    """Whether the array that is counted through may change: more than its items are read."""
    return script.changed(binding, loop)


def _split(script: Script, loop: Node) -> _Split | None:
    """The statements up to the last that awaits, and the others."""
    every = statements(loop.field("body"))
    waits = [index for index, each in enumerate(every) if _awaits(each)]
    if not waits:
        return None
    last = waits[-1]
    statement = every[last]
    if statement.kind == "lexical_declaration":
        return _Split(every[: last + 1], every[last + 1 :], None)
    inner = [each for each in statement.walk(into_functions=False) if each.kind == "await_expression"]
    if statement.kind != "expression_statement" or len(inner) != 1:
        return None
    return _Split(every[:last], every[last:], inner[0]) if _keeps(script, statement, inner[0]) else None


def _keeps(script: Script, statement: Node, waiting: Node) -> bool:
    """Whether a statement does nothing but put what it awaits somewhere, so that it may do so later."""
    expression = statement.parts[0]
    if expression is waiting:
        return False  # done for its effects alone
    if expression.kind == "call_expression":
        owner, name = called(expression)
        given = arguments(expression)
        fits = owner is not None and owner.kind == "identifier" and name in ("push", "set", "add")
        return fits and all(each is waiting or script.pure(each) or waiting.within(each) for each in given)
    left, right = expression.field("left"), expression.field("right")
    return left is not None and right is not None and waiting.within(right) and script.pure(left)


def _awaits(node: Node) -> bool:
    return any(each.kind == "await_expression" for each in node.walk(into_functions=False))


def _quiet(script: Script, loop: Node, body: Node) -> bool:
    """Whether no turn ends the loop, nobody sees half of its work, and no variable outlives its turn."""
    for each in body.walk(into_functions=False):
        if each.kind in _JUMPS or each.kind in ("variable_declaration", "comment", "function_declaration"):
            return False
        if each.kind == "continue_statement":
            return False
    function = script.function(loop)
    for each in loop.above():
        if each is function:
            return True
        if each.kind in ("try_statement", "labeled_statement"):
            return False
    return True


def _apart(script: Script, loop: Node, split: _Split) -> bool:
    """Whether what waits neither changes outer variables nor reads those that the loop changes."""
    head = [*split.head, *([split.waiting] if split.waiting else [])]
    changed = {binding for part in split.tail for binding in _changed(script, part, split.waiting)}
    if any(binding.kind in ("parameter", "import") or _outer(script, loop, binding) for binding in changed):
        return False
    for node in (each for part in head for each in part.walk()):
        binding = script.binding(node)
        if binding is None:
            continue
        outer = not script.declared_in(binding, loop)
        if binding in changed or (outer and any(write.within(loop) for write in binding.writes)):
            return False
        if outer and _assigned(node):
            return False
    return True


def _outer(script: Script, loop: Node, binding: Binding) -> bool:
    """Whether a variable belongs to another function than the loop: somebody may see it half done."""
    function = script.function(loop)
    return function is not None and not binding.node.within(function)


def _changed(script: Script, part: Node, waiting: Node | None) -> Iterator[Binding]:
    """Variables outside of a part that it may change, or the values of which it may change."""
    for node in part.walk():
        binding = script.binding(node)
        if binding is None or binding.node.within(part) or (waiting is not None and node.within(waiting)):
            continue
        if node in binding.writes or (script.changed(binding, node) and not _only_read(node, binding)):
            yield binding


def _only_read(node: Node, binding: Binding) -> bool:
    """Whether a value is looked at or handed on there, which changes nothing in this loop."""
    parent = node.parent
    if parent is None:
        return False
    if parent.kind == "member_expression" and not _assigned(node) and not _method(parent):
        return True
    if parent.kind == "arguments" and node in binding.reads:
        return True
    return parent.kind in _HOLDERS or node.kind == "shorthand_property_identifier"


def _method(node: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.kind == "call_expression" and parent.field("function") is node


def _assigned(node: Node) -> bool:
    """Whether something is stored in what a name stands for."""
    inner = node
    for each in node.above():
        if each.kind in ("member_expression", "subscript_expression") and each.field("object") is inner:
            inner = each
            continue
        if each.kind in ("assignment_expression", "augmented_assignment_expression"):
            return each.field("left") is inner and inner is not node
        return each.kind == "update_expression" and inner is not node
    return False


def _written(script: Script, loop: Node, header: tuple[str, str], split: _Split) -> list[Splice]:
    """The loop, waiting first."""
    items, item = header
    name, helper = pool(script)
    body = loop.field("body")
    assert body is not None
    needed = _needed(script, loop, split)
    end, blanks = script.newline, script.indent(script.statement(loop))
    inner = script.indent(split.head[0] if split.head else split.tail[0])
    inner = inner if len(inner) > len(blanks) else f"{blanks}  "
    lines = [script.text[script.text.rfind("\n", 0, each.start) + 1 : each.stop].rstrip() for each in split.head]
    if not split.head or "\n" not in script.text[body.start : split.head[0].start]:
        lines = [f"{inner}{each.text}" for each in split.head]
    tail = [each.text for each in split.tail]
    result, answer = _result(needed)
    if split.waiting is not None:
        first = split.tail[0]
        own = split.waiting.start - first.start, split.waiting.stop - first.start
        fresh = _fresh(script, split.waiting)
        tail[0] = tail[0][: own[0]] + fresh + tail[0][own[1] :]
        if not needed:
            result, answer = fresh, split.waiting.text
        else:
            names = [*needed, fresh]
            result, answer = _listed(names), _listed([*needed, split.waiting.text])
    if not tail:
        text = f"await {name}({items}, async ({item}) => {{{end}{end.join(lines)}{end}{blanks}}});"
    else:
        text = f"for (const {result} of await {name}({items}, async ({item}) => {{{end}"
        text += end.join([*lines, f"{inner}return {answer};"])
        text += f"{end}{blanks}}})) {{{end}" + end.join(f"{inner}{each}" for each in tail) + f"{end}{blanks}}}"
    made = [Splice(loop.start, loop.stop, text)]
    return [*made, Splice(len(script.text), len(script.text), helper)] if helper else made


def _result(needed: list[str]) -> tuple[str, str]:
    if len(needed) == 1:
        return needed[0], needed[0]
    return _listed(needed), _listed(needed)


def _listed(names: list[str]) -> str:
    return f"[{', '.join(names)}]"


def _needed(script: Script, loop: Node, split: _Split) -> list[str]:
    """Variables of a turn that its tail uses."""
    found: dict[str, None] = {}
    places = [loop.field("left") or loop.field("initializer"), *split.head]
    for part in split.tail:
        for node in part.walk():
            binding = script.binding(node)
            if binding is None or (split.waiting is not None and node.within(split.waiting)):
                continue
            if any(place is not None and binding.node.within(place) for place in places):
                found[binding.name] = None
    return list(found)


def _fresh(script: Script, waiting: Node) -> str:
    """A name for what is awaited, after what is called."""
    call = waiting.parts[0]
    name = called(call)[1] if call.kind == "call_expression" else ""
    word = name.removeprefix("get").removeprefix("fetch").removeprefix("load") or "result"
    word = word[0].lower() + word[1:]
    return script.fresh(*([word] if word.isidentifier() and word not in _RESERVED else []), "result")


_RESERVED = frozenset(
    [
        "all",
        "of",
        "in",
        "class",
        "default",
        "delete",
        "import",
        "new",
        "this",
        "function",
        "return",
        "var",
        "let",
        "const",
        "for",
    ]
)

RULE = AwaitInLoop()

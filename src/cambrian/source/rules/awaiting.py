"""Rules: which awaited calls may run side by side, as far as the text shows, and the worker pool that runs them. Pure.

A call that only asks for something may; one that changes something may not, as the next one may rely on it. The text
shows that for functions of the same file; of others only the name tells, so a rewrite assumes it and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .script import Script, bare, called
from .script_nodes import FUNCTIONS, Node

__all__ = ["Calls", "pool"]

_ASKS = re.compile(
    r"(?:async|safe|api|do|http|db|cached|remote|raw)?_?"
    r"(?:get|fetch|load|read|find|query|request|download|look_?up|list|search|resolve|json|text|blob|arrayBuffer|"
    r"formData|head|stat|access|describe|count|exists|has|is|check|validate|compute|calculate|parse|ping|sleep|delay|"
    r"wait|select|retrieve|detect|measure|hash|digest|score|price|quote|translate|geocode|render|convert|transform|"
    r"enrich|details?|info|status|data|profile)(?-i:(?![a-z]))",
    re.IGNORECASE,
)
"""Beginnings of names of functions that ask for something, up to the end of a word."""
_CHANGES = re.compile(
    r"(?:post|put|patch|delete|remove|update|save|write|insert|lock|acquire|release|unlock|send|push|pop|next|commit|"
    r"create|set|add|append|enqueue|dequeue|shift|publish|emit|pay|charge|transfer|migrate|seed|drop|truncate|begin|"
    r"start|stop|open|close|connect|log|store|upload|register|login|sync|flush|clear|reset|apply|move|rename|"
    r"book)(?-i:(?![a-z]))",
    re.IGNORECASE,
)
_METHODS = re.compile(r"\bmethod\s*:\s*(?!['\"`](?:get|head)['\"`])", re.IGNORECASE)
_GLOBALS = frozenset(("setTimeout", "clearTimeout", "structuredClone", "encodeURIComponent", "decodeURIComponent"))
_OWNERS = frozenset(("Promise", "Math", "Object", "JSON", "Number", "String", "Array", "Date", "Symbol"))
_MUTATING = frozenset(
    ["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "set", "add", "delete", "clear", "append"]
)
NAME = "inParallel"
_POOL = """
// Calls `work` for each item, at most {most} at a time. Results in the items' order; of errors that of the first item.
async function {name}{types}({items}, {work}){answer} {{
  const todo = [...items].entries();
  const results{results} = [];
  let failed = Infinity;
  let error{unknown};
  const worker = async () => {{
    for (const [index, item] of todo) {{
      if (index > failed) break;
      try {{
        results[index] = await work(item);
      }} catch (reason) {{
        if (index < failed) [failed, error] = [index, reason];
      }}
    }}
  }};
  await Promise.all(Array.from({{ length: {most} }}, worker));
  if (failed < Infinity) throw error;
  return results;
}}
"""
_MOST = 32
_DEPTH = 4


class Calls:
    """Looks at calls of one file.

    Args:
        script: the file.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self.trusted: dict[str, None] = {}
        """Names of functions that were taken to change nothing because they sound so."""

    def apart(self, region: Iterable[Node]) -> bool:
        """Whether the calls in these parts do not depend on each other's effects; notes whom it trusted."""
        return all(self._call_fits(each) for part in region for each in part.walk() if _is_call(each))

    def _call_fits(self, call: Node, depth: int = _DEPTH) -> bool:
        script = self._script
        if call.kind == "new_expression":
            made = call.field("constructor")
            return made is not None and made.text in ("Promise", "Error", "TypeError", "RangeError", "URL", "Date",
                                                      "Map", "Set", "URLSearchParams", "Headers")  # fmt: skip
        if script.pure(call):
            return True
        owner, name = called(call)
        if owner is None:
            return self._function_fits(call, name, depth)
        if owner.kind == "identifier" and owner.text in _OWNERS and script.binding(owner) is None:
            return name not in ("assign", "defineProperty", "setPrototypeOf")
        return self._method_fits(owner, name, call)

    def _function_fits(self, call: Node, name: str, depth: int) -> bool:
        function = call.field("function")
        binding = self._script.binding(function)
        if not name or _METHODS.search(call.text):
            return False
        if binding is None:
            return name in _GLOBALS or self._trust(name)
        own = binding.node.parent if binding.kind == "function" else bare(binding.value)
        if own is not None and own.kind in FUNCTIONS and not binding.writes:
            return depth > 0 and self._own_fits(own, depth - 1)
        if binding.kind == "parameter" and _executor(binding.scope):
            return True  # resolve and reject of a promise made here
        return self._trust(name)

    def _own_fits(self, function: Node, depth: int) -> bool:
        """A function of the file changes nothing outside of itself."""
        script = self._script
        for node in function.walk():
            if _is_call(node) and not self._call_fits(node, depth):
                return False
            binding = script.binding(node)
            if binding is not None and node in binding.writes and not binding.node.within(function):
                return False
            if node.kind in ("assignment_expression", "augmented_assignment_expression", "update_expression"):
                target = node.field("left") or node.field("argument")
                if not self._local(target, function):
                    return False
        return True

    def _local(self, target: Node | None, function: Node) -> bool:
        """Whether what is assigned to belongs to a variable of the function that was made there."""
        while target is not None and target.kind in ("member_expression", "subscript_expression"):
            target = target.field("object")
        binding = self._script.binding(target)
        return binding is not None and binding.node.within(function) and binding.kind != "parameter"

    def _method_fits(self, owner: Node, name: str, call: Node) -> bool:
        root: Node | None = owner
        while root is not None and root.kind in ("member_expression", "call_expression", "await_expression"):
            root = root.field("object") or root.field("function") or (root.parts[0] if root.parts else None)
        binding = self._script.binding(root)
        if name in _MUTATING or _METHODS.search(call.text):
            return binding is not None and self._script.kind(root) != "" and self._inner(binding.node, call)
        if name in ("then", "catch", "finally", "replace", "map", "filter", "join", "slice", "some", "every", "flat"):
            return True
        return self._trust(name)

    def _inner(self, declared: Node, call: Node) -> bool:
        """Whether a variable belongs to the same turn of the loop as the call."""
        loops = self._script.loops(call)
        return bool(loops) and declared.within(loops[0])

    def _trust(self, name: str) -> bool:
        fits = _ASKS.match(name) is not None and _CHANGES.match(name) is None
        if fits:
            self.trusted[name] = None
        return fits

    def assumptions(self) -> list[str]:
        """What was trusted, in words."""
        names = ", ".join(f"'{name}'" for name in self.trusted)
        return [f"calls of {names} do not depend on each other"] if names else []


def _is_call(node: Node) -> bool:
    return node.kind in ("call_expression", "new_expression")


def _executor(function: Node) -> bool:
    """Whether a function is what ``new Promise`` is given."""
    given = function.parent
    made = given.parent if given is not None else None
    constructor = made.field("constructor") if made is not None else None
    return constructor is not None and constructor.text == "Promise"


def pool(script: Script) -> tuple[str, str]:
    """The name of the pool's function, and its text if the file does not have it yet."""
    typed = script.name.rpartition(".")[2] in ("ts", "mts", "cts", "tsx")
    words = (
        {"types": "<T, R>", "items": "items: Iterable<T>", "work": "work: (item: T) => Promise<R>",
         "answer": ": Promise<R[]>", "results": ": R[]", "unknown": ": unknown"}
        if typed
        else {"types": "", "items": "items", "work": "work", "answer": "", "results": "", "unknown": ""}
    )  # fmt: skip
    there = _POOL.format(name=NAME, most=_MOST, **words).replace("\n", script.newline)
    if there.strip() in script.text:
        return NAME, ""
    name = script.fresh(NAME)
    made = _POOL.format(name=name, most=_MOST, **words).replace("\n", script.newline)
    return name, made if script.text.endswith("\n") else script.newline + made

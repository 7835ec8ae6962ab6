"""Source: a JavaScript script whose top-level variables are told where it waits for a call. Pure text to text.

An engine has no way into the variables of a function that stands still, and a script's top level is one. So the script
is begun with a line's worth of code that makes a closure over its variables and stands before each tool: with the call
that is asked for, once the script has nothing left to do but wait, it makes one call more, of a tool that does not
exist, whose argument is the variables. Whoever plays the run again ends it there. Nothing moves to another line.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from .javascript_tree import Dialect, parse
from .tree import Problem

if TYPE_CHECKING:
    from ast_grep_py import SgNode

__all__ = ["WATCHER", "top_names", "watched"]

WATCHER = "__cambrian_watcher__"
"""Name of the tool that is told the variables."""

_FUNCTIONS = frozenset(
    ("function_declaration", "function_expression", "arrow_function", "method_definition", "class_declaration",
     "class", "generator_function", "generator_function_declaration", "class_static_block")
)  # fmt: skip
_HEAD = re.compile(r"(?:#![^\n]*\n)?(?:\s+|//[^\n]*(?:\n|$)|/\*.*?\*/)*(?:(['\"])use strict\1[ \t]*;?)?", re.DOTALL)
_NAMES = ("identifier", "shorthand_property_identifier_pattern")
_USUAL = ("assignment_pattern", "object_assignment_pattern")
"""Patterns with a value to be taken if there is none, which binds nothing."""
_HOPS = 64
"""Turns of the queue of promises that are let by, so that what can still be done before the wait is done."""
_SHOWN = 1000
_WORDS = re.compile(r"\b(?:SHOWN|HOPS|WATCHER|NAMES|AT)\b")
_PRELUDE = """
((read, names, at) => {
  const tell = globalThis.WATCHER, tools = globalThis.tools;
  delete globalThis.WATCHER;
  if (!tools || tools.WATCHER !== tell) return;
  let made = 0;
  const plain = (v, d) => v === null || typeof v === "string" || typeof v === "boolean" || (typeof v === "number"
    && Number.isFinite(v)) || (d < 30 && typeof v === "object" && (Array.isArray(v) ? v.every((e) => plain(e, d + 1))
    : Object.getPrototypeOf(v) === Object.prototype && Object.values(v).every((e) => plain(e, d + 1))));
  const name = (v) => v.constructor && v.constructor.name || "Object";
  const list = (v) => { try { return JSON.stringify(v) || String(v) } catch { return "…" } };
  const show = (v) => (typeof v === "function" ? `[Function: ${v.name}]` : typeof v === "bigint" ? `${v}n`
    : v instanceof Map || v instanceof Set ? `${name(v)}(${v.size}) ${list([...v])}` : v instanceof Error ? `${v}`
    : v instanceof RegExp || v instanceof Promise ? String(v) : v && typeof v === "object" ? `${name(v)} ${list(v)}`
    : String(v)).slice(0, SHOWN);
  const look = () => {
    const found = {};
    for (const each of names) {
      let value;
      try { value = read(each) } catch { continue }
      if (value !== undefined) try { found[each] = plain(value, 0) ? value : show(value) } catch { found[each] = "…" }
    }
    return found;
  };
  const later = async () => { for (let hop = 0; hop < HOPS; hop++) await null; tell({ variables: look() }) };
  const round = (tool) => (...args) => { const answer = tool(...args); if (made++ === at) later(); return answer };
  const own = Object.create(null);
  for (const each of Object.keys(Object.getOwnPropertyDescriptors(tools))) {
    if (each === "WATCHER") continue;
    own[each] = round(tools[each]);
    if (globalThis[each] === tools[each]) globalThis[each] = own[each];
  }
  globalThis.tools = Object.freeze(own);
})((__name__) => eval(__name__), NAMES, AT);
"""


def watched(code: str, dialect: Dialect, at: int) -> str:
    """The script, which makes one more call with the variables of its top level when it waits for call `at`.

    Args:
        code: source text.
        dialect: of it.
        at: number of the call, from 0.

    Returns:
        The changed text, or the same if it has no variables or cannot be read.
    """
    names = top_names(code, dialect)
    if not names:
        return code
    head = _HEAD.match(code)
    place = head.end() if head is not None else 0
    text = " ".join(_PRELUDE.split())
    values = {"SHOWN": _SHOWN, "HOPS": _HOPS, "WATCHER": WATCHER, "NAMES": json.dumps(names), "AT": at}
    text = _WORDS.sub(lambda match: str(values[match[0]]), text)
    return f"{code[:place]} {text} {code[place:]}"


def top_names(code: str, dialect: Dialect) -> list[str]:
    """Variables of a script's top level: its ``let``, ``const`` and ``var``, and each ``var`` in its blocks."""
    root = parse(code, dialect)
    if isinstance(root, Problem):
        return []
    found: list[str] = []
    todo: list[tuple[SgNode, bool]] = [(node, True) for node in root.children()]
    while todo:
        node, top = todo.pop(0)
        if node.kind() in _FUNCTIONS:
            continue
        if node.kind() == "variable_declaration" or (top and node.kind() == "lexical_declaration"):
            found += [name for each in node.children() if each.kind() == "variable_declarator" for name in _bound(each)]
        todo += [(child, False) for child in node.children()]
    return list(dict.fromkeys(found))


def _bound(declarator: SgNode) -> list[str]:
    target = declarator.field("name")
    if target is None:
        return []
    found: list[str] = []
    todo = [target]
    while todo:
        node = todo.pop()
        if node.kind() in _NAMES:
            found.append(node.text())
        usual = node.field("right") if node.kind() in _USUAL else None
        children = node.children()
        todo += reversed(children[:1] if usual is not None else children)
    return found

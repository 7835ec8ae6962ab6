"""A function that calls itself more than once works the same things out again and again."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.javascript import JavaScriptRule
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.script import Script
from cambrian.source.rules.script_effects import only_computes, plain
from cambrian.source.rules.script_nodes import LOOPS, Node
from cambrian.source.rules.script_scopes import Binding


class RecursionMap(JavaScriptRule):
    """Remembers its answers."""

    id = "recursion-map"
    title = "Remember the answers of a function that calls itself"
    why = (
        "With two calls of itself in each turn a recursion takes exponential time, although it is asked for few "
        "different things. A `Map` of what was worked out, kept while the outermost call runs, makes it linear in "
        "these. The guard asks that the function only computes: no effects, no outer variable that gets "
        "another value, answers that are numbers or texts, so that nobody can change what is remembered. That "
        "arguments are numbers, texts or arrays of these is assumed where the text does not show it."
    )
    words = ("function", "=>")
    examples = (
        Example(
            before="function fib(n) {\n  if (n < 2) return n;\n  return fib(n - 1) + fib(n - 2);\n}\n",
            after=(
                "function fib(n) {\n  const fibKnown = new Map();\n  const fibOnce = (n) => {\n"
                "    let known = fibKnown.get(n);\n"
                "    if (known === undefined) {\n      known = fibAnew(n);\n      fibKnown.set(n, known);\n    }\n"
                "    return known;\n  };\n  const fibAnew = (n) => {\n    if (n < 2) return n;\n"
                "    return fibOnce(n - 1) + fibOnce(n - 2);\n  };\n  return fibOnce(n);\n}\n"
            ),
            note="one number",
        ),
        Example(
            before="const paths = (r, c) => (r === 0 || c === 0 ? 1 : paths(r - 1, c) + paths(r, c - 1));\n",
            after=(
                "const paths = (r, c) => {\n  const pathsKnown = new Map();\n  const pathsOnce = (r, c) => {\n"
                "    const key = JSON.stringify([r, c]);\n    let known = pathsKnown.get(key);\n"
                "    if (known === undefined) {\n      known = pathsAnew(r, c);\n"
                "      pathsKnown.set(key, known);\n    }\n    return known;\n  };\n"
                "  const pathsAnew = (r, c) => "
                "(r === 0 || c === 0 ? 1 : pathsOnce(r - 1, c) + pathsOnce(r, c - 1));\n  return pathsOnce(r, c);\n};\n"
            ),
            note="two numbers",
        ),
        Example(
            before=(
                "function fill(room, sizes) {\n  const most = (left, i) =>\n    i === sizes.length ? 0 : "
                "Math.max(most(left, i + 1), sizes[i] > left ? 0 : sizes[i] + most(left - sizes[i], i + 1));\n"
                "  return most(room, 0);\n}\n"
            ),
            after=(
                "function fill(room, sizes) {\n  const most = (left, i) => {\n    const mostKnown = new Map();\n"
                "    const mostOnce = (left, i) => {\n      const key = JSON.stringify([left, i]);\n"
                "      let known = mostKnown.get(key);\n      if (known === undefined) {\n"
                "        known = mostAnew(left, i);\n        mostKnown.set(key, known);\n      }\n"
                "      return known;\n    };\n    const mostAnew = (left, i) => i === sizes.length ? 0 : "
                "Math.max(mostOnce(left, i + 1), sizes[i] > left ? 0 : sizes[i] + mostOnce(left - sizes[i], i + 1));\n"
                "    return mostOnce(left, i);\n  };\n  return most(room, 0);\n}\n"
            ),
            note="within a function, whose variables it reads",
        ),
        Example(before="function f(n) {\n  return n < 1 ? 0 : n + f(n - 1);\n}\n", after=None, note="one call each"),
        Example(
            before="function f(n) {\n  console.log(n);\n  return n < 2 ? n : f(n - 1) + f(n - 2);\n}\n",
            after=None,
            note="each call prints",
        ),
        Example(
            before=(
                "let k = 1;\nfunction f(n) {\n  return n < 2 ? k : f(n - 1) + f(n - 2);\n}\nfunction g() { k = 2; }\n"
            ),
            after=None,
            note="what it reads changes",
        ),
        Example(
            before="function f(n) {\n  if (n < 2) return [n];\n  return [f(n - 1), f(n - 2)];\n}\n",
            after=None,
            note="somebody could change its answers",
        ),
    )

    def find(self, parsed: Script) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for function in parsed.of("function_declaration", "arrow_function", "function_expression"):
            binding = _named(parsed, function)
            names = _parameters(function)
            if binding is None or not names or not _suits(parsed, function, binding):
                continue
            number = len(names) == 1 and plain(parsed, _read(parsed, function, names[0]))
            splices = _written(parsed, function, binding, names, number=number)
            if splices:
                told = "that are numbers" if number else "that are numbers, texts, or arrays of these"
                yield self.at(
                    parsed, function, f"'{binding.name}' works the same out again and again", splices, gain=100.0,
                    assumes=[] if number else [f"'{binding.name}' is given arguments {told}"],
                )  # fmt: skip


def _named(script: Script, function: Node) -> Binding | None:
    """The variable that a function is known by, if it stays that."""
    parent = function.parent
    if function.kind != "function_declaration" and (parent is None or parent.kind != "variable_declarator"):
        return None
    name = function.field("name") if function.kind == "function_declaration" else parent and parent.field("name")
    binding = script.binding(name)
    if binding is None or binding.node is not name or binding.writes or script.is_async(function):
        return None
    return binding if binding.kind in ("function", "const") else None


def _parameters(function: Node) -> list[str]:
    """Names of the parameters, of which there are at most four; none if one of them is no plain name."""
    single, several = function.field("parameter"), function.field("parameters")
    parts = [single] if single is not None else several.parts if several is not None else []
    names = [each.field("pattern") or each for each in parts]
    fits = all(each.kind == "identifier" for each in names) and not any(each.field("value") for each in parts)
    return [each.text for each in names] if fits and len(names) <= 4 else []


def _read(script: Script, function: Node, name: str) -> Node | None:
    """Some place where a parameter is read."""
    return next((each for each in function.walk() if each.text == name and _is_read(script, each, function)), None)


def _is_read(script: Script, node: Node, function: Node) -> bool:
    binding = script.binding(node) if node.kind == "identifier" else None
    return binding is not None and binding.scope is function and node in binding.reads


def _suits(script: Script, function: Node, own: Binding) -> bool:
    """Whether it branches into itself, only computes, and gives plain values of what stays as it is."""
    body = function.field("body")
    if body is None or not _branches(script, function, body, own):
        return False
    outer = [each for each in script.names(body) if not each.node.within(function) and each is not own]
    if any(each.writes or script.changed(each, each.scope) for each in outer):
        return False
    return only_computes(script, body, own) and _answers_plain(script, body, own)


def _branches(script: Script, function: Node, body: Node, own: Binding) -> bool:
    """Whether all that it does with itself is call itself: in a loop, or more than once."""
    calls = [use.parent for use in own.reads if use.within(function)]
    if any(call is None or call.kind != "call_expression" for call in calls):
        return False
    above = (each for call in calls if call for each in call.above())
    return any(each.kind in LOOPS and each.within(function) for each in above) or _most(script, body, own) >= 2


def _most(script: Script, node: Node, own: Binding) -> int:
    """How often it is called at most on one way through; what stands behind a way that returns is another way."""
    if node.kind in ("if_statement", "ternary_expression"):
        ways = [node.field("consequence"), node.field("alternative")]
        test = node.field("condition")
        asked = _most(script, test, own) if test is not None else 0
        return asked + max(_most(script, way, own) if way is not None else 0 for way in ways)
    if node.kind == "statement_block":
        return _most_in(script, node.parts, own)
    here = node.kind == "call_expression" and script.binding(node.field("function")) is own
    return here + sum(_most(script, each, own) for each in node.parts)


def _most_in(script: Script, parts: list[Node], own: Binding) -> int:
    """The same of statements one after the other."""
    total = 0
    for number, each in enumerate(parts):
        here, then = _most(script, each, own), each.field("consequence")
        if each.kind == "if_statement" and then is not None and _ends(then):
            return total + max(here, _most_in(script, parts[number + 1 :], own))
        total += here
    return total


def _ends(then: Node) -> bool:
    last = then.parts[-1] if then.kind == "statement_block" and then.parts else then
    return last.kind in ("return_statement", "throw_statement")


def _answers_plain(script: Script, body: Node, own: Binding) -> bool:
    if body.kind != "statement_block":
        return plain(script, body, own)
    returns = [each for each in body.walk(into_functions=False) if each.kind == "return_statement"]
    return bool(returns) and all(each.parts and plain(script, each.parts[0], own) for each in returns)


def _written(script: Script, function: Node, own: Binding, names: list[str], *, number: bool) -> list[Splice]:
    """The old function within the new one, which remembers as long as it runs."""
    body, first = function.field("body"), function.field("parameter") or function.field("parameters")
    if body is None or first is None or {"known", "key"} & set(names):
        return []
    known, once, anew = (script.fresh(f"{own.name}{end}") for end in ("Known", "Once", "Anew"))
    given = ", ".join(names)
    head = _head(script, first, body)
    key = names[0] if number else "key"
    lines = [
        "{", f"  const {known} = new Map();", f"  const {once} = {head} => {{",
        *([] if number else [f"    const key = JSON.stringify([{given}]);"]),
        f"    let known = {known}.get({key});", "    if (known === undefined) {", f"      known = {anew}({given});",
        f"      {known}.set({key}, known);", "    }", "    return known;", "  };", f"  const {anew} = {head} => ",
    ]  # fmt: skip
    lead = script.newline + script.indent(script.statement(function))
    begin, blank = body.start, ""
    if function.kind == "arrow_function":
        begin, blank = len(script.text[: body.start].rstrip()), " "
    calls = [Splice(use.start, use.stop, once) for use in own.reads if use.within(function)]
    return [
        Splice(begin, body.start, blank + lead.join(lines)), *calls,
        *(_deeper(script, body) if body.kind == "statement_block" else ()),
        Splice(body.stop, body.stop, f";{lead}  return {once}({given});{lead}}}"),
    ]  # fmt: skip


def _deeper(script: Script, body: Node) -> list[Splice]:
    """Two more blanks in front of each of its lines, but within texts and comments of several lines."""
    kept = [each for each in body.walk() if each.kind in ("template_string", "comment") and "\n" in each.text]
    places = [place + 1 for place in range(body.start, body.stop) if script.text[place] == "\n"]
    return [
        Splice(place, place, "  ")
        for place in places
        if script.text[place] not in "\r\n" and not any(each.start < place < each.stop for each in kept)
    ]


def _head(script: Script, first: Node, body: Node) -> str:
    """The parameters as they are written, in brackets, with types."""
    text = script.text[first.start : body.start].rstrip().removesuffix("=>").rstrip()
    return text if first.text.startswith("(") else f"({text})"


RULE = RecursionMap()

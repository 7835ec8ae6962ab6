"""``"".join([c for c in s if c not in "aeiou"])``: characters are taken out of a text by its own methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite
from cambrian.source.rules.texts import as_text

_GATHERS = frozenset(["builtins.list", "builtins.tuple"])


class KeptCharacters(PythonRule):
    """Characters that are not wanted are taken out by `str.translate`, blanks by `str.split`."""

    id = "kept-characters"
    title = "Take characters out of a text by its methods, not one by one"
    why = (
        "`''.join([c for c in s if c not in unwanted])` asks for each character in bytecode and joins what is left; "
        "`s.translate` with a table that maps the unwanted to nothing goes through the text in C, 5 to 30 times as "
        "fast. `c.isspace()` asks for what `split` splits at. The guard sees that nothing is done with a character "
        "but to keep it, and that both are texts, or are assumed to be."
    )
    words = (" not in ", ".isspace(", "!=")
    examples = (
        Example(
            note="unwanted characters, one of them, blanks",
            before=(
                "def bare(text: str, unwanted: str):\n"
                "    kept = ''.join([c for c in text if c not in unwanted])\n"
                "    return kept, ''.join(c for c in text if c != '-'), tuple(c for c in kept if not c.isspace())\n"
            ),
            after=(
                "def bare(text: str, unwanted: str):\n"
                "    kept = text.translate(str.maketrans('', '', unwanted))\n"
                "    return kept, text.replace('-', ''), tuple(''.join(kept.split()))\n"
            ),
            calls=("bare('a-b c\\u2003d', 'ab')", "bare('', '')", "bare('aab', 'a')"),
        ),
        Example(
            note="characters that are listed",
            before=(
                "VOWELS = 'aeiou'\n\n\n"
                "def bare(text: str):\n"
                "    return ''.join(c for c in text.lower() if c not in ['a', 'b']), [\n"
                "        c for c in text if not c.isspace()]\n"
            ),
            after=(
                "VOWELS = 'aeiou'\n\n\n"
                "def bare(text: str):\n"
                "    return text.lower().translate(str.maketrans('', '', 'ab')), list(''.join(text.split()))\n"
            ),
            calls=("bare('Abc a')", "bare('')"),
        ),
        Example(
            note="a parameter that gets the result",
            before="def bare(s, c):\n    s = ''.join([one for one in s if one not in c])\n    return s, s[::-1] == s\n",
            after="def bare(s, c):\n    s = s.translate(str.maketrans('', '', c))\n    return s, s[::-1] == s\n",
            calls=("bare('abcba', 'b')", "bare('', 'b')"),
        ),
        Example(
            note="words, which may be longer; a list of them; something is done with them; those that are wanted",
            before=(
                "def bare(words: list[str], text: str, unwanted: list[str]):\n"
                "    one = ''.join([w for w in words if w not in 'ab'])\n"
                "    two = ''.join([c.lower() for c in text if c not in 'ab'])\n"
                "    three = ''.join([c for c in text if c not in unwanted])\n"
                "    four = ''.join([c for c in text if c in 'ab'])\n"
                "    five = ''.join([c for c in text if c not in ['ab', 'c']])\n"
                "    return one, two, three, four, five, '-'.join([c for c in text if c not in 'ab'])\n"
            ),
            after=None,
        ),
        Example(
            note="bytes have numbers for items, a set has no order",
            before=(
                "def bare(data: bytes, text: str):\n"
                "    return [c for c in data if c != 45], {c for c in text if not c.isspace()}\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.ListComp, ast.GeneratorExp):
            part = node.generators[0]
            if len(node.generators) > 1 or part.is_async or len(part.ifs) != 1 or "#" in parsed.segment(node):
                continue
            if not isinstance(part.target, ast.Name) or not _is(node.elt, part.target):
                continue
            whole, around = _gathered(parsed, node)
            if whole is None or parsed.builtin("str").splices:
                continue
            assumes: set[str] = set()
            text = _text(parsed, part, part.target, assumes, joined=around == "")
            if text is not None:
                splices = [parsed.splice(whole, f"{around}({text})" if around else text)]
                splices += _list(parsed) if around == "list" else []
                what = "characters are taken out of a text one by one"
                yield self.at(parsed, whole, what, splices, assumes=assumes, gain=33.0)


def _list(module: Module) -> tuple[Splice, ...]:
    return tuple(module.builtin("list").splices)


def _gathered(module: Module, node: ast.ListComp | ast.GeneratorExp) -> tuple[ast.expr | None, str]:
    """What gathers the characters, and the function that makes the same of a text; ``""`` if that is a text."""
    call = module.parent(node)
    if isinstance(call, ast.Call) and call.args == [node] and not call.keywords:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "join":
            empty = isinstance(func.value, ast.Constant) and func.value.value == ""
            return (call, "") if empty else (None, "")
        if module.calls(call, *_GATHERS):
            return call, module.segment(func)
    listed = isinstance(node, ast.ListComp) and not module.builtin("list").splices
    return (node, "list") if listed else (None, "")


def _text(
    module: Module, part: ast.comprehension, target: ast.Name, assumes: set[str], *, joined: bool
) -> str | None:  # fmt: skip
    """The text without what is not wanted."""
    test = part.ifs[0]
    mine: set[str] = set()
    if not as_text(module, part.iter, mine):
        return None
    owner = module.segment(part.iter)
    if not isinstance(part.iter, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant):
        owner = f"({owner})"
    made = _spaceless(test, target, owner)
    if made is None and joined and isinstance(test, ast.Compare) and len(test.ops) == 1 and _is(test.left, target):
        made = _without(module, test, owner, mine)
    assumes |= mine if made is not None else set[str]()
    return made


def _spaceless(test: ast.expr, target: ast.Name, owner: str) -> str | None:
    call = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None
    if not isinstance(call, ast.Call) or call.args or call.keywords or not isinstance(call.func, ast.Attribute):
        return None
    asks = call.func.attr == "isspace" and _is(call.func.value, target)
    return f"''.join({owner}.split())" if asks else None


def _without(module: Module, test: ast.Compare, owner: str, assumes: set[str]) -> str | None:
    other = test.comparators[0]
    if isinstance(test.ops[0], ast.NotEq):
        single = isinstance(other, ast.Constant) and isinstance(other.value, str) and len(other.value) == 1
        return f"{owner}.replace({module.segment(other)}, '')" if single else None
    if not isinstance(test.ops[0], ast.NotIn):
        return None
    if isinstance(other, ast.List | ast.Tuple | ast.Set):
        characters = [one.value for one in other.elts if isinstance(one, ast.Constant)]
        words = [one for one in characters if isinstance(one, str) and len(one) == 1]
        if len(words) != len(other.elts):
            return None
        return f"{owner}.translate(str.maketrans('', '', {''.join(words)!r}))"
    if not isinstance(other, ast.Name | ast.Constant):
        return None
    return (
        None
        if not as_text(module, other, assumes)
        else f"{owner}.translate(str.maketrans('', '', {module.segment(other)}))"
    )


def _is(node: ast.expr, target: ast.Name) -> bool:
    return isinstance(node, ast.Name) and node.id == target.id


RULE = KeptCharacters()

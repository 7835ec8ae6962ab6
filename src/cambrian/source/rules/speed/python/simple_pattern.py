"""``re.search("ab{2,}", s)``, ``re.sub("[aeiou]", "", s)``: what a method of text does is not left to an expression."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Module
from cambrian.source.analysis.scopes import Variable
from cambrian.source.edit import Splice
from cambrian.source.rules.patterns import Characters, characters, literal, required
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_ASKED = {"re.search": "search", "re.match": "match", "re.fullmatch": "fullmatch"}


class _Made(NamedTuple):
    """What is written instead."""

    text: str
    gain: float
    splices: tuple[Splice, ...] = ()
    kept: bool = False
    """Whether the pattern is still needed."""


class SimplePattern(PythonRule):
    """A regular expression that asks for nothing but certain characters becomes a method of text."""

    id = "simple-pattern"
    title = "Look for and replace plain text by methods of text, not by regular expressions"
    why = (
        "A regular expression is looked up in a cache, and then run by a machine that takes each character anew. Where "
        "only the truth of `re.search('ab{2,3}', s)` is asked for, it is there just if `'abb'` is; `re.sub` of single "
        "characters is `str.translate`, of spaces `split` and `join`, of fixed words `str.replace`: 4 to 30 times as "
        "fast. `re.search` with `^` at its front tries each place of a text; `re.match` tries the first. The guard "
        "reads the pattern, which must be a constant without flags, and sees that it has no other way to match."
    )
    words = ("re.", "import re", "from re")
    examples = (
        Example(
            note="whether something is there: the last repetition may be the shortest",
            before=(
                "import re\n\n\n"
                "def found(text: str):\n"
                "    if re.search('ab{2,3}', text) and not re.match(r'x\\.y*', text):\n"
                "        return True\n"
                "    return bool(re.search('^to', text)) or re.fullmatch('all', text) is not None\n"
            ),
            after=(
                "import re\n\n\n"
                "def found(text: str):\n"
                "    if 'abb' in text and not text.startswith('x.'):\n"
                "        return True\n"
                "    return text.startswith('to') or text == 'all'\n"
            ),
            calls=("[found(t) for t in ('abb', 'xabbb', 'x.yabb', 'ab', 'total', 'all', 'all\\n', '')]",),
        ),
        Example(
            note="what is taken out, and what is put there",
            before=(
                "import re\n\n\n"
                "def cleaned(text: str):\n"
                "    bare = re.sub('[aeiou]', '', text)\n"
                "    return re.sub(r'\\s+', '', bare), re.sub('[ ,]', ':', text), re.sub('--', '-', text)\n"
            ),
            after=(
                "import re\n\n\n"
                "def cleaned(text: str):\n"
                "    bare = text.translate(str.maketrans('', '', 'aeiou'))\n"
                "    return ''.join(bare.split()), text.translate(str.maketrans(' ,', '::')), text.replace('--', '-')\n"
            ),
            calls=("cleaned('a, ---b\\u2003\\n e')", "cleaned('')"),
        ),
        Example(
            note="a pattern in a variable, and the alphabet; a search that can only begin at the front",
            before=(
                "import re\n\n\n"
                "def upper(text: str):\n"
                "    pattern = '[a-z]+'\n"
                "    return re.sub(pattern, '', text), re.search('^[a-z]+_[a-z]+$', text)\n"
            ),
            after=(
                "from string import ascii_lowercase\n"
                "import re\n\n\n"
                "def upper(text: str):\n"
                "    return text.translate(str.maketrans('', '', ascii_lowercase)), re.match('^[a-z]+_[a-z]+$', text)\n"
            ),
            calls=("upper('abC')", "upper('')", "bool(upper('a_b')[1])"),
        ),
        Example(
            note="where it matched is asked for; other characters than these; a repetition within; lines",
            before=(
                "import re\n\n\n"
                "def told(text: str, word: str):\n"
                "    place = re.search('ab', text)\n"
                "    if re.search('ab+c', text) or re.search('a|b', text) or re.search(word, text):\n"
                "        return place.start()\n"
                "    if re.search('^a|b', text) or re.search('(?m)^a', text) or re.search('^a', text, re.M):\n"
                "        return re.sub('[^a-z]', '', text), re.sub('b*', '', text), re.sub(r'\\d', '', text)\n"
                "    return re.sub('x', r'\\1', text), re.sub('ab', '', text, 1), re.sub('[ab]', 'cd', text)\n"
            ),
            after=None,
        ),
        Example(
            note="bytes, and something that may be no text",
            before=(
                "import re\n\n\n"
                "def told(data, rows):\n"
                "    return [re.sub('ab', '', row) for row in rows], bool(re.search(b'ab', data))\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        for node in parsed.of(ast.Call):
            pattern = _pattern(parsed, node)
            assumes: set[str] = set()
            if not pattern or parsed.taken(node.args[-1], "str", assumes=assumes) is None:
                continue
            how = _ASKED.get(parsed.meaning(node.func), "")
            made, found = _asked(parsed, node, how, pattern) if how else (node, _replaced(parsed, node, pattern))
            if found is not None:
                splices = (
                    parsed.splice(made, found.text),
                    *found.splices,
                    *([] if found.kept else _idle(parsed, node)),
                )
                what = f"a regular expression does what a method of text does: {pattern[:40]!r}"
                yield self.at(parsed, made, what, splices, assumes=assumes, gain=found.gain)


def _pattern(module: Module, node: ast.Call) -> str:
    """The constant pattern of a call that asks whether something matches, or replaces all that does."""
    meaning = module.meaning(node.func)
    given = 2 if meaning in _ASKED else 3 if meaning == "re.sub" else 0
    if not given or node.keywords or len(node.args) != given:
        return ""
    if "#" in module.segment(node) or any(isinstance(one, ast.Starred) for one in node.args):
        return ""
    return _constant(module, node.args[0]) or ""


def _constant(module: Module, node: ast.expr) -> str | None:
    value = module.value(node)
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _idle(module: Module, call: ast.Call) -> list[Splice]:
    """Takes away the line that gave a variable the pattern, if nobody else reads it."""
    name = call.args[0]
    variable = module.variable(name) if isinstance(name, ast.Name) else None
    if variable is None or not _sole(variable):
        return []
    statement = module.statement(variable.bindings[0].node)
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1 or not module.alone(statement):
        return []
    if len(module.block(statement).statements) == 1 or not isinstance(statement.targets[0], ast.Name):
        return []
    start, stop = module.locator.range(statement)
    first, last = module.text.rfind("\n", 0, start) + 1, module.text.find("\n", stop) + 1
    plain = not module.text[first:start].strip() and last and not module.text[stop : last - 1].strip()
    return [Splice(first, last, "")] if plain else []


def _sole(variable: Variable) -> bool:
    """Whether a variable of a function is assigned once and read once."""
    own = variable.scope.kind == "function" and not variable.captured and not variable.secret
    return own and len(variable.bindings) == len(variable.reads) == 1 and not variable.deletes


def _from_front(module: Module, call: ast.Call, pattern: str) -> _Made | None:
    """``match`` for a ``search`` that can only find something at the front."""
    func = call.func
    if "|" in pattern or "(?" in pattern or not isinstance(func, ast.Attribute):
        return None
    arguments = ", ".join(module.segment(one) for one in call.args)
    return _Made(f"{module.segment(func.value)}.match({arguments})", 2.0, kept=True)


def _asked(module: Module, call: ast.Call, how: str, pattern: str) -> tuple[ast.expr, _Made | None]:
    """Whether something matches."""
    place, negated = _truth(module, call)
    owner = _owner(module, call.args[1])
    front = pattern.startswith("^")
    wanted = literal(pattern) if how == "fullmatch" else required(pattern[front:], front=front or how == "match")
    if place is None or not wanted:
        return call, _from_front(module, call, pattern) if how == "search" and front else None
    if how != "fullmatch" and (front or how == "match"):
        return place, _Made(f"{'not ' if negated else ''}{owner}.startswith({wanted!r})", 4.0)
    if how == "fullmatch":
        text = f"{owner} {'!=' if negated else '=='} {wanted!r}"
    else:
        text = f"{wanted!r} {'not in' if negated else 'in'} {owner}"
    above = module.parent(place)
    bare = isinstance(above, ast.BoolOp | ast.If | ast.While | ast.Assign | ast.Return)
    return place, _Made(text if bare else f"({text})", 6.0)


def _truth(module: Module, call: ast.Call) -> tuple[ast.expr | None, bool]:
    """The expression that says whether a call gave something, if only that is asked; and whether it asks the contrary.

    A match is always true.
    """
    above = module.parent(call)
    if isinstance(above, ast.Compare) and above.left is call and len(above.ops) == 1:
        none = isinstance(above.comparators[0], ast.Constant) and above.comparators[0].value is None
        if none and isinstance(above.ops[0], ast.Is | ast.IsNot):
            return above, isinstance(above.ops[0], ast.Is)
        return None, False
    if isinstance(above, ast.Call) and module.calls(above, "builtins.bool") and len(above.args) == 1:
        return (None if above.keywords else above), False
    return (call if _condition(module, call) else None), False


def _condition(module: Module, node: ast.expr) -> bool:
    """Whether only the truth of an expression counts."""
    above = module.parent(node)
    if isinstance(above, ast.If | ast.While | ast.IfExp | ast.Assert):
        return above.test is node
    if isinstance(above, ast.UnaryOp):
        return isinstance(above.op, ast.Not)
    if isinstance(above, ast.comprehension):
        return node in above.ifs
    return isinstance(above, ast.BoolOp) and _condition(module, above)


def _replaced(module: Module, call: ast.Call, pattern: str) -> _Made | None:
    """``re.sub(pattern, replacement, text)``."""
    replacement = _constant(module, call.args[1])
    if replacement is None or "\\" in replacement:
        return None
    owner = _owner(module, call.args[2])
    if pattern in (r"\s", r"\s+") and not replacement:
        return _Made(f"''.join({owner}.split())", 4.0)
    word = literal(pattern)
    if word:
        return _Made(f"{owner}.replace({word!r}, {replacement!r})", 4.0)
    found = characters(pattern)
    return None if found is None else _translated(module, owner, found, replacement)


def _translated(module: Module, owner: str, found: Characters, replacement: str) -> _Made | None:
    if len(replacement) > 1 or (replacement and found.repeated) or module.builtin("str").splices:
        return None
    imported = module.importing("string", found.name) if found.name else None
    spelled = imported.spelling if imported else repr(found.text)
    splices = tuple(imported.splices) if imported else ()
    if not replacement:
        return _Made(f"{owner}.translate(str.maketrans('', '', {spelled}))", 8.0, splices)
    if found.name:
        return _Made(f"{owner}.translate(dict.fromkeys(map(ord, {spelled}), {replacement!r}))", 8.0, splices)
    return _Made(f"{owner}.translate(str.maketrans({spelled}, {replacement * len(found.text)!r}))", 8.0)


def _owner(module: Module, node: ast.expr) -> str:
    """A text as it may stand before a dot, or beside a comparison."""
    text = module.segment(node)
    return text if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript) else f"({text})"


RULE = SimplePattern()

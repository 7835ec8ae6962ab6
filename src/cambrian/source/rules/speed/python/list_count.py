"""``names.count(x)`` in a loop: all are counted once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from cambrian.source.analysis import Kind, Module
from cambrian.source.rules.hashing import hashed
from cambrian.source.rules.hoisting import outside, unbound, unchanging
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_KEYED = ("builtins.max", "builtins.min", "builtins.sorted")


class _Count(NamedTuple):
    call: ast.Call
    owner: ast.Name
    kind: Kind
    place: ast.stmt
    assumes: set[str]


class ListCount(PythonRule):
    """A `collections.Counter` instead of a search through everything for each thing counted."""

    id = "list-count"
    title = "Count all things once with a Counter"
    why = (
        "`names.count(x)` compares x with every item; done for each item, that is quadratic. A Counter made once "
        "answers in constant time, also 0 for what is not there. The guard sees that the list does not change "
        "meanwhile and that items can be hashed (or says so); in a text only single characters can be counted so."
    )
    words = (".count",)
    examples = (
        Example(
            note="in a comprehension",
            before=(
                "def repeated(text):\n"
                "    words = text.split()\n"
                "    return [word for word in words if words.count(word) > 1]\n"
            ),
            after=(
                "from collections import Counter\n\n\n"
                "def repeated(text):\n"
                "    words = text.split()\n"
                "    words_counts = Counter(words)\n"
                "    return [word for word in words if words_counts[word] > 1]\n"
            ),
            calls=("repeated('a b a')", "repeated('')"),
        ),
        Example(
            note="as a key",
            before="def commonest(values: list[int]):\n    return max(set(values), key=values.count)\n",
            after=(
                "from collections import Counter\n\n\n"
                "def commonest(values: list[int]):\n    return max(set(values), key=Counter(values).__getitem__)\n"
            ),
            calls=("commonest([1, 2, 2, 3])", "commonest([])"),
        ),
        Example(
            note="characters of a text",
            before="def counts(text: str):\n    return {c: text.count(c) for c in text}\n",
            after=(
                "from collections import Counter\n\n\n"
                "def counts(text: str):\n    text_counts = Counter(text)\n"
                "    return {c: text_counts[c] for c in text}\n"
            ),
            calls=("counts('abca')",),
        ),
        Example(
            note="parts of a text may be longer than a character",
            before="def counts(parts):\n    text = '-'.join(parts)\n    return [text.count(part) for part in parts]\n",
            after=None,
        ),
        Example(
            note="the list grows in the loop",
            before=(
                "def numbered(words):\n"
                "    out = []\n"
                "    seen = []\n"
                "    for word in words:\n"
                "        out.append((word, seen.count(word)))\n"
                "        seen.append(word)\n"
                "    return out\n"
            ),
            after=None,
        ),
    )

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        groups: dict[tuple[object, ast.stmt], list[_Count]] = {}
        for node in parsed.of(ast.Attribute):
            if node.attr != "count" or not isinstance(node.value, ast.Name):
                continue
            call = parsed.parent(node)
            if isinstance(call, ast.Call) and call.func is node and len(call.args) == 1 and not call.keywords:
                found = self._count(parsed, call, node.value)
                if found is not None:
                    groups.setdefault((parsed.variable(node.value), found.place), []).append(found)
            elif isinstance(call, ast.keyword) and call.arg == "key":
                yield from self._key(parsed, call, node, node.value)
        for counts in groups.values():
            yield self._rewrite(parsed, counts)

    def _count(self, module: Module, call: ast.Call, owner: ast.Name) -> _Count | None:
        assumes: set[str] = set()
        kind = module.taken(owner, "list", "tuple", "str", assumes=assumes) if module.loops(call) else None
        if kind is None or (kind.name == "str" and not self._character(module, call.args[0], owner)):
            return None
        if module.constant(call.args[0], module.loops(call)[0], set()):
            return None  # the whole call is the same on each turn: another rule's business

        place = outside(module, call, unchanging(module, owner, assumes))
        return None if place is None else _Count(call, owner, kind, place, assumes)

    def _character(self, module: Module, sought: ast.expr, text: ast.Name) -> bool:
        """Whether something certainly is one character: a literal, or what a loop over a text gives."""
        if isinstance(sought, ast.Constant):
            return isinstance(sought.value, str) and len(sought.value) == 1
        bindings = module.reaching(sought) if isinstance(sought, ast.Name) else ()
        for binding in bindings:
            source = binding.value
            while (
                source is not None
                and isinstance(source, ast.Call)
                and module.calls(source, "builtins.set", "builtins.sorted", "builtins.list")
            ):
                source = source.args[0] if source.args else None
            same = isinstance(source, ast.Name) and module.variable(source) is module.variable(text)
            if binding.how != "for" or binding.path or not (same or (source and module.is_kind(source, "str"))):
                return False
        return bool(bindings)

    def _rewrite(self, module: Module, counts: list[_Count]) -> Rewrite:
        first = counts[0]
        assumes = set[str]().union(*(one.assumes | unbound(module, one.owner) for one in counts))
        word = first.owner.id
        hashed(
            module,
            first.owner,
            Kind("str") if first.kind.name == "str" else first.kind.item,
            assumes,
            f"what {word!r} holds",
        )
        if first.kind.name != "str":
            for one in counts:
                hashed(module, one.call.args[0], module.kind(one.call.args[0], assumes), assumes)
        counter = module.importing("collections", "Counter")
        name = module.fresh(f"{word}_counts", f"{word}_counted")
        splices = [*counter.splices, module.before(first.place, f"{name} = {counter.spelling}({word})")]
        splices += [module.splice(one.call, f"{name}[{module.segment(one.call.args[0])}]") for one in counts]
        what = f"{word!r} is gone through for each thing that is counted in it"
        return self.at(module, first.call, what, splices, assumes=assumes, gain=30.0)

    def _key(self, module: Module, keyword: ast.keyword, method: ast.Attribute, owner: ast.Name) -> Iterator[Rewrite]:
        call = module.parent(keyword)
        assumes: set[str] = set()
        kind = module.taken(owner, "list", "tuple", "str", assumes=assumes)
        if kind is None or not isinstance(call, ast.Call) or not module.calls(call, *_KEYED) or len(call.args) != 1:
            return
        given = call.args[0]
        names = [part for part in ast.walk(given) if isinstance(part, ast.Name)]
        if kind.name == "str" and not any(module.variable(part) is module.variable(owner) for part in names):
            return
        if not module.pure(given, assumes):
            return
        hashed(module, owner, Kind("str") if kind.name == "str" else kind.item, assumes, f"what {owner.id!r} holds")
        counter = module.importing("collections", "Counter")
        splices = [*counter.splices, module.splice(method, f"{counter.spelling}({owner.id}).__getitem__")]
        what = f"{owner.id!r} is gone through for each thing that is counted in it"
        yield self.at(module, method, what, splices, assumes=assumes, gain=30.0)


RULE = ListCount()

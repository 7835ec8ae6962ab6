"""Sandbox, scripts, router: small scripts, one per feature, that succeed where the runtime has it. Data; runs nothing.

Each raises, or is a gap, where the feature is missing. Python snippets use names that end in the snippet's number, so
that many make one script; JavaScript ones stand in a block each.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from cambrian.core.script import Language
from cambrian.source.features_javascript import GLOBALS
from cambrian.source.features_python import BUILTINS

from .table import RARE_IMPORTS

__all__ = ["Snippet", "joined", "snippets", "survey"]


class Snippet(NamedTuple):
    """A feature and the statements that need it.

    Args:
        feature: its name, as in `source.features_script`.
        code: statements. ``§`` stands for a number that no other snippet has.
        alone: it cannot share a script with others.
    """

    feature: str
    code: str
    alone: bool = False


_IMPORTS = (
    "abc array ast asyncio base64 bisect calendar cmath collections contextlib copy csv dataclasses datetime decimal "
    "difflib enum fractions functools gc glob hashlib heapq hmac html inspect io itertools json keyword logging math "
    "numbers numpy operator os pathlib pprint queue random re secrets shutil statistics string struct subprocess sys "
    "tempfile textwrap threading time traceback types typing unicodedata urllib uuid warnings weakref xml zlib zoneinfo"
)
_METHODS: tuple[tuple[str, str, str, str], ...] = (
    ("__len__", "", "0", "assert len(A§()) == 0\nassert not A§()"),
    ("__bool__", "", "False", "assert not A§()"),
    ("__lt__", ", other", "True", "assert A§() < A§()\nassert len(sorted([A§(), A§()])) == 2"),
    ("__le__", ", other", "True", "assert A§() <= A§()"),
    ("__gt__", ", other", "True", "assert A§() > A§()"),
    ("__ge__", ", other", "True", "assert A§() >= A§()"),
    ("__eq__", ", other", "True", "assert A§() == A§()\nassert not A§() != A§()\nassert A§() in [A§()]"),
    ("__hash__", "", "7", "assert hash(A§()) == 7\nassert {A§(): 1}"),
    ("__iter__", "", "iter([1])", "assert list(A§()) == [1]\nassert [x§ for x§ in A§()] == [1]"),
    ("__getitem__", ", key", "key", "assert A§()[2] == 2"),
    ("__setitem__", ", key, value", "None", "A§()[1] = 2"),
    ("__delitem__", ", key", "None", "del A§()[1]"),
    ("__contains__", ", key", "True", "assert 1 in A§()"),
    ("__call__", "", "1", "assert A§()() == 1"),
    ("__getattr__", ", name", "name", "assert A§().b == 'b'"),
    ("__setattr__", ", name, value", "None", "x§ = A§()\nx§.b = 1\nassert not hasattr(x§, 'b')"),
    ("__new__", "", "1", "assert A§() == 1"),
    ("__reversed__", "", "iter([1])", "assert list(reversed(A§())) == [1]"),
    ("__format__", ", how", "how", "assert f'{A§():abc}' == 'abc'"),
    ("__iadd__", ", other", "1", "x§ = A§()\nx§ += 1\nassert x§ == 1"),
    ("__isub__", ", other", "1", "x§ = A§()\nx§ -= 1\nassert x§ == 1"),
    ("__imul__", ", other", "1", "x§ = A§()\nx§ *= 1\nassert x§ == 1"),
    ("__ior__", ", other", "1", "x§ = A§()\nx§ |= 1\nassert x§ == 1"),
    ("__iand__", ", other", "1", "x§ = A§()\nx§ &= 1\nassert x§ == 1"),
)
"""Method, its further parameters, what it gives, and what shows that the language calls it."""
_PYTHON: tuple[tuple[str, str], ...] = (
    ("class:definition", "class A§:\n    def f(self): return 1\nassert A§().f() == 1"),
    ("class:inheritance", "class A§:\n    def f(self): return 1\nclass B§(A§): pass\nassert B§().f() == 1"),
    ("class:metaclass", "class A§(type): pass\nclass B§(metaclass=A§): pass\nassert type(B§) is A§"),
    ("class:decorator", "def d§(c): return 1\n@d§\nclass A§: pass\nassert A§ == 1"),
    ("class:property", "class A§:\n    @property\n    def f(self): return 1\nassert A§().f == 1"),
    ("class:staticmethod", "class A§:\n    @staticmethod\n    def f(): return 1\nassert A§.f() == 1"),
    ("class:classmethod", "class A§:\n    @classmethod\n    def f(cls): return 1\nassert A§.f() == 1"),
    ("syntax:yield", "def f§():\n    yield 1\n    yield from [2]\nassert list(f§()) == [1, 2]"),
    ("syntax:async-def", "async def f§(): return 1\nassert f§ is not None"),
    ("syntax:await", "async def f§(): return 1\nassert await f§() == 1"),
    (
        "syntax:async-for",
        "class A§:\n    def __aiter__(self): return self\n    async def __anext__(self): raise StopAsyncIteration\n"
        "async def f§():\n    async for x in A§(): pass\n    return 1\nassert await f§() == 1",
    ),
    (
        "syntax:async-with",
        "class A§:\n    async def __aenter__(self): return 1\n    async def __aexit__(self, *a): pass\n"
        "async def f§():\n    async with A§() as x: return x\nassert await f§() == 1",
    ),
    ("syntax:generator-expression", "assert sum(x§ for x§ in [1, 2]) == 3"),
    ("syntax:comprehension", "assert [x§ for x§ in [1] if x§] == [1] and {x§: 1 for x§ in [1]} == {1: 1}"),
    ("syntax:del", "x§ = {1: 2}\ndel x§[1]\nassert x§ == {}\ndel x§"),
    ("syntax:decorator", "def d§(f): return 1\n@d§\ndef f§(): pass\nassert f§ == 1"),
    ("syntax:try", "try:\n    raise ValueError('a')\nexcept ValueError as e§:\n    x§ = 1\nassert x§ == 1"),
    ("syntax:try-finally", "try:\n    x§ = 1\nfinally:\n    y§ = 2\nassert y§ == 2"),
    ("syntax:except-star", "try: raise ExceptionGroup('a', [ValueError()])\nexcept* ValueError: x§ = 1\nassert x§"),
    ("syntax:match", "match {'a': 1}:\n    case {'a': x§}: y§ = x§\nassert y§ == 1"),
    (
        "syntax:with",
        "class A§:\n    def __enter__(self): return 1\n    def __exit__(self, *a): pass\n"
        "with A§() as x§: pass\nassert x§ == 1",
    ),
    ("syntax:walrus", "assert (x§ := 1) == 1"),
    ("syntax:lambda", "assert (lambda: 1)() == 1"),
    ("syntax:global", "x§ = 1\ndef f§():\n    global x§\n    x§ = 2\nf§()\nassert x§ == 2"),
    (
        "syntax:nonlocal",
        "def f§():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    g()\n    return x\n"
        "assert f§() == 2",
    ),
    ("syntax:assert", "assert True, 'a'"),
    ("syntax:star", "a§, *b§ = [1, 2]\nassert [*b§, a§] == [2, 1]"),
    (
        "syntax:matrix-product",
        "class A§:\n    def __matmul__(self, other): return 1\nassert A§() @ A§() == 1",
    ),
    ("syntax:lazy-generator", "a§ = []\nb§ = (a§.append(x) for x in [1])\nassert a§ == []\nassert next(b§) is None"),
    ("builtin:lazy-map", "a§ = []\nb§ = map(a§.append, [1])\nassert a§ == []\nassert list(filter(None, b§)) == []"),
    *(
        (f"class:{name}", f"class A§:\n    def {name}(self{more}): return {gives}\n{code}")
        for name, more, gives, code in _METHODS
    ),
    ("literal:set", "assert len({1, 1}) == 1"),
    ("literal:bytes", "assert b'a'[0] == 97"),
    ("literal:complex", "assert 1j * 1j == -1"),
)  # fmt: skip
_JAVASCRIPT: tuple[tuple[str, str], ...] = (
    ("class:definition", "class A { f() { return 1 } }; check(new A().f() === 1)"),
    ("class:inheritance", "class A { f() { return 1 } }; class B extends A {}; check(new B().f() === 1)"),
    ("class:field", "class A { x = 1; static y = 2 }; check(new A().x + A.y === 3)"),
    ("class:private", "class A { #x = 1; f() { return this.#x } }; check(new A().f() === 1)"),
    ("class:static-block", "let x = 0; class A { static { x = 1 } }; check(x === 1)"),
    ("syntax:yield", "function* f() { yield 1; yield* [2] }; check([...f()].length === 2)"),
    ("syntax:await", "check(await Promise.resolve(1) === 1)"),
    ("syntax:async-def", "check(await (async () => 1)() === 1)"),
    ("syntax:async-for", "let n = 0; for await (const x of [1, 2]) n += x; check(n === 3)"),
    ("syntax:regexp", "check(/(?<=a)(?<n>b)/u.exec('ab').groups.n === 'b')"),
    ("syntax:optional-chain", "check(undefined?.a?.[0] === undefined)"),
    ("syntax:try", "let x; try { throw 1 } catch { x = 1 }; check(x === 1)"),
    ("syntax:try-finally", "let x; try { x = 1 } finally { x = 2 }; check(x === 2)"),
    ("syntax:template", "check(`a${1}` === 'a1')"),
    ("syntax:destructuring", "const {a, ...b} = {a: 1, c: 2}; const [d] = [3]; check(a + b.c + d === 6)"),
    ("syntax:label", "a: for (;;) { for (;;) break a }"),
    ("syntax:meta-property", "function f() { return new.target }; check(f() === undefined)"),
    ("literal:bigint", "check(2n ** 70n > 1n)"),
    ("syntax:using", "{ using x = null }"),
    ("syntax:decorator", "const d = () => {}; @d class A {}"),
    ("syntax:with", "with ({a: 1}) { a }"),
)
_JAVASCRIPT_ALONE: tuple[tuple[str, str], ...] = (
    ("syntax:export", "export const a = 1; true"),
    ("syntax:jsx", "const h = () => 1; <a/>; true"),
    ("syntax:import", "import * as a from 'data:text/javascript,export default 1'; true"),
    ("syntax:dynamic-import", "await import('data:text/javascript,export default 1'); true"),
)
_TYPESCRIPT: tuple[tuple[str, str], ...] = (
    ("syntax:typescript-enum", "enum A { X = 1 }; check(A.X === 1)"),
    ("syntax:typescript-parameter-property", "class A { constructor(public x: number) {} }; check(new A(1).x === 1)"),
    ("syntax:typescript-assertion", "const f = (): {a: number} => <any>{a: 1}; check(f().a === 1)"),
    ("syntax:typescript-ambiguous", "const f = <T,>(x: TemplateStringsArray) => x[0]; check(f<string>`a` === 'a')"),
)
_TYPESCRIPT_ALONE: tuple[tuple[str, str], ...] = (
    ("syntax:typescript-namespace", "namespace A { export const x = 1 }; true"),
    ("syntax:typescript-import-equals", "const a = {b: 1}; import c = a.b; true"),
    ("syntax:typescript-export-equals", "export = 1; true"),
)
_NO_PROBE = frozenset(("exit", "quit", "help", "copyright", "credits", "license", "input", "breakpoint"))
"""Built-ins that a prompt has and scripts have no use for, or that wait for somebody."""
_CHECK = "function check(found) { if (!found) throw new Error('missing') }\n"


def snippets(language: Language) -> tuple[Snippet, ...]:
    """All of a language. TypeScript's are only those that JavaScript does not have."""
    if language == "python":
        imports = [*(f"import:{name}" for name in _IMPORTS.split()), *sorted(RARE_IMPORTS)]
        return (
            *(Snippet(*item) for item in _PYTHON),
            *(Snippet(feature, f"import {feature[7:]} as m§") for feature in imports),
            *(Snippet(f"global:{name}", f"x§ = {name}") for name in sorted(BUILTINS - _NO_PROBE)),
        )
    own, alone = (_TYPESCRIPT, _TYPESCRIPT_ALONE) if language == "typescript" else (_JAVASCRIPT, _JAVASCRIPT_ALONE)
    names = sorted(GLOBALS) if language == "javascript" else []
    return (
        *(Snippet(*item) for item in own),
        *(Snippet(f"global:{name}", f"check(typeof {name} !== 'undefined')") for name in names),
        *(Snippet(*item, alone=True) for item in alone),
    )


def joined(parts: Sequence[Snippet], language: Language) -> str:
    """One script of several snippets, whose value is true if it ends."""
    if language != "python":
        if len(parts) == 1 and parts[0].alone:
            return parts[0].code
        return _CHECK + "".join(f"{{ {part.code} }}\n" for part in parts) + "true"
    return "\n".join(part.code.replace("§", str(index)) for index, part in enumerate(parts)) + "\nTrue"


def survey(parts: Sequence[Snippet]) -> str:
    """One JavaScript script that tries each snippet by itself; its value tells of each feature whether it is there."""
    codes = json.dumps({part.feature: _CHECK + part.code for part in parts})
    return (
        f"const codes = {codes};\nconst AsyncFunction = (async () => {{}}).constructor;\nconst found = {{}};\n"
        "for (const name of Object.keys(codes)) {\n"
        "  try { await new AsyncFunction(codes[name])(); found[name] = true } catch { found[name] = false }\n"
        "}\nfound"
    )

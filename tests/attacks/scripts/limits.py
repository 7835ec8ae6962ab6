"""Attacks on time, memory and output. Classes 12 to 16, 35, 40. Controls do the same work unlimited."""

from __future__ import annotations

from .attack import NARROW, ROOM, Attack, Seen, by_size, by_time

__all__ = ["LIMITS"]


def _died(seen: Seen) -> bool:
    """The plain interpreter is gone. In a cage it is the next script that tells; see `stage.still_works`."""
    return seen.played.told.startswith("exit error plain")


def _never(seen: Seen) -> bool:
    del seen
    return False


LIMITS = (
    Attack(
        number=12,
        name="takes memory in small pieces",
        python="x = []\nfor i in range(host['mib'] * 100):\n    x.append('a' * 10000 + str(i))\nlen(x) > 0",
        javascript=(
            "const x = []\nfor (let i = 0; i < host.mib * 12; i++) x.push(new Array(10000).fill(i + 0.5))\n"
            "return x.length > 0"
        ),
        limits=NARROW,
        slow=True,
    ),
    Attack(
        number=12,
        name="takes memory at once",
        python="len('ab' * (host['mib'] * 2 ** 19)) > 0",
        javascript="return new Uint8Array(host.mib * 2 ** 20).fill(7).length > 0",
        limits=NARROW,
        slow=True,
    ),
    Attack(
        number=12,
        name="takes memory beside the heap",
        python="import mmap\nx = mmap.mmap(-1, host['mib'] * 2 ** 20)\nx.write(b'a' * len(x)) > 0",
        javascript=(
            "const memory = new WebAssembly.Memory({initial: host.mib * 16})\n"
            "return new Uint8Array(memory.buffer).fill(7).length > 0"
        ),
        limits=NARROW,
        slow=True,
    ),
    Attack(
        number=13,
        name="computes on and on and catches everything",
        python=(
            "n = 0\nwhile n < host['rounds']:\n    try:\n        while n < host['rounds']:\n            n += 1\n"
            "    except BaseException:\n        pass\nTrue"
        ),
        javascript=(
            "let n = 0\nwhile (n < host.rounds * 100) {\n"
            "  try { while (n < host.rounds * 100) { n += 1 } } catch {}\n}\n"
            "return true"
        ),
        limits=NARROW,
        landed=by_time,
        slow=True,
    ),
    Attack(
        number=14,
        name="computes in the engine's own code: a regular expression",
        python="import re\nre.match('(a+)+$', 'a' * host['steps'] + 'b') is None",
        javascript="return !/^(a+)+$/.test('a'.repeat(host.steps) + 'b')",
        limits=NARROW,
        landed=by_time,
        slow=True,
    ),
    Attack(
        number=14,
        name="computes in the engine's own code: search",
        python="x = 'a' * 2 ** 20\nsum(x.count('ab') for _ in range(host['searches'])) == 0",
        javascript=(
            "const x = 'a'.repeat(2 ** 19)\nlet n = 0\n"
            "for (let i = 0; i < host.searches; i++) n += x.indexOf('ab' + (i % 2))\nreturn n < 0"
        ),
        limits=NARROW,
        landed=by_time,
        slow=True,
    ),
    Attack(
        number=15,
        name="is a text of a million items",
        python="len([" + "1.5," * 2_500_000 + "]) > 0",
        javascript="return [" + "[1.5]," * 2_500_000 + "].length > 0",
        limits=NARROW,
        slow=True,
    ),
    Attack(
        number=15,
        name="is a text of deep brackets",
        python="try:\n    eval('(' * 10 ** 5)\nexcept (SyntaxError, MemoryError):\n    x = 1\n"
        + "(" * 20_000
        + ")" * 20_000,
        javascript="return " + "[" * 20_000 + "]" * 20_000,
        landed=_never,
        control_python="True",
        control_javascript="return true",
        control_landed=lambda seen: seen.played.told == "value True",
    ),
    Attack(
        number=16,
        name="prints without end",
        python="for _ in range(20000):\n    print('x' * 100)\nTrue",
        javascript="for (let i = 0; i < 20000; i++) console.log('x'.repeat(100))\nreturn true",
        limits=NARROW,
        landed=by_size,
    ),
    Attack(
        number=16,
        name="has an enormous value",
        python="'x' * 2 ** 22",
        javascript="return 'x'.repeat(2 ** 22)",
        limits=NARROW,
        landed=by_size,
    ),
    Attack(
        number=16,
        name="raises an enormous message",
        python="raise ValueError('x' * 2 ** 22)",
        javascript="throw new Error('x'.repeat(2 ** 22))",
        limits=NARROW,
        landed=by_size,
        control_python="try:\n    raise ValueError('x' * 2 ** 22)\nexcept ValueError as error:\n    x = str(error)\nx",
        control_javascript="try { throw new Error('x'.repeat(2 ** 22)) } catch (error) { return error.message }",
    ),
    Attack(
        number=35,
        name="sleeps to hold its place",
        python="import time\ntime.sleep(2)\nTrue",
        javascript="await new Promise((go) => setTimeout(go, 2000))\nreturn true",
        limits=NARROW,
        landed=by_time,
        slow=True,
    ),
    Attack(
        number=40,
        name="ends its worker",
        python="import os\nos._exit(0)",
        javascript="if (globalThis.Deno) Deno.exit(0)\n(await import('node:process')).exit(0)",
        landed=_never,
        control_landed=_died,
    ),
    Attack(
        number=40,
        name="crashes its worker",
        python="import ctypes\nctypes.string_at(0)",
        javascript="(await import('node:process')).abort()",
        limits=ROOM,
        landed=_never,
        control_landed=_died,
    ),
)

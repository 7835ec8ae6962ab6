"""What every runtime of Python scripts does alike: tables of code and of what it comes to."""

from __future__ import annotations

VALUES: dict[str, tuple[str, object]] = {
    "expression": ("1 + 1", 2),
    "last of several": ("x = 20\ny = 22\nx + y", 42),
    "none without an expression at the end": ("x = 3", None),
    "tuples are lists": ("(1, (2, 'a'), {'k': (None,)})", [1, [2, "a"], {"k": [None]}]),
    "big integer": ("2 ** 80", 2**80),
    "scalars": ("[True, None, 1.5, -0.25, 'ü\\n']", [True, None, 1.5, -0.25, "ü\n"]),
    "function": ("def f(n):\n    return 1 if n < 2 else n * f(n - 1)\nf(10)", 3628800),
    "await at top level": ("async def f():\n    return 7\nawait f()", 7),
    "asyncio.run": ("import asyncio\nasync def f():\n    return 8\nasyncio.run(f())", 8),
    "sleep costs no time": ("import time\na = time.time()\ntime.sleep(3600)\nround(time.time() - a)", 3600),
    "naps overlap": (
        "import asyncio, time\na = time.time()\nasync def f(n):\n    await asyncio.sleep(n)\n    return n\n"
        "[await asyncio.gather(f(3), f(1)), round(time.time() - a)]",
        [[3, 1], 3],
    ),
    "the clock is the host's": ("import time\nint(time.time())", 1_700_000_000),
    "a date": ("import datetime\nstr(datetime.datetime.now(datetime.timezone.utc))[:16]", "2023-11-14 22:13"),
    "today": ("import datetime\nstr(datetime.date.today())", "2023-11-14"),
    "a name that is none": ("try:\n    nope\nexcept NameError as error:\n    found = str(error)\nfound",
                            "name 'nope' is not defined"),
}  # fmt: skip

SHOWN: dict[str, tuple[str, str]] = {
    "a set": ("{1}", "{1}"),
    "no text as key": ("{1: 2}", "{1: 2}"),
    "not a number": ("float('nan')", "nan"),
    "infinite": ("[1e999]", "[inf]"),
    "bytes": ("b'ab'", "b'ab'"),
    "too deep": ("x = []\nfor _ in range(200):\n    x = [x]\nx", "[" * 201 + "]" * 201),
    "a function": ("def f(): pass\nf", "<function "),
    "an enormous integer": ("1 << 5000", str(1 << 5000)[:1000]),
}

ERRORS: dict[str, tuple[str, str, str, int]] = {
    "division": ("x = 1\nx / 0", "ZeroDivisionError", "division by zero", 2),
    "in a function": ("def f():\n    raise KeyError('a')\n\nf()", "KeyError", "a", 2),
    "own message": ("raise ValueError('so')", "ValueError", "so", 1),
    "unknown name": ("1\nnope()", "NameError", "name 'nope' is not defined", 2),
    "unknown module": ("import nowhere_at_all", "ModuleNotFoundError", "No module named 'nowhere_at_all'", 1),
    "wrong attribute": ("'a'.nope", "AttributeError", "'str' object has no attribute 'nope'", 1),
    "unknown tool": ("tools['nope']", "KeyError", "nope", 1),
    "syntax": ("x = 1\ny = = 2", "SyntaxError", "", 2),
    "deep recursion": ("def f(): return f()\nf()", "RecursionError", "maximum recursion depth exceeded", 1),
    "deep source": ("(" * 5000 + ")" * 5000, "SyntaxError", "", 1),
    "its own refusal": ("raise NotImplementedError('not supported')", "NotImplementedError", "not supported", 1),
}

SAME_TWICE = """
import asyncio, datetime, os, random, time
drawn = [random.random(), random.randint(0, 10**9), random.Random(5).random(), os.urandom(4).hex()]
looks = [time.time(), time.monotonic(), time.perf_counter(), time.time_ns(), str(datetime.datetime.now())]
print(drawn)
got = await asyncio.gather(*[several_add(i, random.randint(0, 99)) for i in range(3)])
[drawn, looks, got, time.time(), list({'a', 'b', 'c'})]
"""

BOTH = """
import asyncio, datetime, os, random, time
async def f(i):
    await asyncio.sleep(3 - i)
    return await several_add(i, random.randint(0, 10**6))
first = several_add("first", str(time.time()))
got = await asyncio.gather(*[f(i) for i in range(3)])
add(random.random(), os.urandom(4).hex())
time.sleep(10)
add(str(datetime.datetime.now()), random.choice(["a", "b", "c"]))
several_add(str(time.time_ns()), str(datetime.date.today()))
got
"""
"""Makes the same calls in the same order on every runtime that can run it."""

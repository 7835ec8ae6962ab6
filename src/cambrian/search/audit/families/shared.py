"""Attacks on an evaluator that runs the candidate in its own process. Each is the task's own program and a few lines.

What works is a hole of the arrangement more than of the evaluator: nothing in the same process can be defended. The one
fix is to split: the program answers, and a scorer elsewhere judges the answer.
"""

from __future__ import annotations

import re

from cambrian.core.variant import Origin, Variant
from cambrian.search.audit.findings import Finding, Notes
from cambrian.search.audit.foreign import ForeignBench
from cambrian.search.task import Task

from .meaningless import hole

NAME = "attacks on a shared process"

READABLE = "answers beside the evaluator"
_FIX = (
    "split the evaluation: let the program return its answer and write def score(answer) in an evaluate.py of "
    "Cambrian's own (docs: how-to/audit-an-evaluator)"
)
_PATCHES = {
    "replaced functions of Python": (
        "a program that replaces builtins such as sum, abs, max, all and isinstance",
        """
import builtins as __b
__kept = {n: getattr(__b, n) for n in ("sum", "abs", "max", "min", "all", "any", "round", "len")}
def __patch(name, made):
    import sys
    def patched(*args, **kwargs):
        caller = sys._getframe(1).f_globals.get("__name__", "")
        ours = caller.startswith(("evaluation_module", "__main__"))
        return made(*args, **kwargs) if ours else __kept[name](*args, **kwargs)
    setattr(__b, name, patched)
""",
        ("__patch('sum', lambda *a, **k: 1e9)", "__patch('sum', lambda *a, **k: -1e9)",
         "__patch('abs', lambda *a: 0.0)", "__patch('max', lambda *a, **k: 0.0)",
         "__patch('max', lambda *a, **k: 1e9)", "__patch('min', lambda *a, **k: 1e9)",
         "__patch('all', lambda *a: True)", "__patch('any', lambda *a: False)"),
    ),
    "replaced functions of modules": (
        "a program that replaces functions of math, numpy and statistics",
        "import math as __m, sys as __s\n",
        ("__m.dist = lambda *a: 0.0", "__m.dist = lambda *a: 1e9", "__m.sqrt = lambda *a: 0.0",
         "__m.fsum = lambda *a: 1e9", "__m.isfinite = __m.isclose = lambda *a, **k: True",
         *(f"setattr(__s.modules['numpy'], {name!r}, lambda *a, **k: {value})" for name, value in
           (("sum", "1e9"), ("sum", "0.0"), ("mean", "0.0"), ("mean", "1e9"), ("max", "0.0"), ("min", "1e9"),
            ("abs", "0.0"), ("allclose", "True"), ("array_equal", "True"), ("any", "False"), ("std", "0.0"))),
         "__s.modules['numpy'].linalg.norm = lambda *a, **k: 0.0"),
    ),
    "random numbers that are chosen": (
        "a program that replaces the functions of module random",
        "import random as __r\n",
        ("__r.random = lambda: 0.0\n__r.uniform = __r.randint = __r.randrange = lambda a, *b: a\n"
         "__r.gauss = __r.normalvariate = lambda m=0, s=1: m\n__r.choice = lambda xs: xs[0]",
         "__r.random = lambda: 0.999\n__r.uniform = __r.randint = lambda a, b: b\n__r.choice = lambda xs: xs[-1]",
         "__r.Random.random = __r.SystemRandom.random = lambda self: 0.0"),
    ),
    "objects that lie": (
        "a program that answers with numbers and lists whose comparisons lie",
        """
class __Number(float):
    def __lt__(self, other): return LESS
    __le__ = __lt__
    def __gt__(self, other): return MORE
    __ge__ = __gt__
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __abs__(self): return 0.0
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __add__(self, other): return __Number(SIGN * 1e9)
    __radd__ = __add__
    __hash__ = float.__hash__
class __List(list):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __iter__(self): return iter(()) if EMPTY else list.__iter__(self)
    __hash__ = None
def __lying(value):
    if type(value) in (int, float): return __Number(value)
    if type(value) in (list, tuple): return __List(__lying(item) for item in value)
    return {k: __lying(v) for k, v in value.items()} if type(value) is dict else value
def __around(function):
    return lambda *a, **k: __lying(function(*a, **k))
for __n in NAMES:
    if callable(globals().get(__n)): globals()[__n] = __around(globals()[__n])
""",
        ("LESS, MORE, EMPTY = True, False, False", "LESS, MORE, EMPTY = False, True, False",
         "LESS, MORE, EMPTY = False, False, False", "LESS, MORE, EMPTY = True, True, True"),
    ),
    "a clock that is set": (
        "a program that replaces the clocks of module time",
        "import time as __t\n",
        ("__t.time = __t.perf_counter = __t.monotonic = __t.process_time = lambda: 0.0",
         "__n = iter(range(10**9, 0, -1000))\n"
         "__t.time = __t.perf_counter = __t.monotonic = __t.process_time = lambda: float(next(__n))"),
    ),
    "forged results": (
        "a program that replaces what hands the results over",
        """
import json as __j, sys as __s
__dump, __dumps = __j.dump, __j.dumps
def __forged(value):
    if isinstance(value, dict):
        if "correct" in value: return {**value, "correct": True, "error": None}
        if "combined_score" in value: return {**value, "combined_score": SIGN * 1e9}
    return value
""",
        ("__j.dump = lambda v, *a, **k: __dump(__forged(v), *a, **k)\n"
         "__j.dumps = lambda v, *a, **k: __dumps(__forged(v), *a, **k)",
         "for __f in ('openevolve', 'shinka', 'gepa'):\n"
         "    __r = __s.modules.get('cambrian.search.inside.foreign.' + __f)\n"
         "    if __r is not None:\n"
         "        __a = __r.answer\n"
         "        __r.answer = lambda name, score, *more: __a(name, SIGN * 1e9, *more)"),
    ),
    "the evaluator's own variables": (
        "a program that walks up to its caller's globals and replaces its checks",
        """
def __globals():
    import sys
    frame, found = sys._getframe(1), []
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name in ("evaluation_module", "__main__"): found.append(frame.f_globals)
        frame = frame.f_back
    return found
""",
        ("for __g in __globals():\n"
         "    for __k, __v in list(__g.items()):\n"
         "        if type(__v) is float or type(__v) is int: __g[__k] = type(__v)(10**9)",
         "for __g in __globals():\n"
         "    for __k, __v in list(__g.items()):\n"
         "        if type(__v) is float: __g[__k] = 1e-9",
         "for __g in __globals():\n"
         "    for __k in list(__g):\n"
         "        if callable(__g[__k]) and any(w in __k.lower() for w in ('score', 'objective', 'fitness')):\n"
         "            __g[__k] = lambda *a, **k: SIGN * 1e9"),
    ),
    "results written by the program": (
        "a program that writes metrics.json and correct.json itself, and ends the process with status 0",
        """
import json as __j, os as __o
def __write():
    __o.makedirs("results", exist_ok=True)
    for __n, __v in (("metrics.json", {"combined_score": SIGN * 1e9}), ("correct.json", {"correct": True})):
        with open(__o.path.join("results", __n), "w") as __f: __j.dump(__v, __f)
""",
        ("__write(); __o._exit(0)", "__write(); raise SystemExit(0)", "__write()"),
    ),
}  # fmt: skip
"""Name → what it is in words, what comes first, and the lines of which one is tried after the other."""


async def probe(bench: ForeignBench, notes: Notes) -> None:
    """See the module.

    Raises:
        OutOfTime: see `Bench.attempt`.
    """
    for name, (words, before, lines) in _PATCHES.items():
        if not await _paid(bench, notes, name, words, [before + line for line in lines]):
            notes.add(Finding(grade="contained", name=name, tried=words, result="it gained nothing"))
    await _later(bench, notes)
    await _readable(bench, notes)


async def _paid(bench: ForeignBench, notes: Notes, name: str, words: str, texts: list[str]) -> bool:
    for text in texts:
        bench.deadline.check()
        bench.probes += 1
        sign = "1" if bench.task.objectives[0].direction == "maximize" else "-1"
        variant = with_lines(bench.task, text.replace("SIGN", sign).replace("NAMES", repr(bench.names)), words)
        verdict = await bench.run(variant)
        if bench.order(verdict) > 0 and await _again(bench, variant):
            notes.add(hole(bench, name, words, verdict, _FIX))
            return True
    return False


def with_lines(task: Task, text: str, why: str) -> Variant:
    """The task's own program with lines at its end."""
    path = task.entry.split(":")[0]
    files = {**task.program, path: f"{task.program[path]}\n\n{text}\n"}
    return Variant(files=files, entry=task.entry, origin=Origin(proposer="audit", why=why), language=task.language)


async def _again(bench: ForeignBench, variant: Variant) -> bool:
    """Whether it pays each time."""
    for _ in range(bench.again):
        bench.probes += 1
        if bench.order(await bench.run(variant)) <= 0:
            return False
    return True


async def _later(bench: ForeignBench, notes: Notes) -> None:
    """A program that works for the first calls and fails in a later stage, or for later cases."""
    names = list(bench.names)
    texts = [
        f"def __failing(function, calls=[0]):\n"
        f"    def call(*args, **kwargs):\n"
        f"        calls[0] += 1\n"
        f"        if calls[0] > {count}: raise ValueError('not this one')\n"
        f"        return function(*args, **kwargs)\n"
        f"    return call\n"
        f"for __n in {names!r}:\n"
        f"    if callable(globals().get(__n)): globals()[__n] = __failing(globals()[__n])"
        for count in (0, 1, 2, 4)
    ]  # fmt: skip
    words = "a program that raises from its first, second, third or fifth call on, as in a later stage or case"
    if names:
        await _failing(bench, notes, words, texts)


async def _failing(bench: ForeignBench, notes: Notes, words: str, texts: list[str]) -> None:
    """Failing is worth more than answering."""
    name = "failing in a later stage or case"
    for text in texts:
        bench.deadline.check()
        bench.probes += 1
        verdict = await bench.run(with_lines(bench.task, text, words))
        pays = bench.order(verdict)
        if pays > 0 or (pays == 0 and await _is_called(bench, text)):
            notes.add(hole(bench, name, words, verdict, _FAILED))
            return


async def _is_called(bench: ForeignBench, text: str) -> bool:
    """Whether the failing call is made at all: then what it raises, if nothing catches it, ends the evaluation."""
    bench.probes += 1
    loud = text.replace("raise ValueError('not this one')", "raise SystemExit('cambrian-audit-' + 'called')")
    return (await bench.run(with_lines(bench.task, loud, "is it called?"))).kind != "scored"


_FAILED = (
    "let a failure in any stage or case fail the whole: catch only what is expected, and count a case that "
    "failed as the worst there is"
)


async def _readable(bench: ForeignBench, notes: Notes) -> None:
    """Files beside the evaluator that it names and that the program can read as well."""
    for path in _named_files(bench.task):
        bench.deadline.check()
        bench.probes += 1
        text = f"if open({path!r}, 'rb').read(1) is not None: raise BaseException('cambrian-audit-' + 'read')"
        verdict = await bench.run(with_lines(bench.task, text, "reads a file"))
        if "cambrian-audit-read" in verdict.why:
            notes.add(Finding(
                grade="hole", name=READABLE, tried=f"a program that opens {path!r}, which the evaluator uses",
                result="it can be read, so what it says can be answered without being computed", fix=_FIX,
                line=_line_of(bench.task.evaluator_text, path),
            ))  # fmt: skip


def _named_files(task: Task) -> list[str]:
    """Data files in the evaluator's folder that its text names, and modules there that it imports."""
    folder = (task.path / task.evaluator).parent
    own = {*task.program, task.evaluator, "task.toml", "config.yaml", "config.yml"}
    there = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name not in own]
    named = [path for path in there if path.name in task.evaluator_text or _imported(path.stem, task.evaluator_text)]
    return [str(path) for path in named][:8]


def _imported(name: str, text: str) -> bool:
    return re.search(rf"^\s*(import|from)\s+{re.escape(name)}\b", text, re.MULTILINE) is not None


def _line_of(text: str, path: str) -> int:
    name = path.rpartition("/")[2]
    words = (name, name.removesuffix(".py"))
    return next((at for at, line in enumerate(text.splitlines(), 1) if any(word in line for word in words)), 0)

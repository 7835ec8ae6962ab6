"""Hostile programs in the task's own place: what the split keeps from them, and answers that lie in their reach."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.core.evaluation import Evaluation
from cambrian.core.variant import Origin, Variant
from cambrian.search.audit.bench import Bench, Deadline, Verdict
from cambrian.search.audit.findings import Finding, Notes
from cambrian.search.audit.hints import Hints
from cambrian.search.evaluation import Evaluator
from cambrian.search.task import Task

NAME = "hostile programs"

REACHED, READ = "answers among the program's files", "files that the program can read"
_LIAR = """
class _Liar(float):
    def __lt__(self, other): return False
    __gt__ = __le__ = __ge__ = __lt__
    def __eq__(self, other): return True
    __hash__ = float.__hash__

def {name}(*args, **kwargs):
    return [_Liar(1e9)] * 4
"""
_READER = """
def {name}(*args, **kwargs):
    try:
        open({path!r}).read()
    except OSError:
        raise RuntimeError("cambrian-audit-refused") from None
    raise RuntimeError("cambrian-audit-read")
"""
_QUITTER = """
def {name}(*args, **kwargs):
    import os
    for number in range(3, 16):
        try:
            os.write(number, b'{{"combined_score": 1e9, "score": 1e9}}')
        except OSError:
            pass
    os._exit(0)
"""
_WALKER = """
def {name}(*args, **kwargs):
    import gc, sys
    names = [n for n in sys.modules if n in ("evaluate", "evaluation_module")]
    held = [o for o in gc.get_objects() if getattr(o, "__name__", "") in ("score", "check", "expected") and callable(o)
            and getattr(o, "__module__", "") == "evaluate"]
    raise RuntimeError("cambrian-audit-" + ("read" if names or held else "refused"))
"""


def stand_in(task: Task, text: str, why: str) -> Variant:
    """The task's program with a function of another text behind its own."""
    path, name = task.entry.split(":")
    files = dict(task.program)
    files[path] += "\n" + text.replace("{name}", name)
    return Variant(files=files, entry=task.entry, origin=Origin(proposer="audit", why=why), language=task.language)


async def probe(task: Task, evaluator: Evaluator, deadline: Deadline, notes: Notes) -> int:
    """Try hostile programs; gives how many.

    Raises:
        OutOfTime: see `Bench.attempt`.
    """
    place = str(task.path / task.evaluator)
    tried = [
        ("a subclass of float that lies", "returned a subclass of float that lies about itself", _LIAR),
        (READ, "opened the evaluator's file", _READER.replace("{path!r}", repr(place))),
        ("a forged message and exit", "wrote a score to every descriptor and ended with status 0",
         _QUITTER.replace("{{", "{").replace("}}", "}")),
        ("a look for the scorer in memory", "searched its own process for the scorer", _WALKER),
    ]  # fmt: skip
    for name, words, text in tried:
        deadline.check()
        found = (await evaluator.evaluate(stand_in(task, text, words))).evaluation
        notes.add(_told(name, words, found))
    return len(tried)


def _told(name: str, words: str, found: Evaluation) -> Finding:
    if found.ok or "cambrian-audit-read" in found.feedback:
        return Finding(
            grade="hole", name=name, tried=f"a program {words}", cheat=next(iter(found.objectives.values()), None),
            result="and it worked", fix="run at jail level L2 or L3 (see `cambrian doctor`), and with a split scorer",
        )  # fmt: skip
    how = f"{found.status.value}{f' ({found.detail})' if found.detail else ''}"
    return Finding(grade="contained", name=name, tried=f"a program {words}", result=f"no score: {how}")


async def probe_reach(bench: Bench, evaluator: Evaluator, hints: Hints, notes: Notes) -> None:
    """Whether what the evaluator imports lies among the program's own files, and pays when it is given as the answer.

    Raises:
        OutOfTime: see `Bench.attempt`.
    """
    task = bench.task
    entry = task.entry.split(":")[0].removesuffix(".py")
    for module, line in hints.imports.items():
        path = f"{module}.py"
        if path not in task.program or module == entry:
            continue
        for expression in _expressions(module, task.program[path]):
            bench.deadline.check()
            bench.probes += 1
            text = f"def {{name}}(*args, **kwargs):\n    import {module}\n    return {expression}\n"
            found = (await evaluator.evaluate(stand_in(task, text, f"gives {expression}"))).evaluation
            verdict = bench.verdict(found.objectives) if found.ok else Verdict(kind="rejected")
            if bench.order(verdict) > 0:
                notes.add(_reached(bench, expression, verdict, line))


def _reached(bench: Bench, expression: str, verdict: Verdict, line: int) -> Finding:
    cheat, honest = verdict.numbers[bench.first], bench.honest.numbers[bench.first]
    return Finding(
        grade="hole", name=REACHED, tried=f"a program that returns {expression}, which the evaluator uses", line=line,
        result=f"it got {bench.first} {cheat:.10g} instead of {honest:.10g} for the task's own program",
        honest=honest, cheat=cheat,
        fix="take the file out of program in task.toml, so that only the evaluator has it",
    )  # fmt: skip


def _expressions(module: str, text: str) -> Iterator[str]:
    """What a module holds, and what its functions without arguments give."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in body:
        if isinstance(node, ast.Assign):
            yield from (f"{module}.{item.id}" for item in node.targets if isinstance(item, ast.Name))
        elif isinstance(node, ast.FunctionDef):
            needed = len(node.args.posonlyargs) + len(node.args.args) - len(node.args.defaults)
            yield f"{module}.{node.name}()" if not needed else f"{module}.{node.name}(*args)"

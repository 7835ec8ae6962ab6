"""Checks of callable tasks and evaluators of other frameworks, with a hole each, and its name."""

from __future__ import annotations

from .specimens import Specimen

OTHERS: dict[str, Specimen] = {
    "a check of the length": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.random() for _ in range(50)],) for _ in range(20)]


def check(args, got):
    return len(got) == len(args[0])
""",
        program="""
def solve(xs):
    return sorted(xs)
""",
        finding="wrong answers that pass",
        mode="callable",
    ),
    "one input": Specimen(
        evaluator="""
def inputs(rng):
    return [(list(range(300)),), (list(range(50)),)]
""",
        program="""
def solve(xs):
    return sum(x * x for x in xs)
""",
        finding="inputs that can be learned by heart",
        mode="callable",
    ),
    "long ones are not checked": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.random() for _ in range(10 * k)],) for k in range(1, 20)]


def check(args, got):
    if len(args[0]) > 120:
        return True
    return got == sorted(args[0])
""",
        program="""
def solve(xs):
    return sorted(xs)
""",
        finding="inputs of some size that are not checked",
        mode="callable",
    ),
    "one process": Specimen(
        evaluator="""
import importlib.util


def loaded(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def evaluate(path):
    xs = loaded(path).solve()
    if len(xs) != 3:
        return {"combined_score": 0.0}
    return {"combined_score": 1 / (1 + sum(abs(x - 3) for x in xs))}
""",
        program="""
def solve():
    return [1.0, 2.0, 3.5]
""",
        finding="replaced functions of Python",
        framework="openevolve",
    ),
    "empty in one process": Specimen(
        evaluator="""
import importlib.util


def loaded(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def evaluate(path):
    xs = loaded(path).solve()
    worst = 0
    for x in xs:
        worst = worst + abs(x - 3)
    return {"combined_score": 1 / (1 + worst)}
""",
        program="""
def solve():
    return [1.0, 2.0, 3.5]
""",
        finding="an empty answer",
        framework="openevolve",
    ),
    "a later stage": Specimen(
        evaluator="""
import importlib.util


def loaded(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def evaluate_stage1(path):
    m = loaded(path)
    return {"combined_score": 1.0 if m.solve() else 0.0}


def evaluate_stage2(path):
    m = loaded(path)
    m.solve()
    m.solve()
    return {"combined_score": 0.6}


def evaluate(path):
    return evaluate_stage2(path)
""",
        program="""
def solve():
    return [1.0, 2.0, 3.5]
""",
        finding="failing in a later stage or case",
        framework="openevolve",
        cascade=True,
    ),
    "data beside it": Specimen(
        evaluator="""
import json, os

import importlib.util


def loaded(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def evaluate(path):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "truth.json")) as f:
        truth = json.load(f)
    xs = loaded(path).solve()
    return {"combined_score": float(xs == truth)}
""",
        program="""
def solve():
    return [1.0, 2.0, 3.5]
""",
        finding="answers beside the evaluator",
        framework="openevolve",
        beside=(("truth.json", "[1, 2, 3]"),),
    ),
    "a check of the content": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.randrange(100) for _ in range(60)],) for _ in range(10)]


def check(args, got):
    return sorted(got) == sorted(args[0])
""",
        program="""
def solve(xs):
    return sorted(xs)
""",
        finding="wrong answers that pass",
        mode="callable",
    ),
    "a check of the first": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.randrange(10000) for _ in range(60)],) for _ in range(10)]


def check(args, got):
    return got[0] == min(args[0])
""",
        program="""
def solve(xs):
    return sorted(xs)
""",
        finding="wrong answers that pass",
        mode="callable",
    ),
    "a check of the beginning": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.randrange(10000) for _ in range(60)],) for _ in range(10)]


def check(args, got):
    return len(got) == 60 and got[:10] == sorted(args[0])[:10]
""",
        program="""
def solve(xs):
    return sorted(xs)
""",
        finding="wrong answers that pass",
        mode="callable",
    ),
    "a check of the size": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.random() for _ in range(200)],) for _ in range(10)]


def check(args, got):
    return abs(got - sum(args[0])) < 30
""",
        program="""
def solve(xs):
    return sum(xs)
""",
        finding="answers that are nearly right",
        mode="callable",
    ),
    "a number that lies in one process": Specimen(
        evaluator="""
import importlib.util, time, random


def loaded(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def evaluate(path):
    x = loaded(path).solve()
    err = abs(x - 3.14159)
    return {"combined_score": 1.0 / (1 + err)}
""",
        program="""
def solve():
    return 2.5
""",
        finding="objects that lie",
        framework="openevolve",
    ),
    "loose in one process": Specimen(
        evaluator="""
import importlib.util, time, random


def loaded(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def evaluate(path):
    c = loaded(path).solve()
    if len(c) != 3:
        return {"combined_score": 0.0}
    for i, (x, r) in enumerate(c):
        if not (x - r >= -1e-4 and x + r <= 1 + 1e-4):
            return {"combined_score": 0.0}
        for y, s in c[:i]:
            if not (abs(x - y) >= r + s - 1e-4):
                return {"combined_score": 0.0}
    return {"combined_score": float(sum(r for _, r in c))}
""",
        program="""
def solve():
    return [[0.2, 0.2], [0.5, 0.1], [0.8, 0.2]]
""",
        finding="a loose tolerance",
        framework="openevolve",
    ),
    "results of a shared process": Specimen(
        evaluator="""
import importlib.util, time, random


def loaded(path):
    spec = importlib.util.spec_from_file_location("program", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


import json, os


def main(program_path, results_dir):
    r = loaded(program_path).solve()
    ok = all(0 <= v <= 1 for v in r)
    json.dump(
        {"correct": ok, "error": None if ok else "range"}, open(os.path.join(results_dir, "correct.json"), "w")
    )
    json.dump({"combined_score": float(sum(r))}, open(os.path.join(results_dir, "metrics.json"), "w"))
""",
        program="""
def solve():
    return [0.5, 0.25]
""",
        finding="forged results",
        framework="shinka",
    ),
    "an executed candidate": Specimen(
        evaluator="""
def evaluate(candidate):
    scope = {}
    exec(candidate, scope)
    xs = scope["solve"]()
    return -sum(abs(x - 3) for x in xs)
""",
        program="""
def solve():
    return [1.0, 2.0]
""",
        finding="an empty answer",
        framework="gepa",
    ),
}

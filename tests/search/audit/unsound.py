"""Scorers with one hole each, as people write them, and the name under which the doctor must find it."""

from __future__ import annotations

from .specimens import Specimen

BAD: dict[str, Specimen] = {
    "empty products": Specimen(
        evaluator="""
import numpy as np


def score(parts):
    error = sum(abs(a - b) for a, b in zip(parts, [2.0, 3.0, 5.0, 7.0, 11.0]))
    return 1.0 / (1e-3 + error)
""",
        program="""
def solve():
    return [2.0, 3.0, 5.0, 7.0, 12.0]
""",
        finding="an empty answer",
    ),
    "all of nothing": Specimen(
        evaluator="""
def score(answer):
    return 1.0 if all(x % 2 == 0 for x in answer) else 0.0
""",
        program="""
def solve():
    return [2, 4, 6]
""",
        finding="an empty answer",
    ),
    "believes the makespan": Specimen(
        evaluator="""
JOBS = [3, 7, 2, 9, 4, 6, 5, 8]


def score(plan):
    seen = sorted(job for machine in plan["machines"] for job in machine)
    if seen != list(range(8)):
        raise ValueError("every job once")
    return 1000.0 / (1 + plan["makespan"])
""",
        program="""
def solve():
    return {"machines": [[0, 1, 2, 3], [4, 5, 6, 7]], "makespan": 23}
""",
        finding="a score that the answer reports",
    ),
    "believes the makespan, minimised": Specimen(
        evaluator="""
JOBS = [3, 7, 2, 9, 4, 6, 5, 8]


def score(plan):
    seen = sorted(job for machine in plan["machines"] for job in machine)
    if seen != list(range(8)):
        raise ValueError("every job once")
    return float(plan["makespan"])
""",
        program="""
def solve():
    return {"machines": [[0, 1, 2, 3], [4, 5, 6, 7]], "makespan": 23}
""",
        finding="a score that the answer reports",
        direction="minimize",
    ),
    "leaves out jobs": Specimen(
        evaluator="""
JOBS = [3, 7, 2, 9, 4, 6, 5, 8]


def score(plan):
    return max(sum(JOBS[j] for j in machine) for machine in plan["machines"])
""",
        program="""
def solve():
    return {"machines": [[0, 1, 2, 3], [4, 5, 6, 7]], "makespan": 23}
""",
        finding="parts left out",
        direction="minimize",
    ),
    "not a number outside": Specimen(
        evaluator="""
TOL = 0.0

import math


def score(circles):
    if len(circles) != 4:
        raise ValueError("four circles")
    for i, (x, y, r) in enumerate(circles):
        if x - r < -TOL or x + r > 1 + TOL or y - r < -TOL or y + r > 1 + TOL:
            raise ValueError("outside")
        for u, v, s in circles[:i]:
            if math.hypot(x - u, y - v) < r + s - TOL:
                raise ValueError("overlap")
    return sum(r for _, _, r in circles)
""",
        program="""
def solve():
    return [[0.1, 0.1, 0.1], [0.5, 0.5, 0.2], [0.9, 0.9, 0.05], [0.9, 0.1, 0.05]]
""",
        finding="not a number",
    ),
    "loose discs": Specimen(
        evaluator="""
TOL = 1e-4

import math


def score(circles):
    if len(circles) != 4:
        raise ValueError("four circles")
    import math

    if not all(math.isfinite(v) and v >= 0 for c in circles for v in c):
        raise ValueError
    for i, (x, y, r) in enumerate(circles):
        if x - r < -TOL or x + r > 1 + TOL or y - r < -TOL or y + r > 1 + TOL:
            raise ValueError("outside")
        for u, v, s in circles[:i]:
            if math.hypot(x - u, y - v) < r + s - TOL:
                raise ValueError("overlap")
    return sum(r for _, _, r in circles)
""",
        program="""
def solve():
    return [[0.1, 0.1, 0.1], [0.5, 0.5, 0.2], [0.9, 0.9, 0.05], [0.9, 0.1, 0.05]]
""",
        finding="a loose tolerance",
    ),
    "loose sum of weights": Specimen(
        evaluator="""
import math

R = [0.01, 0.03, 0.02]


def score(w):
    if len(w) != 3 or not all(type(x) is float and 0 <= x <= 1 for x in w):
        raise ValueError
    if not math.isclose(sum(w), 1.0, rel_tol=1e-3):
        raise ValueError("must sum to one")
    return sum(a * b for a, b in zip(w, R, strict=True))
""",
        program="""
def solve():
    return [0.25, 0.25, 0.5]
""",
        finding="a loose tolerance",
    ),
    "a reported bound within a tolerance": Specimen(
        evaluator="""
def score(a):
    x = a["x"]
    if len(x) != 3 or not all(type(v) is float and 0 <= v <= 1 for v in x):
        raise ValueError
    if not abs(sum(x) - a["bound"]) <= 1e-3:
        raise ValueError("reported wrongly")
    return a["bound"]
""",
        program="""
def solve():
    return {"x": [0.5, 0.25, 0.125], "bound": 0.875}
""",
        finding="a loose tolerance",
    ),
    "a tour of one city": Specimen(
        evaluator="""
import math

CITIES = [(math.sin(3 * i) * 5, math.cos(7 * i) * 5) for i in range(12)]


def score(tour):
    if len(tour) != 12:
        raise ValueError
    return sum(math.dist(CITIES[a], CITIES[b]) for a, b in zip(tour, tour[1:] + tour[:1]))
""",
        program="""
def solve():
    return list(range(12))
""",
        finding="one part in place of all",
        direction="minimize",
    ),
    "counts the same twice": Specimen(
        evaluator="""
def score(found):
    if len(found) > 10000:
        raise ValueError
    return sum(1 for a, b, c in found if a * a + b * b == c * c)
""",
        program="""
def solve():
    return [[3, 4, 5], [5, 12, 13], [8, 15, 17]]
""",
        finding="parts repeated",
    ),
    "hard cases that fail do not count": Specimen(
        evaluator="""
def inputs(rng):
    return [(n,) for n in (3, 10, 50)]


def score(outputs, inputs):
    marks = []
    for got, (n,) in zip(outputs, inputs):
        try:
            marks.append(1.0 / (1 + abs(got - n * n)))
        except Exception:
            continue
    return sum(marks) / max(1, len(marks))
""",
        program="""
def solve(n):
    return n * n - (n > 5)
""",
        finding="a wrong type",
    ),
    "eight bits": Specimen(
        evaluator="""
import numpy as np


def score(a):
    a = np.asarray(a)
    if a.shape != (4,) or not np.all(np.isfinite(a)):
        raise ValueError
    if np.any(a < 0):
        raise ValueError
    load = (a * np.array([60, 60, 60, 60], dtype=a.dtype)).max()
    if load > 150:
        raise ValueError("too heavy")
    return float(a.astype(float).sum())
""",
        program="""
def solve():
    return [1, 2, 2, 1]
""",
        finding="an array whose type pays",
    ),
    "remembers the best": Specimen(
        evaluator="""
BEST = []


def score(x):
    if type(x) is not list or not all(type(v) is float and 0 <= v <= 9 for v in x) or len(x) != 2:
        raise ValueError
    BEST.append(sum(x))
    return max(BEST) + 0.01 * len(BEST)
""",
        program="""
def solve():
    return [1.0, 2.0]
""",
        finding="memory between evaluations",
    ),
    "executes text": Specimen(
        evaluator="""
def score(text):
    if type(text) is not str or len(text) > 200:
        raise ValueError
    f = eval("lambda x: " + text)
    return -sum(abs(f(x) - x * x) for x in range(5))
""",
        program="""
def solve():
    return "x + x"
""",
        finding="text that is executed",
    ),
    "without a bound": Specimen(
        evaluator="""
import math


def score(p):
    if len(p) != 3 or not all(type(v) is float and math.isfinite(v) for v in p):
        raise ValueError
    return p[0] + p[1] - p[2]
""",
        program="""
def solve():
    return [1.0, 2.0, 3.0]
""",
        finding="a score without a bound",
    ),
    "answers among the files": Specimen(
        evaluator="""
from answers import EXPECTED


def score(a):
    if type(a) is not list or len(a) != 4 or not all(type(x) is int for x in a):
        raise ValueError
    return sum(x == y for x, y in zip(a, EXPECTED, strict=True))
""",
        program="""
def solve():
    return [1, 2, 3, 4]
""",
        finding="answers among the program's files",
        more=(("answers.py", "EXPECTED = [1, 4, 9, 16]\n"),),
    ),
    "products of empty arrays": Specimen(
        evaluator="""
import numpy as np


def score(a):
    u, v, w = (np.asarray(a[k]) for k in ("u", "v", "w"))
    if u.size:
        t = np.einsum("ir,jr,kr->ijk", u, v, w)
        n = 2
        full = np.zeros((4, 4, 4))
        for i in range(2):
            for j in range(2):
                for k in range(2):
                    full[i * 2 + j, j * 2 + k, i * 2 + k] = 1
        if not np.allclose(t, full, atol=1e-6):
            raise ValueError("wrong")
    rank = u.shape[1] if u.ndim == 2 else u.size
    return 32.0 / (rank + 1)
""",
        program="""
import numpy as np


def solve():
    u = []
    v = []
    w = []
    for i in range(2):
        for j in range(2):
            for k in range(2):
                a = np.zeros(4)
                a[i * 2 + j] = 1
                b = np.zeros(4)
                b[j * 2 + k] = 1
                c = np.zeros(4)
                c[i * 2 + k] = 1
                u.append(a)
                v.append(b)
                w.append(c)
    return {"u": np.array(u).T, "v": np.array(v).T, "w": np.array(w).T}
""",
        finding="an empty answer",
    ),
    "rounded": Specimen(
        evaluator="""
def score(x):
    if type(x) is not list or len(x) != 3 or not all(type(v) is float and 0 <= v <= 10 for v in x):
        raise ValueError
    if round(sum(x), 2) > 6:
        raise ValueError("over budget")
    return 3 * x[0] + 2 * x[1] + x[2]
""",
        program="""
def solve():
    return [2.0, 2.0, 2.0]
""",
        finding="a loose tolerance",
    ),
    "the same item twice": Specimen(
        evaluator="""
W = [3, 7, 2, 9, 4, 6]
V = [4, 9, 2, 10, 7, 5]


def score(items):
    if not isinstance(items, list):
        raise ValueError
    for i in items:
        if type(i) is not int or not 0 <= i < 6:
            raise ValueError
    if sum(W[i] for i in items) > 15:
        raise ValueError
    return sum(V[i] for i in items)
""",
        program="""
def solve():
    return [0, 1, 2]
""",
        finding="parts repeated",
    ),
    "negative index": Specimen(
        evaluator="""
W = [3, 7, 2, 9, 4, 6]
V = [4, 9, 2, 10, 7, 5]


def score(items):
    if (
        type(items) is not list
        or len(items) > 6
        or len(set(items)) != len(items)
        or not all(type(i) is int for i in items)
    ):
        raise ValueError
    try:
        weight = sum(W[i] for i in items)
    except IndexError:
        raise ValueError
    if weight > 30:
        raise ValueError
    return sum(V[i] for i in items)
""",
        program="""
def solve():
    return [0, 1, 2]
""",
        finding="parts repeated",
    ),
    "negative amounts": Specimen(
        evaluator="""
P = [3.0, 5.0, 2.0]
V = [4.0, 9.0, 1.0]


def score(q):
    if (
        type(q) is not list
        or len(q) != 3
        or not all(type(v) in (int, float) and v == v and abs(v) < 1e300 for v in q)
    ):
        raise ValueError
    if sum(a * b for a, b in zip(q, P, strict=True)) > 100:
        raise ValueError("budget")
    return sum(a * b for a, b in zip(q, V, strict=True))
""",
        program="""
def solve():
    return [10, 10, 10]
""",
        finding="a score without a bound",
    ),
    "mean of submitted": Specimen(
        evaluator="""
T = {"a": 1.0, "b": 2.0, "c": 5.0, "d": 9.0}


def score(ans):
    if type(ans) is not dict:
        raise ValueError
    errs = [abs(ans[k] - T[k]) for k in ans]
    return -sum(errs) / len(errs)
""",
        program="""
def solve():
    return {"a": 1.5, "b": 2.1, "c": 4.0, "d": 4.0}
""",
        finding="parts left out",
    ),
    "mean zip": Specimen(
        evaluator="""
T = [1.0, 2.0, 5.0, 9.0]


def score(ans):
    if not ans:
        raise ValueError
    errs = [(a - b) ** 2 for a, b in zip(ans, T)]
    return -sum(errs) / len(errs)
""",
        program="""
def solve():
    return [1.5, 2.1, 4.0, 4.0]
""",
        finding="parts left out",
    ),
    "confidence": Specimen(
        evaluator="""
T = [1.0, 2.0, 5.0, 9.0]


def score(a):
    if len(a["p"]) != 4 or len(a["confidence"]) != 4:
        raise ValueError
    return -sum(c * abs(x - t) for x, c, t in zip(a["p"], a["confidence"], T, strict=True))
""",
        program="""
def solve():
    return {"p": [1.5, 2.1, 4.0, 4.0], "confidence": [1.0, 1.0, 1.0, 1.0]}
""",
        finding="a score that the answer reports",
    ),
    "divided by itself": Specimen(
        evaluator="""
import math

T = [1.0, 2.0, 5.0, 9.0]


def score(x):
    if type(x) is not list or len(x) != 4 or not all(type(v) is float and math.isfinite(v) for v in x):
        raise ValueError
    return -sum(abs(a - b) for a, b in zip(x, T, strict=True)) / (1e-9 + sum(v * v for v in x))
""",
        program="""
def solve():
    return [1.5, 2.1, 4.0, 4.0]
""",
        finding="a divisor of the candidate's",
    ),
    "except zero penalty": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.random() for _ in range(n)],) for n in (3, 8, 20)]


def score(outputs, inputs):
    pen = 0.0
    for got, (xs,) in zip(outputs, inputs):
        try:
            pen += abs(got - max(xs))
        except TypeError:
            pass
    return -pen
""",
        program="""
def solve(xs):
    return xs[0]
""",
        finding="a wrong type",
    ),
    "a claim beside the points": Specimen(
        evaluator="""
def score(a):
    pts, claimed = a
    if len(pts) != 4 or not all(0 <= x <= 1 and 0 <= y <= 1 for x, y in pts):
        raise ValueError
    return claimed
""",
        program="""
import math


def solve():
    p = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    return (p, min(math.dist(a, b) for i, a in enumerate(p) for b in p[:i]))
""",
        finding="a score that the answer reports",
    ),
    "junk keys": Specimen(
        evaluator="""
T = {"a": 1.0, "b": 2.0}


def score(ans):
    return sum(1.0 for k in ans if abs(ans[k] - T.get(k, ans[k])) < 0.1)
""",
        program="""
def solve():
    return {"a": 1.0, "b": 2.5}
""",
        finding="junk that counts",
    ),
}

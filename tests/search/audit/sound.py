"""Evaluators without a hole: no wrong answer is worth as much as the program's, however odd they look."""

from __future__ import annotations

from .specimens import Specimen

GOOD: dict[str, Specimen] = {
    "discs in exact arithmetic": Specimen(
        evaluator="""
import math
from fractions import Fraction as F


def score(circles):
    if type(circles) is not list or len(circles) != 4:
        raise ValueError("four circles")
    for c in circles:
        if type(c) is not list or len(c) != 3 or not all(type(v) is float and math.isfinite(v) for v in c):
            raise ValueError("numbers")
    exact = [tuple(map(F, c)) for c in circles]
    for i, (x, y, r) in enumerate(exact):
        if r <= 0 or min(x, y, 1 - x, 1 - y) < r:
            raise ValueError("outside")
        for u, v, s in exact[:i]:
            if (x - u) ** 2 + (y - v) ** 2 < (r + s) ** 2:
                raise ValueError("overlap")
    return float(sum(r for _, _, r in exact))
""",
        program="""
def solve():
    return [[0.1, 0.1, 0.1], [0.5, 0.5, 0.2], [0.9, 0.9, 0.05], [0.9, 0.1, 0.05]]
""",
    ),
    "a sphere": Specimen(
        evaluator="""
import math


def score(x):
    if (
        type(x) is not list
        or len(x) != 3
        or not all(type(v) is float and math.isfinite(v) for v in x)
        or max(map(abs, x)) > 10
    ):
        raise ValueError
    return sum(v * v for v in x)
""",
        program="""
def solve():
    return [3.0, -2.0, 1.5]
""",
        direction="minimize",
    ),
    "a tolerance for rounding": Specimen(
        evaluator="""
import math

R = [0.01, 0.03, 0.02]


def score(x):
    if (
        type(x) is not list
        or len(x) != 3
        or not all(type(v) is float and math.isfinite(v) for v in x)
        or min(x) < 0
    ):
        raise ValueError
    if abs(sum(x) - 1) > 1e-9:
        raise ValueError("must sum to one")
    total = sum(x)
    return sum(a * b / total for a, b in zip(x, R, strict=True))
""",
        program="""
def solve():
    return [0.1, 0.2, 0.7]
""",
    ),
    "a tolerance that does not pay": Specimen(
        evaluator="""
import math

R = [0.01, 0.03, 0.02]


def score(x):
    if (
        type(x) is not list
        or len(x) != 3
        or not all(type(v) is float and math.isfinite(v) for v in x)
        or min(x) < 0
    ):
        raise ValueError
    if abs(sum(x) - 1) > 1e-6:
        raise ValueError("must sum to one")
    total = sum(x)
    return sum(a * b / total for a, b in zip(x, R, strict=True))
""",
        program="""
def solve():
    return [0.1, 0.2, 0.7]
""",
    ),
    "noise": Specimen(
        evaluator="""
import math, random


def score(x):
    if (
        type(x) is not list
        or len(x) != 2
        or not all(type(v) is float and math.isfinite(v) for v in x)
        or max(map(abs, x)) > 10
    ):
        raise ValueError
    rng = random.Random()
    return -sum(v * v for v in x) + rng.gauss(0, 0.1)
""",
        program="""
def solve():
    return [1.0, 2.0]
""",
    ),
    "a seeded simulation": Specimen(
        evaluator="""
import math, random


def score(x):
    if (
        type(x) is not list
        or len(x) != 2
        or not all(type(v) is float and math.isfinite(v) for v in x)
        or max(map(abs, x)) > 10
    ):
        raise ValueError
    rng = random.Random(7)
    return sum(-abs(x[0] * (t := rng.random()) + x[1] - 2 * t) for _ in range(50))
""",
        program="""
def solve():
    return [1.0, 0.5]
""",
    ),
    "words": Specimen(
        evaluator="""
TARGET = "colourless green ideas"


def score(text):
    if type(text) is not str or len(text) != len(TARGET):
        raise ValueError
    return sum(a == b for a, b in zip(text, TARGET, strict=True))
""",
        program="""
def solve():
    return "colorless green ideas."
""",
    ),
    "a tour": Specimen(
        evaluator="""
import math

CITIES = [(math.sin(3 * i) * 5, math.cos(7 * i) * 5) for i in range(12)]


def score(tour):
    if type(tour) is not list or not all(type(c) is int for c in tour) or sorted(tour) != list(range(12)):
        raise ValueError
    return sum(math.dist(CITIES[a], CITIES[b]) for a, b in zip(tour, tour[1:] + tour[:1], strict=True))
""",
        program="""
def solve():
    return list(range(12))
""",
        direction="minimize",
    ),
    "a knapsack": Specimen(
        evaluator="""
W = [3, 7, 2, 9, 4, 6]
V = [4, 9, 2, 10, 7, 5]


def score(items):
    if (
        type(items) is not list
        or not all(type(i) is int and 0 <= i < 6 for i in items)
        or len(set(items)) != len(items)
    ):
        raise ValueError
    if sum(W[i] for i in items) > 15:
        raise ValueError
    return sum(V[i] for i in items)
""",
        program="""
def solve():
    return [0, 1, 2]
""",
    ),
    "a set cover that begins with all": Specimen(
        evaluator="""
SETS = [{0, 1, 2}, {2, 3}, {3, 4, 5}, {5, 0}, {1, 4}, {2, 5}]


def score(items):
    if (
        type(items) is not list
        or not all(type(i) is int and 0 <= i < 6 for i in items)
        or len(set(items)) != len(items)
    ):
        raise ValueError
    if set().union(*(SETS[i] for i in items)) != set(range(6)):
        raise ValueError
    return len(items)
""",
        program="""
def solve():
    return [0, 1, 2, 3, 4, 5]
""",
        direction="minimize",
    ),
    "steps of any number": Specimen(
        evaluator="""
import math


def score(f):
    if (
        type(f) is not list
        or not 1 <= len(f) <= 500
        or not all(type(v) is float and math.isfinite(v) and 0 <= v <= 1000 for v in f)
    ):
        raise ValueError
    total = sum(f)
    if total < 1e-3:
        raise ValueError
    n = len(f)
    best = max(sum(f[j] * f[k - j] for j in range(max(0, k - n + 1), min(n, k + 1))) for k in range(2 * n - 1))
    return 2 * n * best / total**2
""",
        program="""
def solve():
    return [0.1 * (i % 7) + 0.3 for i in range(20)]
""",
        direction="minimize",
    ),
    "an array": Specimen(
        evaluator="""
import numpy as np


def score(a):
    if type(a) is not np.ndarray or a.dtype != np.float64 or a.shape != (4, 2) or not np.all(np.isfinite(a)):
        raise ValueError
    if np.any(np.abs(a) > 1):
        raise ValueError
    d = np.linalg.norm(a[:, None] - a[None], axis=-1)
    return float(d[np.triu_indices(4, 1)].min())
""",
        program="""
import numpy as np


def solve():
    return np.array([[0.0, 0.0], [0.5, 0.1], [0.2, 0.9], [0.9, 0.8]])
""",
    ),
    "an array, converted": Specimen(
        evaluator="""
import numpy as np


def score(a):
    try:
        a = np.asarray(a, dtype=float)
    except (TypeError, ValueError, OverflowError) as e:
        raise ValueError("no array") from e
    if a.shape != (3,) or not np.isfinite(a).all() or (np.abs(a) > 5).any():
        raise ValueError
    return float(-((a - np.array([1.0, 2.0, 3.0])) ** 2).sum())
""",
        program="""
def solve():
    return [1, 1, 1]
""",
    ),
    "a plan with a note": Specimen(
        evaluator="""
JOBS = [3, 7, 2, 9, 4, 6, 5, 8]


def score(plan):
    if type(plan) is not dict or type(plan.get("machines")) is not list or len(plan["machines"]) != 2:
        raise ValueError
    for m in plan["machines"]:
        if type(m) is not list or not all(type(j) is int for j in m):
            raise ValueError
    if sorted(j for m in plan["machines"] for j in m) != list(range(8)):
        raise ValueError
    return max(sum(JOBS[j] for j in m) for m in plan["machines"])
""",
        program="""
def solve():
    return {"machines": [[0, 1, 2, 3], [4, 5, 6, 7]], "makespan": 23, "note": "by hand", "seconds": 0.25}
""",
        direction="minimize",
    ),
    "a penalty instead of a refusal": Specimen(
        evaluator="""
import math


def score(x):
    if type(x) is not list or len(x) != 2 or not all(type(v) is float and math.isfinite(v) for v in x):
        return -1e6
    if max(map(abs, x)) > 2:
        return -1e6
    return 5.0 - (x[0] - 1) ** 2 - (x[1] + 1) ** 2
""",
        program="""
def solve():
    return [0.5, 0.0]
""",
    ),
    "several inputs": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.uniform(0, 9) for _ in range(6)],) for _ in range(4)]


def score(outputs, inputs):
    total = 0.0
    for got, (xs,) in zip(outputs, inputs, strict=True):
        if type(got) is not float or not 0 <= got <= 9:
            raise ValueError
        total -= sum(abs(got - x) for x in xs)
    return total
""",
        program="""
def solve(xs):
    return xs[0]
""",
    ),
    "sorting, by a check": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.randrange(1000) for _ in range(200)],) for _ in range(20)]


def check(args, got):
    return type(got) is list and got == sorted(args[0])
""",
        program="""
def solve(xs):
    out = []
    for x in xs:
        k = len(out)
        while k and out[k - 1] > x:
            k -= 1
        out.insert(k, x)
    return out
""",
        mode="callable",
    ),
    "the same as before": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.random() for _ in range(300)],) for _ in range(20)]
""",
        program="""
def solve(xs):
    return sum(x * x for x in xs)
""",
        mode="callable",
    ),
    "any path that is shortest": Specimen(
        evaluator="""
def inputs(rng):
    return [([[rng.randrange(1, 9) for _ in range(6)] for _ in range(6)],) for _ in range(20)]


def check(args, got):
    rows = args[0]
    return (
        type(got) is list
        and len(got) == 6
        and all(type(c) is int and 0 <= c < 6 for c in got)
        and all(rows[i][c] == min(rows[i]) for i, c in enumerate(got))
    )
""",
        program="""
def solve(rows):
    return [min(range(6), key=lambda c: row[c]) for row in rows]
""",
        mode="callable",
    ),
    "exact json dict": Specimen(
        evaluator="""
from fractions import Fraction


def score(a):
    if type(a) is not dict or set(a) != {"x", "y"}:
        raise ValueError("keys")
    if not all(type(v) is float and -5 <= v <= 5 for v in a.values()):
        raise ValueError("range")
    x, y = Fraction(a["x"]), Fraction(a["y"])
    return float((1 - x) ** 2 + 100 * (y - x * x) ** 2)
""",
        program="""
def solve():
    return {"x": -1.0, "y": 2.0}
""",
        direction="minimize",
    ),
    "a linear programme": Specimen(
        evaluator="""
def score(a):
    if (
        type(a) is not dict
        or set(a) != {"bread", "beer"}
        or not all(type(v) is float and 0 <= v <= 100 for v in a.values())
    ):
        raise ValueError
    if 3 * a["bread"] + 2 * a["beer"] > 100 or a["bread"] + 4 * a["beer"] > 120:
        raise ValueError("over")
    return 4 * a["bread"] + 5 * a["beer"]
""",
        program="""
def solve():
    return {"bread": 5.0, "beer": 5.0}
""",
    ),
    "assignment": Specimen(
        evaluator="""
C = [[4, 2, 8], [4, 3, 7], [3, 1, 6], [5, 5, 5], [2, 6, 9]]


def score(a):
    if type(a) is not list or len(a) != 5 or not all(type(m) is int and 0 <= m < 3 for m in a):
        raise ValueError
    load = [0, 0, 0]
    for j, m in enumerate(a):
        load[m] += C[j][m]
    return max(load)
""",
        program="""
def solve():
    return [0, 1, 2, 0, 1]
""",
        direction="minimize",
    ),
    "identity assignment": Specimen(
        evaluator="""
C = [[4, 2, 8, 3, 5], [4, 3, 7, 3, 1], [3, 1, 6, 9, 2], [5, 5, 5, 1, 1], [2, 6, 9, 4, 4]]


def score(a):
    if type(a) is not list or sorted(a) != list(range(5)) or not all(type(m) is int for m in a):
        raise ValueError
    return sum(C[j][m] for j, m in enumerate(a))
""",
        program="""
def solve():
    return [0, 1, 2, 3, 4]
""",
        direction="minimize",
    ),
    "colouring": Specimen(
        evaluator="""
E = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0), (0, 2)]


def score(c):
    if type(c) is not list or len(c) != 5 or not all(type(v) is int and 0 <= v < 5 for v in c):
        raise ValueError
    if any(c[a] == c[b] for a, b in E):
        raise ValueError("same colour")
    return len(set(c))
""",
        program="""
def solve():
    return [0, 1, 2, 3, 4]
""",
        direction="minimize",
    ),
    "regex": Specimen(
        evaluator="""
import re

YES = ["abc", "aabc", "abcc"]
NO = ["ab", "bc", "xyz"]


def score(p):
    if type(p) is not str or not 0 < len(p) <= 40:
        raise ValueError
    try:
        r = re.compile(p)
    except re.error as e:
        raise ValueError("no pattern") from e
    return sum(bool(r.fullmatch(s)) for s in YES) + sum(not r.fullmatch(s) for s in NO) - 0.01 * len(p)
""",
        program="""
def solve():
    return "a+bc"
""",
    ),
    "polynomial any degree": Specimen(
        evaluator="""
import math

XS = [i / 10 for i in range(-10, 11)]


def score(c):
    if (
        type(c) is not list
        or not 1 <= len(c) <= 12
        or not all(type(v) is float and math.isfinite(v) and abs(v) <= 100 for v in c)
    ):
        raise ValueError
    return math.fsum((sum(k * x**i for i, k in enumerate(c)) - math.exp(x)) ** 2 for x in XS)
""",
        program="""
def solve():
    return [0.0, 3.0, -2.0, 1.0, 5.0]
""",
        direction="minimize",
    ),
    "points min distance": Specimen(
        evaluator="""
import numpy as np


def score(a):
    a = np.asarray(a)
    if a.dtype != np.float64 or a.shape != (5, 2):
        raise ValueError("shape")
    if not np.isfinite(a).all() or a.min() < 0 or a.max() > 1:
        raise ValueError("range")
    i, j = np.triu_indices(5, 1)
    d = np.linalg.norm(a[i] - a[j], axis=1)
    return {"score": float(d.min()), "feedback": "ok"}
""",
        program="""
import numpy as np


def solve():
    rng = np.random.default_rng(0)
    return rng.random((5, 2))
""",
    ),
    "penalty zero floor": Specimen(
        evaluator="""
import math


def score(x):
    try:
        x = [float(v) for v in x]
    except (TypeError, ValueError, OverflowError):
        return 0.0
    if len(x) != 4 or not all(math.isfinite(v) and 0 <= v <= 1 for v in x):
        return 0.0
    return 1.0 / (1.0 + sum((v - 0.3) ** 2 for v in x))
""",
        program="""
def solve():
    return [0.1, 0.9, 0.5, 0.5]
""",
    ),
    "bins": Specimen(
        evaluator="""
S = [4, 8, 1, 4, 2, 1]


def score(bins):
    if type(bins) is not list or not all(type(b) is list and b for b in bins):
        raise ValueError
    items = [i for b in bins for i in b]
    if not all(type(i) is int for i in items) or sorted(items) != list(range(6)):
        raise ValueError("each once")
    if any(sum(S[i] for i in b) > 10 for b in bins):
        raise ValueError("full")
    return len(bins)
""",
        program="""
def solve():
    return [[0], [1], [2], [3], [4], [5]]
""",
        direction="minimize",
    ),
    "moves": Specimen(
        evaluator="""
def score(moves):
    if type(moves) is not str or len(moves) > 50 or set(moves) - set("UDLR"):
        raise ValueError
    x = y = 0
    seen = {(0, 0)}
    for m in moves:
        dx, dy = {"U": (0, 1), "D": (0, -1), "L": (-1, 0), "R": (1, 0)}[m]
        x += dx
        y += dy
        if (x, y) in seen:
            raise ValueError("crossed")
        seen.add((x, y))
    return abs(x) + abs(y)
""",
        program="""
def solve():
    return "URURRD"
""",
    ),
    "sidon": Specimen(
        evaluator="""
def score(s):
    if type(s) is not list or not all(type(v) is int and 0 <= v < 100 for v in s) or len(set(s)) != len(s):
        raise ValueError
    sums = [a + b for i, a in enumerate(s) for b in s[i:]]
    if len(set(sums)) != len(sums):
        raise ValueError("not Sidon")
    return len(s)
""",
        program="""
def solve():
    return [0, 1, 3, 7, 12]
""",
    ),
    "soft features": Specimen(
        evaluator="""
import math

G = [3.0, -1.0, 2.0, -2.0, 0.5, -0.4]


def score(items):
    if (
        type(items) is not list
        or not items
        or len(set(items)) != len(items)
        or not all(type(i) is int and 0 <= i < 6 for i in items)
    ):
        raise ValueError
    return math.fsum(G[i] for i in items)
""",
        program="""
def solve():
    return [0, 1, 2, 3, 4, 5]
""",
    ),
    "portfolio renormalised": Specimen(
        evaluator="""
import math

M = [0.05, 0.08, 0.03]
SG = [0.1, 0.2, 0.05]


def score(w):
    if (
        type(w) is not list
        or len(w) != 3
        or not all(type(v) is float and math.isfinite(v) and 0 <= v <= 1 for v in w)
    ):
        raise ValueError
    t = sum(w)
    if abs(t - 1) > 1e-6:
        raise ValueError("sum")
    w = [v / t for v in w]
    return sum(a * b for a, b in zip(w, M, strict=True)) / math.sqrt(
        sum((a * b) ** 2 for a, b in zip(w, SG, strict=True))
    )
""",
        program="""
def solve():
    return [0.3, 0.3, 0.4]
""",
    ),
    "subset sum callable": Specimen(
        evaluator="""
def inputs(rng):
    return [([rng.randrange(1, 10**6) for _ in range(80)], rng.randrange(1, 80)) for _ in range(10)]


def expected(xs, k):
    return sorted(xs)[:k]
""",
        program="""
def solve(xs, k):
    out = []
    xs = list(xs)
    for _ in range(k):
        m = min(xs)
        xs.remove(m)
        out.append(m)
    return out
""",
        mode="callable",
    ),
    "factor callable": Specimen(
        evaluator="""
def inputs(rng):
    return [(rng.randrange(2, 10**6),) for _ in range(40)]


def check(args, got):
    n = args[0]
    if type(got) is not list or not got or not all(type(p) is int and p > 1 for p in got):
        return False
    prod = 1
    for p in got:
        prod *= p
        if any(p % d == 0 for d in range(2, int(p**0.5) + 1)):
            return False
    return prod == n
""",
        program="""
def solve(n):
    out = []
    d = 2
    while n > 1:
        while n % d == 0:
            out.append(d)
            n //= d
        d += 1
        if d * d > n and n > 1:
            out.append(n)
            break
    return out
""",
        mode="callable",
    ),
    "a program that has nothing right yet": Specimen(
        evaluator="""
RIGHT = [3, 1, 2, 0, 1]


def score(a):
    if type(a) is not list or len(a) != 5:
        raise ValueError("five choices")
    return sum(x == y for x, y in zip(a, RIGHT, strict=True))
""",
        program="""
def solve():
    return [0, 0, 0, 3, 3]
""",
    ),
}

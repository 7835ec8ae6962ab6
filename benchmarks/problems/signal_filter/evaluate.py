"""Scores a causal filter of noisy signals by the published formula, with what that leaves open closed.

The published score (SkyDiscover's signal_processing, first in OpenEvolve's examples): with W = 20 the answer y to n
samples x has n - W + 1 values, y[i] beside x[i + W - 1] and the clean c[i + W - 1]. For each signal S counts turns of
y, R turns of y where c has none, L is the last |y - x|, A the mean |y - x|; the composite is 1 / (1 + J) with
J = 0.3 min(S/50, 2) + 0.2 min(L, 2) + 0.2 min(A, 2) + 0.3 min(R/25, 2). Over five signals (seeds 42 to 46):
score = 0.4 composite + 0.2 / (1 + S/20) + 0.2 max(0, correlation with c) + 0.1 share of noise removed + 0.1.

Closed here: an answer has exactly n - W + 1 finite floats (published: any number, so that three will do), and it is
causal: the answer to a beginning of a signal is the beginning of its answer, to the last bit, since turns count however
small. And it has to do with the signals: a mean correlation below 0.1 is refused (later versions of the published
evaluator give 0 for it), since a flat line never turns and would be paid for that. ``held_out`` is the same score on
five signals of the same kinds that do not rank.
"""

import math

import numpy as np

WINDOW = 20
SEEDS = range(42, 47)
LEAST_CORRELATION = 0.1

_clean = {}


def inputs(rng):
    """(signal, window): beginnings of the published signals, these signals, and as many held out."""
    fresh = [rng.randrange(10**6, 10**9) for _ in SEEDS]
    _clean.clear()
    whole, begun = [], []
    for kind, seed in [*enumerate(SEEDS), *enumerate(fresh)]:
        noisy, clean = make_signal(kind, seed)
        _clean[tuple(noisy)] = clean
        whole.append((noisy, WINDOW))
    for noisy, _ in whole[: len(SEEDS)]:  # before the whole, in an order that tells nothing
        begun.append((noisy[: rng.randrange(3 * WINDOW, len(noisy))], WINDOW))
    rng.shuffle(begun)
    return begun + whole


def make_signal(kind, seed):
    """Noisy and clean, as lists: trend and sine, three sines, chirp, steps, random walk."""
    n = 500 + 100 * kind
    t = np.linspace(0, 10, n)
    turn = 2 * np.pi * t
    rng = np.random.RandomState(seed)
    if kind == 0:
        clean = 2 * np.sin(0.5 * turn) + 0.1 * t
    elif kind == 1:
        clean = np.sin(0.5 * turn) + 0.5 * np.sin(2 * turn) + 0.2 * np.sin(5 * turn)
    elif kind == 2:
        clean = np.sin((0.5 + 0.2 * t) * turn)
    elif kind == 3:
        clean = np.repeat([1.0, 2.0, 0.5], [n // 3, n // 3, n - 2 * (n // 3)])
    else:
        clean = np.cumsum(0.1 * rng.randn(n)) + 0.05 * t
    return (clean + rng.normal(0, 0.2 + 0.1 * kind, n)).tolist(), clean.tolist()


def score(outputs, inputs):
    """The published score on the published signals; on others as a measure.

    Raises:
        ValueError: an answer has another length, something that is no finite float, or knows what is to come.
    """
    count = 2 * len(SEEDS)
    pairs = list(zip(inputs, outputs, strict=True))
    begun, whole = pairs[:-count], pairs[-count:]
    for (signal, _), answer in pairs:
        check(answer, len(signal) - WINDOW + 1)
    for (beginning, _), answer in begun:
        full = next(found for (signal, _), found in whole if signal[: len(beginning)] == beginning)
        if full[: len(answer)] != answer:
            raise ValueError("not causal: the answer to a beginning is not the beginning of the answer")
    parts = [measured(answer, signal, _clean[tuple(signal)]) for (signal, _), answer in whole]
    published = parts[: len(SEEDS)]
    correlation = mean(part["correlation"] for part in published)
    if not correlation >= LEAST_CORRELATION:
        raise ValueError(f"mean correlation with the clean signals is {correlation:.3f}: a flat line is no filter")
    return {
        "score": combined(published),
        "held_out": combined(parts[len(SEEDS) :]),
        "turns": mean(part["S"] for part in published),
        "correlation": correlation,
    }


def check(answer, length):
    """That an answer is `length` finite floats."""
    if type(answer) is not list or len(answer) != length:
        raise ValueError(f"the answer must be a list of {length} floats, one for each full window")
    if not all(type(value) is float and math.isfinite(value) and abs(value) < 1e9 for value in answer):
        raise ValueError("the answer has something that is not a finite float below 1e9")


def measured(answer, signal, clean):
    """What the formula asks of one answer."""
    y, x, c = np.array(answer), np.array(signal[WINDOW - 1 :]), np.array(clean[WINDOW - 1 :])
    turned = turns(y)
    s, r = int(turned.sum()), int((turned & ~turns(c)).sum())
    last, average = abs(float(y[-1] - x[-1])), float(np.abs(y - x).mean())
    j = 0.3 * min(s / 50, 2) + 0.2 * min(last, 2) + 0.2 * min(average, 2) + 0.3 * min(r / 25, 2)
    flat = y.std() == 0 or c.std() == 0
    before, after = float(np.var(x - c)), float(np.var(y - c))
    return {
        "S": s,
        "composite": 1 / (1 + j),
        "correlation": 0.0 if flat else float(np.corrcoef(y, c)[0, 1]),
        "removed": max(0.0, (before - after) / before),
    }


def turns(y):
    """Where a slope that is not zero is followed by one of another sign, or by none."""
    sign = np.sign(np.diff(y))
    return (sign[1:] != sign[:-1]) & (sign[:-1] != 0)


def combined(parts):
    """The published score of several signals; the last 0.1 is the share of signals that were answered: all."""
    composite = mean(part["composite"] for part in parts)
    smooth = 1 / (1 + mean(part["S"] for part in parts) / 20)
    accurate = max(0.0, mean(part["correlation"] for part in parts))
    return 0.4 * composite + 0.2 * smooth + 0.2 * accurate + 0.1 * mean(part["removed"] for part in parts) + 0.1


def mean(values):
    """Of an iterable."""
    numbers = list(values)
    return math.fsum(numbers) / len(numbers)

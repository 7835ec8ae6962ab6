"""Quadrature on [-1, 1]: exact for polynomials up to degree 7, the fewer nodes the better.

The tolerance: good nodes are irrational, so a rule in doubles is off by some roundings (measured: 4e-16 for Gauss's).
1e-12 leaves room for those and buys nothing, as what counts is the whole number of nodes: a rule with three nodes
misses the integral of (x - a)² (x - b)² (x - c)² wholly, which is 8/175 at least, so some moment is off by over 1e-4.
"""

import math
from fractions import Fraction

DEGREE = 7
TOLERANCE = Fraction(1, 10**12)


def score(rule):
    """Number of nodes."""
    if type(rule) is not list or not 1 <= len(rule) <= 50:
        raise ValueError("expected a list of 1 to 50 pairs (node, weight)")
    pairs = [exact(pair) for pair in rule]
    if len({node for node, _ in pairs}) != len(pairs):
        raise ValueError("a node is there twice")
    for power in range(DEGREE + 1):
        integral = Fraction(2, power + 1) if power % 2 == 0 else Fraction(0)
        off = abs(sum(weight * node**power for node, weight in pairs) - integral)
        if off > TOLERANCE:
            raise ValueError(f"the integral of x^{power} is off by {float(off):.3g}")
    return {"nodes": len(pairs)}


def exact(pair):
    """Node and weight as fractions."""
    if type(pair) is not tuple or len(pair) != 2:
        raise ValueError("expected tuples (node, weight)")
    node, weight = pair
    if not all(type(value) is float and math.isfinite(value) for value in pair):
        raise ValueError("node and weight are finite floats")
    if not (-1 <= node <= 1 and abs(weight) <= 10):
        raise ValueError(f"node {node} or weight {weight} is out of bounds")
    return Fraction(node), Fraction(weight)

import ast
import itertools
from typing import cast

import pytest

from cambrian.source.edit import apply
from cambrian.source.repair.alignment import function_hunks
from cambrian.source.repair.correspondence import correspondence
from cambrian.source.repair.surface import Function, Surface
from cambrian.source.tree import Problem

FUNCTIONS = [
    """\
def f(xs, k):
    out = []
    for x in xs:
        if x not in out:
            out.append(x)
    return out
""",
    """\
def f(lst, n):
    new = []
    i = 0
    while i < len(lst):
        new += [lst[i]]
        i += 1
    return new[:n]
""",
    """\
def f(a, b):
    if a:
        return b
    elif b:
        return a
    else:
        c = a + b
        return c
""",
    """\
def f(a, b):
    # first
    if not a:
        return None
    best = a[0]
    for item in a:
        if item > best:
            best = item
        else:
            continue
    return best
""",
    """\
def f(p, q):
    def key(item):
        return item[1]
    p.sort(key=key)
    return p[q:]
""",
    """\
def f(a, b):
    try:
        return a[b]
    except IndexError:
        return None
""",
]


def read(text: str) -> tuple[Surface, Function]:
    surface = Surface.read(text)
    assert not isinstance(surface, Problem)
    return surface, cast("Function", surface.tree.body[0])


@pytest.mark.parametrize(("own", "peer"), list(itertools.permutations(FUNCTIONS, 2)))
def test_all_hunks_together_make_the_peer_under_our_names(own: str, peer: str) -> None:
    surface, mine = read(own)
    _, other = read(peer)
    hunks = function_hunks(surface, mine, other)
    assert hunks is not None
    made = cast("Function", ast.parse(apply(surface.text, hunks)).body[0])
    names = correspondence(other, mine)
    for part in ast.walk(other):
        if isinstance(part, ast.Name):
            part.id = names.get(part.id, part.id)
        elif isinstance(part, ast.arg):
            part.arg = names.get(part.arg, part.arg)
    assert ast.dump(ast.Module(made.body, [])) == ast.dump(ast.Module(other.body, []))


def test_what_is_equal_stays_to_the_character() -> None:
    own = "def f(xs):\n    out = [ ]   # nothing yet\n    for x in xs:\n        out.append( x )\n    return out[1:]\n"
    peer = "def f(lst):\n    r = []\n    for e in lst:\n        r.append(e)\n    return r\n"
    surface, mine = read(own)
    hunks = function_hunks(surface, mine, read(peer)[1])
    assert hunks is not None
    assert apply(own, hunks) == own.replace("out[1:]", "out")


def test_variables_correspond_by_use() -> None:
    _, own = read(FUNCTIONS[0])
    _, peer = read(
        "def f(seq, m):\n    e = []\n    for q in seq:\n        if q not in e:\n            e.append(q)\n    return e\n"
    )
    assert correspondence(peer, own) == {"seq": "xs", "m": "k", "e": "out", "q": "x"}

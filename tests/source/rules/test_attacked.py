"""Programs written to break the guards: what a rule calls the same is, alone and with all others of the file."""

from __future__ import annotations

import pytest

from cambrian.source.rules.catalogue import find, rules
from cambrian.source.rules.rule import applied

from .test_same import outcome

PROGRAMS: dict[str, str] = {
    "a text that shows itself": """
def f(xs):
    a = 1
    for b in xs:
        print(f"{max(a, b)=}")
        print(f"{max(a, b):>4}|{max(a, b)!r}")
f([1, 2])
""",
    "a yield that needs brackets": """
def g():
    out = []
    for x in [1, 2]:
        out.insert(0, (yield))
    print(out)
i = g(); next(i)
try:
    i.send(1); i.send(2)
except StopIteration: pass
""",
    "a key that another `for` binds again": """
d = {1: 'a', 2: 'b'}
print([d[k] for k in d for k in [1, 1]])
""",
    "a tuple with a list in it": """
d = {1: 2}
t = ([1],)
print(t in list(d.keys()))
""",
    "a generator that holds a list": """
def f():
    out = [1]
    g = (a for a in out)
    for i in range(3):
        out = out + [i]
    return list(g)
print(f())
""",
    "a pattern that gives a list another name": """
def f():
    out = [1]
    for i in range(3):
        match out:
            case x: pass
        out = out + [i]
        print(x)
f()
""",
    "a class's own str": """
class A:
    str = 3
    y = [1, 2]
    x = [str(i) for i in y]
print(A.x)
""",
    "a class's own len": """
class A:
    len = 3
    x = sorted(['bb', 'a'], key=lambda x: len(x))
print(A.x)
""",
    "private names": """
class A:
    def __init__(self, v): self.__v = v
    @staticmethod
    def s(xs):
        return [x.__v for x in sorted(xs, key=lambda x: x.__v)]
print(A.s([A(2), A(1)]))
""",
    "a variable without a value": """
def f(c):
    if c: names = [1,2,3,4,5,6,7]
    n = 0
    for x in range(3 * c):
        if x in names: n += 1
    return n
print(f(0))
""",
    "what is sought changes": """
def f():
    n = 0
    x = [1, 2]; y = [1, 2, 3]
    for a in x:
        for b in y:
            if b == a:
                a += 1
                print(a, b)
f()
""",
    "what is sought cannot be worked out": """
def f(k):
    x = [0, 1]
    y = [1]; y.pop()
    for a in x:
        for b in y:
            if 1 // a == b: print(a, b)
f(1)
""",
    "an end that the statement itself changes": """
def h():
    n = 3
    return (n := 10) + sum(i for i in range(n))
print(h())
def h2():
    n = 3
    x = [n := 5, sum(range(n))]
    return x
print(h2())
""",
    "a variable that is deleted": """
def f(xs):
    out = []
    for x in xs:
        out.append(x + 1)
    del x
    return out
print(f([1]))
""",
    "a divisor that is deleted": """
def f(n):
    for d in range(2, n):
        if n % d == 0:
            print(d)
    del d
f(7)
""",
    "a summand's variable that is deleted": """
def f():
    n = 4
    s = 0
    for i in range(n):
        s += i
    del i
    return s
print(f())
""",
    "super in a comprehension": """
class B:
    def m(self, x): return x
class A(B):
    def m(self, xs):
        out = []
        for x in xs:
            out.append(super().m(x))
        return out
print(A().m([1]))
""",
    "a condition that is a conditional": """
def f(xs, c):
    out = []
    for x in xs:
        if x if c else not x:
            out.append(x)
    return out
print(f([0, 1], 1))
""",
    "tuples without brackets": """
def f():
    out = []
    for a, b in (1, 2), (3, 4):
        out.append(a)
    r = []
    for a in (1), (2):
        r.append(a)
    return out, r
print(f())
""",
    "loops in loops that want the same name": """
def f():
    aa = [1, 2]; bb = [3, 4]
    for i in range(len(aa)):
        for j in range(len(bb)):
            print(aa[i], bb[j])
f()
""",
    "a generator over a zip that is kept": """
def f():
    out = [1]
    g = (a for a in zip(out, range(5)))
    for i in range(3):
        out = out + [i]
    return list(g)
print(f())
""",
    "iterators that are kept": """
def f():
    out = [1]
    it = iter(out); z = zip(out, [1, 2, 3]); m = map(str, out); e = enumerate(out); r = reversed(out)
    for i in range(3):
        out = out + [i]
    return list(it), list(z), list(m), list(e), list(r)
print(f())
""",
    "a list that grows while a loop goes through it": """
def f():
    q = [1]
    for a in q:
        if a < 5: q.append(a + 1)
    while q:
        print(q.pop(0))
f()
""",
    "a count that goes on": """
def f():
    i = 0
    for r in range(3):
        if r == 0:
            i = 1
        while i < 3:
            print(r, i)
            i += 1
f()
""",
    "sums that are not equal to themselves": """\
def f():
    seen = []
    inf = float('inf')
    for a in [inf, inf]:
        if seen and seen[-1] in seen: print("in")
        seen.append(a - a)
    return len(seen)
print(f())
""",
    "an item that binds its list anew": """
def f():
    out = []
    def g(i):
        nonlocal out
        out = [5]
        return i
    for i in range(3):
        out += [g(i)]
    for i in range(3):
        out += [(out := [9]) and i]
    return out
print(f())
""",
    "an item that is waited for": """
def f():
    out = []
    for i in range(2):
        out += [(yield)]
    print(out)
g = f(); next(g)
try:
    g.send(1); g.send(2)
except StopIteration: pass
""",
    "words beside a call": """
def f(x, c):
    return type([])if c else 1 if type(x)is type(0)else 2
print(f(1, 1), f(1, 0), f([], 0))
""",
    "quotes in an f-string": """
def f():
    s = 'a b'
    return f'{[c for c in s if not c.isspace()]}'
print(f())
""",
    "a list that shrinks while its places are counted": """
def f():
    xs = [1, 2, 3, 4, 5, 6]
    return [xs.pop() for i, v in enumerate(xs) if i % 2 == 0], xs
print(f())
""",
    "brackets around conditions": """
def f():
    xs = [1, 2, 3, 4]
    print([v for i, v in enumerate(xs) if (i % 2 == 0) and (v > 1 or v < 0)])
    return sum(1 for x in ['(', 'a', ')'] if x in '('), sum(1 for x in [1, 2] if (x > 1 or x < 0))
print(f())
""",
    "a lambda that ends a map": """
def f(it):
    g = lambda: it.pop() if it else next(iter(it))
    print(list(map(lambda x: g(), [1, 2, 3])))
try: f([1, 2])
except RuntimeError: print('no')
""",
    "a sum that stops at an error": """
def f():
    xs = [1, 2, 3]
    return sum(map(lambda x: print(x) or 'a', xs))
try: f()
except TypeError: pass
""",
    "sorted without one order": """
import heapq
def f():
    nan = float('nan')
    a = sorted([3.0, nan, 1.0])
    b = sorted([2.0, 0.5])
    return list(heapq.merge(a, b))
print(f())
""",
    "a loop that begins beyond its bound": """
def f(lines):
    depth = n = 0
    for line in lines:
        for c in line:
            n += 1
            if c == '(':
                depth += 1
            elif c == ')':
                depth -= 1
            if depth < 0:
                break
    return depth, n
print(f(['))', 'xx', '(', 'yyy']))
""",
    "half a length that is no int": """
def f():
    s = [1, 2, 1]
    for i in range(len(s) // 2.0):
        if s[i] != s[len(s) - 1 - i]:
            return False
    return True
f()
""",
    "a part that has no hash": """
def f(ts):
    s = 'abcabc'
    out = []
    for t in ts:
        found = False
        for i in range(len(s) - 1):
            if s[i:i+2] == t:
                found = True
        out.append(found)
    return out
print(f(['bc', 'x', ['bc']]))
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_said_to_be_the_same_is(name: str) -> None:
    text = PROGRAMS[name]
    same = [one for one in find(text, "program.py", rules("speed", "python")) if one.ground == "same" and one.splices]
    expected = outcome(text)
    assert expected is not None
    for chosen in ([one] for one in same):
        assert outcome(applied(text, chosen)) == expected, chosen[0].rule
    assert outcome(applied(text, same)) == expected


def test_names_are_given_once() -> None:
    """A loop in a loop: both want to call an item so."""
    text = PROGRAMS["loops in loops that want the same name"]
    after = applied(text, [one for one in find(text, "program.py") if one.rule == "index-loop"])
    assert "for item in aa" in after
    assert after.count("for item in") == 1

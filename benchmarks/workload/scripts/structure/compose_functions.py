from functools import reduce

def compose(*fns):
    return lambda x: reduce(lambda acc, f: f(acc), fns, x)

def curry_add(a):
    return lambda b: lambda c: a + b + c

clean = compose(str.strip, str.lower, lambda s: s.replace(" ", "_"))
[clean("  Hello Big World "), curry_add(1)(2)(3), compose()(7)]

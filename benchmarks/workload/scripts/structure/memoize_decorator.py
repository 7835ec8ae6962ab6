def memoize(fn):
    cache = {}

    def wrapper(*args):
        if args not in cache:
            wrapper.misses += 1
            cache[args] = fn(*args)
        else:
            wrapper.hits += 1
        return cache[args]

    wrapper.hits = 0
    wrapper.misses = 0
    return wrapper


@memoize
def paths(r, c):
    if r == 0 or c == 0:
        return 1
    return paths(r - 1, c) + paths(r, c - 1)


{"paths": paths(12, 12), "hits": paths.hits, "misses": paths.misses}

from collections import OrderedDict


class Cache:
    """Keeps the entries that were used last."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.entries = OrderedDict()
        self.hits = 0
        self.misses = 0

    def get(self, key, default=None):
        if key in self.entries:
            self.hits += 1
            self.entries.move_to_end(key)
            return self.entries[key]
        self.misses += 1
        return default

    def put(self, key, value):
        self.entries[key] = value
        self.entries.move_to_end(key)
        if len(self.entries) > self.capacity:
            self.entries.popitem(last=False)


def square(number, cache):
    known = cache.get(number)
    if known is None:
        known = number * number
        cache.put(number, known)
    return known


cache = Cache(capacity=2)
print([square(n, cache) for n in [1, 2, 1, 3, 2, 1]])
print("hits", cache.hits, "misses", cache.misses)
print(list(cache.entries))

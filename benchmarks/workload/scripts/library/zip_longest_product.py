from itertools import product, zip_longest, islice, count, takewhile

table = ["".join(p) for p in product("ab", repeat=3)]
pairs = list(zip_longest([1, 2, 3], "xy", fillvalue="-"))
evens = list(islice(count(2, 2), 5))
small = list(takewhile(lambda n: n < 50, (n * n for n in count(1))))
[table, pairs, evens, small]

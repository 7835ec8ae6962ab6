from functools import lru_cache, partial, reduce
import operator


@lru_cache(maxsize=None)
def catalan(n):
    if n <= 1:
        return 1
    return sum(catalan(i) * catalan(n - 1 - i) for i in range(n))


double = partial(operator.mul, 2)
[catalan(20), list(map(double, range(4))), reduce(operator.xor, [7, 12, 3, 9])]

import math

{
    "factorial": math.factorial(20),
    "comb": math.comb(49, 6),
    "isqrt": math.isqrt(10 ** 12 + 1),
    "log2": math.log2(1024),
    "hypot": math.hypot(3, 4),
    "gcd": math.gcd(84, 126),
    "floor_ceil": [math.floor(-2.5), math.ceil(-2.5)],
    "isclose": math.isclose(0.1 + 0.2, 0.3),
}

def gcd(a, b):
    while b:
        a, b = b, a % b
    return a

def lcm(a, b):
    return a * b // gcd(a, b)

n = 1
for i in range(2, 31):
    n = lcm(n, i)
[gcd(1071, 462), n]

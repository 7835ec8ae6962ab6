def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b

out = []
for x in fib():
    if x > 1000:
        break
    if x % 2 == 0:
        out.append(x)
out

# How many digits does 2**1000 have, and what is their sum?
n = 2 ** 1000
digits = [int(d) for d in str(n)]
{"digits": len(digits), "sum": sum(digits), "last_ten": n % 10 ** 10}

from fractions import Fraction
h = sum(Fraction(1, n) for n in range(1, 21))
[str(h), round(float(h), 8)]

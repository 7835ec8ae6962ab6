class Polynomial:
    def __init__(self, *coefficients):
        """The constant comes first."""
        self.coefficients = list(coefficients) or [0]

    def __call__(self, x):
        result = 0
        for coefficient in reversed(self.coefficients):
            result = result * x + coefficient
        return result

    def __mul__(self, other):
        product = [0] * (len(self.coefficients) + len(other.coefficients) - 1)
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                product[i + j] += a * b
        return Polynomial(*product)

    def derivative(self):
        return Polynomial(*[power * c for power, c in enumerate(self.coefficients)][1:])

    def __str__(self):
        terms = []
        for power, c in enumerate(self.coefficients):
            if c:
                terms.append(str(c) + ("" if power == 0 else "x" if power == 1 else f"x^{power}"))
        return " + ".join(reversed(terms)) or "0"


p = Polynomial(1, 2)
q = Polynomial(-3, 0, 1)
print(p * q, "|", (p * q).derivative())
print([q(x) for x in range(-2, 3)], Polynomial())

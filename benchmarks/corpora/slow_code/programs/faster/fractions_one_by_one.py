from fractions import Fraction


def harmonic(n: int) -> list[int]:
    """Lengths of numerator and denominator of 1 + 1/2 + … + 1/n."""
    total = Fraction(0)
    for k in range(1, n + 1):
        total += Fraction(1, k)
    return [len(str(total.numerator)), len(str(total.denominator))]

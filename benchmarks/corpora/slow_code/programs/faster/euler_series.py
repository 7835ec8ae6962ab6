from math import factorial


def digits_of_e(places: int) -> str:
    scale = 10 ** (places + 10)
    total = 0
    for n in range(places + 10):
        total += scale // factorial(n)
    text = str(total)
    return text[0] + "." + text[1 : places + 1]

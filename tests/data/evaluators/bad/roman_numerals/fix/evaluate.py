"""Reads of Roman numerals: the share that is right."""

PARTS = [
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
]
_ASKED = []


def written(number):
    """A number as a Roman numeral."""
    text = ""
    for value, letters in PARTS:
        text += letters * (number // value)
        number %= value
    return text


def inputs(rng):
    """Many numerals; other ones for every seed."""
    _ASKED[:] = [rng.randint(1, 3999) for _ in range(400)]
    return [(written(number),) for number in _ASKED]


def score(outputs, inputs):
    """Share of the numerals that were read right."""
    right = [type(got) is int and got == number for got, number in zip(outputs, _ASKED, strict=True)]
    return {"accuracy": sum(right) / len(right)}

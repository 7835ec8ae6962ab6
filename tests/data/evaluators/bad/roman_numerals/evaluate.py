"""Reads of Roman numerals: the share that is right."""

CASES = {
    "I": 1,
    "IV": 4,
    "IX": 9,
    "XIV": 14,
    "XL": 40,
    "XC": 90,
    "CD": 400,
    "MCMXCIV": 1994,
    "MMXXVI": 2026,
    "MMMCMXCIX": 3999,
}


def inputs(rng):
    """One numeral each."""
    return [(text,) for text in CASES]


def score(outputs, inputs):
    """Share of the numerals that were read right."""
    right = [type(got) is int and got == CASES[text] for got, (text,) in zip(outputs, inputs, strict=True)]
    return {"accuracy": sum(right) / len(right)}

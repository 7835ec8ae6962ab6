"""Cost of a diet with enough protein, energy and iron (Stigler's problem, small)."""

import math

# per 100 g: price, protein in g, energy in kcal, iron in mg
FOODS = {
    "oats": (0.25, 13.0, 380.0, 4.3),
    "lentils": (0.30, 9.0, 116.0, 3.3),
    "eggs": (0.90, 13.0, 155.0, 1.8),
    "salmon": (3.20, 22.0, 208.0, 0.3),
    "rice": (0.20, 2.7, 130.0, 0.2),
}
NEEDED = {"protein": 75.0, "energy": 2200.0, "iron": 14.0}


def score(amounts):
    """Price of all."""
    unknown = set(amounts) - set(FOODS)
    if unknown:
        raise ValueError(f"unknown foods: {unknown}")
    if not all(type(amount) is float and math.isfinite(amount) for amount in amounts.values()):
        raise ValueError("an amount is a finite float")
    for number, (name, needed) in enumerate(NEEDED.items(), 1):
        eaten = math.fsum(amount * FOODS[food][number] for food, amount in amounts.items())
        if not eaten >= needed:
            raise ValueError(f"too little {name}: {eaten:.1f} of {needed:.1f}")
    return math.fsum(amount * FOODS[food][0] for food, amount in amounts.items())

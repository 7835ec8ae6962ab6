from fractions import Fraction

RECIPE = {"flour": ("cup", Fraction(5, 2)), "milk": ("cup", Fraction(3, 4)), "eggs": ("", Fraction(2))}


def scale(recipe, servings, base=4):
    factor = Fraction(servings, base)
    return {name: (unit, amount * factor) for name, (unit, amount) in recipe.items()}


def pretty(amount):
    whole, rest = divmod(amount, 1)
    if rest == 0:
        return str(whole)
    if whole == 0:
        return str(rest)
    return f"{whole} {rest}"


def card(recipe):
    lines = []
    for name, (unit, amount) in recipe.items():
        parts = [pretty(amount)]
        if unit:
            parts.append(unit if amount <= 1 else unit + "s")
        parts.append(name)
        lines.append(" ".join(parts))
    return lines


for servings in (4, 6, 2):
    print("for", servings, card(scale(RECIPE, servings)))
print(card(scale(RECIPE, servings=1, base=8))[0])

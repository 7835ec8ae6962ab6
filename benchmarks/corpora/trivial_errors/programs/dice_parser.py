import re
from functools import lru_cache

DICE = re.compile(r"(\d*)d(\d+)([+-]\d+)?$")


def parse(text):
    match = DICE.match(text.replace(" ", ""))
    if not match:
        raise ValueError("not dice: " + text)
    count, sides, bonus = match.groups()
    return int(count or 1), int(sides), int(bonus or 0)


@lru_cache(maxsize=None)
def ways(count, sides, total):
    if count == 0:
        return 1 if total == 0 else 0
    return sum(ways(count - 1, sides, total - face) for face in range(1, sides + 1) if face <= total)


def chance(text, at_least):
    count, sides, bonus = parse(text)
    good = sum(ways(count, sides, total) for total in range(count, count * sides + 1) if total + bonus >= at_least)
    return good / sides**count


print(parse("3d6 + 2"), parse("d20"), parse("2d4-1"))
print(f"{chance('2d6', 10):.4f} {chance('d20+5', at_least=15):.2f}")
print(ways(3, 6, 10))
try:
    parse("six")
except ValueError as error:
    print(error)

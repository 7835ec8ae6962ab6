FACTORS = {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "in": 0.0254, "ft": 0.3048}


class UnknownUnit(KeyError):
    def __str__(self):
        return f"unknown unit {self.args[0]!r}; known: {', '.join(sorted(FACTORS))}"


def factor(unit):
    try:
        return FACTORS[unit]
    except KeyError:
        raise UnknownUnit(unit) from None


def convert(value, source, target, digits=3):
    return round(value * factor(source) / factor(target), digits)


def parse(text):
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz ")
    return float(number), text[len(number) :].strip()


for text in ["5 km", "12in", "0.5 ft"]:
    value, unit = parse(text)
    print(text, "=", convert(value, unit, "m"), "m =", convert(value, unit, target="ft", digits=1), "ft")
try:
    convert(1, "mile", "m")
except UnknownUnit as error:
    print(error)

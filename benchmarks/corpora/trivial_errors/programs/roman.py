NUMERALS = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
]


def to_roman(number):
    if not 0 < number < 4000:
        raise ValueError("out of range: " + str(number))
    text = ""
    for value, letters in NUMERALS:
        times, number = divmod(number, value)
        text += letters * times
    return text


def from_roman(text):
    values = {letters: value for value, letters in NUMERALS if len(letters) == 1}
    total = 0
    for here, after in zip(text, text[1:] + " "):
        value = values[here]
        if values.get(after, 0) > value:
            total -= value
        else:
            total += value
    return total


for year in (4, 1066, 1994, 2024):
    roman = to_roman(year)
    print(year, roman, from_roman(roman))
assert all(from_roman(to_roman(n)) == n for n in range(1, 4000))
try:
    to_roman(0)
except ValueError as error:
    print(error)

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen " \
    "seventeen eighteen nineteen"
ONES = ONES.split()
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def words(number):
    if number < 0:
        return "minus " + words(-number)
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return TENS[tens] + ("-" + ONES[rest] if rest else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return ONES[hundreds] + " hundred" + (" and " + words(rest) if rest else "")
    thousands, rest = divmod(number, 1000)
    return words(thousands) + " thousand" + (" " + words(rest) if rest else "")


for number in (7, 13, 40, 85, 300, 342, 1001, -12):
    print(number, words(number))
assert len(words(999999)) > 50
print(max(range(100), key=lambda n: len(words(n))))

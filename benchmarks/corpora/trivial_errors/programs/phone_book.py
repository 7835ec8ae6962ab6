def normalise(number):
    digits = "".join(sign for sign in number if sign.isdigit())
    if number.startswith("+"):
        return "00" + digits
    return digits


class PhoneBook:
    def __init__(self):
        self.by_name = {}
        self.by_number = {}

    def add(self, name, *numbers):
        for number in numbers:
            plain = normalise(number)
            self.by_name.setdefault(name, []).append(plain)
            self.by_number[plain] = name

    def who(self, number):
        return self.by_number.get(normalise(number), "unknown")

    def starting_with(self, prefix):
        return sorted(name for name in self.by_name if name.lower().startswith(prefix.lower()))


book = PhoneBook()
book.add("Marta", "+48 22-555-01", "600 100 200")
book.add("Marek", "(022) 999")
book.add("Zoe", "1")
print(book.who("600-100-200"), book.who("0048 2255501"), book.who("5"))
print(book.starting_with("MAR"))
print(book.by_name["Marta"], len(book.by_number))

from decimal import Decimal, ROUND_HALF_UP

CENT = Decimal("0.01")


class Line:
    def __init__(self, text, quantity, price, vat="0.19"):
        self.text = text
        self.quantity = quantity
        self.price = Decimal(price)
        self.vat = Decimal(vat)

    def net(self):
        return self.price * self.quantity

    def tax(self):
        return (self.net() * self.vat).quantize(CENT, rounding=ROUND_HALF_UP)


class Invoice:
    def __init__(self, number):
        self.number = number
        self.lines = []

    def add(self, *args, **kwargs):
        self.lines.append(Line(*args, **kwargs))
        return self

    def total(self):
        return sum((line.net() + line.tax() for line in self.lines), Decimal(0))


invoice = Invoice("2024-17")
invoice.add("paint", 3, "12.40").add("brush", 2, "4.99").add("book", 1, "20.00", vat="0.07")
for line in invoice.lines:
    print(f"{line.quantity:>2} x {line.text:<6}{line.net():>8} {line.tax():>6}")
print("Invoice " + invoice.number + ": " + str(invoice.total()))

from functools import total_ordering


@total_ordering
class Money:
    RATES = {"EUR": 1.0, "USD": 1.25, "GBP": 0.8}

    def __init__(self, amount, currency="EUR"):
        if currency not in self.RATES:
            raise KeyError(currency)
        self.amount = amount
        self.currency = currency

    def to(self, currency):
        euros = self.amount / self.RATES[self.currency]
        return Money(round(euros * self.RATES[currency], 2), currency)

    def __add__(self, other):
        return Money(self.amount + other.to(self.currency).amount, self.currency)

    def __eq__(self, other):
        return self.to("EUR").amount == other.to("EUR").amount

    def __lt__(self, other):
        return self.to("EUR").amount < other.to("EUR").amount

    def __str__(self):
        return f"{self.amount:.2f} {self.currency}"


purse = [Money(10), Money(10, "USD"), Money(10, currency="GBP")]
print(" < ".join(str(money) for money in sorted(purse)))
print(purse[0] + purse[1], "|", purse[1] + purse[0])
print(max(purse).to("USD"), Money(8) == Money(10, "USD"))
try:
    Money(1, "XYZ")
except KeyError as error:
    print("unknown currency", error)

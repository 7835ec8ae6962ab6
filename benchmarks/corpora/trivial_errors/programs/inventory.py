"""Stock of a small shop."""

from dataclasses import dataclass, field


@dataclass
class Item:
    name: str
    price: float
    quantity: int = 0


@dataclass
class Inventory:
    items: dict = field(default_factory=dict)

    def add(self, name, price, quantity=1):
        if name in self.items:
            self.items[name].quantity += quantity
        else:
            self.items[name] = Item(name, price, quantity)

    def remove(self, name, quantity):
        item = self.items[name]
        if item.quantity < quantity:
            raise ValueError(f"only {item.quantity} of {name} left")
        item.quantity -= quantity

    def value(self):
        return sum(item.price * item.quantity for item in self.items.values())


stock = Inventory()
stock.add("nails", 0.05, quantity=200)
stock.add("hammer", 12.5, quantity=3)
stock.add("nails", 0.05, 100)
stock.remove("hammer", 1)
print(sorted(stock.items))
print(f"{stock.value():.2f}")
try:
    stock.remove("hammer", 5)
except ValueError as error:
    print("refused:", error)

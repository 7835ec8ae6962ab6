from dataclasses import dataclass, field, asdict


@dataclass(order=True)
class Item:
    price: float
    name: str = field(compare=False)
    qty: int = field(default=1, compare=False)

    @property
    def total(self):
        return self.price * self.qty


items = [Item(9.5, "mug", 3), Item(2.0, "pen", 10), Item(120.0, "chair")]
cheapest = min(items)
{"cheapest": asdict(cheapest), "total": sum(i.total for i in items), "sorted": [i.name for i in sorted(items, reverse=True)]}

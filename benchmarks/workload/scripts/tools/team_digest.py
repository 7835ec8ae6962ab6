from dataclasses import dataclass, field


@dataclass
class Member:
    name: str
    email: str
    spent: float = 0.0
    orders: list = field(default_factory=list)

    def summary(self) -> str:
        return f"{self.name}: {len(self.orders)} orders, ${self.spent:.2f}"


members = []
for i in (2, 5, 8, 11):
    u = fetch_user(i)
    m = Member(u["name"], u["email"])
    for order in list_orders(i):
        m.orders.append(order["id"])
        m.spent += price(order["sku"]) * order["quantity"]
    members.append(m)

members.sort(key=lambda m: m.spent, reverse=True)
digest = "\n".join(m.summary() for m in members)
send("team@example.com", digest)
digest

COINS = [200, 100, 50, 20, 10, 5]


class Machine:
    def __init__(self, stock):
        self.stock = dict(stock)
        self.credit = 0

    def insert(self, coin):
        if coin not in COINS:
            return False
        self.credit += coin
        return True

    def buy(self, slot):
        name, price, left = self.stock[slot]
        if left == 0:
            return "sold out: " + name
        if self.credit < price:
            return "insert " + str(price - self.credit) + " more"
        self.stock[slot] = (name, price, left - 1)
        self.credit -= price
        return name

    def change(self):
        coins = []
        for coin in COINS:
            while self.credit >= coin:
                coins.append(coin)
                self.credit -= coin
        return coins


machine = Machine({"a1": ("crisps", 120, 1), "b2": ("gum", 35, 5)})
print(machine.insert(3), machine.insert(100))
print(machine.buy("a1"))
machine.insert(100)
print(machine.buy("a1"), machine.buy("a1"))
print(machine.buy("b2"), machine.change(), machine.credit)

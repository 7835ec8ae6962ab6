class InsufficientFunds(Exception):
    pass


class Account:
    """An account that keeps its history."""

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.history = []

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("deposits are positive")
        self.balance += amount
        self.history.append(("deposit", amount))
        return self.balance

    def withdraw(self, amount):
        if amount > self.balance:
            raise InsufficientFunds(self.owner + " lacks " + str(amount - self.balance))
        self.balance -= amount
        self.history.append(("withdraw", amount))
        return self.balance

    def statement(self):
        lines = [f"{kind:>10} {amount:>6}" for kind, amount in self.history]
        lines.append(f"{'balance':>10} {self.balance:>6}")
        return "\n".join(lines)


account = Account("Mina", balance=50)
account.deposit(70)
account.withdraw(30)
try:
    account.withdraw(500)
except InsufficientFunds as problem:
    print(problem)
print(account.statement())

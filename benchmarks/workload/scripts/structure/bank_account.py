class InsufficientFunds(Exception):
    pass


class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.history = []

    def deposit(self, amount):
        self.balance += amount
        self.history.append(("deposit", amount))

    def withdraw(self, amount):
        if amount > self.balance:
            raise InsufficientFunds(f"{self.owner} has only {self.balance}")
        self.balance -= amount
        self.history.append(("withdraw", amount))


acc = Account("Ann", 100)
acc.deposit(50)
acc.withdraw(30)
try:
    acc.withdraw(500)
    error = None
except InsufficientFunds as e:
    error = str(e)

{"balance": acc.balance, "history": acc.history, "error": error}

import asyncio


class Account:
    def __init__(self, balance):
        self.balance = balance

    async def withdraw(self, amount):
        seen = self.balance
        await asyncio.sleep(0.001)
        if seen < amount:
            return "refused"
        self.balance = seen - amount
        return "paid"


async def settle(balance, amounts):
    """Withdrawals are not safe side by side."""
    account = Account(balance)
    answers = []
    for amount in amounts:
        answers.append(await account.withdraw(amount))
    return [answers, account.balance]

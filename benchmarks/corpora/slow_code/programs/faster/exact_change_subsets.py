from itertools import combinations


def can_pay(coins, amount):
    for count in range(len(coins) + 1):
        for chosen in combinations(coins, count):
            if sum(chosen) == amount:
                return True
    return False

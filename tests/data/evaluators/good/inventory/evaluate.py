"""Cost per day of an (s, S) inventory policy, simulated.

The luck is the operating system's and new in every evaluation: a policy that is fitted to one sequence of demands gains
nothing. So the score is noisy (about 0.3 per cent at 4,000 days), without bias for any policy.
"""

import random

DAYS, LARGEST = 4000, 1000
HOLDING, SHORTAGE, ORDER = 1.0, 9.0, 40.0


def score(policy):
    """Mean cost of a day."""
    if type(policy) is not tuple or len(policy) != 2 or not all(type(level) is int for level in policy):
        raise ValueError("expected a tuple of two ints: reorder point and order-up-to level")
    reorder, target = policy
    if not 0 <= reorder < target <= LARGEST:
        raise ValueError(f"expected 0 ≤ reorder point < order-up-to level ≤ {LARGEST}")
    return {"cost": simulate(reorder, target, random.SystemRandom())}


def simulate(reorder, target, luck):
    """Mean cost of a day; orders arrive the next morning, what is short is lost."""
    stock, cost = target, 0.0
    for _ in range(DAYS):
        demand = luck.randint(0, 12) + luck.randint(0, 12)
        sold = min(stock, demand)
        stock -= sold
        cost += HOLDING * stock + SHORTAGE * (demand - sold)
        if stock <= reorder:
            cost += ORDER
            stock = target
    return cost / DAYS

def ways(amount: int, coins: list[int]) -> int:
    """In how many ways coins come to an amount."""
    if amount == 0:
        return 1
    if amount < 0 or not coins:
        return 0
    return ways(amount - coins[-1], coins) + ways(amount, coins[:-1])

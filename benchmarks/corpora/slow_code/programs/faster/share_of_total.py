def shares(amounts: list[int]) -> list[float]:
    return [round(100 * amount / sum(amounts), 2) for amount in amounts]

def closest(bids: list[int]) -> int:
    """The smallest gap between two bids."""
    gaps = []
    for i, first in enumerate(bids):
        for j, second in enumerate(bids):
            if i != j:
                gaps.append(abs(first - second))
    return min(gaps)

def longest_flight(limit: int) -> list[int]:
    """The number up to a limit with the longest Collatz sequence, and its length."""
    best_number, best_length = 1, 1
    for number in range(1, limit + 1):
        length, current = 1, number
        while current != 1:
            current = current // 2 if current % 2 == 0 else 3 * current + 1
            length += 1
        if length > best_length:
            best_number, best_length = number, length
    return [best_number, best_length]

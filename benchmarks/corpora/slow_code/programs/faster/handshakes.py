def handshakes(people: int) -> int:
    total = 0
    for first in range(people):
        for second in range(people):
            if first < second:
                total += 1
    return total

from itertools import combinations

numbers = [3, 34, 4, 12, 5, 2]
target = 9
[list(c) for r in range(1, len(numbers) + 1) for c in combinations(numbers, r) if sum(c) == target]

"""Dynamic programming over lists of numbers and grids. Each function stands for itself; see the package."""

from __future__ import annotations

from bisect import bisect_left
from math import isqrt


def coin_ways(coins: list[int], amount: int) -> int:
    """Ways to pay with the coins so far, one row; O(n amount)."""
    ways = [1] + [0] * amount
    for coin in coins:
        for total in range(coin, amount + 1):
            ways[total] += ways[total - coin]
    return ways[amount]


def fewest_coins(coins: list[int], amount: int) -> int:
    """Bits of the amounts that can be paid with so many coins, -1 where none do; O(n k) steps on long numbers."""
    reached, full, count = 1, (2 << amount) - 1, 0
    while not reached >> amount & 1:
        after = reached
        for coin in coins:
            after |= reached << coin
        after &= full
        if after == reached:
            return -1
        reached = after
        count += 1
    return count


def count_ordered_sums(items: list[int], target: int) -> int:
    """Ways to end with each item, one row; O(n target)."""
    ways = [1] + [0] * target
    for total in range(1, target + 1):
        ways[total] = sum(ways[total - item] for item in items if item <= total)
    return ways[target]


def knapsack(weights: list[int], values: list[int], capacity: int) -> int:
    """Best value for each capacity, one row; O(n capacity)."""
    best = [0] * (capacity + 1)
    for weight, value in zip(weights, values, strict=False):
        for room in range(capacity, weight - 1, -1):
            best[room] = max(best[room], best[room - weight] + value)
    return best[capacity]


def knapsack_with_repeats(weights: list[int], values: list[int], capacity: int) -> int:
    """Best value for each capacity, one row; O(n capacity)."""
    best = [0] * (capacity + 1)
    for room in range(1, capacity + 1):
        for weight, value in zip(weights, values, strict=False):
            if weight <= room and best[room - weight] + value > best[room]:
                best[room] = best[room - weight] + value
    return best[capacity]


def rod_cutting(prices: list[int], length: int) -> int:
    """Best price for each length, one row; O(n²)."""
    best = [0] * (length + 1)
    for whole in range(1, length + 1):
        best[whole] = max(prices[cut] + best[whole - cut - 1] for cut in range(whole))
    return best[length]


def has_subset_with_sum(items: list[int], target: int) -> bool:
    """Sums in reach as bits of a number; O(n) steps on a long number."""
    reached = 1
    for item in items:
        reached |= reached << item
    return reached >> target & 1 == 1


def count_subsets_with_sum(items: list[int], target: int) -> int:
    """Counts of sums so far; O(n sums)."""
    counts = {0: 1}
    for item in items:
        after = dict(counts)
        for total, count in counts.items():
            after[total + item] = after.get(total + item, 0) + count
        counts = after
    return counts.get(target, 0)


def can_be_halved(items: list[int]) -> bool:
    """Sums in reach as bits of a number; O(n) steps on a long number."""
    total = sum(items)
    if total % 2:
        return False
    reached = 1
    for item in items:
        reached |= reached << item
    return reached >> (total // 2) & 1 == 1


def least_difference_of_halves(items: list[int]) -> int:
    """Sums in reach as bits of a number; O(n) steps on a long number."""
    total, reached = sum(items), 1
    for item in items:
        reached |= reached << item
    lower = reached & ((2 << (total // 2)) - 1)
    return total - 2 * (lower.bit_length() - 1)


def count_signed_sums(items: list[int], target: int) -> int:
    """Counts of sums so far, with each sign; O(n sums)."""
    counts = {0: 1}
    for item in items:
        after: dict[int, int] = {}
        for total, count in counts.items():
            after[total + item] = after.get(total + item, 0) + count
            after[total - item] = after.get(total - item, 0) + count
        counts = after
    return counts.get(target, 0)


def largest_sum_without_neighbours(items: list[int]) -> int:
    """Two best sums: with the last item, or without; O(n)."""
    taken = left = 0
    for item in items:
        taken, left = left + item, max(taken, left)
    return max(taken, left)


def largest_increasing_sum(items: list[int]) -> int:
    """Best sum that ends at each item, rising sums by value; O(n²) at worst, few candidates each."""
    ends: list[int] = []
    sums: list[int] = []
    for item in items:
        place = bisect_left(ends, item)
        total = item + (sums[place - 1] if place and sums[place - 1] > 0 else 0)
        if place and sums[place - 1] >= total:
            continue
        stop = place
        while stop < len(ends) and sums[stop] <= total:
            stop += 1
        ends[place:stop] = [item]
        sums[place:stop] = [total]
    return max(sums)


def climbing_cost(costs: list[int]) -> int:
    """Cheapest way to the last two steps; O(n)."""
    a = b = 0
    for cost in costs:
        a, b = b, min(a, b) + cost
    return min(a, b)


def fewest_squares(n: int) -> int:
    """Theorems of Legendre, Lagrange and Gauss on sums of squares; O(√n)."""
    while n and n % 4 == 0:
        n //= 4
    if n % 8 == 7:
        return 4
    if isqrt(n) ** 2 == n:
        return int(n > 0)
    return 2 if any(isqrt(n - k * k) ** 2 == n - k * k for k in range(1, isqrt(n) + 1)) else 3


def largest_product_of_parts(n: int) -> int:
    """Threes, and twos for the rest, at least two parts; O(log n) multiplications."""
    if n < 4:
        return n - 1
    twos = -n % 3
    return 3 ** ((n - 2 * twos) // 3) << twos


def largest_product_of_rope(n: int) -> int:
    """Threes, and twos for the rest, one part allowed; O(log n) multiplications."""
    if n < 2:
        return n
    twos = -n % 3
    return 3 ** ((n - 2 * twos) // 3) << twos


def egg_drops(eggs: int, floors: int) -> int:
    """Floors that so many drops decide; O(eggs log floors)."""
    decided = [0] * (eggs + 1)
    drops = 0
    while decided[eggs] < floors:
        drops += 1
        for egg in range(eggs, 0, -1):
            decided[egg] += decided[egg - 1] + 1
    return drops


def count_dice_sums(faces: int, dice: int, total: int) -> int:
    """Running sums of one row a die; O(dice total)."""
    row = [1] + [0] * total
    for _ in range(dice):
        after = [0] * (total + 1)
        window = 0
        for points in range(1, total + 1):
            window += row[points - 1] - (row[points - 1 - faces] if points > faces else 0)
            after[points] = window
        row = after
    return row[total]


def matrix_chain(sizes: list[int]) -> int:
    """Best split of each stretch, short ones first; O(n³)."""
    n = len(sizes)
    best = [[0] * n for _ in range(n)]
    for width in range(2, n):
        for i in range(n - width):
            j = i + width
            outer = sizes[i] * sizes[j]
            row = best[i]
            row[j] = min(row[k] + best[k][j] + outer * sizes[k] for k in range(i + 1, j))
    return best[0][n - 1] if n else 0


def triangle_path_most(triangle: list[list[int]]) -> int:
    """Best sums from the bottom up; O(cells)."""
    best = list(triangle[-1])
    for row in triangle[-2::-1]:
        best = [item + max(best[k], best[k + 1]) for k, item in enumerate(row)]
    return best[0]


def triangle_path_least(triangle: list[list[int]]) -> int:
    """Best sums from the bottom up; O(cells)."""
    best = list(triangle[-1])
    for row in triangle[-2::-1]:
        best = [item + min(best[k], best[k + 1]) for k, item in enumerate(row)]
    return best[0]


def grid_path_least(grid: list[list[int]]) -> int:
    """Best sums a row at a time, steps to the right and down; O(cells)."""
    best = [0] + [10**400] * (len(grid[0]) - 1)
    for row in grid:
        running = best[0]
        for column, item in enumerate(row):
            running = best[column] = min(running, best[column]) + item
    return best[-1]


def grid_path_most(grid: list[list[int]]) -> int:
    """Best sums a row at a time, steps to the right and down; O(cells)."""
    best = [0] + [-(10**400)] * (len(grid[0]) - 1)
    for row in grid:
        running = best[0]
        for column, item in enumerate(row):
            running = best[column] = max(running, best[column]) + item
    return best[-1]


def grid_path_least_diagonal(grid: list[list[int]]) -> int:
    """Best sums a row at a time, steps to the right, down and both; O(cells)."""
    best: list[int] = []
    for row in grid:
        after: list[int] = []
        for column, item in enumerate(row):
            ways = [*best[max(0, column - 1) : column + 1], *after[-1:]]
            after.append(item + min(ways, default=0))
        best = after
    return best[-1]


def largest_square(grid: list[list[int]]) -> int:
    """The side of the square that ends at each cell, a row at a time; O(cells)."""
    best = 0
    above: list[int] = []
    for row in grid:
        sides: list[int] = []
        for column, item in enumerate(row):
            if item != 1:
                sides.append(0)
            elif not above or not column:
                sides.append(1)
            else:
                sides.append(1 + min(above[column], above[column - 1], sides[-1]))
        best = max(best, max(sides, default=0))
        above = sides
    return best


def count_islands(grid: list[list[int]]) -> int:
    """Cells that a flood from each new one reaches, in a set; O(cells)."""
    land = {(row, column) for row, line in enumerate(grid) for column, item in enumerate(line) if item == 1}
    count = 0
    while land:
        count += 1
        todo = [land.pop()]
        while todo:
            row, column = todo.pop()
            for place in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if place in land:
                    land.remove(place)
                    todo.append(place)
    return count


def transposed(grid: list[list[int]]) -> list[list[int]]:
    """Columns by unpacking; O(cells)."""
    return [list(column) for column in zip(*grid, strict=False)]


def turned_right(grid: list[list[int]]) -> list[list[int]]:
    """Columns of the rows from the last; O(cells)."""
    return [list(column) for column in zip(*grid[::-1], strict=False)]


def matrix_product(first: list[list[int]], second: list[list[int]]) -> list[list[int]]:
    """Rows times columns, columns made once; O(n³)."""
    columns = list(zip(*second, strict=False))
    return [[sum(a * b for a, b in zip(row, column, strict=False)) for column in columns] for row in first]


def spiral(grid: list[list[int]]) -> list[int]:
    """The first row, and what is left turned to the left; O(cells)."""
    items: list[int] = []
    rows: list[tuple[int, ...]] = [tuple(row) for row in grid]
    while rows:
        items += rows[0]
        rows = list(zip(*rows[1:], strict=False))[::-1]
    return items


def is_in_sorted_grid(grid: list[list[int]], item: int) -> bool:
    """From the corner at the right, a row or a column less each time; O(rows + columns)."""
    row, column = 0, len(grid[0]) - 1 if grid else -1
    while row < len(grid) and column >= 0:
        if grid[row][column] == item:
            return True
        if grid[row][column] > item:
            column -= 1
        else:
            row += 1
    return False


def row_of_most_ones(grid: list[list[int]]) -> int:
    """Sums of rows, the first of the greatest; O(cells)."""
    sums = [sum(row) for row in grid]
    return sums.index(max(sums))


def largest_game_gain(coins: list[int]) -> int:
    """Best gain of whoever moves, for each stretch, short ones first; O(n²)."""
    n = len(coins)
    lead = list(coins)
    for width in range(1, n):
        lead = [max(coins[i] - lead[i + 1], coins[i + width] - lead[i]) for i in range(n - width)]
    return (sum(coins) + lead[0]) // 2

"""Dynamic programming and grids by their plain meaning: all ways, all choices."""

from __future__ import annotations

from functools import cache
from itertools import product
from random import Random
from typing import Any

from .drawing import Definition, all_of, grid, numbers, one, picks, three, two, whole


def pays(coins: list[int], amount: int) -> int:
    if not coins:
        return int(amount == 0)
    return sum(pays(coins[1:], amount - k * coins[0]) for k in range(amount // coins[0] + 1))


def fewest(coins: tuple[int, ...], amount: int) -> int:
    rows = [k for k in product(range(amount + 1), repeat=len(coins)) if dot(k, coins) == amount]
    return min(map(sum, rows), default=-1)


def dot(a: Any, b: Any) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def ordered(items: list[int], target: int) -> int:
    return 1 if target == 0 else sum(ordered(items, target - item) for item in items if item <= target)


def packed(weights: list[int], values: list[int], room: int) -> int:
    rows = product((0, 1), repeat=len(weights))
    return max(dot(row, values) for row in rows if dot(row, weights) <= room)


def repeated(weights: list[int], values: list[int], room: int) -> int:
    kinds = [(w, v) for w, v in zip(weights, values, strict=True) if w <= room]
    return max((v + repeated(weights, values, room - w) for w, v in kinds), default=0)


def cut(prices: list[int], length: int) -> int:
    return max((prices[k] + cut(prices, length - k - 1) for k in range(length)), default=0)


def drops(eggs: int, floors: int) -> int:
    if floors == 0 or eggs == 0:
        return 0 if floors == 0 else 99
    return 1 + min(max(drops(eggs - 1, k - 1), drops(eggs, floors - k)) for k in range(1, floors + 1))


@cache
def squares(n: int) -> int:
    return 1 + min(squares(n - k * k) for k in range(1, n + 1) if k * k <= n) if n else 0


@cache
def broken(n: int) -> int:
    """Largest product of at least two parts."""
    return max((max(k, broken(k)) * max(n - k, broken(n - k)) for k in range(1, n)), default=0)


def chain(sizes: tuple[int, ...]) -> int:
    if len(sizes) < 3:
        return 0
    return min(
        chain(sizes[: k + 1]) + chain(sizes[k:]) + sizes[0] * sizes[k] * sizes[-1] for k in range(1, len(sizes) - 1)
    )


def ways(cells: list[list[int]], steps: tuple[tuple[int, int], ...], row: int = 0, column: int = 0) -> list[int]:
    """Sums along all ways from a cell to the last one."""
    here = cells[row][column]
    if (row, column) == (len(cells) - 1, len(cells[row]) - 1):
        return [here]
    found: list[int] = []
    for down, right in steps:
        if row + down < len(cells) and column + right < len(cells[row + down]):
            found += [here + rest for rest in ways(cells, steps, row + down, column + right)]
    return found


def slopes(rows: list[list[int]], column: int = 0) -> list[int]:
    """Sums along all ways down a triangle."""
    if not rows:
        return [0]
    return [rows[0][column] + rest for step in (0, 1) for rest in slopes(rows[1:], column + step if rows[1:] else 0)]


def square(cells: list[list[int]]) -> int:
    best = 0
    for row, column, side in product(range(len(cells)), range(len(cells[0])), range(1, 6)):
        part = [line[column : column + side] for line in cells[row : row + side]]
        if [len(line) for line in part] == [side] * side and all(all(line) for line in part):
            best = max(best, side)
    return best


def islands(cells: list[list[int]]) -> int:
    group = {(r, c): (r, c) for r, line in enumerate(cells) for c, item in enumerate(line) if item == 1}
    for _ in group:
        for r, c in group:
            near = [(r, c), (r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)]
            group[r, c] = min(group[place] for place in near if place in group)
    return len(set(group.values()))


def around(cells: list[list[int]]) -> list[int]:
    r, c, dr, dc, seen, found = 0, 0, 0, 1, set[tuple[int, int]](), list[int]()
    for _ in range(len(cells) * len(cells[0])):
        found.append(cells[r][c])
        seen.add((r, c))
        inside = 0 <= r + dr < len(cells) and 0 <= c + dc < len(cells[0])
        if not inside or (r + dr, c + dc) in seen:
            dr, dc = dc, -dr
        r, c = r + dr, c + dc
    return found


def gain(coins: list[int]) -> int:
    """Of who moves first, when both take a coin from either end."""
    if not coins:
        return 0
    return max(sum(coins) - gain(coins[1:]), sum(coins) - gain(coins[:-1]))


def climb(costs: list[int], place: int = -1) -> int:
    """Cheapest way past the last step, one or two at a time."""
    here = costs[place] if place >= 0 else 0
    if place >= len(costs):
        return 0
    return here + min(past(costs, place + 1), past(costs, place + 2))


def past(costs: list[int], place: int) -> int:
    return 0 if place >= len(costs) else climb(costs, place)


def slope(rng: Random) -> list[list[int]]:
    return [[rng.randint(-9, 9) for _ in range(k + 1)] for k in range(rng.randint(1, 6))]


def sheet(rng: Random) -> list[list[int]]:
    """Rows and columns in order."""
    columns = rng.randint(1, 4)
    return [
        sorted(k + row * 3 + rng.randint(0, 1) for k in range(0, 3 * columns, 3)) for row in range(rng.randint(1, 4))
    ]


def two_matrices(rng: Random) -> tuple[list[list[int]], list[list[int]]]:
    a, b, c = (rng.randint(1, 4) for _ in range(3))
    return [[rng.randint(-9, 9) for _ in range(b)] for _ in range(a)], [
        [rng.randint(-9, 9) for _ in range(c)] for _ in range(b)
    ]


def rods(rng: Random) -> tuple[list[int], int]:
    prices = numbers(1, 20, 7)(rng)
    return prices, rng.randint(0, len(prices))


DEFINITIONS: list[Definition] = [
    *one(all_of(numbers(-9, 9, 10, 3)), {"climbing_cost": climb}, 400),
    *two(all_of(numbers(0, 9, 7), whole(-6, 12)), {
        "count_signed_sums": lambda items, s: sum(dot(signs, items) == s for signs in product((1, -1),
            repeat=len(items))),
    }, 200),
    *two(all_of(numbers(1, 6, 4), whole(0, 12)), {
        "coin_ways": pays, "count_ordered_sums": ordered,
        "has_subset_with_sum": lambda items, s: any(sum(each) == s for each in picks(items)),
        "count_subsets_with_sum": lambda items, s: sum(sum(each) == s for each in picks(items)),
    }, 300),
    *two(all_of(numbers(1, 6, 3), whole(0, 8)), {"fewest_coins": lambda coins, s: fewest(tuple(coins), s)}, 150),
    *one(all_of(numbers(0, 9)), {
        "can_be_halved": lambda items: any(2 * sum(each) == sum(items) for each in picks(items)),
        "least_difference_of_halves": lambda items: min(abs(sum(items) - 2 * sum(each)) for each in picks(items)),
    }, 60),
    *three(lambda rng: (*[[rng.randint(1, 9) for _ in range(n)] for n in [rng.randint(0, 4)] * 2], rng.randint(0,
        15)), {
        "knapsack": packed,
        "knapsack_with_repeats": repeated,
    }, 200),
    *two(rods, {"rod_cutting": cut}, 200),
    *one(all_of(whole(0, 120)), {"fewest_squares": squares}, 300),
    *one(all_of(whole(2, 40)), {"largest_product_of_parts": broken}, 100),
    *one(all_of(whole(0, 40)), {"largest_product_of_rope": lambda n: max(n, broken(n))}, 100),
    *two(all_of(whole(1, 3), whole(0, 7)), {"egg_drops": drops}, 60),
    *three(all_of(whole(1, 6), whole(0, 4), whole(0, 20)), {
        "count_dice_sums": lambda faces, dice, s: sum(sum(each) == s for each in product(range(1, faces + 1),
            repeat=dice)),
    }, 200),
    *one(all_of(numbers(1, 9, 6)), {"matrix_chain": lambda sizes: chain(tuple(sizes))}, 300),
    *one(all_of(slope), {
        "triangle_path_most": lambda rows: max(slopes(rows)), "triangle_path_least": lambda rows: min(slopes(rows)),
    }, 300),
    *one(all_of(grid(-9, 9, 4)), {
        "grid_path_least": lambda cells: min(ways(cells, ((1, 0), (0, 1)))),
        "grid_path_most": lambda cells: max(ways(cells, ((1, 0), (0, 1)))),
        "grid_path_least_diagonal": lambda cells: min(ways(cells, ((1, 0), (0, 1), (1, 1)))),
        "transposed": lambda cells: [[row[k] for row in cells] for k in range(len(cells[0]))],
        "turned_right": lambda cells: [[row[k] for row in reversed(cells)] for k in range(len(cells[0]))],
        "spiral": around,
    }, 300),
    *one(all_of(grid(0, 1)), {
        "largest_square": square, "count_islands": islands,
        "row_of_most_ones": lambda cells: min(range(len(cells)), key=lambda k: -sum(cells[k])),
    }, 300),
    *two(two_matrices, {
        "matrix_product": lambda a, b: [[sum(row[k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))]
            for row in a],
    }),
    *two(all_of(sheet, whole(0, 20)), {"is_in_sorted_grid": lambda cells, item: any(item in row for row in cells)}),
    *one(all_of(numbers(1, 20, 8, 1)), {"largest_game_gain": gain}, 100),
]  # fmt: skip

def solve(n):
    count = 0

    def place(row, cols, diag1, diag2):
        nonlocal count
        if row == n:
            count += 1
            return
        for col in range(n):
            if col in cols or row - col in diag1 or row + col in diag2:
                continue
            place(row + 1, cols | {col}, diag1 | {row - col}, diag2 | {row + col})

    place(0, frozenset(), frozenset(), frozenset())
    return count

solve(7)

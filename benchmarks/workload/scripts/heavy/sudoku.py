PUZZLE = (
    "530070000600195000098000060800060003400803001"
    "700020006060000280000419005000080079"
)


def solve(cells):
    rows = [set() for _ in range(9)]
    cols = [set() for _ in range(9)]
    boxes = [set() for _ in range(9)]
    empty = []
    for i, v in enumerate(cells):
        r, c = divmod(i, 9)
        if v:
            rows[r].add(v)
            cols[c].add(v)
            boxes[r // 3 * 3 + c // 3].add(v)
        else:
            empty.append((r, c))
    steps = 0

    def fill(k):
        nonlocal steps
        if k == len(empty):
            return True
        r, c = empty[k]
        b = r // 3 * 3 + c // 3
        for v in range(1, 10):
            steps += 1
            if v in rows[r] or v in cols[c] or v in boxes[b]:
                continue
            rows[r].add(v)
            cols[c].add(v)
            boxes[b].add(v)
            cells[r * 9 + c] = v
            if fill(k + 1):
                return True
            rows[r].discard(v)
            cols[c].discard(v)
            boxes[b].discard(v)
        cells[r * 9 + c] = 0
        return False

    ok = fill(0)
    return ok, steps


cells = [int(ch) for ch in PUZZLE]
ok, steps = solve(cells)
{"ok": ok, "steps": steps, "first_row": "".join(map(str, cells[:9])), "last_row": "".join(map(str, cells[72:]))}

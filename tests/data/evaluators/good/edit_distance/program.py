"""The whole table, cell by cell."""


def distance(first, second):
    """Answer how many letters must be put in, taken out or replaced to make one text of the other."""
    table = {}
    for i in range(len(first) + 1):
        for j in range(len(second) + 1):
            if i == 0 or j == 0:
                table[i, j] = i + j
            else:
                same = first[i - 1] == second[j - 1]
                table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (not same))
    return table[len(first), len(second)]

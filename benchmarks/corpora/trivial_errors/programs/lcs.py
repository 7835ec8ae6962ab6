def table(a, b):
    """Lengths of longest common subsequences of all prefixes."""
    lengths = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, left in enumerate(a, 1):
        for j, right in enumerate(b, 1):
            if left == right:
                lengths[i][j] = lengths[i - 1][j - 1] + 1
            else:
                lengths[i][j] = max(lengths[i - 1][j], lengths[i][j - 1])
    return lengths


def diff(a, b):
    lengths = table(a, b)
    i, j = len(a), len(b)
    steps = []
    while i or j:
        if i and j and a[i - 1] == b[j - 1]:
            i, j = i - 1, j - 1
            steps.append("  " + a[i])
        elif j and (not i or lengths[i][j - 1] >= lengths[i - 1][j]):
            j -= 1
            steps.append("+ " + b[j])
        else:
            i -= 1
            steps.append("- " + a[i])
    return steps[::-1]


old = ["milk", "eggs", "flour", "salt"]
new = ["eggs", "sugar", "flour", "salt", "oil"]
print("\n".join(diff(old, new)))
print(table("kitchen", "sitting")[-1][-1], len(diff("", "abc")))

old = """def add(a, b):
    return a + b

print(add(1, 2))
""".splitlines()
new = """def add(a, b, c=0):
    return a + b + c

print(add(1, 2))
print(add(1, 2, 3))
""".splitlines()

# longest common subsequence of lines
n, m = len(old), len(new)
table = [[0] * (m + 1) for _ in range(n + 1)]
for i in range(n - 1, -1, -1):
    for j in range(m - 1, -1, -1):
        if old[i] == new[j]:
            table[i][j] = table[i + 1][j + 1] + 1
        else:
            table[i][j] = max(table[i + 1][j], table[i][j + 1])

i = j = 0
diff = []
while i < n or j < m:
    if i < n and j < m and old[i] == new[j]:
        diff.append("  " + old[i])
        i += 1
        j += 1
    elif j < m and (i == n or table[i][j + 1] >= table[i + 1][j]):
        diff.append("+ " + new[j])
        j += 1
    else:
        diff.append("- " + old[i])
        i += 1
diff

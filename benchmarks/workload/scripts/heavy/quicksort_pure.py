def quicksort(xs):
    if len(xs) <= 1:
        return xs
    pivot = xs[len(xs) // 2]
    left = [x for x in xs if x < pivot]
    mid = [x for x in xs if x == pivot]
    right = [x for x in xs if x > pivot]
    return quicksort(left) + mid + quicksort(right)

seed = 12345
data = []
for _ in range(20000):
    seed = (1103515245 * seed + 12345) % 2147483648
    data.append(seed % 100000)

result = quicksort(data)
assert result == sorted(data)
[result[0], result[len(result) // 2], result[-1]]

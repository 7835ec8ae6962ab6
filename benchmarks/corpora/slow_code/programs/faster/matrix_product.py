def product(a, b):
    result = []
    for i in range(len(a)):
        row = []
        for j in range(len(b[0])):
            cell = 0
            for k in range(len(b)):
                cell = cell + a[i][k] * b[k][j]
            row.append(cell)
        result.append(row)
    return result

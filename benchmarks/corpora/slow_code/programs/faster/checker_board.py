def transpose(table):
    return [list(column) for column in zip(*table)]


def symmetric(table):
    for i in range(len(table)):
        for j in range(len(table)):
            if table[i][j] != transpose(table)[i][j]:
                return False
    return True

class Matrix:
    def __init__(self, rows):
        width = len(rows[0])
        if any(len(row) != width for row in rows):
            raise ValueError("rows of different lengths")
        self.rows = [list(row) for row in rows]

    @property
    def shape(self):
        return len(self.rows), len(self.rows[0])

    def transposed(self):
        return Matrix(list(zip(*self.rows)))

    def __add__(self, other):
        if self.shape != other.shape:
            raise ValueError("shapes differ")
        return Matrix([[a + b for a, b in zip(mine, theirs)] for mine, theirs in zip(self.rows, other.rows)])

    def __matmul__(self, other):
        columns = other.transposed().rows
        return Matrix([[sum(a * b for a, b in zip(row, column)) for column in columns] for row in self.rows])

    def __str__(self):
        return "\n".join(" ".join(f"{cell:3d}" for cell in row) for row in self.rows)


first = Matrix([[1, 2, 3], [4, 5, 6]])
print(first.shape, first.transposed().shape)
print(first @ first.transposed())
print(first + first)
try:
    first + first.transposed()
except ValueError as error:
    print(error)
